"""One file of weights: arrays in half precision, and what they are."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..record import digest_arrays, note
from ._error import PretrainedError

FOLDER = Path(__file__).parent / "weights"


def about(name: str) -> dict[str, Any]:
    """Read what a shipped network is, without Keras.

    Parameters
    ----------
    name : str
        Such as ``"cats-and-dogs"``.

    Returns
    -------
    dict
        ``what`` it is, its ``licence``, and the ``digest`` of its weights. Of a network of the course's own also the
        ``experiment``, ``seed``, ``date``, ``data`` and ``versions`` that made it, and its ``accuracy`` before and
        after rounding; of that for digits also the accuracy on ``shifted`` ones, by 0, 1, … pixels. Of a borrowed one
        its ``source``, ``paper``, and the ``size`` and ``input`` that it expects.

    Raises
    ------
    PretrainedError
        If there is no such network, or its file is damaged.

    Examples
    --------
    >>> about("cats-and-dogs")["experiment"]
    'cats-steady'
    """
    return read(name)[1]


def arrays(name: str) -> dict[str, np.ndarray]:
    """Read the weights of a shipped network as plain arrays, without Keras.

    Parameters
    ----------
    name : str
        Such as ``"squeezenet"``.

    Returns
    -------
    dict of str to numpy.ndarray
        float16. The keys of SqueezeNet's are ``LAYER/kernel`` (height, width, channels in, kernels) and ``LAYER/bias``
        (kernels,); those of the course's own networks number their weights in Keras' order.

    Raises
    ------
    PretrainedError
        If there is no such network, or its file is damaged.

    Examples
    --------
    >>> arrays("squeezenet")["conv1/kernel"].shape
    (3, 3, 3, 64)
    """
    weights, told = read(name)
    note("pretrained", name, told["digest"])
    return weights


def read(name: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read the weights of a shipped network, and what they are.

    Parameters
    ----------
    name : str
        Of the network.

    Returns
    -------
    tuple of (dict of str to numpy.ndarray, dict)
        Weights in the order of their names, float16; then what :func:`about` tells.

    Raises
    ------
    PretrainedError
        If there is no such network, or its file is damaged.
    """
    path = FOLDER / f"{name}.npz"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.npz")))
        raise PretrainedError(f"no network {name!r} comes with the package; there are: {known or 'none'}")
    try:
        with np.load(path) as file:
            told = json.loads(str(file["about"]))
            weights = {key: file[key] for key in sorted(file.files) if key != "about"}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise PretrainedError(f"{path} is damaged ({error}): install the package again") from error
    if told.get("digest") != digest_arrays(*weights.values()):
        raise PretrainedError(f"{path} holds other weights than it says: install the package again")
    return weights, told


def write(name: str, weights: Mapping[str, np.ndarray], told: dict[str, Any], folder: Path) -> Path:
    """Write the file of a network.

    Parameters
    ----------
    name : str
        Of the network.
    weights : mapping of str to numpy.ndarray
        By their names, float16.
    told : dict
        What :func:`about` is to tell, but for the digest.
    folder : pathlib.Path
        Where to.

    Returns
    -------
    pathlib.Path
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.npz"
    named = dict(sorted(weights.items()))
    text = json.dumps(told | {"digest": digest_arrays(*named.values())}, indent=1, ensure_ascii=False)
    made = path.with_suffix(".new")  # until it is whole, the old file stays
    with made.open("wb") as file:
        np.savez_compressed(file, about=np.array(text), **named)  # type: ignore[arg-type]
    return made.replace(path)
