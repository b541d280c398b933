"""The files that set the project up agree with each other."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import course_utils

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text()
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
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
