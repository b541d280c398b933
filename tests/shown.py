"""The built book, ``_build/html`` or the folder that ``COURSE_SITE`` names, and what a page of it shows and runs."""

import os
import re
from pathlib import Path

SITE = Path(os.environ.get("COURSE_SITE", Path(__file__).parents[1] / "_build" / "html")).resolve()
_NAMED = re.compile(r'\b(?:src|srcset|href)="([^"]+)"')
_SHOWN = {".css", ".jpg", ".js", ".png", ".svg", ".webp", ".woff2"}


def as_built(*pages: str) -> list[str]:
    """Return the files that make these pages of the built book what they are, with the pages."""
    paths = [SITE / page for page in pages]
    return sorted({str(file) for path in paths for file in (path, *shown_by(path))})


def shown_by(page: Path) -> list[Path]:
    """Return pictures, style sheets and scripts that a page names, and not the pages that it links to.

    Laboratories are not named, but a page that has some carries a digest of their scripts.
    """
    found = (
        name for names in _NAMED.findall(page.read_text(encoding="utf-8")) for name in re.findall(r"[^\s,]+", names)
    )
    own = {page.parent / name.split("?")[0] for name in found if not re.match(r"\w+:|//|#", name)}
    return sorted({file.resolve() for file in own if file.suffix in _SHOWN and file.is_file()})
