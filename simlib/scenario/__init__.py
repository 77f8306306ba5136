"""A name or a file becomes a checked scenario, and a scenario the world of one replication."""
