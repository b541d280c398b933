"""A laboratory, opened on its page."""

import pytest

from tests.laboratories import PAGES, PLACES


@pytest.fixture
def lab(open_page, site):
    """Open a laboratory in a state; answers with its element and with what happened on the page."""

    def open_lab(name: str, state: str = "said=-", base: str | None = None, chapter: str | None = None):
        page = PAGES[chapter or PLACES[name]]
        tab, seen = open_page(f"{base or site.as_uri()}/{page}#{name}{'?' * bool(state)}{state}")
        element = tab.locator(name)
        element.locator(".lab").wait_for(timeout=10_000)
        return element, seen

    return open_lab
