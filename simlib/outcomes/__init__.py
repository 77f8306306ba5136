"""Indicators from records: availability, times, states, rule keeping, fairness. Reads records and nothing else."""
