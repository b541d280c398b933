"""Where the published book explains a finding."""

from __future__ import annotations

import importlib.metadata
import re
from functools import cache


def page(code: str) -> str | None:
    """Return the address of a code's page, or None where the package does not know its repository.

    A notebook on Colab is far from the book, so the address is the published one: GitHub's pages of the repository that
    the package's metadata name.
    """
    book = _book()
    return f"{book}book/doctor/{code}/index.html" if book else None


@cache
def _book() -> str | None:
    try:
        urls = importlib.metadata.metadata("course-utils").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:  # imported from its folder, never installed
        return None
    found = re.search(r"^Repository, https://github\.com/([^/\s]+)/([^/\s]+)$", "\n".join(urls), re.MULTILINE)
    return f"https://{found[1]}.github.io/{found[2]}/" if found else None
