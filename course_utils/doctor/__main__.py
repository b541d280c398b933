"""``python -m course_utils.doctor SCRIPT.py``: what ``course doctor`` does, where only Keras is installed beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .. import _terminal
from ._shown import _script


def main(words: Sequence[str] | None = None) -> int:
    """Read the command's words and run the script; answers with the exit status."""
    reader = argparse.ArgumentParser(
        prog="python -m course_utils.doctor",
        description="Run a script as Python does; if Keras stops it, say in plain words what is wrong and which line "
        "to change.",
        allow_abbrev=False,
    )
    reader.add_argument("--full", action="store_true", help="print the whole traceback, not a shortened one")
    reader.add_argument(
        "--before", action="store_true", help="look at the model and the data of every fit before it runs, too"
    )
    reader.add_argument("--after", action="store_true", help="look at how every fit went, and at what is asked then")
    reader.add_argument("--format", choices=_script.FORMS, default="text", help="print text, JSON or annotations")
    reader.add_argument("script", metavar="SCRIPT.py", help="a Python file")
    reader.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="the script's own arguments")
    given = reader.parse_args(words)
    _terminal.never_fail()
    looks = {"before": given.before, "after": given.after}
    return _script.run(given.script, given.arguments, full=given.full, form=given.format, **looks)


if __name__ == "__main__":
    sys.exit(main())
