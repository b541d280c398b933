"""The reference is made from docstrings, one of whose classes is a Keras callback: Keras comes without TensorFlow then.

``autodoc_mock_imports`` would put a stand-in for Keras in its place, and the callback would lose its signature.

Two things that numpydoc leaves are mended: authors' initials, which reStructuredText reads as numbers of a list, and
labels of references that it has made unique.
"""

import os
import re

from docutils import nodes
from sphinx.application import Sphinx

_CITED = re.compile(r"^(\.\. \[[\w-]+\] [A-Z])\. ")
_LABEL = re.compile(r"\[R[0-9a-f]{8,}-(\d+)\]")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    app.connect("autodoc-process-docstring", _keep_initials, priority=900)  # when numpydoc is done
    app.connect("doctree-resolved", _shorten_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep_initials(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    lines[:] = [_CITED.sub(r"\1\\. ", line) for line in lines]


def _shorten_labels(app: Sphinx, doctree: nodes.document, page: str) -> None:
    for reference in doctree.findall(nodes.reference):
        found = _LABEL.fullmatch(reference.astext())
        if found:
            reference.clear()
            reference += nodes.inline(text=f"[{found[1]}]")
