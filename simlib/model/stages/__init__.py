"""The stages of the flow, one module each, in the order of the flow. They know nothing of files."""
