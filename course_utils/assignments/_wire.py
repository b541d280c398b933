"""What crosses the wall of the sandbox: plain values and arrays as data, in frames that are bounded and checked.

A frame is the length of its JSON and of its arrays' bytes, then both. Every value stands in the JSON as a pair of a tag
and a payload, so that nothing a student makes can be taken for something else. Reading a frame runs no code of its
writer: arrays are bytes with a type from a short list, and no pickle is ever read.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

LARGEST = 64 << 20
_TEXT = 1 << 20
_DEPTH = 40
_HEAD = struct.Struct(">II")
_DTYPES = {np.dtype(name).str for name in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]}


class WireError(Exception):
    """A frame is not one: too long, cut off, or holds what no frame may hold."""


def dump(value: Any, describe: Callable[[Any], tuple[str, Any] | None] = lambda _: None) -> bytes:
    """Write a value as a frame; what is no plain value is what `describe` says, or the name of its type."""
    blobs: list[bytes] = []

    def node(value: Any, depth: int = 0) -> list[Any]:
        if depth > _DEPTH:
            return ["other", "something nested too deeply"]
        kind = type(value)
        if value is None or kind in (bool, str):
            return ["plain", value]
        if kind is int:
            return ["int", hex(value)]
        if kind is float:
            return ["float", value.hex()]
        if kind in (list, tuple):
            return [kind.__name__, [node(item, depth + 1) for item in value]]
        if kind is dict and all(type(key) is str for key in value):
            return ["dict", [[key, node(item, depth + 1)] for key, item in value.items()]]
        told = describe(value)
        if told is not None:
            tag, payload = told
            return [tag, node(payload, depth + 1)]
        if isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "__array__"):
            array = np.asarray(value)
            dtype = array.dtype.newbyteorder("<").str
            if dtype in _DTYPES:
                blobs.append(np.ascontiguousarray(array).astype(dtype, copy=False).tobytes())
                return ["array", [dtype, list(array.shape)]]
            return ["other", f"array of {array.dtype}"]
        return ["other", kind.__name__]

    text = json.dumps(node(value)).encode()
    blob = b"".join(blobs)
    return _HEAD.pack(len(text), len(blob)) + text + blob


def load(frame: bytes, build: Callable[[str, Any], Any]) -> Any:
    """Read a frame's value; what carries another tag than a plain value's is what `build` makes of it."""
    if len(frame) < _HEAD.size:
        raise WireError("an answer was cut off")
    texts, blobs = _HEAD.unpack_from(frame)
    if len(frame) != _HEAD.size + texts + blobs:
        raise WireError("an answer was cut off")
    try:
        tree = json.loads(frame[_HEAD.size : _HEAD.size + texts])
        place = _HEAD.size + texts

        def value(node: Any) -> Any:
            nonlocal place
            tag, payload = node
            if tag == "plain" and (payload is None or isinstance(payload, (bool, str))):
                return payload
            if tag == "int":
                return int(payload[:_TEXT], 16)
            if tag == "float":
                return float.fromhex(payload)
            if tag == "list":
                return [value(item) for item in payload]
            if tag == "tuple":
                return tuple(value(item) for item in payload)
            if tag == "dict":
                return {str(key): value(item) for key, item in payload}
            if tag == "array":
                dtype, shape = payload
                if dtype not in _DTYPES or not all(type(size) is int and size >= 0 for size in shape):
                    raise WireError("an array of an unknown kind")
                count = math.prod(shape)
                size = count * np.dtype(dtype).itemsize
                if size > len(frame) - place or len(shape) > 32:
                    raise WireError("an array that claims more than it holds")
                array = np.frombuffer(frame, dtype, count, place).reshape(shape).copy()
                place += size
                return array[()]  # a number of NumPy's stays one, and is no array
            if tag == "other":
                return build("other", str(payload)[:200])
            return build(str(tag)[:20], value(payload))

        return value(tree)
    except WireError:
        raise
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError, MemoryError) as error:
        raise WireError(f"an answer that is none ({type(error).__name__})") from None


def send(channel: socket.socket, frame: bytes) -> None:
    """Send a whole frame."""
    channel.sendall(frame)


def receive(channel: socket.socket, deadline: float | None = None, largest: int = LARGEST) -> bytes:
    """Wait for a whole frame, at most until a time of ``time.monotonic()``; empty when the other side is gone."""
    head = _exactly(channel, _HEAD.size, deadline)
    if not head:
        return b""
    length = sum(_HEAD.unpack(head))
    if length > largest:
        raise WireError(f"an answer of {length / 2**20:,.0f} MB, where {largest >> 20} MB are allowed")
    body = _exactly(channel, length, deadline)
    return head + body if len(body) == length else b""


def _exactly(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        if deadline is not None:
            channel.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            part = channel.recv(min(length - len(received), 1 << 20))
        except ConnectionError:
            part = b""
        if not part:
            return b""
        received += part
    return bytes(received)
