"""The wheel alone, in an empty environment, as Colab's first cell installs it.

One chapter is always run; another, that takes minutes, is run here and not by nbval, when something of it has changed.
"""

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils import pretrained
from course_utils.chapters import find
from course_utils.record import read_provenance, read_records

ROOT = Path(__file__).parent.parent
QUICK, THOROUGH = "images-and-convolutions", "fashion-mnist"


def run(*command: str | Path, **options) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def outputs_to_check(path: Path) -> dict[str, list[object]]:
    """Return what the cells show that must show the same on all data: the ones that nbval would compare."""
    cells = nbformat.read(path, as_version=4).cells
    tagged = [cell for cell in cells if "nbval-check-output" in cell.metadata.get("tags", [])]
    return {cell.source: [output.get("data") or output.get("text") for output in cell.outputs] for cell in tagged}


def built_wheel(folder: Path) -> Path:
    backend = ["--no-build-isolation", "--python", sys.executable]  # the lock's hatchling, not the newest
    run("uv", "build", "--wheel", "--quiet", *backend, "--out-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def empty_environment(folder: Path) -> tuple[Path, list[str | Path]]:
    """Make an environment with nothing in it; answers with its Python and the command that installs into it.

    The versions are the reproducible environment's; which packages come along is for the wheel to say.
    """
    run("uv", "venv", "--quiet", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    constraints = ["--constraint", ROOT / "constraints.txt"]
    return python, ["uv", "pip", "install", "--quiet", "--python", python, "--compile-bytecode", *constraints]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The Python of an environment in which there is nothing but the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    python, install = empty_environment(folder / "empty")
    run(*install, built_wheel(folder))
    return python


def far_away(python: Path) -> dict[str, str]:
    """Return an environment's variables in which nothing leads back to the repository or to real data."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "COURSE_DATA_DIR")}
    return kept | {"COURSE_DATA": "embedded", "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.slow
def test_the_wheel_brings_its_images_and_networks(installed, tmp_path):
    ask = """
from course_utils import data, pretrained
print(pretrained.about("cats-and-dogs")["digest"])
print(*(len(load().X_train) for load in (data.mnist, data.fashion_mnist)), data.cats_vs_dogs().counts)
"""
    here = run(sys.executable, "-c", ask, env=os.environ | {"COURSE_DATA": "embedded"})
    assert run(installed, "-c", ask, cwd=tmp_path, env=far_away(installed)) == here
    assert here.startswith(pretrained.about("cats-and-dogs")["digest"])


@pytest.mark.slow
@pytest.mark.parametrize("chapter", [THOROUGH, QUICK])
def test_the_wheel_alone_runs_a_chapter_on_embedded_data(installed, chapter, tmp_path):
    course = tmp_path / "course"
    (course / "chapters").mkdir(parents=True)
    (original,) = find([chapter], ROOT)
    shutil.copy(original, course / "chapters")
    (course / "_toc.yml").write_text(f"- file: chapters/{original.stem}\n")
    run(installed.parent / "course", "run", "--embedded", chapter, cwd=course, env=far_away(installed))

    ran = course / "_build" / "embedded" / original.name
    # The photograph of a cat comes with a package: it is the real one everywhere.
    assert read_provenance(ran)["data"] == {QUICK: {"photo": "real"}, THOROUGH: {"fashion_mnist": "embedded"}}[chapter]
    assert outputs_to_check(ran) == outputs_to_check(original)
    if chapter == THOROUGH:
        # A lesson of the chapter must hold on the sample, too: what a range test suggests beats the usual rate.
        records = read_records(ran)
        assert records["rate_suggested"].value > records["rate_usual"].value


# --- the doctor, for people who do not take the course

EXAMINED = """
import keras, numpy as np
from course_utils.doctor import Watch, examine, explain, review

X, y = np.eye(4, dtype="float32")[np.arange(40) % 4], np.arange(40) % 4
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense({units}, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
said = [examine(model, X, y).codes]
try:
    model.fit_generator(X)
except AttributeError as error:
    said.append(explain(error).codes)
history = model.fit(X, y % {units}, epochs=5, verbose=0, callbacks=[Watch()])
said.append(review({{"loss": [1.0, float("nan")]}}, model, X, y).codes)
print(said)
"""


def needs(package: str, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return a package and everything that it requires, however far down, as far as it is installed here."""
    if package in found:
        return found
    try:
        requirements = importlib.metadata.requires(package) or []
    except importlib.metadata.PackageNotFoundError:
        return found
    found |= {package}
    for requirement in requirements:
        if "extra ==" not in requirement:
            found |= needs(re.match(r"[\w.-]+", requirement)[0], found)
    return found


def lend(python: Path, packages: set[str]) -> None:
    """Let an environment have packages of this one, and no others: torch alone would be gigabytes to install."""
    asked = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    there = Path(run(python, "-c", asked).strip())
    for package in packages:
        distribution = importlib.metadata.distribution(package)
        for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            link = there / top
            if not link.exists():
                link.symlink_to(Path(str(distribution.locate_file(top))).resolve())


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_doctor_works_with_nothing_but_keras_and_one_backend(tmp_path, backend):
    if not importlib.util.find_spec(backend):
        pytest.skip(f"{backend} is not installed")
    python, install = empty_environment(tmp_path / "plain")
    lend(python, {*needs("keras"), *needs(backend)})
    run(*install, "--no-deps", built_wheel(tmp_path))
    far = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")} | {"KERAS_BACKEND": backend}
    ask = (
        "import importlib.util as u; print([n for n in ('tensorflow', 'pandas', 'sklearn', 'typer') if u.find_spec(n)])"
    )
    assert run(python, "-c", ask, cwd=tmp_path, env=far) == "[]\n"

    (tmp_path / "wrong.py").write_text(EXAMINED.format(units=3), encoding="utf-8")
    said = run(python, "wrong.py", cwd=tmp_path, env=far)
    assert said == "[('labels-out-of-range',), ('removed-api',), ('loss-not-finite',)]\n"
    command = [python, "-m", "course_utils.doctor", "--before", "--format", "json"]
    (tmp_path / "right.py").write_text(EXAMINED.format(units=4), encoding="utf-8")
    told = json.loads(run(*command, "right.py", cwd=tmp_path, env=far))
    assert (told["status"], told["findings"]) == (0, [])
    mistake = (ROOT / "book" / "doctor" / "input-rank" / "error.py").read_text(encoding="utf-8")
    (tmp_path / "mistake.py").write_text(mistake, encoding="utf-8")
    done = subprocess.run([*command, "mistake.py"], capture_output=True, text=True, cwd=tmp_path, env=far)
    assert done.returncode == 1, done.stderr
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]] == ["input-rank"]
