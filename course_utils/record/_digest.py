"""Digests: short names of contents, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# What is left of numbers that were computed: their last bits depend on the processor and its mathematical library.
_DECIMALS = 6
_LENGTH = 16


def digest(content: Any) -> str:
    """Name a content: equal contents have equal digests, whatever machine computes them.

    Parameters
    ----------
    content : str, bytes or anything that JSON can hold
        In dictionaries the order of the keys does not count.

    Returns
    -------
    str
        16 hexadecimal digits of SHA-256.
    """
    if isinstance(content, str):
        content = content.encode()
    elif not isinstance(content, bytes):
        content = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(content).hexdigest()[:_LENGTH]


def digest_arrays(*arrays: np.ndarray) -> str:
    """Name the contents of arrays: shapes, kinds of numbers and values, floats to six decimals.

    Parameters
    ----------
    *arrays : numpy.ndarray
        Of numbers.

    Returns
    -------
    str
        16 hexadecimal digits of SHA-256.
    """
    import numpy as np

    sha = hashlib.sha256()
    for array in arrays:
        if array.dtype.kind == "f":
            array = np.round(array.astype(np.float64), _DECIMALS) + 0.0  # there is no minus zero
        values = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        sha.update(f"{values.dtype.str}{values.shape}".encode())
        sha.update(values.data)
    return sha.hexdigest()[:_LENGTH]
