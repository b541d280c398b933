"""What runs on Gradescope: judges the one submission that is there and writes `results/results.json`.

Run by `run_autograder` as ``python -m course_utils.assignments._autograder /autograder``. What this prints, only
instructors see. Where the container does not let bubblewrap make its walls, student code runs as the user `nobody`,
from whom the tests and the results are kept.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ._errors import AssignmentError
from ._grade import _NOT_JUDGED, GRADED, grade
from ._master import Assignment, load
from ._release import write_whole
from ._sandbox import HOW_TO_ALLOW, missing

_HIDDEN = "after_published"
_AS_NOBODY = (
    "No sandbox here: {reason}.\nStudent code ran as the user nobody. It could not read the tests nor change the "
    "results, but it had whatever network the container has."
)


def main(root: Path) -> None:
    """Judge what is in `root/submission` by the master in `root/source`."""
    about = json.loads((root / "source" / "assignment.json").read_text(encoding="utf-8"))
    _keep_from_others(root)
    reason = missing()
    if reason and os.geteuid() != 0:
        raise AssignmentError(HOW_TO_ALLOW.format(reason=reason))
    roster = root / "source" / "variants.csv"
    folder = root / "source" / "assignments"
    with tempfile.TemporaryDirectory() as out:  # which is root's alone
        grade(
            root,
            about["assignment"],
            Path(out),
            variant=about["variant"],
            roster=roster if roster.is_file() else None,
            sandbox=not reason,
            as_nobody=bool(reason),
            folder=folder,
        )
        (file,) = (Path(out) / "results").glob("*.json")
        result = json.loads(file.read_text(encoding="utf-8"))
    print(_AS_NOBODY.format(reason=reason) if reason else "Student code ran in a sandbox.")
    if result["status"].startswith(_NOT_JUDGED):  # no grade at all is better than one that says 0
        raise AssignmentError(result["status"])
    for question, answer in result.get("oral", ()):
        print(f"\nTo ask in person: {question}\nA good answer: {answer}")
    variant = about["variant"] if result["variant"] is None else result["variant"]
    report = results(result, load(about["assignment"], variant, folder))
    write_whole(root / "results" / "results.json", json.dumps(report, indent=1))


def _keep_from_others(root: Path) -> None:
    """Let nobody but this user see tests, results, and what earlier submissions got."""
    for name in ("source", "results", "submission_metadata.json"):
        path = root / name
        path.chmod(path.stat().st_mode & 0o770)


def results(result: dict[str, Any], master: Assignment) -> dict[str, Any]:
    """Return a kept result as Gradescope wants it; points add up to those in `grades.csv`."""
    plain = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}  # never HTML
    plain["stdout_visibility"] = "hidden"
    if result["status"] != GRADED:
        return plain | {"score": 0, "output": f"Not graded: {result['status']}.", "tests": []}
    tests = [test for answer in result["answers"] for test in _tests(answer, result, master)]
    score = round(sum(answer["points"] for answer in result["answers"]), 2)
    return plain | {"score": score, "output": "\n".join(result["notes"]), "tests": tests}


def _tests(answer: dict[str, Any], result: dict[str, Any], master: Assignment) -> list[dict[str, Any]]:
    question = master.question(answer["question"])
    number = master.questions.index(question) + 1
    if question.written:
        text = result["written"].get(question.name) or "(nothing written)"
        output = f"To be marked by a person, {question.points:g} points. Your answer:\n\n{text}"
        return [{"number": str(number), "name": question.title, "output": output, "visibility": "visible"}]
    passed = [outcome["passed"] for outcome in answer["outcomes"]]
    won = iter(_shares(answer["points"], sum(passed)))
    lost = iter(_shares(answer["of"] - answer["points"], len(passed) - sum(passed)))
    tests = []
    for place, outcome in enumerate(answer["outcomes"], 1):
        worth = next(won if outcome["passed"] else lost)
        kind = "hidden" if outcome["hidden"] else "public"
        tests.append(
            {
                "number": f"{number}.{place}",
                "name": f"{question.title}: a {kind} test",
                "score": worth if outcome["passed"] else 0,
                "max_score": worth,
                "status": "passed" if outcome["passed"] else "failed",
                "output": outcome["message"],
                "visibility": _HIDDEN if outcome["hidden"] else "visible",
            }
        )
    return tests


def _shares(points: float, among: int) -> list[float]:
    """Divide points so that the parts, of two decimals, add up to them."""
    upto = [round(points * place / among, 2) for place in range(1, among + 1)]
    return [round(one - before, 2) for before, one in zip([0.0, *upto], upto, strict=False)]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (AssignmentError, OSError) as error:
        sys.exit(str(error))
