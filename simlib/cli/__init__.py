"""The command line: `simlib --help` lists the commands; all answer in clear text or, where that serves, with --json.

A command is a typed function in the module of its group (`simulate`, `rules`, `history`, ...), and `commands.COMMANDS`
names them all; a module is loaded when one of its commands is asked for. What computes (numba, pandas, scipy) is
loaded by the command itself, so that help, completion and complaints about a typing error come at once.

Whatever a user got wrong is one line on stderr and exit status 2, and nothing is written.
"""

from simlib.cli.application import main as main
