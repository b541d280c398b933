"""What a narrow page may not tear, hide or squeeze."""

import re

import pytest

WIDE, PHONE = 1280, 360
ENDS = """box => {
    const end = [...box.querySelectorAll("pre")].at(-1).getBoundingClientRect(), shown = box.getBoundingClientRect();
    return [box.scrollHeight > box.clientHeight + 1, end.bottom <= shown.bottom + 1];
}"""
TORN = "all => all.filter(code => code.getClientRects().length > 1).map(code => code.textContent)"
STRANDED = """all => all.filter(one => {
    const range = document.createRange();
    range.selectNodeContents(one.lastChild);
    return range.getBoundingClientRect().top > one.querySelector("svg").getBoundingClientRect().bottom;
}).map(one => one.textContent)"""
LOADED = "[...document.images].every(image => image.complete || !image.getBoundingClientRect().width)"
SQUEEZED = """all => all.filter(image => image.naturalWidth && image.getBoundingClientRect().width
    && Math.abs(image.getBoundingClientRect().width / image.getBoundingClientRect().height
                / (image.naturalWidth / image.naturalHeight) - 1) > 0.03).map(image => image.src)"""

PRINTED = ".cell_output .output:is(.stream, .text_plain):not(.stderr) pre[style*='--columns']:visible"
TORN_LINES = """all => all.filter(box => {
    const style = getComputedStyle(box), lines = box.textContent.trimEnd().split("\\n").length;
    const room = box.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    return room > (lines + 0.5) * parseFloat(style.lineHeight);
}).map(box => box.textContent)"""


@pytest.fixture
def opened(open_page, site):
    """Open a page at a width, with all of it laid out and its pictures loaded."""

    def opened(name: str, width: int):
        tab, seen = open_page((site / name).as_uri())
        tab.set_viewport_size({"width": width, "height": 800})
        tab.add_style_tag(content=":is(pre, section) { content-visibility: visible !important; }")
        tab.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
        tab.wait_for_function(LOADED, timeout=60_000)
        assert seen.errors == []
        return tab

    return opened


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_traceback_in_a_box_shows_its_end(opened, width):
    tab = opened("chapters/10-common-errors.html", width)
    boxes = tab.locator("div.cell.tag_raises-exception.tag_scroll-output div.cell_output").all()
    assert boxes
    assert [box.evaluate(ENDS) for box in boxes] == [[True, True]] * len(boxes)


@pytest.mark.parametrize("name", ["book/doctor/index.html", "book/setup.html", "chapters/02-keras-dense.html"])
def test_a_short_piece_of_code_stays_in_one_line(opened, name):
    short = opened(name, PHONE).locator(":is(p, li) > code.short:not(td code) span.pre")
    assert short.count() > 5
    assert short.evaluate_all(TORN) == []


@pytest.mark.parametrize("name", ["03-how-a-network-learns", "07-cats-vs-dogs", "12-attention"])
def test_what_a_program_printed_in_columns_keeps_them(opened, name):
    printed = opened(f"chapters/{name}.html", PHONE).locator(PRINTED)
    fits = printed.filter(has_not_text=re.compile(r"^.{61}", re.MULTILINE))
    assert fits.count() > 1
    assert fits.evaluate_all(TORN_LINES) == []


def test_no_line_begins_with_the_comma_behind_a_formula(opened):
    together = opened("chapters/09-how-big-a-network.html", PHONE).locator(".bd-article .together:visible")
    assert together.count() > 5
    assert together.evaluate_all(STRANDED) == []


@pytest.mark.parametrize(
    "name", ["chapters/10-common-errors.html", "chapters/11-inside-the-network.html", "index.html"]
)
def test_pictures_keep_their_shape(opened, name):
    pictures = opened(name, PHONE).locator(".bd-article img:visible")
    assert pictures.evaluate_all("all => all.filter(image => image.naturalWidth).length") > 3
    assert pictures.evaluate_all(SQUEEZED) == []
