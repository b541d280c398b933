"""A line under each chapter's title: where it runs, how to get it, and how long it takes.

The theme works out the addresses from the repository setting and hides them behind a rocket without a word. They are
taken from there, so that one setting serves both.
"""

import html
from pathlib import Path

from sphinx.application import Sphinx

from course_utils.record import read_provenance

_LABELS = {"Colab": "Open in Colab", "Binder": "Binder"}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", _replace_rocket, priority=900)  # after the theme has made its buttons
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _replace_rocket(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    buttons = context.get("header_buttons", [])
    rockets = [button for button in buttons if button.get("label") == "launch-buttons"]
    if not rockets:
        return
    buttons.remove(rockets[0])
    places = {place["text"]: place["url"] for place in rockets[0]["buttons"]}
    notebook = context["pathto"](f"_sources/{context['sourcename']}", 1)
    run = read_provenance(Path(app.env.doc2path(page)))
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{line(places, notebook, run)}", 1)


def line(places: dict[str, str], notebook: str, run: dict | None) -> str:
    """Return the line as HTML.

    Parameters
    ----------
    places : dict of str to str
        The addresses where the chapter runs, by name; Colab first, whatever their order.
    notebook : str
        The address of the notebook itself.
    run : dict or None
        The notebook's ``course.recorded``, if it was recorded.
    """
    links = [(label, places[name], "") for name, label in _LABELS.items() if name in places]
    links.append(("Download notebook", notebook, " download"))
    items = [f'<li><a href="{html.escape(url)}"{how}>{label}</a></li>' for label, url, how in links]
    if run and run.get("seconds") is not None:
        items.append(f'<li class="time">{time_needed(run)}</li>')
    return f'<ul class="launch" aria-label="Run this chapter">{"".join(items)}</ul>'


def time_needed(run: dict) -> str:
    """Say how long the recorded run took, and whether on the real data."""
    seconds = run["seconds"]
    minutes = max(1, round(seconds / 60))
    time = "less than a minute" if seconds < 45 else f"about {minutes} minute{'s' * (minutes > 1)}"
    sources = set((run.get("data") or {}).values()) - {"generated"}
    on = f" on {' and '.join(sorted(sources))} data" if sources else ""
    return f"{time}{on}, as recorded"
