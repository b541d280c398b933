"""Looking at every ``fit`` of a script, before it runs and when it is over, and at what the model is asked then."""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from .._codes import CODES
from .._report import Report, spelt
from .._subject._lines import Place, place_of
from .._subject._program import Program, callers

if TYPE_CHECKING:
    from .._predicting import Trained  # loads Keras

Told = Callable[[Report, tuple[Place, ...]], None]
Remembered: TypeAlias = "weakref.WeakKeyDictionary[Any, Trained]"


class Worthless(BaseException):
    """A training is not begun, because of an error that the doctor has told; no ``except Exception`` of a script's."""


@contextlib.contextmanager
def looked_at(tell: Told, before: bool, after: bool) -> Iterator[None]:
    """While open, each ``fit`` of a Keras model is examined first, or reviewed at its end, or both.

    What a model is asked after a training that was reviewed is compared with what it was trained on.

    Keras is not loaded for it: a script may still choose its backend before it imports Keras.

    Parameters
    ----------
    tell : callable
        Gets what is found, if anything is, and where the user calls ``fit``.
    before : bool
        Examine the model and its data; an error among the findings ends the script.
    after : bool
        Review the history; what was told before is not told again.

    Raises
    ------
    Worthless
        In the script, in place of a training with an error.
    """
    undo: list[Callable[[], None]] = []
    watch = _OnceLoaded("keras", lambda keras: undo.extend(_watch(keras.Model, tell, before, after)))
    sys.meta_path.insert(0, watch)
    if "keras" in sys.modules:
        watch.loaded(sys.modules["keras"])
    try:
        yield
    finally:
        watch.forget()
        for step in undo:
            step()


def _watch(model_class: Any, tell: Told, before: bool, after: bool) -> list[Callable[[], None]]:
    """Put looks around a class's ``fit`` and what asks a model; answers with what takes them away again."""
    # What each model was trained on, until it is asked something else.
    remembered: Remembered = weakref.WeakKeyDictionary()
    undo = [_around(model_class, "fit", _fit(tell, before, after, remembered))]
    if after:
        asking = ("predict", "evaluate", "predict_on_batch", "test_on_batch")
        undo += [_around(model_class, name, _asking(tell, remembered)) for name in asking]
    return undo


def _around(model_class: Any, name: str, look: Callable[..., Any]) -> Callable[[], None]:
    """Put a look around a method of a class; answers with what takes it away again."""
    inherited, method = name not in vars(model_class), getattr(model_class, name)

    @functools.wraps(method)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        return look(method, self, arguments, options)

    setattr(model_class, name, watched)

    def undo() -> None:
        if inherited:
            delattr(model_class, name)
        else:
            setattr(model_class, name, method)

    return undo


def _fit(tell: Told, before: bool, after: bool, remembered: Remembered) -> Callable[..., Any]:
    def look(fit: Any, model: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        given = _bound(fit, model, arguments, options)
        told = _examined(model, given, tell) if before and given is not None else set()
        history = fit(model, *arguments, **options)
        if after and given is not None and hasattr(history, "history"):
            _reviewed(history, model, given, tell, told)
            _remember(remembered, model, given)
        return history

    return look


def _remember(remembered: Remembered, model: Any, given: dict[str, Any]) -> None:
    from .._predicting import Trained

    with contextlib.suppress(Exception):
        x = given.get("x")
        trained = None if inspect.isgenerator(x) else Trained.on(model, x, Program(callers(3)))
        if trained is not None:
            remembered[model] = trained


def _asking(tell: Told, remembered: Remembered) -> Callable[..., Any]:
    def look(method: Any, model: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        finding = None
        with contextlib.suppress(Exception):
            given = _bound(method, model, arguments, options) or {}
            if model in remembered and not inspect.isgenerator(given.get("x")):
                from .._predicting import prepared_otherwise

                program = Program(callers(2))
                finding = prepared_otherwise(remembered[model], model, given.get("x"), program)
                if finding is not None:
                    del remembered[model]  # once is enough
                    tell(Report([spelt(finding, program)], "this prediction"), _place())
        return method(model, *arguments, **options)

    return look


def _bound(fit: Any, model: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any] | None:
    """Name what ``fit`` is given; None where it will itself say that it cannot be called so."""
    try:
        given = inspect.signature(fit).bind(model, *arguments, **options).arguments
    except TypeError:
        return None
    return dict(list(given.items())[1:])


def _examined(model: Any, given: dict[str, Any], tell: Told) -> set[str]:
    """Tell what is wrong before a training; answers with the codes, unless it is not worth beginning."""
    from .._examine import examine

    try:
        report = examine(model, **given)
    except Exception:  # the doctor must never stop a script of its own accord
        return set()
    if len(report):
        tell(report, _place())
    if report:
        raise Worthless
    return set(report.codes)


def _reviewed(history: Any, model: Any, given: dict[str, Any], tell: Told, told: set[str]) -> None:
    """Tell what a training shows that was not told before it."""
    from .._review import review

    # A generator has nothing left to look at.
    x, y = (None, None) if inspect.isgenerator(given.get("x")) else (given.get("x"), given.get("y"))
    try:
        report = review(history, model, x, y)
    except Exception:
        return
    known = told | {consequence for code in told for consequence in CODES[code].hides}
    if new := [finding for finding in report if finding.code not in known]:
        tell(Report(new, "this training"), _place())


def _place() -> tuple[Place, ...]:
    return tuple(place_of(frame) for frame in callers(2)[:1])


class _OnceLoaded(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Does something with a module as soon as it is loaded."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]):
        self._module, self._then = name, then
        self._loader: Any = None

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Find the module as Python does, but load it through this."""
        if name != self._module:
            return None
        # Who only asks whether there is a Keras, as TensorFlow does, does not load it: this goes on waiting.
        self.forget()
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
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
