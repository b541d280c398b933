"""The files that a page of the built book shows and runs."""

import re
from pathlib import Path

_NAMED = re.compile(r'\b(?:src|srcset|href)="([^"]+)"')
_SHOWN = {".css", ".jpg", ".js", ".png", ".svg", ".webp", ".woff2"}


def shown_by(page: Path) -> list[Path]:
    """Return pictures, style sheets and scripts that a page names, and not the pages that it links to.

    Laboratories are not named, but a page that has some carries a digest of their scripts.
    """
    found = (
        name for names in _NAMED.findall(page.read_text(encoding="utf-8")) for name in re.findall(r"[^\s,]+", names)
    )
    own = {page.parent / name.split("?")[0] for name in found if not re.match(r"\w+:|//|#", name)}
    return sorted({file.resolve() for file in own if file.suffix in _SHOWN and file.is_file()})
