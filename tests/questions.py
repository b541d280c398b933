"""The questions of the chapters, as the book reads them."""

import sys

import nbformat
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from .laboratories import CHAPTERS, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import book_quiz


def parsed(markdown: str):
    return publish_doctree(markdown, parser=Parser(), settings_overrides={"report_level": 5})


def read_questions(markdown: str) -> list[book_quiz.Question]:
    document = parsed(markdown)
    book_quiz.check(document, "page")
    return list(book_quiz.questions(document, "page"))


def questions_in(name: str) -> list[book_quiz.Question]:
    cells = nbformat.read(CHAPTERS[name], as_version=4).cells
    return read_questions("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))


QUESTIONS = {name: questions_in(name) for name in CHAPTERS}
