"""Which place each chapter has in the table of contents, and which one its file's name still tells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ._find import CONTENTS, listed, topic, unlisted


@dataclass(frozen=True)
class Places:
    """Where chapters stand, and where they stood when their files were named.

    Attributes
    ----------
    now : dict of str to int
        From a topic to its place in the table of contents, from 1.
    before : dict of int to list of str
        From a number to the topics of the files that have it; a new chapter's file may have none.
    """

    now: dict[str, int]
    before: dict[int, list[str]]

    @classmethod
    def of(cls, folder: Path) -> "Places":
        """Read the table of contents of a course."""
        chapters = listed(folder)
        before: dict[int, list[str]] = {}
        for path in chapters:
            if number := re.match(r"\d+(?=-)", path.name):
                before.setdefault(int(number[0]), []).append(topic(path))
        return cls({topic(path): place for place, path in enumerate(chapters, start=1)}, before)

    def stem(self, of_topic: str) -> str:
        """Return the stem that the file of a chapter should have."""
        return f"{self.now[of_topic]:02}-{of_topic}"

    def moved(self, number: int) -> int:
        """Return the place now of the chapter that a text calls by its number.

        Raises
        ------
        LookupError
            If it is unclear which chapter that is; the message says why.
        """
        topics = self.before.get(number, [])
        if len(topics) == 1:
            return self.now[topics[0]]
        if topics:
            files = " and ".join(f"{number:02}-{name}" for name in topics)
            raise LookupError(f"{files} have the same number: take it off the new one's file, and in {CONTENTS}")
        numbered = {name for names in self.before.values() for name in names}
        successor = next((name for name, place in self.now.items() if place == number), None)
        if successor in numbered:
            raise LookupError(
                f"no file has the number {number}, but {successor} is about to get it: "
                "link to the chapter that is meant, or leave the number out"
            )
        return number


def disagreements(folder: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Compare the files in ``chapters/`` with the table of contents.

    Parameters
    ----------
    folder : pathlib.Path
        The course's folder.

    Yields
    ------
    path, place, code, message
    """
    first: dict[str, Path] = {}
    for path in listed(folder):
        other = first.setdefault(topic(path), path)
        if not path.is_file():
            message = f"lists chapters/{path.name}, but there is no such file: rename one of them, or remove the line"
            yield folder / CONTENTS, "entries", "missing-chapter", message
        if other != path:
            message = f"has the same topic as {other.name}: a topic is a chapter's name, give this one another"
            yield path, "file name", "topic-twice", message
    for path in unlisted(folder):
        message = f"is not in {CONTENTS}: add it where it belongs, or move it out of chapters/"
        yield path, "file name", "unlisted-chapter", message


def misnumbered(folder: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Find files whose number is not their chapter's place in the table of contents.

    Parameters
    ----------
    folder : pathlib.Path
        The course's folder.

    Yields
    ------
    path, place, code, message
    """
    places = Places.of(folder)
    for path in listed(folder):
        if path.stem != places.stem(topic(path)):
            message = f"is chapter {places.now[topic(path)]} by {CONTENTS}: course renumber"
            yield path, "file name", "chapter-number", message
