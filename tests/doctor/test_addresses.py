"""A finding, shown in a notebook, links the page of the published book that explains it."""

import importlib.metadata
from pathlib import Path

import pytest
import yaml

from course_utils.doctor import Finding, Report, _pages

ROOT = Path(__file__).parents[2]
REPORT = Report([Finding("input-rank", "error", "X has 2 axes.", "Convolutions want 4.", "X[..., None]")])


@pytest.fixture(autouse=True)
def forget_the_book():
    _pages._book.cache_clear()
    yield
    _pages._book.cache_clear()


def test_a_finding_links_its_page_in_the_book_of_the_one_repository_setting():
    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    owner, name = url.removeprefix("https://github.com/").split("/")
    address = f"https://{owner}.github.io/{name}/book/doctor/input-rank/index.html"
    assert f'<a href="{address}"><code>input-rank</code></a>' in REPORT._repr_html_()
    assert (ROOT / "book" / "doctor" / "input-rank" / "index.md").is_file()


def test_a_package_that_was_not_installed_shows_the_code_alone(monkeypatch):
    def unknown(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", unknown)
    assert "<code>input-rank</code></div>" in REPORT._repr_html_()
    assert "<a " not in REPORT._repr_html_()
