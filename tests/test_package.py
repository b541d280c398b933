"""Importing the package costs nothing, and every public name is documented."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

import course_utils

ROOMS = [name for name in course_utils.__all__ if name != "cli"]
PUBLIC = [f"{room}.{name}" for room in ROOMS for name in importlib.import_module(f"course_utils.{room}").__all__]
# What numpydoc's own check must not find: no docstring, no summary or one without full stop, parameters that are
# missing, unknown, untyped or unexplained, and values returned or yielded without a section.
MUST_NOT = {"GL08", "SS01", "SS03", "PR01", "PR02", "PR04", "PR07", "RT01", "YD01"}


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


# --- importing --------------------------------------------------------------------------------------------------------


def test_importing_the_package_loads_nothing_but_the_standard_library():
    # Counting modules instead of milliseconds: the answer is the same on a busy machine.
    loaded = python(
        "import sys; before = set(sys.modules); import course_utils\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    assert loaded.split() == ["course_utils"]


def test_recording_stays_light_and_the_ground_floor_needs_no_keras():
    heavy = {"keras", "tensorflow", "jax", "torch", "matplotlib", "sklearn", "IPython", "typer", "nbclient"}
    assert python(f"import sys, course_utils.record; print(*{heavy | {'numpy'}} & set(sys.modules))") == "\n"
    assert python(f"import sys, course_utils.data; print(*{heavy} & set(sys.modules))") == "\n"
    assert python(f"import sys, course_utils.cli; print(*{heavy - {'typer'}} & set(sys.modules))") == "\n"


def test_a_room_loads_when_it_is_first_used():
    assert python(
        "import sys, course_utils as c; n = 'course_utils.record'; print(n in sys.modules); c.record.record;"
        "print(n in sys.modules)"
    ).split() == ["False", "True"]


def test_every_room_is_an_attribute_and_listed():
    for name in course_utils.__all__:
        assert getattr(course_utils, name) is importlib.import_module(f"course_utils.{name}")
        assert name in dir(course_utils)


def test_every_room_reaches_itself_through_the_package_even_if_nobody_imported_it():
    assert python("import course_utils as c; print(*(getattr(c, n).__name__ for n in c.__all__))").split() == [
        f"course_utils.{name}" for name in course_utils.__all__
    ]


def test_an_unknown_attribute_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="'course_utils' has no attribute 'plots'"):
        getattr(course_utils, "plots")  # noqa: B009
    assert not hasattr(course_utils, "nonsense")


def test_tensorflow_is_asked_for_silence_but_an_authors_own_setting_wins():
    code = "import os; {}import course_utils; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    assert python("import os; os.environ.pop('TF_CPP_MIN_LOG_LEVEL', 0);" + code.format("")) == "3\n"
    assert python(code.format("os.environ['TF_CPP_MIN_LOG_LEVEL'] = '0';")) == "0\n"


@pytest.mark.parametrize(
    ("here", "chosen", "then"),
    [
        (["tensorflow", "jax"], None, None),
        (["jax"], None, "jax"),
        (["torch"], None, "torch"),
        (["jax"], "torch", "torch"),
        ([], None, None),
    ],
)
def test_without_tensorflow_keras_is_told_to_take_the_backend_that_is_here(here, chosen, then):
    code = f"""
import importlib.util, os
os.environ.pop("KERAS_BACKEND", None)
if {chosen!r}: os.environ["KERAS_BACKEND"] = {chosen!r}
importlib.util.find_spec = lambda name: name in {here!r} or None
import course_utils
print(os.environ.get("KERAS_BACKEND"))
"""
    assert python(code) == f"{then}\n"


def test_the_version_is_the_installed_one():
    assert course_utils.__version__ == importlib.metadata.version("course-utils")


# --- docstrings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_what_it_does_takes_and_gives(name):
    room, attribute = name.split(".")
    thing = getattr(importlib.import_module(f"course_utils.{room}"), attribute)
    ignored = set()
    if dataclasses.is_dataclass(thing):
        ignored = {"PR01"}  # the fields are both its parameters and its attributes; it describes them once
        described = {n.strip() for p in NumpyDocString(inspect.getdoc(thing))["Attributes"] for n in p.name.split(",")}
        assert {field.name for field in dataclasses.fields(thing)} <= described
    elif inspect.isclass(thing) and issubclass(thing, Exception):
        ignored = {"PR01"}
    found = validate(f"course_utils.{name}")["errors"]
    assert [error for error in found if error[0] in MUST_NOT - ignored] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_that_raises_says_what_it_raises(name):
    room, attribute = name.split(".")
    thing = getattr(importlib.import_module(f"course_utils.{room}"), attribute)
    if not inspect.isfunction(thing):
        return
    raised = {
        node.exc.func.id
        for node in ast.walk(ast.parse(inspect.getsource(thing)))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    assert raised <= {entry.type for entry in NumpyDocString(inspect.getdoc(thing))["Raises"]}


def with_examples():
    """Modules with an example that is not marked +SKIP, found without importing any."""
    root = Path(course_utils.__file__).parent
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docstrings = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, documented)]
        examples = [example for text in docstrings for example in doctest.DocTestParser().get_examples(text)]
        if not all(example.options.get(doctest.SKIP) for example in examples):
            parts = path.relative_to(root.parent).with_suffix("").parts
            yield ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("module", list(with_examples()))
def test_the_examples_in_docstrings_run_and_give_what_they_show(module, bare_machine, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    result = doctest.testmod(importlib.import_module(module))
    plt.close("all")  # what an example has drawn is no other test's
    assert result.failed == 0
    assert result.attempted > 0


def test_reading_notebooks_compiles_no_grammars_and_leaves_them_to_whoever_wants_them():
    code = """
import sys
from course_utils import chapters
chapters.find
print({"nbformat", "rfc3987_syntax"} & {*sys.modules})
import rfc3987_syntax
"""
    pytest.importorskip("rfc3987_syntax", reason="nothing to leave out")
    assert python(code).split() == ["{'nbformat'}"]
