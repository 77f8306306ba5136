"""`python -m twin SCENARIO [REPLICATION]`."""

import sys

from twin.model import main

if __name__ == "__main__":
    main(sys.argv[1:])
