"""Which clause did it: the difference of two policies, shared out among the clauses in which they differ."""
