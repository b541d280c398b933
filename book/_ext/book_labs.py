"""Laboratories: custom elements in chapters, each with one script that a page loads when its reader comes near.

A chapter embeds one as an element with its words inside (``book/labs/shared/element.mjs``), so that other viewers of
notebooks, which know no such element, show a question, a picture, a link and the answer. The picture's address is the
one that it has on the published site; here it is the file in ``book/labs/pictures``.
"""

import hashlib
import json
import re
import shutil
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import course_utils
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

import book_lab_data

LABS = Path(__file__).parents[1] / "labs"
_PICTURES = "book/labs/pictures"
_PACKAGES = Path(__file__).parents[1] / "package-lock.json"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("builder-inited", _bundle)
    # Before Sphinx collects the images that it is to copy.
    app.connect("doctree-read", _take_own_pictures, priority=400)
    app.connect("html-page-context", _add_loader)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def names() -> list[str]:
    """List the elements, one to a folder."""
    return sorted(path.parent.name for path in LABS.glob("*/index.mjs"))


def _bundle(app: Sphinx) -> None:
    if app.builder.format == "html":
        bundle(_folder(app))


def bundle(folder: Path) -> None:
    """Write the script of every laboratory, and what loads them, into a folder, unless it holds what they give.

    Raises
    ------
    ExtensionError
        If a script cannot be made, with what esbuild said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_of, now = folder / "made-of.txt", _made_of()
    if made_of.is_file() and made_of.read_text(encoding="utf-8") == now:
        return
    for old in (made_of, *folder.glob("*.js")):
        old.unlink(missing_ok=True)
    shutil.copyfile(LABS / "loader.js", folder / "loader.js")
    task = json.dumps({"folder": str(folder.resolve()), "data": book_lab_data.data(), "later": book_lab_data.later()})
    done = subprocess.run(
        ["node", str(LABS / "build.mjs")], input=task, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise ExtensionError(f"The laboratories cannot be built:\n{done.stderr}")
    made_of.write_text(now, encoding="utf-8")


def _made_of() -> str:
    """Return a digest of all that can change a script: the laboratories, the package they show, and what both use."""
    package = Path(course_utils.__file__).parent
    files = [Path(book_lab_data.__file__), _PACKAGES, *sorted(LABS.rglob("*")), *sorted(package.rglob("*"))]
    told = sorted(f"{found.name} {found.version}" for found in distributions())
    for path in files:
        if path.is_file() and path.suffix != ".pyc":
            told.append(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _take_own_pictures(app: Sphinx, doctree: nodes.document) -> None:
    published = f"{app.config.html_baseurl}_images/"
    for image in doctree.findall(nodes.image):
        name = image["uri"].removeprefix(published)
        if name != image["uri"] and (Path(app.srcdir) / _PICTURES / name).is_file():
            image["uri"] = f"/{_PICTURES}/{name}"


def _add_loader(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    used = [name for name in names() if re.search(rf"<{name}[ >]", context.get("body", ""))]
    if not used:
        return
    # Browsers must not show a page with the laboratory of an older one.
    made = b"".join((_folder(app) / f"{name}.js").read_bytes() for name in used)
    told = {"data-labs": ", ".join(used), "data-version": hashlib.sha256(made).hexdigest()[:8]}
    app.add_js_file("labs/loader.js", loading_method="defer", **told)


def _folder(app: Sphinx) -> Path:
    return Path(app.outdir) / "_static" / "labs"
