"""`python -m assistant` is the command `askaloud`."""

from assistant.cli import main

main(prog_name="askaloud")
