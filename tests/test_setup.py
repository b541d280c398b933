"""The files that set the project up agree with each other."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import course_utils

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text()
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]


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
