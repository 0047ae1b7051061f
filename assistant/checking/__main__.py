"""`python -m assistant.checking [FOLDER] [--release]`: print every problem; exit 1 when there is an error."""

import sys
from pathlib import Path

from assistant.checking import check_all

names = [name for name in sys.argv[1:] if not name.startswith("-")]
problems = check_all(Path(names[0]) if names else None, release="--release" in sys.argv)
for problem in problems:
    sys.stdout.write(f"{problem.level}: {problem} [{problem.rule}]\n")
errors = sum(problem.level == "error" for problem in problems)
sys.stdout.write(f"{errors} errors, {len(problems) - errors} warnings.\n")
sys.exit(1 if errors else 0)
