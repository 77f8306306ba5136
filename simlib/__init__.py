"""How a new drug reaches a patient, and which rule decides it."""
