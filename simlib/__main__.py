"""``python -m simlib`` is the same as ``simlib``."""

from simlib.cli import main

raise SystemExit(main())
