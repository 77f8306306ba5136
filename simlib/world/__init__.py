"""What no notice changes: region, hospitals, drug cohort, platform, payers, and the assumed numbers."""
