"""Chapters are found by topic, place or path, always in the order of the table of contents, and never mistaken."""

import shutil

import pytest

from course_utils.chapters import ChapterError, find, root, topic


@pytest.fixture
def shelf(course):
    for stem in ("01-spiral-mlp", "02-keras-dense", "03-mnist-from-layers", "05-fashion-mnist"):
        course.chapter(course.code("x"), stem=stem)
    (course.folder / "chapters" / "assignments").mkdir()
    course.write("chapters/assignments/01-homework.ipynb", "{}")
    course.write("chapters/notes.ipynb", "{}")
    return course


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ["01-spiral-mlp", "02-keras-dense", "03-mnist-from-layers", "05-fashion-mnist"]),
        (["2"], ["02-keras-dense"]),
        (["02"], ["02-keras-dense"]),
        (["keras-dense"], ["02-keras-dense"]),
        (["02-keras-dense"], ["02-keras-dense"]),
        (["02-keras-dense.ipynb"], ["02-keras-dense"]),
        (["chapters/02-keras-dense.ipynb"], ["02-keras-dense"]),
        (["./chapters/../chapters/02-keras-dense"], ["02-keras-dense"]),
        (["keras"], ["02-keras-dense"]),
        (["dense"], ["02-keras-dense"]),
        (["Fashion"], ["05-fashion-mnist"]),
        (["fashion", "1", "spiral", "01-spiral-mlp.ipynb", "01"], ["01-spiral-mlp", "05-fashion-mnist"]),
    ],
)
def test_chapters_are_found_by_topic_place_or_path_in_reading_order_each_once(shelf, names, found):
    assert [path.stem for path in find(names, shelf.folder)] == found


def test_a_number_is_a_place_in_the_contents_whatever_the_files_are_called(shelf):
    assert [path.stem for path in find(["4"], shelf.folder)] == ["05-fashion-mnist"]
    entries = "  - file: chapters/05-fashion-mnist.ipynb  # first\n  -  file: 'chapters/01-spiral-mlp'\n"
    shelf.write("_toc.yml", f"parts:\n- chapters:\n{entries}  # - file: chapters/02-keras-dense\n")
    assert [path.stem for path in find([], shelf.folder)] == ["05-fashion-mnist", "01-spiral-mlp"]
    assert [path.stem for path in find(["2", "1"], shelf.folder)] == ["05-fashion-mnist", "01-spiral-mlp"]


def test_a_path_means_the_file_that_the_reader_sees_from_where_he_stands(shelf, monkeypatch):
    (path,) = find(["1"], shelf.folder)
    for folder, name in [
        (".", "chapters/01-spiral-mlp.ipynb"),
        ("chapters", path.name),
        ("book", f"../chapters/{path.name}"),
    ]:
        monkeypatch.chdir(shelf.folder / folder)
        assert find([name]) == find([str(path)]) == [path.resolve()]


def test_a_file_elsewhere_is_refused_even_if_it_is_called_like_a_chapter(shelf, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (path,) = find(["1"], shelf.folder)
    shutil.copy(path, elsewhere)
    monkeypatch.chdir(shelf.folder)
    refused = r"01-spiral-mlp\.ipynb is not a chapter of this course \(.*chapters\)\.$"
    for name in (str(elsewhere / path.name), f"../elsewhere/{path.name}", f"../elsewhere/{path.stem}"):
        with pytest.raises(ChapterError, match=refused.replace(r"\.ipynb", "") if name.endswith("mlp") else refused):
            find([name])
    shutil.copy(path, shelf.folder / "book")
    monkeypatch.chdir(shelf.folder / "book")
    with pytest.raises(ChapterError, match=refused):
        find([path.name])


@pytest.mark.parametrize(
    "name", ["/elsewhere/01-quick.ipynb", "01-quick.ipynb", "assignments/01-homework", "book/1.ipynb"]
)
def test_a_path_that_leads_to_no_chapter_is_refused(shelf, name):
    with pytest.raises(ChapterError, match=f"^{name} is not a chapter of this course "):
        find([name], shelf.folder)


def test_a_notebook_that_the_contents_do_not_list_is_refused_with_advice(shelf):
    with pytest.raises(ChapterError, match=r"notes\.ipynb is not a chapter of this course .* Add it to _toc\.yml"):
        find(["chapters/notes.ipynb"], shelf.folder)


def test_a_chapter_whose_file_is_missing_is_left_out_and_cannot_be_asked_for(shelf):
    shelf.path("02-keras-dense").unlink()
    assert len(find([], shelf.folder)) == 3
    with pytest.raises(
        ChapterError, match=r"_toc\.yml lists chapters/02-keras-dense\.ipynb, but there is no such file"
    ):
        find(["keras"], shelf.folder)


def test_a_part_that_several_topics_have_is_refused_with_all_of_them(shelf):
    with pytest.raises(ChapterError, match="'mnist' may be 03-mnist-from-layers or 05-fashion-mnist"):
        find(["mnist"], shelf.folder)


def test_a_whole_topic_is_no_part_of_another(shelf):
    shelf.chapter(shelf.code("x"), stem="06-keras")
    assert [path.stem for path in find(["keras"], shelf.folder)] == ["06-keras"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("01-spiral", "spiral-mlp"),
        ("spirl-mlp", "spiral-mlp"),
        ("2-keras-dense", "keras-dense"),
        ("chapters/04-mnist.ipynb", "mnist-from-layers or fashion-mnist"),
    ],
)
def test_a_name_that_is_nearly_right_gets_the_right_one(shelf, name, nearest):
    with pytest.raises(ChapterError, match=rf"{name}.* Did you mean {nearest}\?"):
        find([name], shelf.folder)


@pytest.mark.parametrize("name", ["quantum", "x"])
def test_a_name_that_is_far_from_any_gets_all_of_them(shelf, name):
    with pytest.raises(ChapterError, match="There are: spiral-mlp, keras-dense, "):
        find([name], shelf.folder)


@pytest.mark.parametrize("number", ["0", "5", "99"])
def test_a_number_beyond_the_contents_gets_told_how_many_chapters_there_are(shelf, number):
    with pytest.raises(ChapterError, match=rf"There is no chapter {number}: _toc\.yml lists 4 chapters"):
        find([number], shelf.folder)


def test_the_course_is_found_from_any_folder_inside_it_and_not_outside(shelf, monkeypatch, tmp_path):
    assert root(shelf.folder / "chapters" / "assignments") == shelf.folder.resolve()
    monkeypatch.chdir(shelf.folder / "book")
    assert root() == shelf.folder.resolve()
    assert len(find()) == 4
    with pytest.raises(ChapterError, match=r"is not inside the course.*Clone the repository"):
        root(tmp_path)


@pytest.mark.parametrize("chapter", ["01-spiral-mlp", "spiral-mlp", "chapters/12-spiral-mlp.ipynb", "spiral-mlp.ipynb"])
def test_a_topic_is_the_name_without_number_folder_and_ending(chapter):
    assert topic(chapter) == "spiral-mlp"
