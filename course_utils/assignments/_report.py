"""What teachers and students read: tables for programs and platforms, pages for people.

A page escapes whatever a student wrote, runs no script and loads nothing. A table's cell that a spreadsheet would take
for a formula gets an apostrophe, but for the identifiers that a platform wants back as they were.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from ._errors import AssignmentError
from ._master import Assignment
from ._release import write_whole

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:.6rem}}.no{{color:#a01010}}
.yes{{color:#0a6020}}li{{overflow-wrap:anywhere}}</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""
_MARKS = ["key", "student", "question", "of", "mark", "comment"]


def pages(result: dict[str, Any], master: Assignment, out: Path) -> None:
    """Write a submission's feedback and its oral questions."""
    write_whole(out / "feedback" / f"{result['key']}.html", _feedback(result, master))
    asked = "".join(
        f"<h2>{number}</h2><pre>{escape(question)}</pre><p><b>A good answer:</b> {escape(answer)}</p>"
        for number, (question, answer) in enumerate(result["oral"], 1)
    )
    title = escape(f"Oral questions: {master.title}")
    body = f"<p>{escape(result['student'])}</p>{asked or '<p>Nothing in this notebook can be asked about.</p>'}"
    write_whole(out / "oral" / f"{result['key']}.html", _PAGE.format(title=title, body=body))


def _feedback(result: dict[str, Any], master: Assignment) -> str:
    parts = [f"<p>{escape(result['student'])}: {escape(result['file'])}</p>"]
    parts += [f"<p class=no>{escape(note)}</p>" for note in result["notes"]]
    for answer in result["answers"]:
        question = master.question(answer["question"])
        parts.append(f"<h2>{escape(question.title)}</h2>")
        if question.written:
            text = result["written"].get(question.name) or "(nothing written)"
            parts.append(f"<p>To be marked by a person, {question.points:g} points.</p><pre>{escape(text)}</pre>")
            parts.append(f"<p>What is asked for:</p><pre>{escape(question.rubric)}</pre>")
            continue
        parts.append(f"<p>{answer['points']:g} of {answer['of']:g} points: {escape(answer['status'])}.</p><ul>")
        for outcome in answer["outcomes"]:
            kind = "hidden" if outcome["hidden"] else "public"
            if outcome["passed"]:
                parts.append(f"<li class=yes>A {kind} test passed.</li>")
            else:
                parts.append(f"<li class=no>A {kind} test failed: {escape(outcome['message'])}</li>")
        parts.append("</ul>")
    return _PAGE.format(title=escape(master.title), body="\n".join(parts))


def keep_marks(results: list[dict[str, Any]], path: Path) -> dict[tuple[str, str], float]:
    """Add lines for written answers that have none yet, and return the marks that persons entered."""
    wanted = [
        {"key": result["key"], "student": _safe(result["student"]), "question": answer["question"], "of": answer["of"]}
        for result in results
        for answer in result.get("answers", ())
        if answer["status"] == "to be marked by a person"
    ]
    if not wanted and not path.exists():
        return {}
    rows: list[dict[str, str]] = []
    delimiter = ","
    before = ""
    if path.exists():
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                before = file.read()
        except UnicodeDecodeError:
            raise AssignmentError(
                f"{path} is not in UTF-8: save it as 'CSV UTF-8', since marks are read from it"
            ) from None
        first = before.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        table = csv.DictReader(io.StringIO(before), delimiter=delimiter)
        if not {"key", "question", "mark"} <= set(table.fieldnames or ()):
            raise AssignmentError(
                f"{path} must have the columns key, question and mark; its first line is {first[:200]!r}"
            )
        rows = list(table)
    known = {(row["key"], row["question"]) for row in rows}
    new = [row for row in wanted if (row["key"], row["question"]) not in known]
    if new or not before:
        columns = [*rows[0]] if rows else _MARKS
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n", extrasaction="ignore")
        if not before:
            writer.writeheader()
        writer.writerows(new)
        write_whole(path, before + "\n" * bool(before and not before.endswith("\n")) + text.getvalue())
    marks = {}
    for row in rows:
        given = (row["mark"] or "").strip().replace(",", ".")
        if given:
            try:
                marks[row["key"], row["question"]] = float(given)
            except ValueError:
                raise AssignmentError(f"{path}: {given!r} is no mark, for {row['key']}, {row['question']}") from None
    return marks


def tables(results: list[dict[str, Any]], marks: dict[tuple[str, str], float], master: Assignment, out: Path) -> None:
    """Write `grades.csv`, and what Canvas and Moodle import."""
    names = [question.name for question in master.questions]
    regraded = [name for name in names if any(result.get("history", {}).get(name) for result in results)]
    identifiers = sorted({key for result in results for key in result["identifiers"]})
    rows = []
    totals: dict[str, float | str] = {}
    for result in results:
        row: dict[str, Any] = {"key": result["key"], "student": _safe(result["student"])}
        row |= {name: result["identifiers"].get(name, "") for name in identifiers}
        row |= {
            "file": _safe(result["file"]),
            "status": _safe(result["status"]),
            "late": "late" if result["late"] else "",
        }
        row["variant"] = result["variant"]
        points = {
            answer["question"]: marks.get((result["key"], answer["question"]), "")
            if answer["status"] == "to be marked by a person"
            else answer["points"]
            for answer in result.get("answers", ())
        }
        row |= points
        for name in regraded:
            row[f"{name} before"] = " ".join(map(str, result.get("history", {}).get(name, ())))
        complete = bool(points) and "" not in points.values()
        row["total"] = round(sum(float(value) for value in points.values() if value != ""), 2) if points else ""
        row["complete"] = "yes" if complete else "no"
        row["seconds"] = result.get("cpu", "")
        totals[result["key"]] = row["total"] if complete else ""
        rows.append(row)
    columns = ["key", "student", *identifiers, "file", "status", "late", "variant", *names]
    columns += [f"{name} before" for name in regraded] + ["total", "complete", "seconds"]
    write_whole(out / "grades.csv", _csv(columns, rows))
    possible = sum(question.points for question in master.questions)
    canvas = [result for result in results if result["key"].startswith("canvas-")]
    if canvas:
        columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", master.title]
        head = {"Student": "    Points Possible", master.title: possible}
        lines = [
            {"Student": _safe(r["student"]), "ID": r["identifiers"]["ID"], master.title: totals[r["key"]]}
            for r in canvas
        ]
        write_whole(out / "canvas.csv", _csv(columns, [head, *lines]))
    moodle = [result for result in results if result["key"].startswith("moodle-")]
    if moodle:
        columns = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"]
        lines = [r["identifiers"] | {"Grade": totals[r["key"]], "Maximum Grade": possible} for r in moodle]
        write_whole(out / "moodle.csv", _csv(columns, lines))


def _csv(columns: list[str], rows: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
