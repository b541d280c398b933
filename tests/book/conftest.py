"""The built book, and a browser to look at it with.

The site is ``_build/html``, or the folder that ``COURSE_SITE`` names. The browser is the Chrome or Chromium on the
machine, or the program that ``COURSE_BROWSER`` names. Without them, what needs them is skipped; with
``COURSE_REQUIRE_BROWSER=1`` a missing browser is a failure.
"""

import contextlib
import functools
import http.server
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.shown import SITE, as_built

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

sys.path[:0] = [str(ROOT / "book" / "_ext"), str(ROOT / "book")]


def built_pages() -> list[str]:
    """Every page of the built book, relative to the site; the longest first."""
    paths = sorted(SITE.rglob("*.html"), key=lambda path: (-path.stat().st_size, path))
    pages = [path.relative_to(SITE) for path in paths]
    return [str(page) for page in pages if page.parts[0] != "_static"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        # To look at a page in a browser takes seconds, to read it a tenth of one.
        looked_at = "open_page" in metafunc.fixturenames
        pages = [pytest.param(page, marks=_lasting(page) if looked_at else ()) for page in built_pages()]
        metafunc.parametrize("page", pages or [pytest.param("", id="no-page")], scope="module")


@functools.cache
def _lasting(page: str) -> pytest.MarkDecorator:
    """Leave a page out that is, with all that it shows and runs, as it was when it passed in somebody's browser."""
    return pytest.mark.lasting(*as_built(page), per="page")


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").is_file():
        pytest.skip("the book is not built; `make book` builds it")
    return SITE


@pytest.fixture(scope="session")
def parse(site):
    """Read a page, once for all tests that ask."""
    return functools.cache(lambda page: BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser"))


@pytest.fixture(scope="session")
def program() -> str:
    from print_book import find_browser

    found = find_browser()
    if found is None:
        complain = pytest.fail if os.environ.get("COURSE_REQUIRE_BROWSER") else pytest.skip
        complain("no Chrome or Chromium found: install one (`apt install chromium`), or set COURSE_BROWSER to it")
    return found


# The browser's event loop would be in the way of tests that run notebooks, so it ends with the module.
@pytest.fixture(scope="module")
def browser(site, program):
    sync_api = pytest.importorskip("playwright.sync_api", reason="install the extra: pip install .[author]")
    with sync_api.sync_playwright() as playwright:
        # Browsers phone home; here every request must come from the page.
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run"]
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *quiet])
        yield running
        running.close()


@pytest.fixture(params=["disk", "server"])
def base(request, site, server) -> str:
    return site.as_uri() if request.param == "disk" else server


def _wear(tab: object, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)


@pytest.fixture(scope="session")
def wear() -> Callable[[object, str], None]:
    """Let a page be light or dark, and wait until it is: it hears of the choice a moment later."""
    return _wear


@dataclass
class Visit:
    """What happened when a page was opened, and what a reader would meet on it."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    images_without_alt: list[str] = field(default_factory=list)
    formulas_left_as_code: list[str] = field(default_factory=list)
    wider_than_phone: list[str] = field(default_factory=list)
    code_of_another_height: list[str] = field(default_factory=list)
    hidden_when_wide: list[str] = field(default_factory=list)
    hidden_on_phone: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def open_page(browser):
    """Open an address; answers with the tab and with what happened. All tabs share one browser and its cache."""
    context = browser.new_context(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce")
    tabs = []

    def open_address(address: str) -> tuple[object, Visit]:
        while tabs:
            # What a test chose, dark pages say, the next one must not meet: workers share the tests out as they please.
            last = tabs.pop()
            last.evaluate("localStorage.clear()")
            last.close()
        tab, visit = context.new_page(), Visit()
        tabs.append(tab)
        tab.on("pageerror", lambda error: visit.errors.append(str(error)))
        tab.on("console", lambda said: said.type == "error" and visit.errors.append(said.text))
        tab.on("request", lambda request: visit.requests.append(request.url))
        tab.on("response", lambda got: got.status >= 400 and visit.errors.append(f"{got.status}: {got.url}"))
        tab.goto(address, wait_until="load")
        return tab, visit

    yield open_address
    context.close()


@pytest.fixture(scope="module")
def visit(site, open_page) -> Callable[[str], Visit]:
    """Look at a page opened from disk, once for all tests that ask: wide and narrow, light and dark."""
    axe = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    sync_api = pytest.importorskip("playwright.sync_api")

    @functools.cache
    def look(page: str) -> Visit:
        tab, live = open_page(f"{site.as_uri()}/{page}")
        # What follows is the inspection's doing, not the page's.
        seen = Visit(errors=list(live.errors), requests=list(live.requests))
        seen.images_without_alt = tab.evaluate(_IMAGES_WITHOUT_ALT)
        seen.formulas_left_as_code = tab.evaluate(_FORMULAS_LEFT_AS_CODE)
        seen.code_of_another_height = tab.evaluate(_CODE_OF_ANOTHER_HEIGHT)
        # Read once for the three questions; axe's own `run` has the browser read it for each.
        tab.evaluate(axe)
        seen.violations = _violations(tab, "light")
        tab.evaluate("for (const folded of document.querySelectorAll('.bd-article details')) folded.open = true")
        seen.hidden_when_wide = tab.evaluate(_HIDDEN, _TO_BE_READ_AT_ONCE)
        # 404.html asks the site for its scripts: opened from disk it has none, and stays light.
        if page != "404.html":
            _wear(tab, "dark")
            # The rest does not depend on colours.
            seen.violations += _violations(tab, "dark", "color-contrast")
        tab.set_viewport_size(PHONE)
        # The theme waits 0.3 s after a change of size, and longer on a busy machine, before it lets the keyboard into
        # what now scrolls. Where it never does, axe says so.
        with contextlib.suppress(sync_api.TimeoutError):
            tab.wait_for_function(_KEYBOARD_REACHES_ALL, timeout=5000)
        seen.violations += _violations(tab, "phone", "scrollable-region-focusable")
        seen.wider_than_phone = tab.evaluate(_WIDER_THAN_WINDOW)
        seen.hidden_on_phone = tab.evaluate(_HIDDEN, _TO_BE_READ_ON_A_PHONE)
        return seen

    return look


@pytest.fixture(scope="module")
def server(site) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def _violations(tab: object, mode: str, *rules: str) -> list[str]:
    """What axe, which the tab has read, finds against these rules, or against all."""
    options = _OPTIONS | ({"runOnly": rules} if rules else {})
    return [
        f"{mode}: {violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in tab.evaluate("async options => (await axe.run(options)).violations", options)
        for node in violation["nodes"]
    ]


# axe would read the style sheets once more, which browsers refuse to pages opened from disk; and describe each of the
# thousands of elements that pass, which takes as long as judging them.
_OPTIONS = {
    "preload": False,
    "resultTypes": ["violations"],
    # Experimental in axe, but who speaks to a computer depends on it.
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}

_KEYBOARD_REACHES_ALL = """() => ![...document.querySelectorAll("pre")]
    .some(code => code.scrollWidth > code.clientWidth && code.tabIndex < 0)"""

_IMAGES_WITHOUT_ALT = """() => [...document.querySelectorAll("img")]
    .filter(img => !img.alt.trim() && !img.closest(".navbar-brand"))
    // An ornament of a link that says in words where it leads.
    .filter(img => !(img.hasAttribute("alt") && img.closest("a")?.textContent.trim()))
    .map(img => img.outerHTML.slice(0, 200))"""

# A formula is a picture, each of whose glyphs has its outline on this page, and a text for screen readers; TeX that
# nobody drew would stand there with its backslashes or dollars.
_FORMULAS_LEFT_AS_CODE = """() => {
    const glyph = use => document.getElementById(use.getAttribute("href").slice(1))?.matches("path");
    const drawn = math => math.querySelector("svg").getBBox().width && math.querySelector(".formula-spoken > math > *");
    const formulas = [...document.querySelectorAll("span.math, div.math")].filter(
        math => !math.querySelector("svg") || ![...math.querySelectorAll("use")].every(glyph) ||
            !(drawn(math) || math.closest("details:not([open])")));
    const prose = [...document.querySelectorAll("article :is(p, li, td)")]
        .filter(e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && /\\\\[(\\[a-z]|\\$\\$/.test(n.data)));
    return [...formulas, ...prose].map(e => e.outerHTML.slice(0, 200));
}"""

# Code whose room changes when it is laid out would move what is being read. All of it is laid out from here on, since
# what is not cannot be inspected.
_CODE_OF_ANOTHER_HEIGHT = """() => {
    const later = [...document.querySelectorAll("pre")]
        .filter(pre => getComputedStyle(pre).contentVisibility === "auto" && pre.getClientRects().length);
    const heights = () => later.map(pre => pre.getBoundingClientRect().height);
    const before = heights();
    const sheet = document.createElement("style");
    sheet.textContent = ":is(pre, section) { content-visibility: visible !important; }";
    document.head.append(sheet);
    const after = heights();
    dispatchEvent(new Event("resize"));
    return later.map((pre, i) => [before[i], after[i], pre.textContent.slice(0, 100)])
        .filter(([known, real]) => Math.abs(known - real) > 0.5);
}"""

# What a reader would have to scroll sideways to read.
_HIDDEN = """selector => [...document.querySelectorAll(selector)]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.scrollWidth} px in ${e.clientWidth}: ${e.textContent.trim().slice(0, 200)}`)"""
_TO_BE_READ_AT_ONCE = ".bd-article :is(pre, .pst-scrollable-table-container, .text_html)"
# Errors, Keras' tables, and the book's own: code may be scrolled on a phone, these may not.
_TO_BE_READ_ON_A_PHONE = (
    "div.cell_output :is(.traceback, .stderr) pre, div.cell_output .text_html:has(> pre), "
    ".pst-scrollable-table-container:has(table.recorded)"
)

# What sticks out of the window, unless an ancestor lets the reader scroll it.
_WIDER_THAN_WINDOW = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const scrolls = e => e && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = [...document.body.querySelectorAll("*")]
        .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement));
    return [`page is ${root.scrollWidth} px wide`, ...wide.slice(0, 5).map(e => e.outerHTML.slice(0, 120))];
}"""
