"""The doctor's programs on each backend, whose choice holds for a whole process: the session's own runs in this one.

The others run beside it, one process for each, which is told to make everything: what costs most is loading Keras.
"""

import atexit
import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

import keras
import pytest

from . import cases, mistakes, programs, reports, silence
from .programs import BACKENDS, ROOT

PARTS = {
    "pages": programs.run_all,
    "cases": cases.run_all,
    "mistakes": mistakes.run_all,
    "silence": silence.run_all,
    "reports": reports.run_all,
}
if keras.config.backend() == "tensorflow":
    # It would spend a fifth of the time on making hundreds of small programs faster than they need to be here.
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
INSTALLED = tuple(name for name in BACKENDS if importlib.util.find_spec(name))


def _param(backend):
    """A backend that is missing is shown as skipped, not left out in silence."""
    marks = [pytest.mark.skipif(backend not in INSTALLED, reason=f"{backend} is not installed")]
    return pytest.param(backend, marks=marks + [pytest.mark.waits] * (backend != keras.config.backend()))


# What the programs read; a module whose tests ask for outcomes wears it whole, for they are made together.
LASTING = pytest.mark.lasting(
    "book/doctor", "tests/doctor/correct", "tests/doctor/reports", "tests/doctor/mistakes.txt"
)
EACH = tuple(map(_param, BACKENDS))
OTHERS = tuple(param for param in EACH if param.values[0] != keras.config.backend())


@functools.cache
def outcomes(part, backend):
    """What came of all programs of a part ("pages", "mistakes", "cases") on a backend, by name."""
    others = _others()
    return PARTS[part]() if backend == keras.config.backend() else _answer(others[backend])[part]


@functools.cache
def _others():
    """Start the processes of the other backends, which work while this one does."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    # JAX spends most of its time on making programs faster than they need to be here, so what it made is kept.
    kept = {f"JAX_PERSISTENT_CACHE_MIN_{what}": "0" for what in ("COMPILE_TIME_SECS", "ENTRY_SIZE_BYTES")}
    kept["JAX_COMPILATION_CACHE_DIR"] = str(ROOT / ".jax_cache")
    quick = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_DISABLE_MOST_OPTIMIZATIONS": "1", **kept}
    running = {}
    for backend in INSTALLED:
        if backend == keras.config.backend():
            continue
        out = tempfile.TemporaryFile("w+")  # noqa: SIM115  # a pipe that nobody reads yet would fill up
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.doctor.backends"],
            cwd=ROOT,
            env={**os.environ, **one_thread, **quick, "KERAS_BACKEND": backend},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        atexit.register(process.kill)
        running[backend] = process, out
    return running


@functools.cache
def _answer(running):
    process, out = running
    process.wait()
    out.seek(0)
    said = out.read()
    assert process.returncode == 0, said[-4000:]
    return json.loads(said.splitlines()[-1])


if __name__ == "__main__":
    # The reported programs use TensorFlow by name, so that they say nothing of the others.
    wanted = {
        part: run_all for part, run_all in PARTS.items() if part != "reports" or keras.config.backend() == "tensorflow"
    }
    print("\n" + json.dumps({part: run_all() for part, run_all in wanted.items()}))
