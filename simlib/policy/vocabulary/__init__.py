"""The levers, one module a group; `simlib.policy.levers` gathers them."""
