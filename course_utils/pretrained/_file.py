"""One file of weights: arrays in half precision, and what they are."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..record import digest_arrays
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
        ``what`` it is, the ``experiment``, ``seed``, ``date``, ``data`` and ``versions`` that made it, its
        ``licence``, its ``accuracy`` before and after rounding, and the ``digest`` of its weights.

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


def read(name: str) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Read the weights of a shipped network, and what they are.

    Parameters
    ----------
    name : str
        Of the network.

    Returns
    -------
    tuple of (list of numpy.ndarray, dict)
        Weights in the order of the model's, float16; then what :func:`about` tells.

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
            weights = [file[key] for key in sorted(file.files) if key != "about"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise PretrainedError(f"{path} is damaged ({error}): install the package again") from error
    if told.get("digest") != digest_arrays(*weights):
        raise PretrainedError(f"{path} holds other weights than it says: install the package again")
    return weights, told


def write(name: str, weights: Sequence[np.ndarray], told: dict[str, Any], folder: Path) -> Path:
    """Write the file of a network.

    Parameters
    ----------
    name : str
        Of the network.
    weights : sequence of numpy.ndarray
        In the order of the model's, float16.
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
    arrays = {f"{i:03d}": each for i, each in enumerate(weights)}
    text = json.dumps(told | {"digest": digest_arrays(*weights)}, indent=1, ensure_ascii=False)
    made = path.with_suffix(".new")  # until it is whole, the old file stays
    with made.open("wb") as file:
        np.savez_compressed(file, about=np.array(text), **arrays)  # type: ignore[arg-type]
    return made.replace(path)
