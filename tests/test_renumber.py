"""`course renumber` moves files, links and numbers in prose to the places that the table of contents gives, at once."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course_utils.chapters import ChapterError, check, renumber
from course_utils.chapters import topic as topic_of
from course_utils.chapters._mentions import edits, rewritten
from course_utils.chapters._places import Places
from tests.conftest import Course

ROOT = Path(__file__).parent.parent
ORDER = ["lines", "images", "cats", "errors"]
# Every number in braces follows its chapter; every other stays.
PROSE = """\
# 4. {title}

Chapter {lines} drew 3<!--=lines/n:d--> lines, chapters {lines}, {images} and {cats} look at pictures, (chapter
{cats} or {lines}), **Chapters {cats} and {images}**. See [chapter {images}]({images:02}-images.ipynb),
[*Cats*, chapter {cats}]({cats:02}-cats.html#chapter-2-again "Cats"), not [chapter 3](https://example.org/3) nor
[chapter 2][theirs], `chapter 3` or [section 2](#part-2), but [chapter {lines}][ours] and [after chapter {cats}](#end).
In chapter {cats}, 2 epochs took 3.2 s; 4 chapters, figure 3, chapter 23; > chapter
> {images}; `{images:02}-images.ipynb`

[theirs]: https://example.org/02-image
[ours]: {lines:02}-lines.ipynb

```sh
course run {cats:02}-cats   # chapter 3
```
"""
PAGE = """\
| [{lines}. Lines](../chapters/{lines:02}-lines.ipynb) | 3<!--=lines/n:d--> |
| [{images}. Images](../chapters/{images:02}-images.ipynb) | chapter {cats} |\r
| [{cats}. Cats](../chapters/{cats:02}-cats.ipynb#top) | [3. Setup](setup.md) |
{{glue:text}}`../chapters/{cats:02}-cats.ipynb::n:d` <https://example.org/chapters/{images:02}-images.html>
:link: ../chapters/{images:02}-images
![What chapter {cats} shows](static/02-images.png)
"""


def write(course, order, numbers=None):
    """Write a course as if its chapters had always stood in an order; ``numbers`` are those that its texts tell."""
    numbers = numbers or {topic: place for place, topic in enumerate(order, start=1)}
    for topic in order:
        prose = course.prose(PROSE.format(title=topic, **numbers))
        stem = f"{numbers[topic]:02}-{topic}" if topic in numbers else topic
        course.chapter(prose, course.code("n = 3", course.recorded("n", 3)), stem=stem)
    course.write("README.md", PAGE.replace("../", "").format(**numbers))
    (course.folder / "book" / "page.md").write_bytes(PAGE.format(**numbers).encode())


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def entries(*stems):
    return "format: jb-book\nroot: book/index\nchapters:\n" + "".join(f"  - file: chapters/{s}\n" for s in stems)


@pytest.fixture
def small(course):
    write(course, ORDER)
    return course


@pytest.fixture
def as_if(tmp_path):
    """The files of a course that was written in another order from the beginning."""

    def as_if(order):
        course = Course(tmp_path / "other")
        write(course, order)
        return files(course.folder)

    return as_if


# --- whole courses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order",
    [
        ["lines", "cats", "images", "errors"],
        ["errors", "lines", "images", "cats"],
        ["images", "cats", "errors", "lines"],
        ["errors", "cats", "images", "lines"],
    ],
)
def test_moved_chapters_take_all_that_names_them_along_and_nothing_else_changes(small, as_if, order):
    small.write("_toc.yml", entries(*(f"{ORDER.index(topic) + 1:02}-{topic}" for topic in order)))
    renumber(small.folder)
    assert files(small.folder) == as_if(order)
    assert check(small.folder) == ([], 0)


@pytest.mark.parametrize("stem", ["backwards", "09-backwards", "05-backwards"])
@pytest.mark.parametrize("place", [0, 1, 2, 4])
def test_a_new_chapter_in_between_moves_those_behind_it(small, as_if, stem, place):
    old = {topic: number for number, topic in enumerate(ORDER, start=1)}
    prose = small.prose(PROSE.format(title="backwards", **old))
    small.chapter(prose, small.code("n = 3", small.recorded("n", 3)), stem=stem)
    stems = [f"{number:02}-{topic}" for topic, number in old.items()]
    small.write("_toc.yml", entries(*stems[:place], stem, *stems[place:]))
    renumber(small.folder)
    assert files(small.folder) == as_if([*ORDER[:place], "backwards", *ORDER[place:]])


def test_a_course_in_order_has_nothing_to_renumber_and_twice_changes_nothing_more(small):
    before = files(small.folder)
    result = renumber(small.folder)
    assert (result.renamed, result.rewritten) == ({}, [])
    assert files(small.folder) == before
    small.write("_toc.yml", entries("03-cats", "01-lines", "02-images", "04-errors"))
    assert renumber(small.folder).renamed
    once = files(small.folder)
    assert not renumber(small.folder).rewritten
    assert files(small.folder) == once


def test_a_chapter_that_no_text_mentions_by_its_number_may_go(course, as_if):
    write(course, ["lines", "errors", "images", "cats"])
    course.path("02-errors").unlink()
    course.write("_toc.yml", entries("01-lines", "03-images", "04-cats"))
    renumber(course.folder)
    assert files(course.folder) == as_if(["lines", "images", "cats"])


def test_a_dry_run_tells_the_same_and_writes_nothing(small):
    small.write("_toc.yml", entries("01-lines", "03-cats", "02-images", "04-errors"))
    before = files(small.folder)
    told = renumber(small.folder, dry_run=True)
    assert files(small.folder) == before
    assert {old.stem: new.stem for old, new in told.renamed.items()} == {"02-images": "03-images", "03-cats": "02-cats"}
    on_page = [(m.place, m.before, m.after) for m in told.rewritten if m.path.name == "README.md"]
    assert on_page[:3] == [
        ("line 2", "2", "3"),
        ("line 2", "02-images", "03-images"),
        ("line 2", "chapter 3", "chapter 2"),
    ]
    assert renumber(small.folder) == told


def test_a_link_that_was_forgotten_is_mended(small):
    small.write("README.md", "[chapter 9](chapters/09-cats.ipynb)")
    renumber(small.folder)
    assert small.text("README.md") == "[chapter 3](chapters/03-cats.ipynb)"


def test_what_stands_in_code_is_told_and_left_alone(small):
    (small.folder / "course_utils").mkdir()
    program = '"""As in chapter 2."""\n\n# see 03-cats, not chapter 1\n'
    small.write("course_utils/tool.py", program)
    small.chapter(small.code("x = 1\n# of chapter 3"), stem="04-errors")
    small.write("_toc.yml", entries("01-lines", "03-cats", "02-images", "04-errors"))
    left = {(m.path.name, m.place, m.before, m.after) for m in renumber(small.folder).left}
    assert left >= {
        ("tool.py", "line 1", "chapter 2", "chapter 3"),
        ("tool.py", "line 3", "03-cats", "02-cats"),
        ("04-errors.ipynb", "cell 0", "chapter 3", "chapter 2"),
        ("01-lines.ipynb", "cell 0", "chapter 3", "chapter 2"),
    }
    assert small.text("course_utils/tool.py") == program


# --- all or nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contents", "objection"),
    [
        (["01-lines", "03-cats", "04-errors"], r"02-images\.ipynb is not in _toc\.yml: add it"),
        (
            ["01-lines", "backwards", *["02-images", "03-cats", "04-errors"]],
            r"_toc\.yml lists chapters/backwards\.ipynb",
        ),
    ],
)
def test_files_and_contents_that_disagree_are_not_renumbered(small, contents, objection):
    small.write("_toc.yml", entries(*contents))
    before = files(small.folder)
    with pytest.raises(ChapterError, match=objection):
        renumber(small.folder)
    assert files(small.folder) == before


def test_a_number_that_two_files_have_is_refused_where_a_text_uses_it_alone(small):
    small.chapter(small.prose("# New"), stem="02-backwards")
    small.write("_toc.yml", entries("01-lines", "02-backwards", "02-images", "03-cats", "04-errors"))
    before = files(small.folder)
    with pytest.raises(ChapterError, match=r"cell 0: 'chapters 1, 2 and 3' is unclear: 02-backwards and 02-images"):
        renumber(small.folder)
    assert files(small.folder) == before
    small.path("02-backwards").rename(small.path("backwards"))
    small.write("_toc.yml", entries("01-lines", "backwards", "02-images", "03-cats", "04-errors"))
    renumber(small.folder)
    assert "Chapters 4 and 3" in small.path("01-lines").read_text()


def test_the_number_of_a_chapter_that_is_gone_is_never_given_to_its_successor_unnoticed(small):
    small.write("README.md", "As in chapter 2.")
    small.path("02-images").unlink()
    small.write("_toc.yml", entries("01-lines", "03-cats", "04-errors"))
    with pytest.raises(ChapterError, match=r"README\.md, line 1: 'chapter 2' is unclear: .*cats is about to get it"):
        renumber(small.folder)


@pytest.mark.parametrize("step", ["write_bytes", "replace", "rename"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_failure_half_way_leaves_everything_as_it_was(small, monkeypatch, step, after):
    small.write("_toc.yml", entries("01-lines", "03-cats", "02-images", "04-errors"))
    before = files(small.folder)
    done = []
    original = getattr(Path, step)

    def fail_once(self, *args):
        done.append(self)
        if len(done) == min(after, 1 if step == "rename" else after) + 1:
            raise OSError("disk full")
        return original(self, *args)

    monkeypatch.setattr(Path, step, fail_once)
    with pytest.raises(OSError, match="disk full"):
        renumber(small.folder)
    assert files(small.folder) == before


# --- single mentions --------------------------------------------------------------------------------------------------

# A new chapter stands third, and the old fourth before the second.
MOVED = Places({"a": 1, "d": 2, "new": 3, "b": 4, "c": 5}, {1: ["a"], 2: ["b"], 3: ["c"], 4: ["d"]})


def moved(text, places=MOVED):
    return rewritten(text, edits(text, places))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CHAPTER 2.", "CHAPTER 4."),
        ("chapter 2's", "chapter 4's"),
        ("chapter\n2", "chapter\n4"),
        ("chapter 2, 3 epochs", "chapter 4, 3 epochs"),
        ("chapter 2 and 3 epochs", "chapter 4 and 3 epochs"),
        ("chapters 2, 3, and 4", "chapters 4, 5, and 2"),
        ("Chapters 2 and 3, 4 units", "Chapters 4 and 5, 4 units"),
        ("chapters 1 to 3", "chapters 1 to 5"),
        ("chapters 2–4", "chapters 2–5"),
        ("chapters 1-2 or 4", "chapters 1-4 or 2"),
        ("chapter 2: 3", "chapter 4: 3"),
        ("chapter 22, 2nd chapter 12, 2 chapters", "chapter 22, 2nd chapter 12, 2 chapters"),
        ("chapters 2 and 30% of it", "chapters 4 and 30% of it"),
        ("chapters 2 and 3,000 units", "chapters 4 and 3,000 units"),
        ("subchapter 2, chapter two, chapters, chapter -2", "subchapter 2, chapter two, chapters, chapter -2"),
        ("[chapter 9](2-b.ipynb)", "[chapter 4](04-b.ipynb)"),
        ("[chapters 2 and 3](02-b.ipynb)", "[chapters 4 and 5](04-b.ipynb)"),
        ("[2. B](chapters/b.ipynb)", "[4. B](chapters/04-b.ipynb)"),
        ("[2.5 of it](02-b.html)", "[2.5 of it](04-b.html)"),
        ("[chapter 2](setup.md)", "[chapter 4](setup.md)"),
        ("![chapter 2](https://example.org/b.png)", "![chapter 4](https://example.org/b.png)"),
        ("[new](new.ipynb), new, newer.ipynb, x/new.ipynb", "[new](03-new.ipynb), new, newer.ipynb, x/new.ipynb"),
        ("chapter 02-b", "chapter 04-b"),
        ("2026-b, x02-b, 02-b-c, 02-b.png, 02-b.", "2026-b, x02-b, 02-b-c, 02-b.png, 04-b."),
        ("<!--=b/n:d-->, 2 chapters", "<!--=b/n:d-->, 2 chapters"),
    ],
)
def test_a_mention_follows_its_chapter_and_what_only_looks_like_one_stays(before, after):
    assert moved(before) == after


@given(st.text(st.sampled_from("chapters 123,.-[]()`\n"), max_size=40), st.permutations("abcd"))
def test_moving_there_and_back_gives_the_same_text(text, order):
    assume(not re.search(r"\d-[a-d]", text))  # a file's name, which gets two digits
    mention = f"{text} Chapter 2, chapters 1 and 4; [chapter 3](03-c.ipynb), [1. A](01-a.html) {text}"
    numbers = {topic: place for place, topic in enumerate(order, start=1)}
    start = {topic: place for place, topic in enumerate("abcd", start=1)}

    def places(now, before):
        return Places(now, {number: [topic] for topic, number in before.items()})

    there = moved(mention, places(numbers, start))
    assert len(there) == len(mention)
    if " to " not in mention and "-" not in text:  # a range is as wide as what it holds, which no way back can tell
        assert moved(there, places(start, numbers)) == mention
    assert moved(there, places(numbers, numbers)) == there


# --- this course ------------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """A copy of this course: its chapters, pages and programs."""
    folder = tmp_path / "copy"
    for name in ("chapters", "book", "course_utils"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__", ".*"))
    for name in ("README.md", "_toc.yml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def found(folder):
    """What is wrong, by chapters' topics: their numbers are what changes."""
    return [(topic_of(finding.path), finding.place, finding.code, finding.message) for finding in check(folder)[0]]


def test_a_chapter_put_into_this_course_and_taken_out_again_leaves_every_byte_as_it_was(course, copy):
    before, findings = files(copy), found(copy)
    new = course.chapter(course.prose("# Backwards\n\nAs chapter 2 said."), course.code("x"), versions={})
    shutil.copy(new, copy / "chapters" / "backwards.ipynb")
    lines = (copy / "_toc.yml").read_text().splitlines(keepends=True)
    second = next(index for index, line in enumerate(lines) if "chapters/02-" in line)
    lines.insert(second + 1, lines[second].partition("chapters/")[0] + "chapters/backwards\n")
    (copy / "_toc.yml").write_text("".join(lines))
    result = renumber(copy)
    assert result.left == [], "a program names chapters by their topics"
    assert len(result.renamed) == len(list((ROOT / "chapters").glob("*.ipynb"))) - 1
    assert (copy / "chapters" / "03-backwards.ipynb").is_file()
    assert found(copy) == findings
    assert "(chapters/04-" in (copy / "README.md").read_text(encoding="utf-8")

    (copy / "chapters" / "03-backwards.ipynb").unlink()
    lines = (copy / "_toc.yml").read_text().splitlines(keepends=True)
    (copy / "_toc.yml").write_text("".join(line for line in lines if "backwards" not in line))
    renumber(copy)
    assert files(copy) == before
