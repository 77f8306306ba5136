"""The simulation: state, rules in force, obedience, the event log, and the flow through the stages."""
