"""Beginners' mistakes that raise, each with the code the doctor must give: the reference list of errors, rebuilt."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

PREAMBLE = """
import numpy as np
import keras
from keras import layers
from keras.layers import *
from keras import Sequential, Model, Input
rng = np.random.default_rng(0)
images = rng.random((16, 16, 16, 3)).astype("float32")
gray = rng.random((16, 16, 16)).astype("float32")
table = rng.random((16, 4)).astype("float32")
two, three = np.arange(16) % 2, np.arange(16) % 3
sparse, categorical, binary = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"

def fit(model, x, y, loss=sparse, metrics=(), **options):
    model.compile(optimizer="adam", loss=loss, metrics=list(metrics))
    return model.fit(x, y, verbose=0, batch_size=8, **options)

def dense(units=2, activation="softmax", inputs=4):
    return Sequential([Input((inputs,)), Dense(3), Dense(units, activation=activation)])

def conv(shape=(16, 16, 3), flatten=True, units=2, activation="softmax"):
    middle = [Flatten()] if flatten else []
    return Sequential([Input(shape), Conv2D(4, 3), *middle, Dense(units, activation=activation)])
"""

TF, JAX, TORCH = "tensorflow", "jax", "torch"


@dataclass(frozen=True)
class Mistake:
    """A program that fails.

    `code` is None where the doctor knows no such mistake and must keep silent; `on` names the backends that raise.
    """

    name: str
    code: str | None
    source: str
    on: tuple[str, ...] = (TF, JAX, TORCH)


_LIST = Path(__file__).with_name("mistakes.txt")


def read() -> tuple[Mistake, ...]:
    """Read `mistakes.txt`: lines of name | code | program, and | backends where not all of them raise."""
    found = []
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        name, code, rest = line.split(" | ", 2)
        source, _, on = rest.rpartition(" | ")
        if not source or set(on.split()) - {TF, JAX, TORCH}:
            source, on = rest, f"{TF} {JAX} {TORCH}"
        found.append(Mistake(name, None if code == "-" else code, source, tuple(on.split())))
    return tuple(found)


def make(mistake: Mistake) -> BaseException | None:
    """Make a mistake in a directory of its own, and give back what was raised."""
    import keras

    file = f"<ipython-input-{mistake.name}>"
    source = mistake.source + "\n"
    # As IPython does it, so that a cell's lines can be shown.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names: dict[str, object] = {"__name__": "__main__"}
    exec(compile(PREAMBLE, "<preamble>", "exec"), names)
    home = Path.cwd()
    with (
        tempfile.TemporaryDirectory() as directory,
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        os.chdir(directory)
        try:
            exec(compile(source, file, "exec"), names)
        except Exception as error:
            return error
        finally:
            os.chdir(home)
            keras.config.enable_traceback_filtering()
    return None


def run_all() -> dict[str, dict[str, object]]:
    """Make all mistakes of this process's backend: what was raised and what `explain` said, by name."""
    import keras

    from course_utils.doctor import explain

    out = {}
    for mistake in read():
        if keras.config.backend() not in mistake.on:
            continue
        error = make(mistake)
        start = time.thread_time()
        report = explain(error) if error is not None else ()
        out[mistake.name] = {
            "raised": type(error).__name__ if error is not None else None,
            "codes": [finding.code for finding in report],
            "text": str(report),
            "message": str(error)[-600:],
            "seconds": time.thread_time() - start,
        }
    return out
