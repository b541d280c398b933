"""The ``course`` command: every sub-command is one call into a room, and a table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from . import __version__, _terminal

if TYPE_CHECKING:
    from .chapters import Outcome
    from .data import Dataset


class _Commands(TyperGroup):
    """What holds for every command: any terminal can show what it says, and it never ends in a traceback."""

    def main(self, *args: Any, **options: Any) -> Any:
        _terminal.never_fail()
        return super().main(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            _errors.print(Text(f"Stopped. {stop}".rstrip()), soft_wrap=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:  # whoever reads our output has enough of it
            raise
        except OSError as error:
            place = f": {error.filename}" if error.filename else ""
            raise _fail(f"{error.strerror or error}{place}") from None


app = typer.Typer(
    cls=_Commands,
    help="Run, check and verify the chapters of Neural Networks by Experiment, and fetch their data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
data_app = typer.Typer(help="Show which data is available, real or embedded; fetch the real one.")
app.add_typer(data_app, name="data", invoke_without_command=True)
assign_app = typer.Typer(help="Hand out graded assignments, and prove their masters.", no_args_is_help=True)
app.add_typer(assign_app, name="assign")

_console = Console()
_errors = Console(stderr=True)

Chapters = Annotated[list[str] | None, typer.Argument(help="Topics, numbers or files; all chapters if none is given.")]


def _fail(error: Exception | str) -> typer.Exit:
    # Tracebacks of notebooks carry ANSI colours, and brackets that are no markup.
    _errors.print(Text.from_ansi(str(error)), soft_wrap=True)
    return typer.Exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        _console.print(f"course-utils {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def course(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Do what every command needs."""


@data_app.callback()
def data(context: typer.Context) -> None:
    """Show which data is available, real or embedded, with sizes and licences."""
    if context.invoked_subcommand is not None:
        return
    from . import data as room

    table = Table("name", "what", "here now", "real size", "licence")
    try:
        entries = room.catalogue()
    except room.DataError as error:
        raise _fail(error) from None
    for entry in entries:
        table.add_row(entry.name, entry.title, _where(entry), entry.size, entry.licence)
    _console.print(table)
    _console.print("Fetch real data with: course data fetch NAME", style="dim")


def _where(entry: Dataset) -> str:
    return f"{entry.available}: {entry.where}"


@data_app.command()
def fetch(name: Annotated[str, typer.Argument(help="A name from `course data`.")]) -> None:
    """Fetch a real data set into the local cache."""
    from . import data as room

    try:
        path = room.fetch(name)
    except room.DataError as error:
        raise _fail(error) from None
    _console.print(f"[green]✓[/] {name}: {path}", soft_wrap=True)  # a path must stay whole, to be copied


@app.command()
def run(
    chapters: Chapters = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only those whose outputs `course check` finds stale.")
    ] = False,
    embedded: Annotated[
        bool,
        typer.Option(
            "--embedded", help="On the embedded sample, into `_build/embedded`; the chapters stay as they are."
        ),
    ] = False,
) -> None:
    """Execute chapters on the best data available and store their outputs; what you edit meanwhile is kept."""
    from . import chapters as room
    from . import experiments

    try:
        paths = room.find(chapters or ())
        if stale:
            reasons = room.stale(chapters or ())
            for path, why in reasons.items():
                _console.print(Text(f"{path.stem} is stale: {'; '.join(why)}"), soft_wrap=True)
            if not reasons:
                _console.print("[green]✓[/] nothing is stale")
            paths = list(reasons)
        (room.run_embedded if embedded else room.run)(paths, _console)
    except (room.ChapterError, experiments.ExperimentError) as error:
        raise _fail(error) from None


@app.command()
def check(
    chapters: Chapters = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Rewrite numbers in prose that disagree with their record.")
    ] = False,
) -> None:
    """Check numbers in prose, stale outputs, places of chapters, Markdown and alt texts; nothing is run."""
    from . import chapters as room
    from . import experiments

    try:
        findings, fixed = room.check(fix=fix, names=chapters or ())
        checked = len(room.find(chapters or ()))
    except (room.ChapterError, experiments.ExperimentError) as error:
        raise _fail(error) from None
    for finding in findings:
        place = f"{finding.path.name}, {finding.place}: {finding.message} "
        _console.print(Text(place).append(f"[{finding.code}]", style="dim"), soft_wrap=True)
    if fixed:
        _console.print(f"{fixed} cells or pages rewritten")
    if findings:
        _errors.print(f"[red]✗[/] {len(findings)} findings")
        raise typer.Exit(1)
    _console.print(f"[green]✓[/] {checked} chapter{'s' * (checked != 1)}: prose, outputs, Markdown and alt texts agree")


@app.command()
def renumber(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change; change nothing.")] = False,
) -> None:
    """Give chapters the numbers of their places in _toc.yml: files, links, and `chapter N` in prose."""
    from . import chapters as room

    try:
        result = room.renumber(dry_run=dry_run)
    except room.ChapterError as error:
        raise _fail(error) from None
    for old, new in result.renamed.items():
        _console.print(f"{old.name} → {new.name}", soft_wrap=True, highlight=False)
    for mention in result.rewritten if dry_run else ():
        place = f"{mention.path.name}, {mention.place}: {mention.before} → {mention.after}"
        _console.print(Text(place), soft_wrap=True)
    for mention in result.left:
        place = f"{mention.path.name}, {mention.place}: {mention.before} is {mention.after} now, but stands in code: "
        _errors.print(Text(place + "change it by hand"), soft_wrap=True)
    done = f"{len(result.renamed)} chapters renamed, {len(result.rewritten)} mentions rewritten"
    _console.print(f"{done} if not for --dry-run" if dry_run else f"[green]✓[/] {done}")


@app.command()
def verify(
    chapters: Chapters = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Go on where a chapter breaks, and write what became of each into this JSON file."),
    ] = None,
) -> None:
    """Run chapters again beside their stored outputs and compare every recorded value."""
    from . import chapters as room

    try:
        if report:
            _show(room.survey(room.find(chapters or ()), report, _console))
            return
        comparisons = room.verify(room.find(chapters or ()), _console)
    except room.ChapterError as error:
        raise _fail(error) from None
    table = Table("chapter", "record", "stored", "now", "tolerance", "among seeds", "")
    for c in comparisons:
        mark = "[green]✓[/]" if c.agrees else "[red]✗[/]"
        table.add_row(c.chapter, c.name, *map(_short, (c.stored, c.fresh, c.tolerance)), c.place, mark)
    _console.print(table)
    wrong = sum(not c.agrees for c in comparisons)
    if wrong:
        _errors.print(f"[red]✗[/] {wrong} of {len(comparisons)} values left their tolerance")
        raise typer.Exit(1)
    _console.print(f"[green]✓[/] all {len(comparisons)} values within their tolerance")


def _show(outcomes: dict[str, Outcome]) -> None:
    table = Table("chapter", "verdict", "values", "differ", "")
    for name, outcome in outcomes.items():
        why = outcome.why or ", ".join(outcome.changed)
        table.add_row(name, outcome.verdict, str(outcome.values), str(outcome.differ), Text(why))
    _console.print(table)
    bad = sum(outcome.verdict not in ("same", "within") for outcome in outcomes.values())
    if bad:
        _errors.print(f"[red]✗[/] {bad} of {len(outcomes)} chapters changed, broke or could not be run")
        raise typer.Exit(1)
    _console.print(f"[green]✓[/] {len(outcomes)} chapters hold")


@app.command()
def spread(
    chapters: Chapters = None,
    runs: Annotated[int, typer.Option(min=1, help="How many other seeds each chapter gets.")] = 2,
) -> None:
    """Run chapters with other seeds and keep what these give: how far they lie apart bounds every tolerance."""
    from . import chapters as room

    try:
        values = room.spread(room.find(chapters or ()), runs, _console)
    except room.ChapterError as error:
        raise _fail(error) from None
    _console.print(f"[green]✓[/] {values} values with other seeds")


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Experiments, or chapters by topic or number; all if none is given.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, help="How many seeds each gets; by default 10 below a minute, 5 below 5, else 3."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a dask scheduler, such as tcp://10.0.0.5:8786, whose workers make the runs."),
    ] = None,
) -> None:
    """Train published recipes and our answers in turn, resumably; append what was measured to book/results.jsonl."""
    from . import chapters
    from . import experiments as room

    try:
        wanted = [_topic(name) if name[:1].isdecimal() else name for name in names or ()]
        appended = room.bench(wanted, seeds, console=_console, scheduler=scheduler)
    except (room.ExperimentError, chapters.ChapterError) as error:
        raise _fail(error) from None
    _console.print(f"[green]✓[/] {appended} runs added to the results")


@assign_app.command("release")
def assign_release(
    names: Annotated[list[str], typer.Argument(help="Assignments, such as convolution.", metavar="NAME...")],
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    variant: Annotated[int, typer.Option(min=0, help="The seed of the data and numbers; another year, another.")] = 0,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV file with a line for each student: everybody gets a variant.")
    ] = None,
) -> None:
    """Write the students' notebooks, without solutions and hidden tests.

    Beside them stand the solutions and gradescope.zip, Gradescope's autograder: both hold what students must not see.
    """
    from . import assignments as room

    try:
        written = room.release(names, out, variant, roster)
    except room.AssignmentError as error:
        raise _fail(error) from None
    kept = "solutions and gradescope.zip beside them are for you alone"
    _console.print(f"[green]✓[/] {len(written)} student notebooks in {out}; {kept}", soft_wrap=True)


@assign_app.command("check")
def assign_check(
    names: Annotated[list[str] | None, typer.Argument(help="Assignments; all if none is given.")] = None,
) -> None:
    """Prove masters: solutions and equally right answers pass, each wrong answer fails with its own message."""
    from . import assignments as room

    count = 0
    problems = []
    try:
        for proof in room.prove(names or room.names()):
            count += 1
            if proof.problem:
                problems.append(proof)
    except room.AssignmentError as error:
        raise _fail(error) from None
    for proof in problems:
        place = f"{proof.assignment}, variant {proof.variant}, {proof.question} {proof.answer}: {proof.problem}"
        _console.print(Text(place), soft_wrap=True)
    if problems:
        _errors.print(f"[red]✗[/] {len(problems)} of {count} answers are not judged as they should be")
        raise typer.Exit(1)
    _console.print(f"[green]✓[/] {count} answers judged as they should be")


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or zip as a learning platform exports it.")],
    assignment: Annotated[str, typer.Option(help="The assignment's name.")],
    out: Annotated[Path, typer.Option(help="The folder for grades, feedback and oral questions.")],
    workers: Annotated[int, typer.Option(min=1, help="How many submissions to judge at the same time.")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a dask scheduler, such as tcp://10.0.0.5:8786, whose workers judge instead."),
    ] = None,
    variant: Annotated[int, typer.Option(min=0, help="The variant that was released to everybody.")] = 0,
    roster: Annotated[Path | None, typer.Option(help="The variants.csv that `assign release --roster` wrote.")] = None,
    regrade: Annotated[
        str | None, typer.Option(help="A question to judge again after its tests were mended.", metavar="QUESTION")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox/--no-sandbox", help="Shut student code in, or let it run as you.")
    ] = True,
) -> None:
    """Judge submissions in a sandbox; write grades, feedback, oral questions and what platforms import."""
    from . import assignments as room

    if not sandbox:
        _errors.print("[yellow]![/] Without a sandbox, students' code can read, change and send whatever you can.")
    try:
        with Progress(console=_errors, transient=True) as progress:
            task = progress.add_task("judging", total=None)
            summary = room.grade(
                submissions,
                assignment,
                out,
                workers=workers,
                scheduler=scheduler,
                variant=variant,
                roster=roster,
                sandbox=sandbox,
                regrade=regrade,
                progress=lambda done, of: progress.update(task, completed=done, total=of),
            )
    except room.AssignmentError as error:
        raise _fail(error) from None
    for status, count in sorted(summary.problems.items()):
        _console.print(Text(f"{count} × {status}"), soft_wrap=True)
    for sentence in summary.advice:
        _console.print(Text(sentence), soft_wrap=True)
    graded = f"{summary.graded} of {summary.found} submissions have a grade, {summary.judged} judged now"
    _console.print(f"[green]✓[/] {graded}: {out / 'grades.csv'}", soft_wrap=True)


class _Form(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


# What follows the script's name is the script's, options included.
@app.command(context_settings={"allow_interspersed_args": False, "ignore_unknown_options": True})
def doctor(
    script: Annotated[Path, typer.Argument(help="A Python file.", metavar="SCRIPT.py")],
    arguments: Annotated[
        list[str] | None, typer.Argument(help="The script's own arguments.", metavar="[ARGS]...")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print the whole traceback, not a shortened one.")] = False,
    before: Annotated[
        bool, typer.Option("--before", help="Look at the model and the data of every fit before it runs, too.")
    ] = False,
    after: Annotated[
        bool, typer.Option("--after", help="Look at how every fit went, and at what is asked then.")
    ] = False,
    form: Annotated[
        _Form, typer.Option("--format", help="Print text, one JSON object, or the text and GitHub's annotations.")
    ] = _Form.TEXT,
) -> None:
    """Run a script as Python does; if Keras stops it, say in plain words what is wrong and which line to change."""
    from .doctor._shown import _script

    looks = {"before": before, "after": after}
    status = _script.run(script, arguments or (), full=full, form=form.value, console=_errors, **looks)
    raise typer.Exit(status)


def _topic(number: str) -> str:
    from . import chapters

    (chapter,) = chapters.find([number])
    return chapters.topic(chapter)


def _short(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
