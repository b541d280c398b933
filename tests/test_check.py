"""`course check` names what is wrong in a chapter or page, repairs bound numbers, and leaves everything else alone."""

import json

import nbformat
import pytest

from course_utils import experiments, pretrained
from course_utils.chapters import ChapterError, check
from course_utils.chapters._notebooks import read, write
from course_utils.data import editions
from course_utils.record import _source

PICTURE = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})
ALT = {"mystnb": {"image": {"alt": "Points in five colours wind around each other."}}}


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def shown(text):
    return nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)


def raised(name, *traceback):
    return nbformat.v4.new_output("error", ename=name, evalue="no", traceback=list(traceback))


@pytest.fixture
def clean(course):
    """A course without a fault: one chapter and three pages that quote it."""
    course.chapter(
        course.prose("# Tiny\n\nIt reaches 0.98<!--=acc:.2f--> in 2<!--=run.minutes:.0f--> minutes, with `record`."),
        course.code("x = 1", course.recorded("acc", 0.98125, 0.01), course.recorded("kind", "Shirt")),
        course.prose("Most often it says Shirt<!--=kind-->. Elsewhere: 1,000<!--=more/n:,d-->."),
        course.code("plot()", PICTURE, **ALT),
    )
    course.chapter(course.code("n = 1000", course.recorded("n", 1000)), stem="02-more")
    course.write("README.md", "It reaches **98%<!--=tiny/acc:.0%-->**.")
    course.write("book/index.md", "In 150.0<!--=tiny/run.seconds--> seconds: 0.981<!--=tiny/acc:.3f-->")
    course.write("book/how.md", "Write this:\n\n```markdown\n0.98<!--=large_train:.2f-->\n```\n\nor `1<!--=x-->`.")
    return course


def codes(course):
    return [finding.code for finding in check(course.folder)[0]]


def files(course):
    return {path: path.read_bytes() for path in course.folder.rglob("*") if path.is_file()}


def test_a_course_without_a_fault_has_no_findings_and_nothing_to_fix(clean):
    before = files(clean)
    assert check(clean.folder) == ([], 0)
    assert check(clean.folder, fix=True) == ([], 0)
    assert files(clean) == before


def test_the_course_around_the_current_folder_is_checked_by_default(clean, monkeypatch):
    clean.write("README.md", "0.5<!--=tiny/acc:.2f-->")
    monkeypatch.chdir(clean.folder / "book")
    [finding], _ = check()
    assert (finding.path, finding.code) == (clean.folder / "README.md", "prose-number")


# --- chapters and their places ----------------------------------------------------------------------------------------


def found(course):
    return [(f.path.name, f.code) for f in check(course.folder)[0]]


def test_a_file_whose_number_is_not_its_place_in_the_contents_is_found(clean):
    clean.write("_toc.yml", "chapters:\n- file: chapters/02-more\n- file: chapters/01-tiny\n")
    assert found(clean) == [("02-more.ipynb", "chapter-number"), ("01-tiny.ipynb", "chapter-number")]
    finding, _ = check(clean.folder)[0]
    assert finding.message == "is chapter 1 by _toc.yml: course renumber"


@pytest.mark.parametrize("stem", ["03-new", "new"])
def test_a_chapter_that_the_contents_do_not_list_is_found(clean, stem):
    clean.path("02-more").rename(clean.path(stem))
    findings, _ = check(clean.folder)
    assert [(f.path.name, f.code) for f in findings if f.code != "unknown-record"] == [
        ("_toc.yml", "missing-chapter"),
        (f"{stem}.ipynb", "unlisted-chapter"),
    ]
    assert findings[0].message.startswith("lists chapters/02-more.ipynb, but there is no such file")


def test_two_chapters_of_one_topic_are_found(clean):
    clean.chapter(clean.code("x"), stem="03-tiny")
    assert ("03-tiny.ipynb", "topic-twice") in found(clean)


@pytest.mark.parametrize(
    "link",
    ["[m](chapters/03-more.ipynb)", "[m](chapters/03-more.html#what)", "`chapters/more.ipynb`", ":link: 03-more"],
)
def test_a_link_to_a_chapter_that_has_another_number_now_is_found(clean, link):
    clean.write("book/how.md", link)
    clean.change(lambda notebook: notebook["cells"][0].update(source=f"# T\n\n{link}"))
    assert found(clean) == [("01-tiny.ipynb", "chapter-link"), ("how.md", "chapter-link")]
    assert "that chapter is 02-more: course renumber" in check(clean.folder)[0][0].message


def test_a_link_to_a_chapter_or_to_a_picture_that_is_called_like_one_is_no_finding(clean):
    clean.write("book/how.md", "[m](../chapters/02-more.ipynb#x) ![03 of it](static/03-more.png) more, 3-more-or-less")
    assert found(clean) == []


# --- claims in prose --------------------------------------------------------------------------------------------------


def test_a_comparison_in_words_is_held_against_the_records(clean):
    clean.write(
        "README.md", "It is good<!--?tiny/acc > 0.9-->, `and<!--?tiny/acc > 1-->` not perfect<!--?tiny/acc < 1-->."
    )
    assert found(clean) == []
    clean.change(lambda notebook: notebook["cells"][0].update(source="# T\n\nIt is perfect<!--?acc > 0.99-->."))
    [finding] = check(clean.folder)[0]
    assert (finding.path.name, finding.place, finding.code) == ("01-tiny.ipynb", "cell 0", "claim")
    assert finding.message == "claims acc > 0.99, but acc is 0.9812"


@pytest.mark.parametrize(("name", "seeds", "stands"), [("acc_low", [0.9, 0.99], True), ("acc_low", [], False)])
def test_only_the_extreme_of_several_seeds_has_their_spread_in_it(course, name, seeds, stands):
    output = course.recorded(name, 0.9, 0.09)
    if seeds:
        output["metadata"]["course"]["seeds"] = seeds
    course.chapter(course.prose(f"# Tiny\n\nIt is good<!--?{name} > 0.85-->."), course.code("x = 1", output))
    assert ("claim" not in codes(course)) is stands


def test_on_a_page_a_claim_names_the_chapter_and_what_nobody_recorded_is_no_side_of_it(clean):
    clean.write("README.md", "It is good<!--?acc > 0.9--> and quick<!--?tiny/nothing < bench:nobody.minutes-->.")
    assert [f.message.split(";")[0].split(":")[0] for f in check(clean.folder)[0]] == [
        "a page names the chapter too",
        "tiny has not recorded 'nothing'",
    ]


# --- numbers in prose -------------------------------------------------------------------------------------------------


def test_a_number_that_disagrees_with_its_record_is_found_and_fixed_and_nothing_else_changes(clean):
    def wrong(notebook):
        notebook["cells"][0]["source"] = "# Tiny\n\nIt reaches 0.97<!--=acc:.2f--> in 3<!--=run.minutes:.0f--> minutes."

    good = read(clean.path("01-tiny"))
    clean.change(wrong)
    clean.write("README.md", "It reaches **97%<!--=tiny/acc:.0%-->**, `97%<!--=tiny/acc:.0%-->`.\r\n")
    findings, fixed = check(clean.folder)
    assert [(f.path.name, f.place, f.code) for f in findings] == [
        ("01-tiny.ipynb", "cell 0", "prose-number"),
        ("01-tiny.ipynb", "cell 0", "prose-number"),
        ("README.md", "page", "prose-number"),
    ]
    assert findings[0].message == "says 0.97, but acc is 0.98: course check --fix"
    assert fixed == 0

    before = files(clean)
    findings, fixed = check(clean.folder, fix=True)
    assert (findings, fixed) == ([], 2)
    changed = {path.name for path, content in files(clean).items() if before[path] != content}
    assert changed == {"01-tiny.ipynb", "README.md"}
    assert clean.text("README.md").strip() == "It reaches **98%<!--=tiny/acc:.0%-->**, `97%<!--=tiny/acc:.0%-->`."
    fixed = read(clean.path("01-tiny"))
    expected = "# Tiny\n\nIt reaches 0.98<!--=acc:.2f--> in 2<!--=run.minutes:.0f--> minutes."
    assert fixed.cells[0].source == expected
    good.cells[0].source = expected
    assert fixed == good
    assert check(clean.folder, fix=True) == ([], 0), "fixing twice fixes nothing more"


def test_fixing_keeps_the_line_endings_of_a_page(clean):
    path = clean.folder / "README.md"
    path.write_bytes(b"A\r\n0.5<!--=tiny/acc:.2f-->\r\nB\n")
    check(clean.folder, fix=True)
    assert path.read_bytes() == b"A\r\n0.98<!--=tiny/acc:.2f-->\r\nB\n"


def test_a_forgotten_number_is_filled_in(clean):
    clean.write("README.md", "It reaches <!--=tiny/acc:.2f-->.")
    [finding], _ = check(clean.folder)
    assert "says nothing, but acc is 0.98" in finding.message
    check(clean.folder, fix=True)
    assert clean.text("README.md") == "It reaches 0.98<!--=tiny/acc:.2f-->."


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("1<!--=tiny/accuracy:.2f-->", "tiny has not recorded 'accuracy'; it has acc, kind"),
        ("1<!--=none/acc:.2f-->", "there is no chapter 'none'"),
        ("1<!--=01-tiny/acc:.2f-->", "there is no chapter '01-tiny': its name is its topic, tiny"),
        ("1<!--=acc:.2f-->", "a page names the chapter too: <!--=TOPIC/acc:.2f-->"),
        ("1<!--=tiny/kind:.2f-->", "'Shirt' cannot be printed as '.2f'"),
        ("1<!--=more/run.minutes:.0f-->", "more has not recorded 'run.minutes'; it has n"),
        ("1<!--=tiny/run.hours-->", "tiny has not recorded 'run.hours'"),
    ],
)
def test_a_number_bound_to_nothing_that_exists_is_found_and_never_rewritten(clean, text, objection):
    clean.write("README.md", text)
    clean.change(lambda notebook: notebook["metadata"].clear(), stem="02-more")
    finding, *_ = [finding for finding in check(clean.folder, fix=True)[0] if finding.path.name == "README.md"]
    assert (finding.code, clean.text("README.md")) == ("unknown-record", text)
    assert objection in finding.message


def test_a_record_of_two_words_is_refused_rather_than_multiplied_by_fixing(course):
    course.chapter(course.prose("An Ankle boot<!--=kind-->."), course.code("", course.recorded("kind", "Ankle boot")))
    before = files(course)
    [finding], _ = check(course.folder, fix=True)
    assert "'Ankle boot' is not one word" in finding.message
    assert files(course) == before


def test_a_measured_number_without_a_binding_is_found_in_a_chapter_but_not_on_a_page(clean):
    clean.chapter(clean.prose("It has 149,637 weights."), clean.code("1", clean.recorded("acc", 0.98125)))
    clean.write("README.md", "A course of 60,000 words.")
    [finding] = [f for f in check(clean.folder)[0] if f.code == "unbound-number"]
    assert (finding.path.name, finding.place) == ("01-tiny.ipynb", "cell 0")
    assert finding.message.startswith("149,637 is bound to no record")


def test_a_name_recorded_twice_is_found(course):
    twice = [course.recorded("acc", 1), course.recorded("acc", 2)]
    course.chapter(course.prose("1<!--=acc-->"), course.code("x", *twice))
    findings, _ = check(course.folder)
    assert [(f.place, f.code) for f in findings] == [("outputs", "record-twice"), ("cell 0", "unknown-record")]
    assert "both record 'acc': rename one" in findings[0].message


def test_packages_of_the_pages_tools_are_not_read(clean):
    (clean.folder / "book" / "node_modules").mkdir()
    clean.write("book/node_modules/README.md", "1<!--=acc-->")
    assert codes(clean) == []


# --- Markdown that looks right everywhere -----------------------------------------------------------------------------

NOT_PORTABLE = {
    "a MyST role": ["see {ref}`here`", "{glue:text}`x:.2f` is it", "a {doc}`b` c"],
    "a MyST directive": ["```{note}\nHello\n```", "~~~{figure} x.png\n~~~", "::::{grid}\n::::", "````{tab}\nx\n````"],
    "a MyST fence": [":::note\nHello\n:::"],
    "a MyST target": ["(here)=\n# Title"],
    "a MyST comment": ["% nobody sees this"],
    "active HTML": ["<script>alert()</script>", "<iframe src='x'></iframe>", "<style>p {}</style>"],
    "LaTeX brackets": [r"\(x\)", r"\\[x\\]"],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in NOT_PORTABLE.items() for text in texts])
def test_markdown_that_only_the_book_renders_is_found(course, what, text):
    course.chapter(course.prose(f"Before.\n\n{text}"), course.code("x"))
    findings, _ = check(course.folder)
    assert findings, "nothing found"
    assert {f.code for f in findings} == {"markdown"}
    assert findings[0].message.startswith(what)


@pytest.mark.parametrize("text", [text for texts in NOT_PORTABLE.values() for text in texts])
@pytest.mark.parametrize("example", ["`````markdown\n{}\n`````", "~~~~\n{}\n~~~~", "````\n\n\n{}\n\n\n`````"])
def test_a_code_block_may_show_any_of_it(course, example, text):
    if text.startswith("````") and example.startswith("````\n"):
        example = "``````\n{}\n``````"
    course.chapter(course.prose(example.format(text)), course.code("x"))
    assert codes(course) == []


@pytest.mark.parametrize("text", ["`` {ref}`here` ``", "`<script>`", r"`\(x\)`", "``` {glue}`x` ``` is a role"])
def test_a_code_span_may_show_any_of_it(course, text):
    course.chapter(course.prose(f"Write {text}."), course.code("x"))
    assert codes(course) == []


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$x_{i}$ and $$\\sum_{i} \\left[ x \\right] \\\\ y$$",
        "<details><summary>Solution</summary>\n\nYes.\n\n```python\nf'{x}'\n```\n\n</details>",
        '<div class="admonition note">\n<p class="admonition-title">N</p>\n\n- a\n\n</div>',
        "![A cat that sleeps](cat.png) and [a link](https://example.org) with 5 % of `{x}`",
        "a dict {a: 1}, (this)= that",
    ],
)
def test_plain_markdown_passes(course, text):
    course.chapter(course.prose(text), course.code("x"))
    assert codes(course) == []


@pytest.mark.parametrize("text", ["![](cat.png)", "![ ](cat.png)", '<img src="cat.png">', '<img alt="" src="cat.png">'])
def test_a_picture_in_prose_without_alternative_text_is_found(course, text):
    course.chapter(course.prose(text), course.code("x"))
    assert codes(course) == ["alt-text"]


# --- stored outputs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metadata", [{}, {"mystnb": {"image": {"alt": "A figure."}}}])
def test_a_figure_without_a_sentence_for_those_who_cannot_see_it_is_found(course, metadata):
    course.chapter(course.code("plot()", PICTURE, **metadata))
    [finding], _ = check(course.folder)
    assert (finding.code, finding.place) == ("alt-text", "cell 0")


def colourful(text):
    return f"\x1b[36mFile \x1b[39m\x1b[32m{text}\x1b[39m, line 1"


@pytest.mark.parametrize(
    ("output", "path"),
    [
        (printed("saved to /home/ada/models\n"), "/home/ada"),
        (printed("saved to '/tmp/model.keras'\n"), "/tmp/model.keras"),
        (shown("PosixPath('/Users/ada/x')"), "/Users/ada"),
        (shown("C:\\Users\\ada"), "C:\\\\Users"),
        (raised("ValueError", colourful("/home/ada/course_utils/plot.py")), "/home/ada"),
    ],
)
def test_a_path_of_the_authors_machine_in_an_output_is_found(course, output, path):
    course.chapter(course.code("x", output, tags=["raises-exception"]))
    [finding], _ = check(course.folder)
    assert finding.code == "local-path"
    assert path in finding.message


@pytest.mark.parametrize("text", ["https://example.org/home/x", "images/tmp/x", "and/or", "1/2", "file:///home/x"])
def test_addresses_on_the_web_and_relative_paths_are_no_local_paths(course, text):
    course.chapter(course.code("x", printed(text)))
    assert codes(course) == []


@pytest.mark.parametrize(
    "text",
    [
        "<matplotlib.legend.Legend at 0x7f3a5c0>",
        "<function f at 0x7f3a5c0>",
        "<__main__.Net object at 0x7F3A5C0>",
        "[<matplotlib.lines.Line2D at 0x7f3a5c0>]",
        "<bound method A.b of <__main__.A object at 0x7f3a5c0>>",
    ],
)
def test_a_memory_address_which_is_new_in_every_run_is_found(course, text):
    course.chapter(course.code("x", shown(text)))
    assert codes(course) == ["address"]


def test_an_error_is_found_unless_it_is_the_lesson(course):
    course.chapter(course.code("1/0", raised("ZeroDivisionError")))
    [finding], _ = check(course.folder)
    assert finding.code == "error-output"
    assert "ends in ZeroDivisionError" in finding.message
    course.chapter(course.code("1/0", raised("ZeroDivisionError"), tags=["raises-exception"]))
    assert codes(course) == []


# --- measured experiments ---------------------------------------------------------------------------------------------


IDENTITY = {"data": {}, "training": {"epochs": 6}}


@pytest.fixture
def cats_sprint(monkeypatch):
    """One experiment, which is made of what its measured run was made of."""
    for module in (experiments, experiments._results):
        monkeypatch.setattr(module, "identities", lambda: {"cats-sprint": IDENTITY})


def measured(name="cats-sprint", **changed):
    run = {"name": name, "seed": 0, "accuracy": 0.901, "minutes_to": {"0.75": 0.41}, "identity": IDENTITY}
    run["hardware"] = "2 cores"
    return json.dumps(run | changed) + "\n"


def test_a_measured_experiment_is_quoted_by_chapters_and_pages_and_fixed_like_a_record(course, cats_sprint):
    course.write("book/results.jsonl", measured())
    course.chapter(course.prose("It reaches 0.88<!--=bench:cats-sprint.accuracy:.2f-->."))
    course.write("README.md", "Past it after 0.4<!--=bench:cats-sprint.minutes_to_0.75:.1f--> minutes.")
    assert codes(course) == ["prose-number"]
    assert check(course.folder, fix=True) == ([], 1)
    assert "0.90<!--" in read(course.path("01-tiny")).cells[0].source


def test_what_was_never_measured_cannot_be_quoted(course):
    course.write("README.md", "0.9<!--=bench:cats-sprint.accuracy:.1f-->")
    [finding], _ = check(course.folder)
    assert finding.code == "unknown-record"
    assert "course bench cats-sprint" in finding.message


def test_an_experiment_that_changed_after_it_was_measured_is_found(course, cats_sprint):
    course.write("book/results.jsonl", measured(identity={"data": {}, "training": {"epochs": 5}}))
    [finding], _ = check(course.folder)
    assert finding.code == "stale-result"
    assert "cats-sprint changed after it was measured: training epochs 5 → 6: course bench" in finding.message


def test_a_measured_run_of_no_experiment_is_found(course, cats_sprint):
    course.write("book/results.jsonl", measured("gone"))
    [finding], _ = check(course.folder)
    assert "gone was measured, but there is no such experiment any more: remove its lines" in finding.message


def test_a_chapter_that_shows_results_is_stale_when_there_are_new_ones(course, cats_sprint):
    course.write("book/results.jsonl", measured())
    now = experiments.results_digest("cats-sprint", course.folder / "book" / "results.jsonl")
    course.chapter(course.code("x"), results={"cats-sprint": now})
    assert codes(course) == []
    course.write("book/results.jsonl", measured(accuracy=0.902))
    [finding], _ = check(course.folder)
    assert finding.code == "stale-output"
    assert "other results of cats-sprint than there are now" in finding.message


def test_a_chapter_that_shows_a_shipped_network_is_stale_when_its_weights_are_others(course):
    now = pretrained.about("cats-and-dogs")["digest"]
    course.chapter(course.code("x"), pretrained={"cats-and-dogs": now})
    assert codes(course) == []
    course.chapter(course.code("x"), pretrained={"cats-and-dogs": "another", "gone": now})
    findings, _ = check(course.folder)
    assert [finding.code for finding in findings] == ["stale-output"] * 2
    assert "other weights of cats-and-dogs than those that come with the package now" in findings[0].message
    assert "no network 'gone' comes with the package" in findings[1].message


def test_a_chapter_that_shows_a_network_is_stale_when_that_is_made_of_something_else(course, cats_sprint):
    course.chapter(course.code("x"), models={"cats-sprint": IDENTITY})
    assert codes(course) == []
    course.chapter(course.code("x"), models={"cats-sprint": {"data": {}, "training": {"epochs": 5}}, "gone": {}})
    findings, _ = check(course.folder)
    assert [finding.code for finding in findings] == ["stale-output"] * 2
    assert "another network cats-sprint: training epochs 5 → 6" in findings[0].message
    assert "a network gone, which no experiment makes any more" in findings[1].message


def test_a_chapter_is_stale_when_its_data_has_another_edition(course):
    course.chapter(course.code("x"), editions={"spiral": "of old"})
    [finding], _ = check(course.folder)
    assert finding.code == "stale-output"
    assert "was recorded on edition of old of spiral (generated), the course has" in finding.message


# --- what vouches for the outputs -------------------------------------------------------------------------------------


def with_source(source, index=0):
    def change(notebook):
        notebook["cells"][index]["source"] = source

    return change


def test_a_chapter_that_was_never_run_is_found(course):
    course.chapter(course.code("x"))
    course.change(lambda notebook: notebook["metadata"].clear())
    assert codes(course) == ["not-run"]


SOURCE = "# why\nx = 1  # one\n\ny = '# 2'\n%timeit x\n"


@pytest.mark.parametrize(
    "changed",
    ["x = 1\ny = '# 2'\n%timeit x", "\n\nx = 1    # uno\n    # indented\n\n\ny = '# 2'   \n# new\n%timeit x\n\n"],
)
def test_a_changed_comment_or_blank_line_asks_for_no_new_run(course, changed):
    course.chapter(course.code(SOURCE), course.prose("Text"))
    course.change(with_source(changed))
    course.change(with_source("Other text", 1))
    assert codes(course) == []


@pytest.mark.parametrize(
    "changed",
    [SOURCE.replace("x = 1", "x = 2"), SOURCE.replace("'# 2'", "'# 3'"), SOURCE.replace("%timeit", "%time"), ""],
)
def test_changed_code_asks_for_a_new_run(course, changed):
    course.chapter(course.code(SOURCE), course.code("z"))
    course.change(with_source(changed))
    assert "stale-output" in codes(course)


@pytest.mark.parametrize("source", ["for", "%%bash\nls | wc -l '", "files = !ls", "x?", "%time x", "  !ls\n'", '"""'])
def test_a_cell_that_is_no_python_is_no_obstacle(course, source):
    course.chapter(course.code(source), course.code("x = 1"))
    assert codes(course) == []
    course.change(with_source(source + "\nx = 2"))
    assert codes(course) == ["stale-output"]


def test_cells_run_out_of_order_are_found(course):
    course.chapter(course.code("a"), course.code("b"))

    def backwards(notebook):
        notebook["cells"][0]["execution_count"], notebook["cells"][1]["execution_count"] = 2, 1

    course.change(backwards)
    assert codes(course) == ["execution-order"]


def test_an_empty_cell_needs_no_number_in_the_order(course):
    course.chapter(course.code("a"), course.code("  "), course.code("b"))

    def skipped(notebook):
        notebook["cells"][1]["execution_count"], notebook["cells"][2]["execution_count"] = None, 2

    course.change(skipped)
    assert codes(course) == []


(EMBEDDED,) = editions("mnist", "embedded")


def test_a_run_on_an_embedded_sample_is_found(course):
    course.chapter(course.code("x"), data={"mnist": "embedded"}, editions={"mnist": EMBEDDED})
    [finding], _ = check(course.folder)
    assert finding.code == "embedded-data"
    assert "sample of mnist" in finding.message


def test_other_versions_than_the_reproducible_environments_are_found(course):
    course.chapter(course.code("x"), versions={"python": "3.11.7", "numpy": "2.0.0", "keras": "9.9"})
    [finding], _ = check(course.folder)
    assert finding.code == "stale-output"
    assert "numpy 2.0.0, constraints.txt has 2.1.0" in finding.message


@pytest.mark.parametrize("version", ["2.1.0", "2.2.0", "2.1.0+cpu"])
def test_any_of_the_pinned_versions_will_do_however_it_was_built(course, version):
    course.write("constraints.txt", "numpy==2.1.0 ; python_version < '3.12'\nnumpy==2.2.0 ; python_version >= '3.12'\n")
    course.chapter(course.code("x"), versions={"numpy": version})
    assert codes(course) == []


def test_missing_constraints_are_an_error_with_advice(course):
    course.chapter(course.code("x"))
    (course.folder / "constraints.txt").unlink()
    with pytest.raises(ChapterError, match=r"constraints\.txt is missing: restore it"):
        check(course.folder)


# --- the package behind a chapter -------------------------------------------------------------------------------------

PLOT = '''
"""Views."""
import numpy as np
_FIRST, _SECOND = "blue", "orange"
_ANNOTATED: int = 3
__all__ = ["used", "unused"]

def used(x):
    """Draw."""
    # with colours
    return _colour(x), _FIRST

def _colour(x):
    return x

def unused(x):
    return _SECOND

class Drawing:
    """Draws."""

    def draw(self):
        return _ANNOTATED
'''
FILES = {
    "__init__.py": "",
    "plot.py": PLOT,
    "sums/__init__.py": "from ._a import load\nfrom ._b import other\n",
    "sums/_a.py": "def load():\n    return _file()\n\ndef _file():\n    return 'a'\n",
    "sums/_b.py": "def other():\n    return _file()\n\ndef _file():\n    return 'b'\n",
    "inside/__init__.py": "from ..plot import used\nfrom .. import sums\n\ndef look():\n    return used(sums.load())\n",
    "network.py": "from .plot import used as drawn\nfrom .plot import unused as _hidden\n\ndef look():\n    drawn(1)\n",
    "data.py": "def spiral():\n    return 1\n",
    "record.py": "def record(**_):\n    return 1\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package in place of ours; returns a function that edits a file of it."""
    folder = tmp_path / "package"
    monkeypatch.setattr(_source, "_PACKAGE", folder)

    def edit(name, old="", new=""):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if path.exists() else FILES[name]
        assert old in before
        path.write_text(before.replace(old, new) if old else before)
        _source._definitions.cache_clear()

    for name in FILES:
        edit(name)
    yield edit
    _source._definitions.cache_clear()


USES = "from course_utils import plot\nplot.used(1)"


@pytest.mark.parametrize(
    ("source", "file", "old", "new", "named"),
    [
        (USES, "plot.py", "return _colour(x), ", "return x, ", "plot.used"),
        (USES, "plot.py", "    return x\n", "    return -x\n", "plot._colour"),
        (USES, "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("import course_utils\ncourse_utils.plot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("import course_utils as cu\ncu.plot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("import course_utils.plot as p\np.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils.plot import used as u\nu(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils.plot import Drawing\nDrawing()", "plot.py", "int = 3", "int = 4", "plot._ANNOTATED"),
        (
            "from course_utils.sums import load\nload()",
            "sums/_a.py",
            "'a'",
            "'c'",
            "sums._a._file",
        ),
        (
            "from course_utils.sums import other\nother()",
            "sums/_b.py",
            "'b'",
            "'c'",
            "sums._b._file",
        ),
        ("from course_utils.inside import look\nlook()", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils.inside import look\nlook()", "sums/_a.py", "'a'", "'c'", "sums._a._file"),
        ("from course_utils.network import look\nlook()", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils import plot\n%time plot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("%%time\nfrom course_utils import plot\nplot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils import plot\nfiles = !ls\nplot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        ("from course_utils import plot\nplot.used?\nplot.used(1)", "plot.py", '"blue"', '"red"', "plot._FIRST"),
        (
            "from course_utils import plot\nprint('%s'\n      % plot.used(1))",
            "plot.py",
            '"blue"',
            '"red"',
            "plot._FIRST",
        ),
    ],
)
def test_a_change_of_anything_that_a_chapter_reaches_in_the_package_asks_for_a_new_run(
    course, package, source, file, old, new, named
):
    course.chapter(course.code(source), course.code("x = 1"))
    assert codes(course) == []
    package(file, old, new)
    [finding], _ = check(course.folder)
    assert finding.code == "stale-output"
    assert named in finding.message


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plot.py", "return _SECOND", "return 2"),
        ("plot.py", '"unused"]', '"unused", "more"]'),
        ("plot.py", '"""Draw."""', '"""Draw points.\n\n    Slowly.\n    """'),
        ("plot.py", "# with colours", "# without colours\n"),
        ("plot.py", "return _colour(x), _FIRST", "return _colour(x), _FIRST  # both"),
        ("sums/_a.py", "'a'", "'c'"),
        ("plot.py", "return _colour(x), _FIRST", "return (\n        _colour(x),\n        _FIRST,\n    )"),
        ("plot.py", "def used(x):", "def used(x: int) -> tuple[int, str]:"),
        ("plot.py", "_ANNOTATED: int", '_ANNOTATED: "int"'),
        ("data.py", "1", "2"),
        ("record.py", "1", "2"),
    ],
)
def test_a_change_of_what_a_chapter_never_calls_or_of_words_leaves_it_fresh(course, package, file, old, new):
    course.chapter(
        course.code(f"{USES}\nfrom course_utils.record import record\nrecord(a=1)"),
        course.code("from course_utils.data import spiral\nspiral()\nfrom course_utils.plot import Drawing\nDrawing()"),
    )
    package(file, old, new)
    assert codes(course) == []


def test_a_chapters_own_function_is_not_mistaken_for_a_namesake_in_the_package(course, package):
    course.chapter(course.code(f"{USES}\ndef unused(): pass\nunused()"))
    package("plot.py", "return _SECOND", "return 2")
    assert codes(course) == []


def test_a_function_that_disappeared_asks_for_a_new_run(course, package):
    course.chapter(course.code(USES))
    package("plot.py", "_colour", "_color")
    [finding], _ = check(course.folder)
    assert "plot._color, plot._colour, plot.used changed" in finding.message


# --- reading and writing chapters -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"<<<<<<< HEAD\n{}", b"[1]", b'{"a": 1}', b"\xff\xfe", b'{"cells": 3'])
def test_a_file_that_is_no_notebook_is_an_error_that_names_it(course, content):
    course.chapter().write_bytes(content)
    with pytest.raises(ChapterError, match=r"01-tiny\.ipynb is not a notebook"):
        check(course.folder)


def test_a_written_notebook_reads_back_equal_and_keeps_the_permissions_of_the_file(course):
    path = course.chapter(course.prose("Grüße, 90 % — ✓"), course.code("x", PICTURE))
    path.chmod(0o640)
    notebook = read(path)
    write(notebook, path)
    assert read(path) == notebook
    assert path.stat().st_mode & 0o777 == 0o640
    new = path.with_name("02-new.ipynb")
    write(notebook, new)
    assert new.stat().st_mode & 0o777 == 0o644
    assert "Grüße, 90 % — ✓" in new.read_text(encoding="utf-8")


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["nbformat.write", "os.fsync", "pathlib.Path.replace"])
def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(course, monkeypatch, failure, step):
    path = course.chapter(course.code("x"))
    before = files(course)
    notebook = read(path)

    def fail(first, second=None, *args):
        if hasattr(second, "write"):
            second.write('{"cells": [')
        raise failure

    monkeypatch.setattr(step, fail)
    with pytest.raises(ChapterError if isinstance(failure, OSError) else KeyboardInterrupt, match=r"disk full|^$"):
        write(notebook, path)
    assert files(course) == before
    assert json.loads(path.read_text())["cells"]
