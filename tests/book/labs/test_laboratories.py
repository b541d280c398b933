"""What all laboratories of the built book have in common."""

import re

import pytest

from tests import laboratories
from tests.laboratories import CHAPTERS, EMBEDDED, NAMES, OTHERS, PAGES, PLACES, TOOLS, WIDER_THAN_LAB, recorded

LARGEST = 50_000  # bytes of a script, without photographs and networks
LARGEST_RULES = 70_000  # of one that holds the doctor's words for what it knows
LARGEST_READER = (
    70_000  # of what is fetched when a network is opened, for its kind of file: one holds a library that reads it
)


def looked_at(name: str, *others: str) -> object:
    """A laboratory, and what else a test in a browser takes, as a case."""
    return pytest.param(name, *others, marks=laboratories.lasting(name, per="name"), id="-".join((name, *others)))


# ---- what a page carries


def test_every_laboratory_stands_in_a_chapter():
    assert {name for _, name, _ in EMBEDDED} | set(TOOLS) | set(OTHERS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_small_but_for_its_photographs_and_networks(site, name):
    script = (site / "_static" / "labs" / f"{name}.js").read_text(encoding="utf-8")
    assert len(re.sub(r"data:[\w/-]+;base64,[\w+/=]+", "", script).encode()) < (
        LARGEST_RULES if name == "error-reader" else LARGEST
    )


@pytest.mark.parametrize("reader", ["network", "onnx"])
def test_what_reads_a_network_s_file_is_small_too(site, reader):
    (script,) = (site / "_static" / "labs").glob(f"{reader}.*.js")
    assert script.stat().st_size < LARGEST_READER


def test_a_page_without_a_laboratory_loads_nothing_of_it(parse, site):
    assert [
        script["src"] for script in parse("index.html").find_all("script", src=True) if "labs" in script["src"]
    ] == []


@pytest.mark.parametrize(("chapter", "name", "asked"), EMBEDDED)
def test_elsewhere_a_laboratory_is_a_question_a_picture_a_link_and_an_answer(parse, site, chapter, name, asked):
    element = parse(PAGES[chapter]).find(name)
    picture, (link,) = element.find("img"), element.select("a.external")
    assert (site / PAGES[chapter]).parent.joinpath(picture["src"]).resolve().is_file()
    assert len(picture["alt"]) > 50
    published = "https://nn-by-experiment.github.io/nn-by-experiment/"
    assert link["href"] == f"{published}{PAGES[chapter]}#{name}"
    # The notebook names the picture where the published site has it. A chapter
    # may have a picture of its own of a laboratory that several have.
    drawn = picture["src"].rsplit("/", 1)[-1]
    assert drawn.startswith(name)
    assert f"({published}_images/{drawn})" in CHAPTERS[chapter].read_text(encoding="utf-8")
    assert (site / "_images" / drawn).is_file()
    assert element.find("details").select(f"a.bound-number[href$='-{asked.replace('_', '-')}']")


# ---- in use


@pytest.mark.parametrize(
    ("name", "chapter", "asked"), [looked_at(name, chapter, asked) for chapter, name, asked in EMBEDDED]
)
def test_a_prediction_is_compared_with_the_record(lab, base, name, chapter, asked):
    element, seen = lab(name, "", base, chapter)
    assert element.locator(".bench").inner_html() == ""
    assert not element.locator("[slot=answer]").first.is_visible()
    truth = recorded(chapter)[asked]
    slider = element.locator("input[type=range]")
    slider.focus()
    slider.press("Home")
    slider.press("ArrowRight")
    element.locator("button", has_text="Commit").press("Enter")
    verdict = element.locator(".verdict")
    shown = re.fullmatch(
        r"You said (0\.01|1); measured was ([\d.]+)\. You were ([\d.]+) too low\.", verdict.inner_text()
    )
    assert float(shown[2]) == pytest.approx(truth, abs=0.005)
    assert float(shown[3]) == pytest.approx(truth - float(shown[1]), abs=0.01)
    assert element.locator("[slot=answer]").first.is_visible()
    assert element.locator(".bench fieldset").count()
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:", base))] == []


@pytest.mark.parametrize("name", [looked_at(name) for name in PLACES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_laboratory_in_use(lab, name, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for state in ("", "said=-"):
        element, _ = lab(name, state)
        wear(element.page, scheme)
        for folded in element.locator("details").all():
            folded.evaluate("details => { details.open = true; }")
        found = axe.run(element.page, context=name, options={"preload": False, "resultTypes": ["violations"]})
        assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
        wear(element.page, "light")


@pytest.mark.parametrize(
    ("name", "state"),
    [
        *(looked_at(name, "") for name in PLACES),
        looked_at("spiral-lab", "said=-&data=own"),
        looked_at("kernel-lab", "said=-&kernel=" + "_".join(["1"] * 25)),
        looked_at("threshold-lab", "said=-&data=dogs&goal=cost"),
        looked_at(
            "network-builder", "said=-&net=" + "~".join(["SeparableConv2D(1280, (3, 3), strides=2)", "Conv2D(8, 99)"])
        ),
        looked_at("attention-lab", "said=-&network=blind&divisor=0.5"),
        looked_at("digit-lab", "said=-&every=1&tested=1&source=10&turn=-25"),
        looked_at("photo-lab", "said=-&who=borrowed&picture=own&hidden=ffffffffffffffff"),
    ],
)
def test_a_laboratory_fits_a_phone(lab, name, state):
    element, _ = lab(name, state)
    element.page.set_viewport_size({"width": 360, "height": 780})
    for folded in element.locator("details").all():
        folded.evaluate("details => { details.open = true; }")
    assert element.page.evaluate("document.documentElement.scrollWidth") == 360
    assert element.evaluate(WIDER_THAN_LAB) == []
