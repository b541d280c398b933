"""The directive ``course-commands``: every command of ``course`` with its help, read from the program itself."""

import textwrap
from collections.abc import Iterator

import typer
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_utils import cli


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("course-commands", CourseCommands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CourseCommands(SphinxDirective):
    """One section for each command: usage, help, arguments and options."""

    def run(self) -> list[nodes.Node]:
        """Build the sections."""
        self.env.note_dependency(cli.__file__)
        commands = _commands(typer.main.get_command(cli.app), "course")
        return [_section(self.state.document, name, command) for name, command in commands]


def _commands(command: object, name: str) -> Iterator[tuple[str, object]]:
    # A group that does nothing without a sub-command needs no section of its own.
    if not hasattr(command, "commands") or command.invoke_without_command:
        yield name, command
    for sub_name, sub_command in getattr(command, "commands", {}).items():
        yield from _commands(sub_command, f"{name} {sub_name}")


def _section(document: nodes.document, name: str, command: object) -> nodes.section:
    section = nodes.section("", nodes.title("", "", nodes.literal(text=name)), names=[name])
    document.note_implicit_target(section, section)
    parameters = [p for p in command.params if p.name != "help"]
    # As wide as the book's code, so that it stands beside its text.
    words = " ".join([name, *map(_usage, parameters)])
    usage = textwrap.fill(words, 80, subsequent_indent="    ", break_on_hyphens=False)
    section += nodes.literal_block(usage, usage, language="text")
    section += _prose(command.help)
    if parameters:
        section += nodes.definition_list("", *map(_explained, parameters))
    return section


def _usage(parameter: object) -> str:
    word = _word(parameter)
    return word if parameter.required else f"[{word}]"


def _word(parameter: object) -> str:
    if parameter.param_type_name == "option":
        return parameter.opts[0]
    name = parameter.name.upper()
    return f"{name.removesuffix('S')}…" if parameter.nargs == -1 else name


def _explained(parameter: object) -> nodes.definition_list_item:
    term = nodes.term("", "", nodes.literal(text=_word(parameter)))
    return nodes.definition_list_item("", term, nodes.definition("", _prose(parameter.help)))


def _prose(text: str | None) -> nodes.paragraph:
    # Help texts mark code with backticks: every second piece is one.
    pieces = (text or "").strip().split("`")
    return nodes.paragraph("", "", *[nodes.literal(text=p) if i % 2 else nodes.Text(p) for i, p in enumerate(pieces)])
