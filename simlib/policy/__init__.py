"""What the documents say: levers (schema), loading, stacking."""
