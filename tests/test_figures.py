"""Figures are stored as vectors in two layouts, and are left as they were."""

import itertools
import re

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from course_utils.chapters._execute import _FIGURES
from course_utils.plot import image_grid
from course_utils.plot._page import (
    MIME,
    NARROW,
    WIDE,
    _legends_clear,
    _narrow,
    _titles_that_fit,
    _wide,
    unpacked,
    versions,
)

pytestmark = pytest.mark.lasting


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def panels(rows, columns, size, **options):
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **options)
    for number, ax in enumerate(axes.flat):
        ax.plot([0, 1], [number, 1])
        ax.set_title(f"panel {number}")
    return figure, axes


def places(figure):
    figure.draw_without_rendering()
    return [tuple(ax.get_position().bounds) for ax in figure.axes]


@pytest.mark.parametrize(
    ("rows", "columns", "width", "expected"),
    [(1, 3, 13, 1), (1, 2, 11, 1), (4, 8, 7.2, 4), (2, 2, 4, 2), (1, 4, 7.8, 2)],
)
def test_on_a_phone_panels_come_to_stand_below_each_other_in_their_order(rows, columns, width, expected):
    figure, _ = panels(rows, columns, (width, 2 * rows))
    with _narrow(figure):
        found = places(figure)
    assert len({round(x, 2) for x, *_ in found}) == expected
    in_reading_order = sorted(found, key=lambda box: (-round(box[1], 2), box[0]))
    assert found == in_reading_order


def test_on_a_phone_no_title_stands_on_the_image_above_it():
    images = np.zeros((28, 28, 28), np.uint8)
    figure = image_grid(images, [f"{i}, not 3\n(0.99)" for i in range(28)], columns=7, size=1.1)
    before = places(figure)
    with _narrow(figure):
        figure.draw_without_rendering()
        boxes = [ax.get_window_extent() for ax in figure.axes]
        titles = [ax.title.get_window_extent() for ax in figure.axes]
        assert not any(title.overlaps(box) for title in titles for box in boxes)
    assert places(figure) == before


def test_rows_that_only_the_first_panel_names_stay_together():
    figure, axes = panels(3, 4, (8, 6))
    for row in axes:
        row[0].set_ylabel("a case")
    with _narrow(figure):
        assert len({round(x, 2) for x, *_ in places(figure)}) == 4


def test_a_panel_that_only_holds_the_legend_keeps_no_row_together():
    figure, axes = panels(2, 4, (10, 5))
    for ax in axes.flat[:-1]:
        ax.set(title="a", ylabel="loss")
    axes[1, 3].clear()
    axes[1, 3].axis("off")
    with _narrow(figure):
        figure.draw_without_rendering()
        assert {ax.get_subplotspec().get_gridspec().ncols for ax in axes.flat} == {2}


def test_pictures_one_above_the_other_stay_so_on_a_phone():
    figure, axes = panels(2, 6, (9, 3))
    for ax in axes.flat:
        ax.imshow(np.eye(3))
        ax.set_title("")
    with _narrow(figure):
        found = places(figure)
    upper, lower = found[:6], found[6:]
    assert [round(x, 2) for x, *_ in upper] == [round(x, 2) for x, *_ in lower]
    assert all(0 < over[1] - under[1] < 0.3 for over, under in zip(upper, lower, strict=True))
    assert len({round(x, 2) for x, *_ in found}) < 6


@pytest.mark.parametrize(
    ("columns", "width", "blocks"), [(5, 7, [3, 3, 2, 2]), (8, 8, [4, 4, 4, 4]), (6, 7.8, [3, 3, 3, 3])]
)
def test_two_rows_of_pictures_come_in_blocks_as_wide_as_each_other(columns, width, blocks):
    figure, axes = plt.subplots(2, columns, figsize=(width, 2 * width / columns), layout="constrained")
    for ax in axes.flat:
        ax.imshow(np.eye(4))
        ax.set_axis_off()
    with _narrow(figure):
        heights = [round(y, 2) for _, y, *_ in places(figure)]
    assert [heights.count(height) for height in sorted(set(heights), reverse=True)] == blocks


def test_rows_of_pictures_stay_rows_on_a_phone():
    figure, axes = panels(4, 5, (9, 7.5))
    for ax in axes.flat:
        ax.imshow(np.eye(3))
        ax.set_title("0.5")
    with _narrow(figure):
        assert len({round(x, 2) for x, *_ in places(figure)}) == 5


def test_on_a_phone_a_legend_moves_away_from_what_it_would_cover_and_comes_back():
    figure, axes = panels(1, 1, (8, 3))
    ax = axes[0, 0]
    ax.plot([0, 1], [1, 0], label="falls")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    legend = ax.legend(loc="upper left")

    def middle():
        figure.draw_without_rendering()
        box = ax.transAxes.inverted().transform_bbox(legend.get_window_extent())
        return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2

    before = middle()
    with _narrow(figure):
        x, y = middle()
        assert abs(x + y - 1) > 0.3, "the line goes through the legend"
    assert middle() == before


@pytest.mark.parametrize(("lines", "hidden"), [(5, True), (1, False)])
def test_on_a_phone_a_legend_that_has_no_free_place_stands_below_its_panel(lines, hidden):
    figure, axes = panels(1, 1, (8, 3))
    ax, x = axes[0, 0], np.linspace(0, 1, 200)
    for k in range(lines):
        ax.plot(x, (k + np.sin(40 * x)) / 5, label=f"number {k}")
    ax.set(xlabel="time", ylim=(-1, 1.2))
    legend = ax.legend(loc="upper left")
    figure.draw_without_rendering()
    before, size = legend.get_window_extent().bounds, tuple(figure.get_size_inches())
    with _narrow(figure), _legends_clear(figure):
        figure.draw_without_rendering()
        is_below = legend.get_window_extent().y1 <= ax.xaxis.label.get_window_extent().y0 + 1
        assert ax.bbox.height > 100
    assert is_below == hidden
    figure.draw_without_rendering()
    assert (legend.get_window_extent().bounds, tuple(figure.get_size_inches())) == (before, size)


def test_on_a_phone_rows_of_photographs_come_close_together():
    figure, axes = panels(2, 6, (9, 4))
    for ax in axes.flat:
        ax.imshow(np.zeros((30, 40, 3)))
        ax.set(title="", xticks=[], yticks=[])
    with _narrow(figure):
        found = places(figure)
    bottoms = sorted({round(y, 3) for _, y, *_ in found})
    below, between, above = (upper - lower for lower, upper in itertools.pairwise(bottoms))
    assert max(below, above) < 1.3 * found[0][3]
    # What is compared stands close together; the next pairs stand apart.
    assert 1.15 * max(below, above) < between < 1.8 * found[0][3]


def test_two_rows_of_pictures_with_titles_are_read_one_after_another():
    figure, axes = panels(2, 4, (9, 4))
    for ax in axes.flat:
        ax.imshow(np.eye(3))
    with _narrow(figure):
        found = places(figure)
    assert found == sorted(found, key=lambda box: (-round(box[1], 2), box[0]))
    assert len({round(x, 2) for x, *_ in found}) == 2


def test_a_title_of_one_long_word_becomes_smaller_and_comes_back():
    figure, axes = panels(4, 5, (9, 7.5))
    for ax in axes.flat:
        ax.imshow(np.eye(3))
        ax.set_title("Grad-CAM, 4")
    size = axes[0, 0].title.get_fontsize()
    with _narrow(figure), _titles_that_fit(figure):
        figure.draw_without_rendering()
        boxes = [ax.title.get_window_extent() for ax in axes[0]]
        assert axes[0, 0].title.get_text() == "Grad-CAM,\n4"
        assert not any(left.x1 + 2 > right.x0 for left, right in itertools.pairwise(boxes))
    assert axes[0, 0].title.get_fontsize() == size


def test_on_a_phone_the_names_of_points_take_no_room_from_the_panel():
    figure, axes = panels(1, 1, (8, 3))
    axes[0, 0].annotate("a long name of the last point", (1, 0.5), (8, 0), textcoords="offset points")
    with _narrow(figure):
        assert places(figure)[0][2] > 0.7


@pytest.mark.parametrize(("name", "wider"), [("a long name that leads out of the panel", True), ("b", False)])
def test_on_a_phone_no_name_of_a_point_is_cut_off(name, wider):
    figure, axes = panels(1, 1, (8, 3))
    axes[0, 0].annotate(name, (1, 0.5), (8, 0), textcoords="offset points")
    width = float(re.search(r'width="([\d.]+)pt"', unpacked(versions(figure)["narrow"]))[1])
    assert (width > 72 * NARROW + 10) == wider  # the margin


def test_painted_ground_is_part_of_a_picture_and_white_paper_is_not():
    figure, _ = panels(1, 1, (4, 3))
    plain = unpacked(versions(figure)["wide"])
    figure.set_facecolor("lightgrey")
    assert "#d3d3d3" in unpacked(versions(figure)["wide"])
    assert "#d3d3d3" not in plain


def test_panels_that_shared_an_axis_get_its_numbers_back():
    figure, axes = panels(1, 2, (8, 3), sharey=True)
    assert axes[0, 1].yaxis.get_tick_params()["labelleft"] is False
    with _narrow(figure):
        assert axes[0, 1].yaxis.get_tick_params()["labelleft"]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 4)])
def test_a_figure_looks_afterwards_as_before(shape):
    figure, axes = panels(*shape, (12, 4))
    axes[0, 0].set_title("a title that is far too long for the panel it stands over, and has to be broken")
    axes[0, -1].imshow(np.eye(4))
    label = axes[0, -1].text(1, 1, "on the image", gid="mine")
    before = places(figure), [ax.get_title() for ax in figure.axes], tuple(figure.get_size_inches())
    versions(figure)
    assert (places(figure), [ax.get_title() for ax in figure.axes], tuple(figure.get_size_inches())) == before
    assert label.get_gid() == "mine"


def test_what_is_stored_fits_page_and_phone_and_does_not_change_from_run_to_run():
    figure, _ = panels(1, 3, (13, 4))
    drawn = versions(figure)
    for layout, inches in [("wide", WIDE), ("narrow", NARROW)]:
        width = float(unpacked(drawn[layout]).partition('width="')[2].partition("pt")[0]) / 72
        assert width == pytest.approx(inches, abs=0.4)
    assert versions(figure) == drawn


def test_a_narrow_figure_has_one_layout():
    assert set(versions(panels(1, 1, (4, 3))[0])) == {"wide"}


def test_text_on_a_coloured_field_is_marked_and_text_on_paper_is_not():
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.set(xlim=(0, 3), ylim=(0, 1))
    for x, colour in enumerate(["white", "#fde3c0", "0.9"]):
        ax.add_patch(plt.Rectangle((x, 0), 1, 1, facecolor=colour))
        ax.text(x + 0.5, 0.5, "5", ha="center", va="center")
    svg = unpacked(versions(figure)["wide"])
    assert svg.count('id="on-image') == 1


def test_a_line_on_a_map_of_colours_is_marked_and_one_on_paper_is_not():
    figure, (plane, paper) = plt.subplots(1, 2, figsize=(8, 3))
    plane.contourf(np.add.outer(np.arange(5), np.arange(5)))
    for ax in (plane, paper):
        ax.plot([0, 4], [0, 4], color="white")
    svg = unpacked(versions(figure)["wide"])
    assert svg.count('id="on-image') == 2, "the map and the line on it"


def test_titles_do_not_run_into_each_other():
    figure, axes = panels(1, 4, (13, 3))
    for ax in axes.flat:
        ax.set_title("a title that says what there is to be seen in this panel")
    with _wide(figure), _titles_that_fit(figure):
        figure.draw_without_rendering()
        boxes = [ax.title.get_window_extent() for ax in axes.flat]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_photographs_and_charts_are_stored_small():
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.imshow(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))
    svg = unpacked(versions(figure)["wide"])
    assert "data:image/webp;base64," in svg
    assert "data:image/png" not in svg


@pytest.mark.slow
def test_a_chapters_run_stores_them_though_matplotlib_sets_its_own_formatters():
    draw = nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    NotebookClient(nb := nbformat.v4.new_notebook(cells=[draw]), extra_arguments=[_FIGURES]).execute()
    shown = nb.cells[0].outputs[0].data
    assert {"image/png", MIME} <= set(shown)
    assert "<svg" in unpacked(shown[MIME]["wide"])
