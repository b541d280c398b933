"""Looking at every ``fit`` of a script before it runs."""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from .._report import Report
from .._subject._lines import Place, place_of
from .._subject._program import callers

Told = Callable[[Report, tuple[Place, ...]], None]


class Worthless(BaseException):
    """A training is not begun, because of an error that the doctor has told; no ``except Exception`` of a script's."""


@contextlib.contextmanager
def examined(tell: Told) -> Iterator[None]:
    """While open, each ``fit`` of a Keras model is examined first, and one with an error ends the script.

    Keras is not loaded for it: a script may still choose its backend before it imports Keras.

    Parameters
    ----------
    tell : callable
        Gets what is found, if anything is, and where the user calls ``fit``.

    Raises
    ------
    Worthless
        In the script, in place of a training with an error.
    """
    undo: list[Callable[[], None]] = []
    watch = _OnceLoaded("keras", lambda keras: undo.append(_watch(keras.Model, tell)))
    sys.meta_path.insert(0, watch)
    if "keras" in sys.modules:
        watch.loaded(sys.modules["keras"])
    try:
        yield
    finally:
        watch.forget()
        for step in undo:
            step()


def _watch(model_class: Any, tell: Told) -> Callable[[], None]:
    """Put a look before a class's ``fit``; answers with what takes it away again."""
    inherited, fit = "fit" not in vars(model_class), model_class.fit

    @functools.wraps(fit)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        _look(self, fit, arguments, options, tell)
        return fit(self, *arguments, **options)

    model_class.fit = watched

    def undo() -> None:
        if inherited:
            del model_class.fit
        else:
            model_class.fit = fit

    return undo


def _look(model: Any, fit: Any, arguments: tuple[Any, ...], options: dict[str, Any], tell: Told) -> None:
    try:
        given = inspect.signature(fit).bind(model, *arguments, **options).arguments
    except TypeError:
        return  # fit says so itself, and is explained then
    from .._examine import examine

    report = examine(model, **{name: value for name, value in list(given.items())[1:]})
    if len(report):
        tell(report, tuple(place_of(frame) for frame in callers(1)[:1]))
    if report:
        raise Worthless


class _OnceLoaded(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Does something with a module as soon as it is loaded."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]):
        self._module, self._then = name, then
        self._loader: Any = None

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Find the module as Python does, but load it through this."""
        if name != self._module:
            return None
        self.forget()
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        self._loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Make the module as its own loader does."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Load it, and give it its own loader back."""
        spec = module.__spec__
        assert spec is not None
        module.__loader__ = spec.loader = self._loader
        self._loader.exec_module(module)
        self.loaded(module)

    def loaded(self, module: ModuleType) -> None:
        """Do what is to be done."""
        self.forget()
        self._then(module)

    def forget(self) -> None:
        """Wait for it no longer."""
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
