"""Joining what a run gave with what its author edited meanwhile."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import nbformat

from ..record import fingerprint
from ._notebooks import ChapterError


@dataclass(frozen=True)
class Merged:
    """A notebook that holds its author's cells and, wherever they still fit, the outputs of a run.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    edited : tuple of int
        Indices of the cells that are new or differ from those that ran.
    emptied : tuple of int
        Indices of the code cells among them that have no outputs now, because other code ran.
    same_code : bool
        Whether a check will find that the run vouches for the code.
    """

    notebook: nbformat.NotebookNode
    edited: tuple[int, ...]
    emptied: tuple[int, ...]
    same_code: bool

    def told(self, stem: str) -> str:
        """Say what was kept and what is missing, in a sentence or two; nothing if no cell differs."""
        sentences = []
        if self.edited:
            sentences.append(f"{stem} was edited while it ran: your edit of {_cells(self.edited)} is kept.")
        if not self.same_code or self.emptied:
            what = f"the code of {_cells(self.emptied)}" if self.emptied else "the order or number of its code cells"
            lost = ", so its outputs are empty" if self.emptied else ""
            sentences.append(f"In {stem}, {what} changed{lost}: course run {stem}")
        return " ".join(sentences)


def merge(ran: nbformat.NotebookNode, now: nbformat.NotebookNode) -> Merged:
    """Put the outputs of a run into a notebook that changed since the run began.

    Sources, Markdown, order and metadata are those of `now`. A code cell gets the outputs of the cell that ran under
    its id, if that had the same source; else it has none. The provenance is that of the run: its fingerprint is of
    the code that ran, so a check finds it stale if other code stands there now.

    Parameters
    ----------
    ran : nbformat.NotebookNode
        The notebook that was executed.
    now : nbformat.NotebookNode
        What its file holds now; changed in place. :func:`require_ids` must hold for both.

    Returns
    -------
    Merged
    """
    done = {cell.id: cell for cell in ran.cells}
    edited, emptied = [], []
    for index, cell in enumerate(now.cells):
        before: Any = done.get(cell.id)
        fits = before is not None and (before.cell_type, before.source) == (cell.cell_type, cell.source)
        if not fits or before.metadata != cell.metadata:
            edited.append(index)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = (before.outputs, before.execution_count) if fits else ([], None)
            if not fits and cell.source.strip():
                emptied.append(index)
    for key in ("course", "kernelspec", "language_info"):
        now.metadata[key] = ran.metadata[key]
    same_code = fingerprint(now)["cells"] == fingerprint(ran)["cells"]
    return Merged(now, tuple(edited), tuple(emptied), same_code)


def require_ids(text: str) -> None:
    """Make sure that every cell of a notebook can be told from the others.

    Parameters
    ----------
    text : str
        The notebook's file: nbformat would give cells without an id a new one as it reads them.

    Raises
    ------
    ChapterError
        If a cell has no id, or two have the same.
    """
    ids = [cell.get("id") for cell in json.loads(text)["cells"]]
    if not all(ids) or len(set(ids)) < len(ids):
        raise ChapterError("cells without an id of their own cannot be told apart")


def _cells(indices: Iterable[int]) -> str:
    numbers = list(map(str, indices))
    if len(numbers) == 1:
        return f"cell {numbers[0]}"
    return f"cells {', '.join(numbers[:-1])} and {numbers[-1]}"
