"""The local Sphinx extensions, without Sphinx around them."""

import math
import re
import shutil
from types import SimpleNamespace

import book_address
import book_canary
import book_cite
import book_code
import book_findings
import book_formulas
import book_icons
import book_images
import book_labs
import book_offline
import book_recorded
import book_results
import book_style
import pytest
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_utils.experiments import find

RUN = {
    "date": "2026-11-22T10:30:00",
    "seconds": 134.2,
    "data": {"fashion_mnist": "real", "spiral": "generated"},
    "versions": {"python": "3.11.7", "keras": "3.15.1", "h5py": "3.12"},
    "backend": "tensorflow",
    "hardware": "2 cores, x86_64, 24 GB",
}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("__init__ of Net does not", "`__init__` of Net does not"),
        ("Do: `__init__(self)`, then fit", "Do: `__init__(self)`, then fit"),
        ("my__name__here", "my__name__here"),
        ("TensorSpec(shape=<unknown>, …)", "TensorSpec(shape=`<unknown>`, …)"),
        ("1 < 2 > 1 and `<b>`", "1 < 2 > 1 and `<b>`"),
    ],
)
def test_names_in_what_the_doctor_says_are_not_read_as_bold_text_or_html(said, shown):
    assert book_findings._marked(said) == shown


def test_the_provenance_line_is_a_sentence_with_all_that_vouches_for_an_output():
    assert book_recorded.provenance_line(RUN) == (
        "Outputs on this page were recorded on 22 November 2026 with fashion mnist (real), spiral (generated) "
        "in 2 min 14 s on 2 cores, x86_64, 24 GB. Python 3.11.7, Keras 3.15.1, backend TensorFlow."
    )


def test_the_provenance_line_leaves_out_what_a_run_does_not_say():
    assert book_recorded.provenance_line({"date": "2026-01-02"}) == (
        "Outputs on this page were recorded on 2 January 2026."
    )


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (41, "41 s"), (59.7, "1 min 00 s"), (3600, "60 min 00 s")])
def test_a_time_is_shown_in_minutes_and_seconds(seconds, text):
    assert book_recorded.duration({"seconds": seconds}) == text


@pytest.mark.parametrize(
    ("value", "text"), [(804554, "804,554"), (0.916800001, "0.9168"), (1.0, "1"), ("relu", "relu"), (True, "True")]
)
def test_a_count_is_shown_in_full_and_a_measurement_to_four_digits(value, text):
    assert book_recorded.number(value) == text


def test_a_tolerance_says_whether_a_value_may_differ_at_all():
    assert book_recorded.tolerance(0.0) == "nothing"
    assert book_recorded.tolerance(0.02) == "0.02"
    assert "depends on the machine" in book_recorded.tolerance(math.inf)


def test_memory_is_shown_in_gigabytes():
    assert book_recorded.memory({"peak_memory_mb": 1551}) == "1.6 GB"
    assert book_recorded.memory({"peak_memory_mb": 240}) == "0.2 GB"


def test_what_was_never_measured_is_no_error(tmp_path):
    assert book_recorded.embedded(tmp_path) == {}


def test_what_grading_took_is_told_with_its_seconds_and_memory():
    run = {"count": 1000, "each": 1.62, "grader_mb": 132, "assignment": "repair"}
    other = {"each": 18.82}
    measured = {"many": run, "thousand": run | {"tenth": run | {"count": 100}}}
    measured["otter"] = {"count": 10, "assignment": "repair", "course": run, "otter": other, "version": "7.0.0"}
    rows = list(book_recorded._graded(measured))
    assert rows[0] == ["1,000 notebooks for repair", "1.6", "132 MB"]
    assert rows[-1] == ["the same by otter run 7.0.0", "18.8", ""]
    assert {len(row) for row in rows} == {3}


@pytest.mark.parametrize(
    ("html", "mended"),
    [
        ('<html data-theme="auto">', '<html data-theme="light">'),
        ('<a href="https://github.com/o/n/edit/v1/a.md">', '<a href="https://github.com/o/n/edit/main/a.md">'),
        (
            '<summary><span class="toctree-toggle">',
            '<summary aria-label="Pages of this part"><span class="toctree-toggle">',
        ),
        ("<tr><th></th><th>a</th></tr>", "<tr><td></td><th>a</th></tr>"),
        ('<th class="blank level0" >&nbsp;</th>', '<td class="blank level0" ></td>'),
        ("<summary>Solution</summary>", "<summary>Solution</summary>"),
    ],
)
def test_mending_a_page_changes_what_is_in_the_way_and_nothing_else(html, mended):
    assert book_offline.mend(html) == mended


def test_mending_twice_is_mending_once():
    html = '<div class="bd-sidebar-primary bd-sidebar hide-on-wide"><table><th></th></table></div>'
    assert book_offline.mend(book_offline.mend(html)) == book_offline.mend(html)


@pytest.mark.parametrize(
    ("asset", "stays"),
    [
        (SimpleNamespace(filename="_static/book.css", attributes={}), True),
        (SimpleNamespace(filename="https://cdn.example.org/mathjax.js", attributes={}), False),
        (SimpleNamespace(filename="_static/sphinx-thebe.js", attributes={}), False),
        (SimpleNamespace(filename=None, attributes={"body": 'const THEBE_JS_URL = "https://x"'}), False),
        (SimpleNamespace(filename=None, attributes={"body": "DOCUMENTATION_OPTIONS.pagename = 'index'"}), False),
        (SimpleNamespace(filename=None, attributes={"body": "let toggleHintShow = 'Show';"}), True),
    ],
)
def test_a_page_keeps_its_own_assets_and_loses_those_of_other_hosts(asset, stays):
    context = {"script_files": [asset], "css_files": []}
    book_offline._drop_outside_requests(None, "index", "page.html", context, None)
    assert (asset in context["script_files"]) is stays


def test_a_missing_download_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(book_offline, "_MODULES", tmp_path)
    with pytest.raises(book_offline.ExtensionError, match="npm ci --prefix book"):
        book_offline._check_installed(None)


MEASURED = {
    "name": "mnist-vgg",
    "seed": 0,
    "accuracy": 0.98,
    "accuracy_mirrored": None,
    "on": "test",
    "minutes": 3.04,
    "images_per_second": 1234.5,
    "parameters": 1676266,
    "peak_memory_mb": 1510,
    "date": "2026-11-22",
    "hardware": "2 cores, x86_64, 25 GB",
    "versions": {"python": "3.11.7", "keras": "3.15.1", "tensorflow": "2.21.0"},
}


def as_text(cells):
    texts = []
    for cell in cells:
        # What a field says of itself is for phones.
        named = isinstance(cell, book_results.nodes.entry) and isinstance(cell.next_node(), book_results.nodes.inline)
        texts.append(cell if isinstance(cell, str) else cell[-1].astext() if named else cell.astext())
    return texts


def test_a_recipe_stands_beside_its_published_figure_with_the_link():
    (experiment,) = find(["mnist-vgg"])
    cells = book_results.row(experiment, [MEASURED])
    assert as_text(cells) == [
        "VGG-style, plain SGD mnist-vgg",
        "0.9893 on test",
        "0.9800",
        "test",
        "1 of 5",
        "3.0",
        "1,234",
        "1,676,266",
        "1.5 GB",
    ]
    assert next(iter(cells[1].findall(lambda node: "refuri" in getattr(node, "attributes", {}))))["refuri"].startswith(
        "https://"
    )


def test_several_seeds_are_shown_as_median_and_range():
    runs = [MEASURED | {"accuracy": a, "accuracy_mirrored": a} for a in (0.91, 0.95, 0.94)]
    joined = book_results._JOINED
    assert book_results.accuracy(runs) == f"0.9400 (0.9100{joined}–{joined}0.9500); asked twice 0.9400"


def test_what_is_the_same_for_all_seeds_has_no_range():
    runs = [MEASURED | {"peak_memory_mb": megabytes} for megabytes in (1480, 1510)]
    assert book_results.row(find(["mnist-vgg"])[0], runs)[-1] == "1.5 GB"


@pytest.mark.parametrize(
    ("n", "minutes", "said"), [(10, 0.5, "10"), (5, 0.5, "5 of 10"), (3, 7.0, "3"), (1, 60, "1 of 3")]
)
def test_seeds_that_the_rule_asks_for_and_nobody_has_run_are_named(n, minutes, said):
    assert book_results.seeds([MEASURED | {"minutes": minutes}] * n) == said


def test_an_accuracy_that_one_seed_never_reached_has_no_minutes():
    slow = {"minutes_to": {"0.6": 3.0}, "hardware": "2 cores"}
    fast = {"minutes_to": {"0.6": 1.0, "0.75": 2.0}, "hardware": "2 cores"}
    (shown,) = book_results.sooner({"recipe": [slow, fast], "answer": [fast, fast], "not measured": []})
    head, *rows = [as_text(row.findall(book_results.nodes.entry)) for row in shown.findall(book_results.nodes.row)]
    assert head == ["Minutes until validation reaches", "0.6", "0.75"]
    assert rows == [["recipe", "2.0", "–"], ["answer", "1.0", "2.0"]]
    assert book_results.sooner({"not measured": []}) == []


def test_times_of_a_machine_that_others_used_are_marked_unless_a_seed_was_alone():
    busy, alone = MEASURED | {"minutes": 9.0, "share_of_others": 0.5}, MEASURED | {"minutes": 3.0}
    assert book_results.timed([busy, alone], "minutes", "{:.1f}".format, {}) == "3.0"
    assert book_results.timed([busy], "minutes", "{:.1f}".format, {}) == "9.0 *"
    reached = {"minutes_to": {"0.6": 1.0}}
    (shown,) = book_results.sooner({"recipe": [busy | reached], "answer": [alone | reached]})
    _, *rows = [as_text(row.findall(book_results.nodes.entry)) for row in shown.findall(book_results.nodes.row)]
    assert rows == [["recipe *", "1.0"], ["answer", "1.0"]]


def test_times_of_different_hardware_stand_in_tables_of_their_own_and_are_named():
    here = MEASURED | {"minutes_to": {"0.6": 1.0}}
    there = here | {"hardware": "64 cores", "minutes": 0.5, "minutes_to": {"0.6": 0.1}}
    tables = book_results.sooner({"recipe": [here], "answer": [there]})
    heads = [
        as_text(next(iter(shown.findall(book_results.nodes.row))).findall(book_results.nodes.entry)) for shown in tables
    ]
    assert [head[0] for head in heads] == [
        "Minutes until validation reaches (2 cores, x86_64, 25 GB)",
        "Minutes until validation reaches (64 cores)",
    ]
    (experiment,) = find(["cats-sprint"])
    cells = as_text(book_results.row(experiment, [here, there], book_results.lettered([here, there])))
    assert cells[5] == f"A: {here['minutes']:.1f}; B: 0.5"


def test_what_was_not_measured_or_not_published_is_said():
    recipe, answer = find(["cats-three-blocks", "cats-sprint"])
    assert as_text(book_results.row(recipe, []))[1:3] == ["no figure known", "not measured yet"]
    assert as_text(book_results.row(answer, []))[0:2] == [f"{answer.title} cats-sprint (ours)", "ours"]
    (without_address,) = find(["spiral-dense"])
    assert book_results.published(without_address) == "0.80875 on training"


OUTCOME = {"verdict": "same", "why": "", "values": 40, "differ": 0, "changed": {}}
CHANGED = {"verdict": "changed", "differ": 5, "changed": {"acc": [0.98, 0.9, 0.02], "n": [None, 3, 0]}}


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (None, "not run"),
        (OUTCOME, "the same"),
        (OUTCOME | {"verdict": "within", "differ": 7}, "within tolerance: 7 of 40 values differ"),
        (OUTCOME | CHANGED, "changed: 2 of 40 values"),
        (OUTCOME | {"verdict": "broken", "why": "cell 2 raised KeyError"}, "broken"),
    ],
)
def test_what_became_of_a_chapter_is_a_verdict_with_how_many_of_its_values(outcome, shown):
    assert book_canary.said(outcome) == shown


def test_what_did_not_hold_is_named_with_its_surroundings():
    report = RUN | {"chapters": {"tiny": OUTCOME | CHANGED, "more": OUTCOME | {"why": "cell 2 raised KeyError"}}}
    name = book_canary.named("newest-3.11", report)
    assert list(book_canary.lines({name: report})) == [
        "newest releases, Python 3.11: 22 November 2026, 2 cores, x86_64, 24 GB, Python 3.11.7, Keras 3.15.1",
        "newest releases, Python 3.11, tiny: acc was 0.98, is 0.9, and may differ by 0.02",
        "newest releases, Python 3.11, tiny: n was missing, is 3, and may differ by 0",
        "newest releases, Python 3.11, more: cell 2 raised KeyError",
    ]


def test_the_doctors_versions_say_what_it_misses_and_where_it_says_too_much():
    report = {"programs": 80, "passed": [], "missed": {"one-class": [], "broken-file": ["input-type"]}, "alarms": {}}
    assert book_canary.found(report) == "78 of 80; broken-file as input-type; not one-class"
    some = report | {"passed": ["out-of-memory"], "missed": {}}
    assert book_canary.found(some) == "79 of 79 (this Keras lets out-of-memory pass)"
    assert book_canary.silent(report) == "80 of 80"


def test_the_surroundings_of_a_run_are_one_line():
    assert book_results.surroundings(MEASURED) == (
        "2026-11-22: 2 cores, x86_64, 25 GB, Python 3.11.7, Keras 3.15.1, TensorFlow 2.21.0"
    )


@pytest.fixture
def artist():
    if not (book_offline._MODULES / "mathjax").is_dir() or shutil.which("node") is None:
        pytest.skip("MathJax is not installed; `make book` installs it")
    artist = book_formulas.Artist()
    yield artist
    artist.stop()


def test_a_formula_is_a_picture_and_a_text(artist):
    drawn = artist.draw(r"\frac{x}{2}", display=False)
    assert drawn["svg"].startswith('<svg aria-hidden="true"')
    assert drawn["mathml"] == "<math><mfrac><mi>x</mi><mn>2</mn></mfrac></math>"
    assert len(drawn["glyphs"]) == 2
    assert all(f'href="#{name}"' in drawn["svg"] for name in drawn["glyphs"])


@pytest.mark.parametrize(("tex", "message"), [(r"\frac{x", "Missing close brace"), (r"\nosuch", "Undefined control")])
def test_a_mistake_in_a_formula_is_named_and_the_next_one_is_drawn(artist, tex, message):
    with pytest.raises(ValueError, match=message):
        artist.draw(tex, display=True)
    assert artist.draw("x", display=True)["svg"]


def test_every_icon_of_the_theme_has_its_picture():
    if not book_icons._PICTURES.is_dir():
        pytest.skip("the icons are not installed; `make book` installs them")
    sheet = book_icons.style_sheet()
    assert sheet.count("--icon: url(") == sum(map(len, book_icons._CLASSES.values())) + len(book_icons._DRAWN)
    assert ".fa-pencil-alt { --icon: url(" in sheet


def test_a_script_waits_for_the_page_and_the_style_sheet_carries_its_version():
    html = (
        '<script src="a.js"></script><script defer src="b.js"></script><script>1</script>'
        '<link href="_static/site.css" />'
    )
    finished = book_style.finish(html, "0123")
    assert finished == (
        '<script defer src="a.js"></script><script defer src="b.js"></script><script>1</script>'
        '<link href="_static/site.css?v=0123" />'
    )
    assert book_style.finish(finished, "4567") == finished.replace("0123", "4567")


def test_a_picture_gets_its_size_and_waits_unless_it_opens_the_article(tmp_path):
    for name, shape in [("first.png", (30, 20)), ("second.png", (5, 6))]:
        Image.new("RGB", shape).save(tmp_path / name)
    html = '<article><img alt="" src="first.png" /><p><img alt="" src="second.png" /></article>'
    mended = book_images.mend(tmp_path / "page.html", html, {"first.png": [("first-480.webp", 480)]})
    first, second = (piece for piece in mended.split("<") if piece.startswith("img"))
    assert 'width="30" height="20"' in first
    assert "first-480.webp 480w" in first
    assert "lazy" not in first
    assert 'width="5" height="6" loading="lazy"' in second
    assert book_images.mend(tmp_path / "page.html", mended, {"first.png": [("first-480.webp", 480)]}) == mended


def test_a_chapters_first_figure_waits_for_it_comes_after_text(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")
    html = '<article><p>Text.</p><div class="cell_output"><img src="a.png"></div></article>'
    assert 'loading="lazy"' in book_images.mend(tmp_path / "page.html", html, {})


def test_the_published_address_derives_from_the_repositorys():
    assert book_address.address("https://github.com/owner/name") == "https://owner.github.io/name/"


def test_a_description_ends_with_a_sentence_or_a_word():
    assert book_address.shortened("Short.") == "Short."
    sentence = "A sentence that is long enough to stand alone."
    assert book_address.shortened(f"{sentence} {'Another word ' * 20}") == sentence
    assert book_address.shortened("word " * 60).endswith("word…")
    assert len(book_address.shortened("word " * 60)) <= 160


def test_a_citation_names_authors_year_version_and_address():
    cited = {
        "authors": [{"name": "The authors"}, {"given-names": "Ada", "family-names": "Lovelace"}],
        "date-released": "2026-11-22",
        "title": "T",
        "version": "1.0",
        "repository-code": "https://example.org",
    }
    assert book_cite.sentence(cited) == "The authors, Ada Lovelace (2026). T, version 1.0. https://example.org"
    assert "author  = {{The authors and Ada Lovelace}}" in book_cite.bibtex(cited)


def test_code_is_wrapped_only_where_it_looks_other_than_text():
    code = "for x in (1, 2):\n    print(x)  # both\n"
    light, dark = "a11y-high-contrast-light", "a11y-high-contrast-dark"
    ours, plain = (highlight(code, PythonLexer(), kind()) for kind in (book_code.formatter(light, dark), HtmlFormatter))
    assert re.sub("<[^>]+>", "", ours) == re.sub("<[^>]+>", "", plain)
    assert {"n", "p"} <= set(re.findall('class="([a-z0-9]+)"', plain))
    assert not {"n", "p", "w"} & set(re.findall('class="([a-z0-9]+)"', ours))
    for name in ("k", "mi", "nb", "c1"):
        assert re.findall(f'<span class="{name}">[^<]*</span>', ours) == re.findall(
            f'<span class="{name}">[^<]*</span>', plain
        )
    assert '<pre style="--lines: 2">' in ours
    # A style that colours names keeps them wrapped, whatever the other does.
    assert 'class="n"' in highlight(code, PythonLexer(), book_code.formatter(light, "one-dark")())


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("keras.layers.TextVectorization", ["keras.", "layers.", "TextVectorization"]),
        ("model.predict(X).argmax(axis=1)", ["model.", "predict(", "X).", "argmax(", "axis=1)"]),
        ('metrics=["acc"]', ["metrics=", "[", '"acc"]']),
        ("input_shape=(784,)", ["input_", "shape=", "(784,)"]),
        ("Adam", ["Adam"]),
        ("0.1", ["0.1"]),
    ],
)
def test_long_code_goes_on_behind_a_dot_or_a_bracket(code, parts):
    assert book_code.parts_of(code) == parts


def test_a_comma_behind_a_formula_stays_with_it():
    nodes = book_formulas.nodes
    after = {"p": ", and", "q": " and", "r": "."}
    parts = [node for tex, text in after.items() for node in (nodes.math(tex, tex), nodes.Text(text))]
    document = nodes.document(None, None)
    document += nodes.paragraph("", "", *parts)
    book_formulas._keep_punctuation(None, document, "")
    kept = [node.astext() for node in document.findall(nodes.inline) if "together" in node["classes"]]
    assert kept == ["p,", "r."]
    assert document.astext() == "p, andq andr."


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("0.885 (0.872–0.891, 5 seeds)", ["0.872–0.891", "5 seeds"]),
        ("−0.02 (−0.03–−0.01, 1 seed)", ["−0.03–−0.01", "1 seed"]),
        ("cats – and dogs 0.5", []),
    ],
)
def test_a_range_in_a_printed_table_stays_in_one_line(cell, whole):
    html = book_code.kept_whole(f"<p>1–2</p><td>{cell}</td>")
    assert re.findall('<span class="whole">(.*?)</span>', html) == whole
    assert re.sub("<[^>]*>", "", html) == f"1–2{cell}"


@pytest.mark.parametrize(
    ("printed", "width"),
    [
        ("adam   0.9\nsgd    0.8 of it\na sentence after them that is longer\n", 16),
        ("one line   of columns\nand a sentence\n", 0),
        ("  only\n  indented\n", 0),
    ],
)
def test_a_box_says_how_wide_its_columns_are(printed, width):
    assert book_code.columns_of(printed) == width


def test_laboratories_are_bundled_again_when_a_file_of_theirs_changes_or_moves(monkeypatch, tmp_path):
    (tmp_path / "lab").mkdir()
    file = tmp_path / "lab" / "index.mjs"
    file.write_text("1", encoding="utf-8")
    monkeypatch.setattr(book_labs, "LABS", tmp_path)
    before = book_labs._made_of()
    assert book_labs._made_of() == before
    file.write_text("2", encoding="utf-8")
    changed = book_labs._made_of()
    file.rename(file.with_name("other.mjs"))
    assert len({before, changed, book_labs._made_of()}) == 3
