"""Companion package of the course *Neural Networks by Experiment*.

Every room of the package is a submodule that loads on first use, so that ``import course_utils`` costs
next to nothing:

- :mod:`course_utils.data`: every array and photograph in the book;
- :mod:`course_utils.pets`: pictures of cats and dogs drawn by code from a seed;
- :mod:`course_utils.convolution`: convolution and pooling in plain NumPy, written to be read;
- :mod:`course_utils.autograd`: arithmetic that finds its own gradients, on one page;
- :mod:`course_utils.network`: the layers of a Keras model, and what passes through them;
- :mod:`course_utils.inside`: what is in a trained network;
- :mod:`course_utils.plot`: views of data, training and predictions;
- :mod:`course_utils.doctor`: what is wrong with a model, its data or its training, in plain words;
- :mod:`course_utils.evaluation`: whether a difference is real, and whether a run is a normal one;
- :mod:`course_utils.experiments`: published recipes and our answers, measured by ``course bench``;
- :mod:`course_utils.pretrained`: trained networks that come with the package;
- :mod:`course_utils.record`: numbers that prose quotes, and where they came from;
- :mod:`course_utils.chapters`: runs, checks, verifies and renumbers the chapters;
- :mod:`course_utils.assignments`: graded assignments, and grading them in a sandbox;
- :mod:`course_utils.cli`: the ``course`` command.
"""

import importlib
import importlib.util
import logging
import os
import warnings
from types import ModuleType

__version__ = "0.1.0"
__all__ = [
    "assignments",
    "autograd",
    "chapters",
    "cli",
    "convolution",
    "data",
    "doctor",
    "evaluation",
    "experiments",
    "inside",
    "network",
    "pets",
    "plot",
    "pretrained",
    "record",
]

# TensorFlow greets every beginner with notes about CPU instructions, and warns a notebook that builds several
# models about "retracing": true, harmless and frightening. In a notebook it sets its logger's level itself, so
# only a filter lasts. Everything else comes through.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
logging.getLogger("tensorflow").addFilter(lambda note: "retracing" not in note.getMessage())
# pooch asks for a progress bar made of widgets as it loads. Without ipywidgets tqdm warns, and nothing is missing.
warnings.filterwarnings("ignore", "IProgress not found")

# Keras computes with TensorFlow unless it is told otherwise. Where that cannot be had (on Macs with Intel processors,
# on Windows on ARM) it is told to take the backend that is here; what the user has chosen stays.
if "KERAS_BACKEND" not in os.environ and importlib.util.find_spec("tensorflow") is None:
    _here = [name for name in ("jax", "torch") if importlib.util.find_spec(name)]
    if _here:
        os.environ["KERAS_BACKEND"] = _here[0]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
