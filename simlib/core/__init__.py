"""What knows nothing of drugs: files, errors, random streams, working days, distributions, compiled code."""
