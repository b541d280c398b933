"""Sequences: padding that a recurrent layer reads to its end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._report import Finding
from .._subject._effects import DROPOUTS
from .._subject._model import Subject
from .._subject._program import changed, in_line

_RECURRENT = ("LSTM", "GRU", "SimpleRNN")
_LONG = 0.5  # share of a sequence: after less, a recurrent layer still remembers
_MANY = 20  # examples


def padding_not_masked(subject: Subject) -> Iterator[Finding]:
    """Find sequences that end in zeros for the most part, and a recurrent layer that goes through them all."""
    graph = subject.graph
    if graph is None or len(graph.inputs) != len(subject.x.parts):
        return
    for start, data in zip(graph.inputs, subject.x.parts, strict=True):
        if not data.is_numeric or not data.is_integral or data.values.ndim != 2 or len(data.values) < _MANY:
            continue
        following = [node for node in graph.onward(start) if node.kind not in ("InputLayer", *DROPOUTS)]
        if len(following) < 2 or following[0].kind != "Embedding" or following[0].operation.mask_zero:
            continue
        reader = following[1]
        if reader.kind not in _RECURRENT or reader.operation.return_sequences or reader.operation.go_backwards:
            continue
        # Zeros behind the last number of each example.
        share = np.mean((data.rows[:, ::-1] != 0).argmax(axis=1)) / data.shape[1]
        if share < _LONG or (data.rows == 0).all():
            continue
        embedding = following[0].operation
        fix = f"keras.layers.Embedding({embedding.input_dim}, {embedding.output_dim}, mask_zero=True)"
        for call in subject.program.calls("Embedding"):
            fix = in_line(changed(call, (), {"mask_zero": "True"}))
            break
        yield Finding(
            "padding-not-masked",
            "warning",
            f"{share:.0%} of what {data.name} holds are zeros behind the ends of the sequences, and the "
            f'{reader.kind} layer "{reader.operation.name}" reads them, too.',
            f"It gives what it holds after the last of {data.shape[1]} steps, and by then the words are forgotten. "
            "With mask_zero it stops at the last word.",
            fix,
        )
        return


CHECKS = (padding_not_masked,)
