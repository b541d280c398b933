"""The wheel alone, in an empty environment, as Colab's first cell installs it.

The chapter is run here only: nbval runs the others, from the repository.
"""

import os
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
CHAPTER = "fashion-mnist"  # needs Keras and the embedded images: what a wheel most easily lacks


def run(*command: str | Path, **options) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def outputs_to_check(path: Path) -> dict[str, list[object]]:
    """Return what the cells show that must show the same on all data: the ones that nbval would compare."""
    cells = nbformat.read(path, as_version=4).cells
    tagged = [cell for cell in cells if "nbval-check-output" in cell.metadata.get("tags", [])]
    return {cell.source: [output.get("data") or output.get("text") for output in cell.outputs] for cell in tagged}


@pytest.mark.slow
def test_the_wheel_alone_runs_a_chapter_on_embedded_data(tmp_path):
    backend = ["--no-build-isolation", "--python", sys.executable]  # the lock's hatchling, not the newest
    run("uv", "build", "--wheel", "--quiet", *backend, "--out-dir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    python = tmp_path / "empty" / "bin" / "python"
    run("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "empty")
    # The versions are the reproducible environment's; which packages come along is for the wheel to say.
    constraints = ["--constraint", ROOT / "constraints.txt"]
    run("uv", "pip", "install", "--quiet", "--python", python, "--compile-bytecode", *constraints, wheel)
    ask = "from course_utils import pretrained; print(pretrained.about('cats-and-dogs')['digest'])"
    assert run(python, "-c", ask, cwd=tmp_path).strip() == pretrained.about("cats-and-dogs")["digest"]

    # Far from the repository, so that nothing can be imported or read from it.
    course = tmp_path / "course"
    (course / "chapters").mkdir(parents=True)
    (original,) = find([CHAPTER], ROOT)
    chapter = course / "chapters" / original.name
    shutil.copy(original, chapter)
    (course / "_toc.yml").write_text(f"- file: chapters/{original.stem}\n")
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "COURSE_DATA_DIR")}
    environment |= {"COURSE_DATA": "embedded", "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    run(python.parent / "course", "run", "--embedded", CHAPTER, cwd=course, env=environment)

    chapter = course / "_build" / "embedded" / original.name
    assert read_provenance(chapter)["data"] == {"fashion_mnist": "embedded"}
    assert outputs_to_check(chapter) == outputs_to_check(ROOT / "chapters" / chapter.name)
    records = read_records(chapter)
    # A lesson of the chapter must hold on the sample, too: what a range test suggests beats the usual rate.
    assert records["rate_suggested"].value > records["rate_usual"].value
