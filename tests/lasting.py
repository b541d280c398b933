"""A pytest plugin, `-p tests.lasting`: tests that take long are left out where nothing has changed since they passed.

They carry the mark `lasting`, with the files and folders that they read; `{name}` stands for a parameter of the test,
`*` in a file's name for anything, and where cases carry marks of their own, `per` names the parameter that tells them
apart. With these count the test's own module, each `conftest.py` beside and above it, what they import of the tests,
the packages of the lock, and the rooms of `course_utils` that any of them names, with the rooms below. A test that
opens another file of the repository fails, so that none stays away from a test that it could change. `--everything`
runs all; what passes is kept either way.
"""

import functools
import itertools
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from course_utils.record import digest

from .imports import EVERYWHERE, MODULES, imported, own, room
from .passed import ROOT, installed, passed_before, remember

_NAMED = re.compile(r"\bcourse_utils\.(\w+)|\bfrom course_utils import ([\w, ]+)")
_PROPERTY = "lasting"
_READ = pytest.StashKey[set[Path]]()
# What tests make, or tools keep.
_MADE = re.compile(r"\..*|_build|__pycache__|node_modules|passed\.json")
_opened: set[str] = set()


def pytest_addoption(parser):
    """Add the option."""
    parser.addoption("--everything", action="store_true", help="run also what has passed as it is")


def pytest_configure(config):
    """Follow the tests, and keep what has passed, in the one process that sees them all."""
    _listen()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Keeper(config))


# Before others leave tests out: a group of which only a part is run cannot pass.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what has passed as it is, and tell of the others what they are made of."""
    groups = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("lasting"):
            groups[_group(item, mark)].append(item)
    before = {} if config.option.everything else passed_before()
    left_out = set()
    for (name, files), members in groups.items():
        read = read_by(members[0].path, files)
        now = made_of(read)
        if before.get(name) == now:
            left_out.update(members)
        for item in members:
            item.user_properties.append((_PROPERTY, [name, now, len(members)]))
            item.stash[_READ] = read
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _group(item, mark):
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    files = tuple(file.format(**parameters) for file in mark.args)
    names = [*re.findall(r"{(\w+)}", " ".join(mark.args)), *mark.kwargs.values()]
    used = [str(parameters[name]) for name in names]
    return item.path.relative_to(ROOT).as_posix() + (f"[{'-'.join(used)}]" if used else ""), files


@functools.cache
def _listen() -> None:
    """Follow which files are opened to read them; Python cannot stop it again."""

    def note(event, args):
        reads = event == "open" and isinstance(args[0], str) and not set("wax+") & set(args[1] or "r")
        if reads and not (args[0].endswith(".py") and _is_for_hypothesis()):
            _opened.add(args[0])

    sys.addaudithook(note)


def _is_for_hypothesis() -> bool:
    """Whether it is Hypothesis that reads, which looks for constants in all that is imported, whoever imported it."""
    frame = sys._getframe()
    while frame := frame.f_back:
        name = frame.f_globals.get("__name__", "")
        if name.startswith("hypothesis."):
            return True
        if name.startswith("tests.") and name != __name__:
            return False
    return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup():
    """Begin to follow the files that a test and its fixtures open."""
    _opened.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a lasting test that opens a file of the repository of which its mark does not tell."""
    result = yield
    if (read := item.stash.get(_READ, None)) is not None and (others := _of_repository(_opened) - read):
        names = ", ".join(sorted(path.relative_to(ROOT).as_posix() for path in others))
        pytest.fail(f"it opens {names}: name it in the mark `lasting`, or the test is left out when it changes")
    return result


def _of_repository(names: Iterable[str]) -> set[Path]:
    paths = {Path(name).resolve() for name in names}
    return {
        path
        for path in paths
        if path.is_relative_to(ROOT) and not any(map(_MADE.fullmatch, path.relative_to(ROOT).parts)) and path.is_file()
    }


def read_by(tests: Path, files: Iterable[str]) -> set[Path]:
    """Return all files that can change how the tests of a module end that read these."""
    module = next(module for module, path in EVERYWHERE.items() if path == tests)
    read = {path for name in files for path in _files(ROOT / name)}
    named = {name for path in read if path.suffix in (".py", ".md") for name in _rooms_named(path)}
    packages = itertools.accumulate(module.split(".")[:-1], "{}.{}".format)
    shared = {name for package in packages if (name := f"{package}.conftest") in EVERYWHERE}
    helpers, rooms = _reached(frozenset({module} | shared | named))
    read |= {EVERYWHERE[name] for name in helpers}
    return read | {path for name in rooms for path in _files(ROOT / "course_utils" / name)}


def made_of(read: Iterable[Path]) -> str:
    """Return a digest of files, and of the packages beside them."""
    contents = {os.path.relpath(path, ROOT): digest(path.read_bytes()) for path in sorted(read)}
    return digest({"files": contents, "packages": installed("torch")})


def _files(path: Path) -> list[Path]:
    if "*" in path.name:
        return sorted(path.parent.glob(path.name))
    if not path.is_dir():
        path = path if path.suffix else path.with_suffix(".py")
        return [path]
    # Caches are hidden, or called so.
    within = ((file, file.relative_to(path).parts) for file in path.rglob("*") if file.is_file())
    return [file for file, parts in within if not any(part[0] == "." or part == "__pycache__" for part in parts)]


def _rooms_named(path: Path) -> set[str]:
    found = _NAMED.findall(path.read_text(encoding="utf-8"))
    names = {name.strip() for one, several in found for name in (one, *several.split(","))} - {""}
    return {f"course_utils.{name}" for name in names if f"course_utils.{name}" in MODULES}


@functools.cache
def _reached(start: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The modules of the tests, and the whole rooms of the package, that modules need."""
    seen, todo = set(), set(start)
    while todo:
        module = todo.pop()
        seen.add(module)
        found = set(own(imported(module)))
        if module in MODULES:
            found |= {other for other in MODULES if other != "course_utils" and room(other) == room(module)}
        todo |= found - seen
    return frozenset(seen - {*MODULES}), frozenset(room(module) for module in seen & {*MODULES})


class _Keeper:
    """Keeps the groups of which all tests have passed, or were skipped for want of something that isn't installed."""

    def __init__(self, config):
        # A part of a module is not its group.
        self._in_part = any("::" in word for word in config.args)
        self._left = {}
        self._failed = set()

    def pytest_runtest_logreport(self, report):
        for key, value in report.user_properties:
            if key != _PROPERTY:
                continue
            name, now, count = value
            self._left.setdefault((name, now), count)
            if report.failed:
                self._failed.add(name)
            elif report.when == "call" or report.skipped:
                self._left[name, now] -= 1

    def pytest_sessionfinish(self):
        done = {name: now for (name, now), left in self._left.items() if not left and name not in self._failed}
        if done and not self._in_part:
            remember(done)

    def pytest_terminal_summary(self, terminalreporter):
        options = terminalreporter.config.option
        if self._in_part or options.keyword or options.markexpr:
            return
        seen = {name for name, _ in self._left}
        asked = [Path(word).resolve() for word in terminalreporter.config.args]
        modules = Counter(
            name.partition("[")[0] for name in passed_before() if name.startswith("tests/") and name not in seen
        )
        kept = [
            f"{name} ({count})"
            for name, count in modules.items()
            if any((ROOT / name).is_relative_to(a) for a in asked)
        ]
        if kept:
            terminalreporter.write_line(f"groups not run, because they passed as they are: {', '.join(kept)}")
