"""Text for terminals and pipes that cannot show every character, such as those of an older Windows."""

import codecs
import io
import sys
import unicodedata

_INSTEAD = {
    "✓": "ok",
    "✗": "x",
    "–": "-",
    "—": "-",
    "−": "-",
    "×": "x",
    "→": "->",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
}
_HANDLER = "course_utils.plain"


def never_fail() -> None:
    """Let standard output and error replace what their encoding lacks, legibly, where they would raise an error."""
    codecs.register_error(_HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a notebook's is none, and takes everything
            stream.reconfigure(errors=_HANDLER)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plainly, error.object[error.start : error.end])), error.end


def _plainly(character: str) -> str:
    # Taken apart, é is an e and an accent, and … is three points.
    parts = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _INSTEAD.get(character) or parts or "?"
