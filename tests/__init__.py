"""The tests. A package of its own: an installed package may bring a folder `tests`, which would be imported in its place."""
