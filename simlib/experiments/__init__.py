"""Questions asked of the model: replications, paired comparison, one assumption at a time, batches of scenarios."""
