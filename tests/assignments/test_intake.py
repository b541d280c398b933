"""Submissions as learning platforms write them; what cannot be read gets a status, and the others do not notice."""

import io
import json
import stat
import zipfile

import pytest

from course_utils.assignments import AssignmentError, take_in

from .conftest import RIGHT, notebook

NOTEBOOK = notebook(*RIGHT)


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def taken(place):
    return {submission.student: submission for submission in take_in(place)}


def test_of_canvas_resubmissions_the_last_counts(tmp_path):
    (tmp_path / "lovelaceada_LATE_101_9001_convolution.ipynb").write_text(NOTEBOOK)
    (tmp_path / "lovelaceada_LATE_101_9002_convolution-1.ipynb").write_text(notebook("x = 2"))
    (tmp_path / "ångströmzoë_102_9003_my homework.ipynb").write_text(NOTEBOOK)
    found = taken(tmp_path)
    ada, zoe = found["lovelaceada"], found["ångströmzoë"]
    assert (ada.identifiers, ada.late, ada.cells) == ({"ID": "101"}, True, (("code", "x = 2"),))
    assert (zoe.identifiers, zoe.late, zoe.key) == ({"ID": "102"}, False, "canvas-102")


@pytest.mark.parametrize("end", ["_", ""])
def test_moodles_folders_name_their_participants(tmp_path, end):
    folder = tmp_path / f"Zoë von Ångström_4711_assignsubmission_file{end}"
    folder.mkdir()
    (folder / "Übung 1.ipynb").write_text(NOTEBOOK)
    (tmp_path / f"Nobody There_12_assignsubmission_file{end}").mkdir()
    found = taken(tmp_path)
    assert found["Zoë von Ångström"].identifiers == {"Identifier": "Participant 4711", "Full name": "Zoë von Ångström"}
    assert found["Nobody There"].status == "no notebook among the files"


def test_gradescopes_export_says_who_submitted(tmp_path):
    (tmp_path / "submission_77").mkdir()
    (tmp_path / "submission_77" / "work.ipynb").write_text(NOTEBOOK)
    (tmp_path / "submission_metadata.yml").write_text(
        "submission_77:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '007'\n    :email: ada@example.org\n"
    )
    assert taken(tmp_path)["Ada Lovelace"].identifiers == {
        "Name": "Ada Lovelace",
        "SID": "007",
        "Email": "ada@example.org",
    }


def test_before_gradescopes_autograder_all_files_are_one_submission(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "other.ipynb").write_text(NOTEBOOK)
    people = [{"name": "Ada", "email": "ada@x.org", "id": 1}, {"name": "Bob", "email": "bob@x.org", "id": 2}]
    (tmp_path / "submission_metadata.json").write_text(json.dumps({"users": people}))
    (tmp_path / "submission").mkdir()
    assert taken(tmp_path)["Ada, Bob"].status == "no notebook among the files"
    (tmp_path / "submission" / "data.csv").write_text("1,2")
    (tmp_path / "submission" / "lovelaceada_101_9001_my work.ipynb").write_text(NOTEBOOK)
    (submission,) = take_in(tmp_path)
    assert (submission.key, submission.status, len(submission.cells)) == ("submission", "", 2)
    assert submission.identifiers["Email"] == "ada@x.org, bob@x.org"
    (tmp_path / "submission_metadata.json").write_text("[]")
    with pytest.raises(AssignmentError, match=r"submission_metadata\.json is not as Gradescope writes it"):
        list(take_in(tmp_path))


def test_a_platforms_zip_is_read_without_unpacking(tmp_path):
    members = {"Ada_1_assignsubmission_file/a.ipynb": NOTEBOOK, "__MACOSX/Ada_1_assignsubmission_file/._a.ipynb": "x"}
    (tmp_path / "all.zip").write_bytes(zipped(**members))
    (submission,) = take_in(tmp_path / "all.zip")
    assert submission.student == "Ada"
    assert submission.status == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip"]


def test_a_students_zip_cannot_write_anywhere_nor_grow_without_bound(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    (place / "climber.zip").write_bytes(zipped(**{"../../../evil.ipynb": NOTEBOOK}))
    (place / "bomb.zip").write_bytes(zipped(**{"a.ipynb": b"0" * (30 << 20)}))
    link = zipfile.ZipInfo("a.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(place / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (place / "broken.zip").write_bytes(zipped(**{"a.ipynb": NOTEBOOK})[:-30])
    found = taken(place)
    assert found["climber"].status == ""
    assert found["bomb"].status == "too large: more than 20 MB when unpacked"
    assert found["link"].status == "not a file but a link"
    assert found["broken"].status.startswith("a zip that cannot be read")
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("", "an empty file"),
        (NOTEBOOK[:-20], "not a notebook: its JSON is broken"),
        ("[" * 100_000, "not a notebook: its JSON is broken"),
        ("\x89PNG", "not a notebook: its JSON is broken"),
        ("[1, 2]", "not a notebook: it has no cells"),
        (json.dumps({"cells": [3]}), "not a notebook: it has no cells"),
        (notebook("# Only text"), "a notebook without code"),
    ],
)
def test_a_file_that_is_no_notebook_says_so(tmp_path, content, status):
    (tmp_path / "ada.ipynb").write_text(content)
    assert taken(tmp_path)["ada"].status == status


def test_a_file_of_two_gigabytes_is_not_read(tmp_path):
    with (tmp_path / "ada.ipynb").open("wb") as file:
        file.truncate(2 << 30)
    assert taken(tmp_path)["ada"].status == "too large: 2,048 MB"


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text(NOTEBOOK)
    place = tmp_path / "in"
    place.mkdir()
    (place / "ada.ipynb").symlink_to(tmp_path / "secret.txt")
    assert taken(place)["ada"].status == "not a file but a link"


def test_of_two_notebooks_a_person_must_choose(tmp_path):
    for name in ("one", "two"):
        (tmp_path / "Ada").mkdir(exist_ok=True)
        (tmp_path / "Ada" / f"{name}.ipynb").write_text(NOTEBOOK)
    assert taken(tmp_path)["Ada"].status == "2 notebooks, which one counts? one.ipynb, two.ipynb"


def test_a_notebook_of_the_old_format_is_read(tmp_path):
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]}], "nbformat": 3}
    (tmp_path / "ada.ipynb").write_text(json.dumps(old))
    assert taken(tmp_path)["ada"].cells == (("code", "x = 1\ny = 2"),)


def test_names_that_play_tricks_are_shown_as_they_are_read(tmp_path):
    (tmp_path / "ada\u202egnp.\u200bexe.ipynb").write_text(NOTEBOOK)
    (submission,) = take_in(tmp_path)
    assert submission.student == "adagnp.exe"
    assert submission.key.isascii()


def test_an_empty_place_is_no_export(tmp_path):
    with pytest.raises(AssignmentError, match="no submissions in"):
        list(take_in(tmp_path))
    with pytest.raises(AssignmentError, match="there is nothing at"):
        list(take_in(tmp_path / "nowhere"))
