"""`python -m mcrlib.cli` is the command `mcr`."""

from mcrlib.cli import main

main()
