"""Tables of what was measured: published recipes and our answers, side by side, and how soon each was how good.

``measured-experiments`` reads ``book/results.jsonl`` as chapters and ``course check`` do: for each experiment and seed
the last run; several seeds are shown as their median and range.
"""

import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from string import ascii_uppercase
from types import MappingProxyType

from book_recorded import link_to, table
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_utils import chapters
from course_utils.experiments import Experiment, find
from course_utils.experiments._alone import quiet, was_alone
from course_utils.experiments._results import read, seeds_wanted

_JOINED = "\N{WORD JOINER}"
_HEAD = ["Experiment", "Published", "Accuracy", "On", "Seeds", "Minutes", "Images/s", "Parameters", "Memory"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("measured-experiments", MeasuredExperiments)
    app.add_directive("measured-surroundings", MeasuredSurroundings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class _FromResults(SphinxDirective):
    def runs(self) -> list[dict]:
        """Every run that counts; the page is built anew when one is added."""
        path = Path(self.env.srcdir) / "book" / "results.jsonl"
        self.env.note_dependency(str(path))
        return read(path)


class MeasuredExperiments(_FromResults):
    """For each chapter a table of its experiments."""

    def run(self) -> list[nodes.Node]:
        """Build the tables."""
        runs = self.runs()
        found: list[nodes.Node] = []
        for chapter in chapters.find(folder=Path(self.env.srcdir)):
            experiments = [e for e in find() if e.chapter == chapters.topic(chapter)]
            if not experiments:
                continue
            of_each = {e: [r for r in runs if r["name"] == e.name] for e in experiments}
            machines = lettered([run for of_one in of_each.values() for run in of_one])
            rows = [row(experiment, of_one, machines) for experiment, of_one in of_each.items()]
            found += [nodes.rubric("", "", link_to(chapter, self.env.docname))]
            if machines:
                told = "; ".join(f"{letter}, {machine}" for machine, letter in machines.items())
                found += [nodes.paragraph(text=f"Times were taken on different machines: {told}.")]
            found += [table(_HEAD, rows, "results")]
            found += sooner({experiment.title: of_one for experiment, of_one in of_each.items()})
        return found


class MeasuredSurroundings(_FromResults):
    """On which machines, with which versions and when the runs were made."""

    def run(self) -> list[nodes.Node]:
        """Build a list with an entry for each combination."""
        seen = dict.fromkeys(surroundings(run) for run in self.runs())
        items = [nodes.list_item("", nodes.paragraph(text=text)) for text in seen]
        return [nodes.bullet_list("", *items)] if items else [nodes.paragraph(text="Nothing has been measured yet.")]


def row(
    experiment: Experiment, runs: list[dict], machines: Mapping[str, str] = MappingProxyType({})
) -> list[str | nodes.Node]:
    """Say what was published about an experiment, and what its runs gave; times with the letter of the machine."""
    name = nodes.paragraph("", experiment.title, nodes.Text(" "), nodes.literal(text=experiment.name))
    name["ids"] = [f"bench-{experiment.name}"]  # numbers in prose link here
    name += nodes.Text("" if experiment.role == "recipe" else " (ours)")
    if not runs:
        return [name, published(experiment), "not measured yet", *[""] * (len(_HEAD) - 3)]
    return [
        name,
        published(experiment),
        accuracy(runs),
        runs[0]["on"],
        seeds(runs),
        timed(runs, "minutes", "{:.1f}".format, machines),
        timed(runs, "images_per_second", "{:,.0f}".format, machines),
        f"{runs[0]['parameters']:,}",
        spread(runs, "peak_memory_mb", lambda megabytes: f"{megabytes / 1000:.1f}", " GB"),
    ]


def seeds(runs: list[dict]) -> str:
    """Return the number of runs, and where the rule asks for more, for how many."""
    wanted = seeds_wanted(statistics.median(run["minutes"] for run in quiet(runs)))
    return str(len(runs)) if len(runs) >= wanted else f"{len(runs)} of {wanted}"


def sooner(runs: dict[str, list[dict]]) -> list[nodes.Node]:
    """Build tables of the minutes until each round accuracy, one for each hardware; of the seeds the median."""
    every = [run for of_one in runs.values() for run in of_one]
    tables = []
    for hardware in dict.fromkeys(run["hardware"] for run in every):
        here = {title: quiet(r for r in of_one if r["hardware"] == hardware) for title, of_one in runs.items()}
        here = {title + shared(of_one): of_one for title, of_one in here.items() if of_one}
        reached = {title: [run["minutes_to"] for run in of_one] for title, of_one in here.items()}
        marks = sorted({mark for seeds in reached.values() for minutes in seeds for mark in minutes}, key=float)
        rows = [[title, *(_median_minutes(seeds, mark) for mark in marks)] for title, seeds in reached.items()]
        where = f" ({hardware})" if lettered(every) else ""
        if marks:
            fields = ["", *(f"minutes to {mark}" for mark in marks)]
            tables.append(table([f"Minutes until validation reaches{where}", *marks], rows, "results", fields))
    return tables


def lettered(runs: list[dict]) -> dict[str, str]:
    """Give a letter to each of the machines that runs were made on; to none where there is but one.

    The times of different machines must not be read side by side.
    """
    machines = dict.fromkeys(run["hardware"] for run in runs)
    return dict(zip(machines, ascii_uppercase, strict=False)) if len(machines) > 1 else {}


def timed(runs: list[dict], key: str, shown: Callable[[float], str], letters: Mapping[str, str]) -> str:
    """Return the median and range of what depends on the machine; where machines are mixed, for each of them."""
    machines = dict.fromkeys(run["hardware"] for run in runs)
    of_each = {machine: quiet(run for run in runs if run["hardware"] == machine) for machine in machines}
    parts = [(spread(of_one, key, shown) + shared(of_one), machine) for machine, of_one in of_each.items()]
    return "; ".join(f"{letters[machine]}: {text}" if letters else text for text, machine in parts)


def shared(runs: list[dict]) -> str:
    """Return the mark of times that were measured while others used the processors; the page explains it."""
    return "" if all(map(was_alone, runs)) else " *"


def _median_minutes(seeds: list[dict[str, float]], mark: str) -> str:
    if any(mark not in minutes for minutes in seeds):
        return "–"  # at least one seed never got there
    return f"{statistics.median(minutes[mark] for minutes in seeds):.1f}"


def published(experiment: Experiment) -> str | nodes.Node:
    """Return the published figure, with its link where it has one, or the confession that there is none."""
    figure = experiment.published
    if figure is None:
        return "ours" if experiment.role == "answer" else "no figure known"
    text = f"{figure.accuracy:g} on {figure.on}"
    if figure.link is None:
        return text
    return nodes.paragraph("", "", nodes.reference("", text, refuri=figure.link))


def accuracy(runs: list[dict]) -> str:
    """Return the median accuracy and its range, and that of the mean with the mirror image."""
    text = spread(runs, "accuracy", "{:.4f}".format)
    if all(run["accuracy_mirrored"] is not None for run in runs):
        text += f"; asked twice {statistics.median(run['accuracy_mirrored'] for run in runs):.4f}"
    return text


def spread(runs: list[dict], key: str, shown: Callable[[float], str], unit: str = "") -> str:
    """Return the median, and where several seeds differ the range, which no line breaks."""
    values = [run[key] for run in runs]
    median, low, high = shown(statistics.median(values)), shown(min(values)), shown(max(values))
    return f"{median}{unit}" + (f" ({low}{_JOINED}–{_JOINED}{high})" if low != high else "")


def surroundings(run: dict) -> str:
    """Say on what a run was made."""
    versions = run["versions"]
    return (
        f"{run['date']}: {run['hardware']}, Python {versions['python']}, Keras {versions['keras']}, "
        f"TensorFlow {versions.get('tensorflow', '–')}"
    )
