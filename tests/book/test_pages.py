"""Every page of the built book in a browser."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

# Violations that stay, each with the reason why. Empty is how it should be.
ACCEPTED_VIOLATIONS: dict[str, str] = {}


def test_a_page_opened_from_disk_reports_no_error(visit, page):
    assert visit(page).errors == []


def test_a_page_opened_from_disk_asks_nobody(visit, page):
    assert [url for url in visit(page).requests if not url.startswith(("file:", "data:"))] == []


def test_a_served_page_reports_no_error_and_asks_only_its_server(open_page, server, page):
    _, seen = open_page(f"{server}/{page}")
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith((server, "data:"))] == []


def test_every_picture_says_what_it_shows(visit, page):
    assert visit(page).images_without_alt == []


def test_every_formula_is_typeset(visit, page):
    assert visit(page).formulas_left_as_code == []


def test_a_phone_shows_the_page_without_scrolling_sideways(visit, page):
    assert visit(page).wider_than_phone == []


def test_code_takes_its_room_before_it_is_laid_out(visit, page):
    assert visit(page).code_of_another_height == []


def test_a_wide_window_hides_no_code_no_error_and_no_table(visit, page):
    assert visit(page).hidden_when_wide == []


def test_a_phone_hides_no_error_no_summary_and_no_table_of_results(visit, page):
    assert visit(page).hidden_on_phone == []


def test_axe_finds_nothing_that_shuts_readers_out(visit, page):
    found = [line for line in visit(page).violations if line.split()[1] not in ACCEPTED_VIOLATIONS]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("place", ["disk", "server"])
def test_search_finds_a_term_and_links_to_its_page(open_page, site, server, place):
    base = site.as_uri() if place == "disk" else server
    tab, seen = open_page(f"{base}/search.html?q=softmax")
    link = tab.locator("#search-results ul.search li a").first
    link.wait_for(timeout=10_000)
    target = Path(unquote(urlsplit(tab.evaluate("link => link.href", link.element_handle())).path))
    assert target.name in {Path(path).name for path in site.rglob("*.html")}
    assert [url for url in seen.requests if not url.startswith((base, "file:", "data:"))] == []


def test_the_colour_button_turns_a_light_page_dark(open_page, site):
    tab, _ = open_page((site / "index.html").as_uri())
    theme = "document.documentElement.dataset.theme"
    assert tab.evaluate(theme) == "light"
    for _ in range(3):  # auto, light, dark: the button walks through them
        tab.locator("button.theme-switch-button").first.click()
        if tab.evaluate(theme) == "dark":
            return
    pytest.fail("three clicks on the colour button left the page light")


def test_a_solution_opens_by_keyboard(open_page, site):
    chapters = sorted((site / "chapters").glob("*.html"))
    tab, _ = open_page(chapters[0].as_uri())
    # The last is an exercise's. The first is a laboratory's, which may come to life and replace it meanwhile.
    solution = tab.locator(".bd-article details:not(.hide)").last
    assert solution.get_attribute("open") is None
    solution.locator("summary").first.focus()
    tab.keyboard.press("Enter")
    expect(solution).to_have_attribute("open", "")


def test_code_that_scrolls_is_within_a_keyboards_reach_when_it_is_near(open_page, site):
    tab, _ = open_page(sorted((site / "chapters").glob("*.html"))[0].as_uri())
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.reload()
    tab.wait_for_timeout(500)  # longer than the theme waits before it asks once more
    boxes = tab.locator(".bd-article div.cell_input div.highlight pre").locator("visible=true")
    last = boxes.last
    # To be asked it would have to be laid out, and all above it.
    assert last.get_attribute("tabindex") is None
    assert last.evaluate("pre => pre.getBoundingClientRect().top > 10 * innerHeight")
    for box in (last, *boxes.all()[-8:-1]):
        box.scroll_into_view_if_needed()
        tab.wait_for_function(
            "pre => pre.tabIndex === (pre.scrollWidth > pre.clientWidth ? 0 : -1)", arg=box.element_handle()
        )
    assert any(box.evaluate("pre => pre.tabIndex === 0") for box in boxes.all()[-8:])


@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_to_a_section_leads_to_its_title(open_page, server, width):
    tab, _ = open_page(f"{server}/index.html")
    tab.emulate_media(reduced_motion="no-preference")
    tab.set_viewport_size({"width": width, "height": 844})
    tab.goto(f"{server}/chapters/07-cats-vs-dogs.html#exercises")
    tab.wait_for_timeout(1500)  # as long as browsers take to scroll smoothly, which ended elsewhere
    assert 0 <= tab.locator("#exercises > h2").evaluate("title => title.getBoundingClientRect().top") < 150
    tab.emulate_media(reduced_motion="reduce")


def test_on_paper_a_dark_page_is_light_and_its_solutions_are_open(open_page, site, wear):
    tab, _ = open_page(sorted((site / "chapters").glob("*.html"))[0].as_uri())
    wear(tab, "dark")
    state = """() => [document.documentElement.dataset.theme,
        [...document.querySelectorAll("article details:not(.hide)")].map(details => details.open)]"""
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    theme, opened = tab.evaluate(state)
    assert theme == "light"
    assert opened
    assert all(opened)
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    theme, opened = tab.evaluate(state)
    assert theme == "dark"
    assert not any(opened)


def test_code_is_not_clipped_on_paper(open_page, site):
    tab, _ = open_page(sorted((site / "chapters").glob("*.html"))[0].as_uri())
    tab.emulate_media(media="print")
    clipped = """() => [...document.querySelectorAll("article pre")]
        .filter(pre => pre.scrollWidth > pre.clientWidth + 1).map(pre => pre.textContent.slice(0, 100))"""
    assert tab.evaluate(clipped) == []
    tab.emulate_media(media="screen")


@pytest.mark.parametrize("name", ["index", "genindex", "py-modindex", "search", "chapters/02-keras-dense"])
def test_a_page_has_one_title_on_paper(open_page, site, name):
    tab, _ = open_page((site / f"{name}.html").as_uri())
    tab.emulate_media(media="print")
    titles = "() => [...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).map(h => h.textContent)"
    shown = tab.evaluate(titles)
    assert len(shown) == 1
    assert shown[0]
    tab.emulate_media(media="screen")


def test_without_javascript_a_page_has_its_colours_and_offers_no_search(browser, site):
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    try:
        tab = context.new_page()
        tab.goto(sorted((site / "chapters").glob("*.html"))[0].as_uri())
        colours = "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        assert tab.evaluate(colours) == ["rgb(35, 36, 43)", "rgb(255, 254, 251)"]
        assert not tab.locator(".bd-search, .search-button-field").locator("visible=true").count()
    finally:
        context.close()


def test_a_figure_is_shown_as_large_as_the_window_and_escape_closes_it(open_page, site):
    tab, _ = open_page((site / "chapters" / "01-spiral-mlp.html").as_uri())
    button = tab.locator("figure button.enlarge").first
    button.focus()
    tab.keyboard.press("Enter")
    large = tab.locator("dialog.enlarged[open] img")
    small = tab.locator("figure picture.only-light img").first
    assert large.bounding_box()["width"] > small.bounding_box()["width"]
    assert large.get_attribute("alt") == small.get_attribute("alt")
    tab.keyboard.press("Escape")
    assert tab.locator("dialog.enlarged[open]").count() == 0
    small.click()
    assert large.count() == 1


def test_only_the_paper_and_the_layout_that_are_shown_are_loaded(open_page, site):
    tab, seen = open_page((site / "chapters" / "01-spiral-mlp.html").as_uri())
    for figure in tab.locator("div.figure-image").all():
        figure.scroll_into_view_if_needed()
        tab.wait_for_timeout(100)
    loaded = [url for url in seen.requests if url.endswith(".svg") and "_images" in url]
    assert loaded
    assert all(url.endswith("-wide-light.svg") for url in loaded)


def test_a_bound_number_says_which_run_measured_it(open_page, site):
    tab, _ = open_page((site / "index.html").as_uri())
    tab.locator(".big-number a.bound-number").hover()
    said = tab.locator("[role=tooltip]:not([hidden])")
    said.wait_for(timeout=5_000)
    assert "large_test = 0.8" in said.inner_text()
    assert "A fresh run may differ by" in said.inner_text()


def test_the_first_screen_of_a_phone_has_the_three_doors(open_page, site):
    tab, _ = open_page((site / "index.html").as_uri())
    tab.set_viewport_size({"width": 390, "height": 844})
    boxes = [door.bounding_box() for door in tab.locator("div.doors a").all()]
    assert len(boxes) == 3
    assert all(box["y"] + box["height"] < 844 for box in boxes)
