"""Figures as a chapter's run stores them for the page: as vectors, once wide and once for a phone.

Colours, sizes and the dark page are the book's business: ``book/_ext/book_figures.py`` makes what it shows out of what
is stored here, so that a new look needs no new run. Next to this, each figure keeps the PNG that Jupyter shows.
"""

from __future__ import annotations

import base64
import io
import math
import re
import textwrap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec
    from matplotlib.text import Text

MIME = "application/vnd.nn-by-experiment.figure+json"
# Inches. At 8.6 inches in the 750 pixels of the page's column, and at 4.2 in the 358 of a phone's, ten-point text is
# twelve pixels high.
WIDE, NARROW = 8.6, 4.2
# What is drawn on an image keeps its colours when the paper turns dark.
ON_IMAGE = "on-image"
# Pixels of images for each inch, and how many colours tell a photograph from a chart.
_DPI, _MANY_COLOURS = 180, 2000
_STAMPS = 6  # pictures beside each other on a phone
_SMALLEST = 0.75  # of its size, to which a title may shrink
_APART = 0.25  # of a row, between blocks of two rows
_PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def register() -> None:
    """Make this IPython kernel add the page's versions to every figure that it shows."""
    from IPython import get_ipython
    from IPython.core.formatters import JSONFormatter

    class PageFormatter(JSONFormatter):
        format_type = MIME
        print_method = "_repr_page_figure_"

        def pop(self, typ: Any, default: Any = None) -> Any:
            """Keep figures: matplotlib, when it begins to show them, takes them away from every formatter."""
            return default

    formatter = PageFormatter()
    formatter.for_type_by_name("matplotlib.figure", "Figure", versions)
    get_ipython().display_formatter.formatters[MIME] = formatter


def versions(figure: Figure) -> dict[str, str]:
    """Draw a figure in both layouts.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Looks afterwards as before.

    Returns
    -------
    dict of str to str
        ``wide`` and ``narrow``: SVG, compressed with zlib, in Base64. ``narrow`` is missing where the figure is that
        narrow already.
    """
    with _marked(figure):
        with _wide(figure), _titles_that_fit(figure):
            drawn = {"wide": _packed(_svg(figure))}
        if figure.get_figwidth() > NARROW:
            with _narrow(figure), _titles_that_fit(figure), _legends_clear(figure), _names_whole(figure):
                drawn["narrow"] = _packed(_svg(figure))
    return drawn


def unpacked(packed: str) -> str:
    """Return the SVG that :func:`versions` has packed."""
    return zlib.decompress(base64.b64decode(packed)).decode()


def _packed(svg: str) -> str:
    return base64.b64encode(zlib.compress(svg.encode(), 9)).decode()


def _svg(figure: Figure) -> str:
    import matplotlib as mpl

    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "nn-by-experiment"}):
        # Paper is what the page has; what somebody painted is part of the picture.
        figure.savefig(
            file,
            format="svg",
            dpi=_DPI,
            transparent=mpl.colors.same_color(figure.get_facecolor(), "white"),
            bbox_inches="tight",
            pad_inches=0.04,
            metadata={"Date": None},
        )
    return _PNG.sub(_smaller, file.getvalue())


def _smaller(match: re.Match[str]) -> str:
    """Store an image in the smaller form: a photograph with losses that nobody sees, a chart without."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(match[1])))
    lossless = image.getcolors(_MANY_COLOURS) is not None
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=lossless, quality=40 if lossless else 80, method=3)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


@contextmanager
def _marked(figure: Figure) -> Iterator[None]:
    """Mark what is drawn on an image, and text on a coloured field, by the name that their groups get in the SVG."""
    figure.draw_without_rendering()
    marked: list[Artist] = []
    for axes in figure.axes:
        if axes.images or _is_filled_with_contours(axes):
            marked += [*axes.texts, *axes.lines, *axes.patches, *axes.collections]
        else:
            marked += [text for text in axes.texts if _is_on_a_coloured_field(text, axes)]
    names = [artist.get_gid() for artist in marked]
    for number, artist in enumerate(marked):
        artist.set_gid(f"{ON_IMAGE}-{number}")
    try:
        yield
    finally:
        for artist, name in zip(marked, names, strict=True):
            artist.set_gid(name)


def _is_filled_with_contours(axes: Axes) -> bool:
    from matplotlib.contour import ContourSet

    return any(isinstance(drawn, ContourSet) and drawn.filled for drawn in axes.collections)


def _is_on_a_coloured_field(text: Text, axes: Axes) -> bool:
    from matplotlib.colors import to_rgba

    box = text.get_window_extent()
    middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    fields = [patch for patch in axes.patches if patch.get_fill() and patch.contains_point(middle)]
    if not fields:
        return False
    red, green, blue, opacity = to_rgba(max(fields, key=lambda field: field.get_zorder()).get_facecolor())
    return opacity > 0.5 and max(red, green, blue) - min(red, green, blue) > 0.1


@contextmanager
def _wide(figure: Figure) -> Iterator[None]:
    """Let a figure that is wider than the page be as wide as it."""
    width, height = figure.get_size_inches()
    if width > WIDE:
        figure.set_size_inches(WIDE, height * max(WIDE / width, 0.75))
    try:
        yield
    finally:
        figure.set_size_inches(width, height)


@contextmanager
def _titles_that_fit(figure: Figure) -> Iterator[None]:
    """Break titles of panels that would run into their neighbours, or off the paper; a long word becomes smaller."""
    figure.draw_without_rendering()
    right = figure.bbox.width
    changed = []
    for axes in figure.axes:
        spec = axes.get_subplotspec()
        columns = spec.get_gridspec().ncols / len(spec.colspan) if spec is not None else 1
        room = 0.97 * right / columns
        title = axes.title
        written, wide = title.get_text(), title.get_window_extent().width
        if written and wide > room and "\n" not in written:
            letters = max(int(len(written) * room / wide), 8)
            changed.append((title, written, title.get_fontsize()))
            title.set_text(textwrap.fill(written, letters, break_long_words=False, break_on_hyphens=False))
            left = 0.94 * room / title.get_window_extent().width  # with a gap to the next
            title.set_fontsize(float(title.get_fontsize()) * min(max(left, _SMALLEST), 1))
    try:
        yield
    finally:
        for title, written, size in changed:
            title.set_text(written)
            title.set_fontsize(size)


@contextmanager
def _narrow(figure: Figure) -> Iterator[None]:
    """Let a figure be as wide as a phone: panels that stand side by side come to stand below each other.

    Panels stay in their order. Where a row belongs together, because only its first panel has a label or only the
    first row has titles, rows and columns stay as they are, and everything becomes smaller but the text. Two rows of
    pictures without titles stay one above the other: half of the columns come below the other half, at a distance.
    Legends move to where they cover least.
    """
    from matplotlib.gridspec import GridSpec

    width, height = figure.get_size_inches()
    engine = figure.get_layout_engine()
    panels = _panels(figure)
    before = [(axes, _field(axes), axes.yaxis.get_tick_params().get("labelleft", True)) for axes in panels]
    rows, columns = _field(panels[0]).get_gridspec().get_geometry() if panels else (1, 1)
    fewer = _columns(panels, rows, columns, width)
    # The names of points would take the room of what they stand in.
    names = [text for axes in figure.axes for text in axes.texts if _names_a_point(text) and text.get_in_layout()]
    for text in names:
        text.set_in_layout(False)
    # There is no public way to ask a legend where it is to be; what is outside of its panel stays there.
    placed: list[tuple[Any, Any]] = [(legend, legend._loc) for legend in map(_legend_inside, figure.axes) if legend]
    for legend, _ in placed:
        legend.set_loc("best")
    if fewer < columns:
        in_pairs = _are_pairs(panels, rows, columns)
        order = _by_blocks(columns, fewer) if in_pairs else range(len(panels))
        # Behind each two rows of pairs but the last comes a low one that stays empty.
        heights = ([1, 1, _APART] * -(-columns // fewer))[:-1] if in_pairs else [1] * -(-len(panels) // fewer)
        grown = min(NARROW / fewer / (width / columns), 1.15)
        figure.set_size_inches(NARROW, max(height / rows * grown, 0.9) * sum(heights))
        grid = GridSpec(len(heights), fewer, figure=figure, height_ratios=heights)
        # A layout that was worked out once, as tight_layout does, fits the old places only.
        figure.set_layout_engine("compressed" if _all_pictures(panels) else "constrained")
        for number, axes in zip(order, panels, strict=True):
            axes.set_subplotspec(grid[number // fewer, number % fewer])
            if number % fewer == 0:
                axes.yaxis.set_tick_params(labelleft=True)
    else:
        figure.set_size_inches(NARROW, height * max(NARROW / width, 0.75))
    try:
        yield
    finally:
        figure.set_size_inches(width, height)
        figure.set_layout_engine(engine if engine is not None else "none")
        for legend, place in placed:
            legend._loc = place
        for text in names:
            text.set_in_layout(True)
        for axes, spec, labelled in before:
            axes.set_subplotspec(spec)
            axes.yaxis.set_tick_params(labelleft=labelled)


@contextmanager
def _legends_clear(figure: Figure) -> Iterator[None]:
    """Put a legend that would hide points of a line below its panel, where there is room."""
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    hiding = [
        (axes, legend) for axes in figure.axes if (legend := _legend_inside(axes)) and _hides_points(legend, axes)
    ]
    placed = [legend._loc for _, legend in hiding]  # as in _narrow
    for axes, legend in hiding:
        legend.set_in_layout(False)
        around: Any = axes.get_tightbbox()
        legend.set_in_layout(True)
        legend.set_bbox_to_anchor((0.5, (around.y0 - axes.bbox.y0) / axes.bbox.height), axes.transAxes)
        legend.set_loc("upper center")
    if hiding:
        rows = max(spec.get_gridspec().nrows for axes in figure.axes if (spec := axes.get_subplotspec()))
        room = max(legend.get_window_extent().height for _, legend in hiding) / figure.dpi
        figure.set_size_inches(width, height + rows * room)
    try:
        yield
    finally:
        figure.set_size_inches(width, height)
        for (_, legend), place in zip(hiding, placed, strict=True):
            legend.set_bbox_to_anchor(None)
            legend._loc = place


def _hides_points(legend: Any, axes: Axes) -> bool:
    """Whether a legend lies on a point of a line, an end of an error bar, or a dot."""
    box = legend.get_window_extent()
    points: list[Any] = [line.get_transform().transform(line.get_xydata()) for line in axes.lines]
    for drawn in axes.collections:
        outlines: list[Any] = [path.vertices for path in drawn.get_paths()]
        points += [drawn.get_transform().transform(ends) for ends in outlines if len(ends) == 2]
        points.append(drawn.get_offset_transform().transform(drawn.get_offsets()))
    return any(box.count_contains(each) for each in points if len(each))


@contextmanager
def _names_whole(figure: Figure) -> Iterator[None]:
    """Have the names of points in the picture that had no say in its layout; it becomes wider for a long one."""
    figure.draw_without_rendering()
    engine = figure.get_layout_engine()
    texts = [text for axes in figure.axes for text in axes.texts if _names_a_point(text)]
    names = [text for text in texts if not text.get_in_layout()]
    figure.set_layout_engine("none")
    for text in names:
        text.set_in_layout(True)
    try:
        yield
    finally:
        for text in names:
            text.set_in_layout(False)
        figure.set_layout_engine(engine if engine is not None else "none")


def _names_a_point(text: Text) -> bool:
    return getattr(text, "anncoords", None) == "offset points"


def _legend_inside(axes: Axes) -> Any:
    """Return the legend of a panel that shows something else, too, unless it was put outside; or None."""
    legend: Any = axes.get_legend()
    return legend if legend is not None and axes.axison and legend.get_bbox_to_anchor() is axes.bbox else None


def _panels(figure: Figure) -> list[Axes]:
    """Return the panels of a figure that is one grid of them, each in one field, in reading order; or nothing."""
    fields = [(_field(axes), axes) for axes in figure.axes if axes.get_subplotspec() is not None]
    if len({id(spec.get_gridspec()) for spec, _ in fields}) != 1:
        return []
    if any(len(spec.rowspan) > 1 or len(spec.colspan) > 1 for spec, _ in fields):
        return []
    panels = {spec.num1: axes for spec, axes in fields}
    # Two in one field are twin axes.
    return [panels[number] for number in sorted(panels)] if len(panels) == len(fields) else []


def _all_pictures(panels: list[Axes]) -> bool:
    return all(axes.images or not axes.axison for axes in panels)


def _are_pairs(panels: list[Axes], rows: int, columns: int) -> bool:
    """Whether they are pictures in two rows to be compared; with a title each they are read one after another."""
    speak = any(axes.get_title() or axes.get_title("left") for axes in panels)
    return rows == 2 and len(panels) == 2 * columns and _all_pictures(panels) and not speak


def _by_blocks(columns: int, fewer: int) -> list[int]:
    """Places of two rows of panels where blocks of columns come below each other, with an empty row between them."""
    return [(3 * (column // fewer) + row) * fewer + column % fewer for row in range(2) for column in range(columns)]


def _field(axes: Axes) -> SubplotSpec:
    spec = axes.get_subplotspec()
    assert spec is not None
    return spec


def _columns(panels: list[Axes], rows: int, columns: int, width: float) -> int:
    """Choose how many columns of panels a phone shows."""
    room = max(1, int(columns * NARROW / width + 0.35))
    if columns == 1 or room >= columns:
        return columns
    # Pictures in rows are looked at across; as small as a stamp they can still be told apart, and enlarged.
    if rows > 2 and columns <= _STAMPS and _all_pictures(panels):
        return columns
    # One that only holds the legend has nothing to say of its own.
    shown = [axes for axes in panels if axes.axison or axes.has_data()]
    speak = [axes for axes in panels if axes.get_title() or axes.get_title("left")]
    labelled = [axes for axes in panels if axes.get_ylabel()]
    if rows > 1 and (len(speak) < len(shown) or 0 < len(labelled) < len(shown)) and (speak or labelled):
        return columns
    if _are_pairs(panels, rows, columns):
        # Blocks that are as wide as each other, as far as that goes: 3 and 2 of five, and not 2, 2 and 1.
        return math.ceil(columns / math.ceil(columns / (room + 1)))
    # A full last row, if there is a number of columns that gives one and is not far smaller.
    return next((n for n in range(room, 0, -1) if len(panels) % n == 0 and n > room / 2), room)
