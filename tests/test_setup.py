"""The files that set the project up agree with each other."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import course_utils
from course_utils.chapters import topic

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text()
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
BRANCH = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["branch"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def workflow(name):
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())


def test_every_file_names_the_same_repository():
    assert PROJECT["urls"]["Repository"] == REPOSITORY
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["repository-code"] == REPOSITORY


def test_every_file_names_the_same_version():
    assert course_utils.__version__ == PROJECT["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == PROJECT["version"]


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_chapters_first_cell_installs_this_release_from_this_repository(path):
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    (found,) = re.findall(r"git\+(\S+)@v([\d.]+)", "".join(cells[0]["source"]))
    assert found == (REPOSITORY, PROJECT["version"])


def test_a_published_notebook_is_opened_from_the_tag_whose_package_it_installs():
    assert f"v{PROJECT['version']}" == BRANCH


# --- Colab ------------------------------------------------------------------------------------------------------------

COLAB = tomllib.loads((ROOT / "tests" / "colab.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("image", COLAB)
def test_no_requirement_replaces_what_colab_brings(image):
    brought, replaced = COLAB[image]["packages"], []
    surroundings = {"python_version": COLAB[image]["python"], "sys_platform": "linux", "platform_machine": "x86_64"}
    for requirement in map(Requirement, PROJECT["dependencies"]):
        version = brought.get(canonicalize_name(requirement.name))
        needed = not requirement.marker or requirement.marker.evaluate(surroundings)
        if needed and version and not requirement.specifier.contains(version):
            replaced.append(f"{requirement} instead of {version}")
    assert not replaced


@pytest.mark.slow
@pytest.mark.parametrize("image", COLAB)
def test_the_course_can_be_installed_beside_what_colab_brings(image, tmp_path):
    stay = tmp_path / "colab.txt"
    stay.write_text("".join(f"{name}=={version}\n" for name, version in COLAB[image]["packages"].items()))
    command = [
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--no-python-downloads",
        "--no-header",
        "--no-annotate",
        "--constraint",
        stay,
    ]
    command += ["--python-version", COLAB[image]["python"], "--python-platform", "x86_64-unknown-linux-gnu"]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
    if done.returncode and "error sending request" in done.stderr:
        pytest.skip("no network")
    assert done.returncode == 0, done.stderr
    resolved = dict(line.split("==") for line in done.stdout.splitlines() if "==" in line)
    assert {name: resolved[name] for name in COLAB[image]["packages"]} == COLAB[image]["packages"]


# --- locks ------------------------------------------------------------------------------------------------------------


def locked(name):
    """Read a lock: from package and marker to version and hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = {}
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        entries[Requirement(requirement).name, str(Requirement(requirement).specifier)] = set(hashes)
    return entries


def test_what_students_install_has_the_versions_and_hashes_of_the_authors():
    students, authors = locked("requirements.txt"), locked("constraints.txt")
    assert students.items() <= authors.items()
    names = {canonicalize_name(name) for name, _ in students}
    extras = PROJECT["optional-dependencies"]
    assert {canonicalize_name(Requirement(line).name) for line in [*PROJECT["dependencies"], *extras["lab"]]} <= names
    assert not names & {"pytest", "mypy", "ruff", "jupyter-book", "playwright", "jax", "distributed"}


def test_whatever_the_package_imports_comes_with_what_it_requires():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "course_utils").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    modules = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"course_utils"}
    extras = [
        line for name in ("jax", "torch", "cluster", "grading") for line in PROJECT["optional-dependencies"][name]
    ]
    comes = {name for name, _ in locked("requirements.txt")} | {Requirement(line).name for line in extras}
    comes = {canonicalize_name(name) for name in comes}
    origins = packages_distributions()
    assert [m for m in modules if comes.isdisjoint(map(canonicalize_name, origins.get(m, [m])))] == []


def test_conda_and_binder_take_the_students_lock_and_then_the_package_itself():
    # pip checks the hashes of all that it installs at once, or of nothing; so the package comes alone.
    *_, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert pip == {"pip": ["-r requirements.txt"]}
    assert "pip install --no-cache-dir --no-deps --editable ." in (ROOT / "postBuild").read_text()


def test_the_reproducible_environment_holds_every_dependency_but_torch():
    # torch's plain release brings gigabytes of CUDA: whoever wants that backend chooses a build of it.
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(line for name in extras if name != "torch" for line in extras[name])]
    pinned = set(re.findall(r"^([\w.-]+)==", CONSTRAINTS, re.MULTILINE))
    assert {re.split(r"[<>=]", line)[0] for line in wanted} <= pinned


def test_the_lock_files_carry_hashes_and_no_addresses():
    pins = re.findall(r"^[\w.-]+==.*$", CONSTRAINTS, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") for pin in pins), "a version without a hash"
    assert "://" not in CONSTRAINTS
    packages = json.loads((ROOT / "book" / "package-lock.json").read_text())["packages"]
    assert all("integrity" in entry and "resolved" not in entry for name, entry in packages.items() if name)


def test_make_help_lists_every_target_that_a_person_types():
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) == set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_commit_and_says_which_release_it_is(path):
    used = re.findall(r"uses: (?!\./)(.*)", path.read_text())
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", line)] == []


def test_publishing_waits_for_every_check():
    jobs = workflow("publish")["jobs"]
    assert jobs["publish"]["needs"] == "test"
    called = ROOT / jobs["test"]["uses"]
    assert any(step.get("run") == "bash .ci/run" for step in workflow(called.stem)["jobs"]["test"]["steps"])


@pytest.mark.parametrize(("tag", "passes"), [(f"v{PROJECT['version']}", True), ("v99.0", False), ("main", False)])
def test_only_the_tag_of_the_packages_version_is_published(tag, passes):
    (step,) = [step for step in workflow("publish")["jobs"]["tag"]["steps"] if "run" in step]
    done = subprocess.run(
        [sys.executable, "-c", step["run"]], cwd=ROOT, env=os.environ | {"GITHUB_REF_NAME": tag}, capture_output=True
    )
    assert (done.returncode == 0) is passes


# --- memory -----------------------------------------------------------------------------------------------------------


def test_every_chapter_has_room_on_binder():
    measured = json.loads((ROOT / "book" / "embedded.json").read_text(encoding="utf-8"))
    assert set(measured) == {topic(path) for path in (ROOT / "chapters").glob("*.ipynb")}
    too_much = {name: run["peak_memory_mb"] for name, run in measured.items() if run["peak_memory_mb"] > 1700}
    assert not too_much, "measured by book/measure_embedded.py, in MB"


def test_grading_stays_within_what_the_page_for_teachers_promises():
    measured = json.loads((ROOT / "book" / "grading.json").read_text(encoding="utf-8"))
    assert measured["many"]["each"] <= 5, "processor seconds, measured by book/measure_grading.py"
    thousand = measured["thousand"]
    assert thousand["count"] >= 10 * thousand["tenth"]["count"]
    assert thousand["grader_mb"] < 1.5 * thousand["tenth"]["grader_mb"], "memory must not grow with submissions"
