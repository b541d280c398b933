"""An exception taken apart: its words without colours, its frames, and the model and data that are found in them."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import FrameType, ModuleType
from typing import Any

from .._report import Finding
from ._program import AUTOGRAPH, Program, is_users

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TORCH_SIZE = re.compile(r"torch\.Size\(\[([^\]]*)\]\)")
_LONGEST = 20_000  # characters that are read at either end: a list given as x is printed whole into the message
_MOST_FRAMES = 400
_SHAPE = re.compile(r"[(\[]\s*((?:(?:\d+|None)[,\s]*)*)[)\]]")

# What a person calls on a model, and what of it the doctor can look at.
METHODS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch", "__call__")


def shape_in(text: str) -> tuple[int | None, ...]:
    """Read the shape at the start of a text: ``(None, 28, 28)`` as well as ``[None 28 28]``."""
    found = _SHAPE.match(text.strip())
    numbers = re.findall(r"\d+|None", found[1]) if found else []
    return tuple(None if number == "None" else int(number) for number in numbers)


@dataclass
class Call:
    """A method of a model that was running: ``model.fit(X, y, …)``."""

    method: str
    model: Any
    x: Any
    y: Any
    options: dict[str, Any]


class Failure:
    """An exception as the recognisers read it.

    Parameters
    ----------
    exception : BaseException
        Caught or stored; it is only read.
    """

    def __init__(self, exception: BaseException):
        self.exception = exception

    @cached_property
    def chain(self) -> tuple[BaseException, ...]:
        """The exception and those it came from, the last raised first."""
        found: list[BaseException] = []
        waiting: list[BaseException | None] = [self.exception]
        while waiting and len(found) < 20:
            error = waiting.pop(0)
            if error is None or any(error is one for one in found):
                continue
            found.append(error)
            # Keras hides what came before with `from None`, and just that holds the inner frames.
            waiting += [error.__cause__, error.__context__]
        return tuple(found)

    @cached_property
    def message(self) -> str:
        """What the exception itself says, without colours and wrappers."""
        return _clean(self.exception)

    @cached_property
    def text(self) -> str:
        """What the whole chain says."""
        return "\n".join(dict.fromkeys(_clean(error) for error in self.chain))

    def find(self, pattern: str) -> re.Match[str] | None:
        """Search the chain's words."""
        return re.search(pattern, self.text, re.DOTALL)

    def raised(self, *names: str) -> bool:
        """Whether the exception or one it came from is of a type of that name."""
        return any(kind.__name__ in names for error in self.chain for kind in type(error).__mro__)

    @cached_property
    def frames(self) -> tuple[FrameType, ...]:
        """Frames of the whole chain, innermost first, with those that Keras cut out of its traceback."""
        found: dict[int, FrameType] = {}
        for error in reversed(self.chain):  # the first raised goes deepest
            trace = error.__traceback__
            own: list[FrameType] = []
            outermost = trace.tb_frame if trace else None
            while trace is not None and len(own) < _MOST_FRAMES:
                own.append(trace.tb_frame)
                trace = trace.tb_next
            for frame in reversed(own):
                inner: FrameType | None = frame
                # A frame that is kept remembers who called it, so the way back is whole.
                while inner is not None and len(found) < _MOST_FRAMES:
                    found.setdefault(id(inner), inner)
                    if inner is outermost:
                        break
                    inner = inner.f_back
        return tuple(found.values())

    @cached_property
    def in_keras(self) -> bool:
        """Whether Keras was running."""
        return any("keras" in frame.f_globals.get("__name__", "").split(".") for frame in self.frames)

    def in_module(self, *parts: str) -> bool:
        """Whether a frame belongs to a module whose dotted name has one of these parts."""
        return any(set(parts) & set(frame.f_globals.get("__name__", "").split(".")) for frame in self.frames)

    @cached_property
    def user_frames(self) -> tuple[FrameType, ...]:
        """Frames of the user's own code, innermost first."""
        return tuple(frame for frame in self.frames if is_users(frame))

    def objects(self, kind: str) -> Iterator[Any]:
        """Objects found in the frames, innermost first, whose class or an ancestor of it has that name.

        Only `self`, first arguments and plainly named locals are looked at, and only in Keras' own frames.
        """
        seen = set()
        for frame in self.frames:
            if is_users(frame):
                continue
            held = frame.f_locals
            candidates = [held.get(name) for name in ("self", "layer", "instance", "model", "operation")]
            arguments = held.get("args")
            if isinstance(arguments, tuple) and arguments:
                candidates.append(arguments[0])
            for thing in candidates:
                if thing is None or id(thing) in seen or isinstance(thing, type):
                    continue
                seen.add(id(thing))
                if is_keras(thing, kind):
                    yield thing

    @cached_property
    def call(self) -> Call | None:
        """The method of a model that was running, with what the user gave it."""
        for frame in reversed(self.frames):
            held = frame.f_locals
            function, arguments = held.get("fn"), held.get("args")
            if frame.f_code.co_name == "error_handler" and isinstance(arguments, tuple) and arguments:
                if getattr(function, "__name__", "") in METHODS and is_keras(arguments[0], "Model"):
                    return _bound(function, arguments, held.get("kwargs") or {})
            elif (
                frame.f_code.co_name in METHODS
                and "keras" in frame.f_globals.get("__name__", "").split(".")
                and is_keras(held.get("self"), "Model")
            ):
                # Traceback filtering is off. Keras renames what it prepares, but x and y are still the user's.
                options = {n: v for n, v in held.items() if n in _OPTIONS and v is not None}
                return Call(frame.f_code.co_name, held["self"], held.get("x"), held.get("y"), options)
        return None

    @cached_property
    def program(self) -> Program:
        """What the user wrote, where the exception went through it."""
        return Program(self.user_frames, self._lines())

    def _lines(self) -> Iterator[tuple[str, int]]:
        """Files and lines that the chain's exceptions went through; where a frame is now may be elsewhere."""
        for error in self.chain:
            trace = error.__traceback__
            while trace is not None:
                yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
                trace = trace.tb_next

    @cached_property
    def is_in_own_code(self) -> bool:
        """Whether it was raised in a function of the user's that Keras had called, not in Keras itself."""
        for frame in self.frames:
            file = frame.f_code.co_filename
            if "keras" in frame.f_globals.get("__name__", "").split("."):
                return False
            if is_users(frame) or AUTOGRAPH in file:
                return True
        return False

    def argument_of(self, function: str) -> Any:
        """Look up what a function of a library got first, in its frame; None if it did not run."""
        for frame in self.frames:
            if frame.f_code.co_name == function and not is_users(frame):
                names = [name for name in frame.f_code.co_varnames[: frame.f_code.co_argcount] if name != "self"]
                return frame.f_locals.get(names[0]) if names else None
        return None

    @property
    def x(self) -> str:
        """What the user calls what the method got as x."""
        return self.program.name_of(self.call.x if self.call else None, "X")

    @property
    def line(self) -> str:
        """The statement of the user's that failed, or the innermost of them."""
        from ._lines import user_lines

        lines = user_lines(self.exception)
        return lines[-1].source if lines else ""

    @cached_property
    def model(self) -> Any:
        """The model that was running or being built, or None."""
        # The outermost: a Sequential model runs one of Keras' own inside it.
        return self.call.model if self.call else next(reversed(list(self.objects("Model"))), None)

    @cached_property
    def layer(self) -> Any:
        """The layer in which it happened, innermost first, or None; never the model itself."""
        return next((layer for layer in self.objects("Layer") if not is_keras(layer, "Model")), None)


def shape_of(thing: Any) -> tuple[int | None, ...] | None:
    """Shape of an array, frame, tensor, or of the arrays of a batched data set; None if it has none."""
    shape = getattr(thing, "shape", None)
    try:
        return None if shape is None else tuple(None if size is None else int(size) for size in shape)
    except (TypeError, ValueError):
        return None


def model_shape(model: Any, end: str) -> tuple[int | None, ...] | None:
    """Read what a built model with one input (or output) takes (or gives), batch axis included."""
    try:
        shape = getattr(model, f"{end}_shape", None)
    except (AttributeError, ValueError, NotImplementedError):
        return None
    if not isinstance(shape, (tuple, list)) or not all(size is None or isinstance(size, int) for size in shape):
        return None  # none yet, or several of them
    return tuple(shape)


def error(code: str, seen: str, why: str, fix: str) -> Finding:
    """Make a finding about what has already failed."""
    return Finding(code, "error", seen, why, fix)


_OPTIONS = (
    *("validation_data", "validation_split", "callbacks", "class_weight", "batch_size", "sample_weight"),
    *("epochs", "steps_per_epoch", "validation_steps"),
)


def _bound(function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Call | None:
    try:
        given = dict(inspect.signature(function).bind(*arguments, **named).arguments)
    except (TypeError, ValueError):
        return None
    model = given.pop("self", arguments[0])
    options = {name: value for name, value in given.items() if name in _OPTIONS and value is not None}
    x = given.get("x") if function.__name__ != "__call__" else next(iter(given.get("args", ())), None)
    return Call(function.__name__, model, x, given.get("y"), options)


def is_keras(thing: Any, kind: str) -> bool:
    """Whether a thing is of a public Keras class of that name (without loading Keras for it)."""
    keras = sys.modules.get("keras")
    wanted = getattr(keras, kind, None)
    # isinstance() would ask lazy proxies for their class, which may run code; the type is enough.
    return isinstance(wanted, type) and issubclass(type(thing), wanted)


def keras_owner(thing: Any) -> bool:
    """Whether a thing is a module, class or object that Keras (or TensorFlow's copy of it) made."""
    name = thing.__name__ if isinstance(thing, ModuleType) else getattr(_kind(thing), "__module__", "")
    parts = str(name).split(".")
    if "keras" in parts[:3] or parts[0] == "tensorflow":
        return True
    return any(is_keras(thing, kind) for kind in ("Layer", "Model", "Optimizer", "Loss", "Metric"))


def _kind(thing: Any) -> type:
    return thing if isinstance(thing, type) else type(thing)


def _clean(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # an exception whose words fail is explained without them
        return ""
    if len(text) > 2 * _LONGEST:
        text = f"{text[:_LONGEST]} … {text[-_LONGEST:]}"
    text = _TORCH_SIZE.sub(r"(\1)", COLOURS.sub("", text))
    return re.sub(r"\((\d+)\)", r"(\1,)", text).replace("np.str_(", "(").strip()
