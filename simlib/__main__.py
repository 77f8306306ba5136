"""`python -m simlib`."""

from simlib.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
