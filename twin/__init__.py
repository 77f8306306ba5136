"""The twin: the same model in plain SimPy, as a second implementation and as the easier read."""
