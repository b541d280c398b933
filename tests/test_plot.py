"""Every view draws what it was given, where it was told to, and touches nothing else."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from sklearn import metrics
from sklearn.neighbors import KNeighborsClassifier

from course_utils import plot

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 2))
y = np.arange(60) % 4
LOSSES = {"loss": [1.0, 0.5, 0.25], "val_loss": [1.1, 0.7, 0.6], "accuracy": [0.2, 0.5, 0.7]}
VIEWS = {
    "scatter": lambda ax: plot.scatter(X, y, ax),
    "decision_boundary": lambda ax: plot.decision_boundary(quadrant, X, y, ax, resolution=20),
    "history": lambda ax: plot.history(LOSSES, "loss", ax),
    "confusion_matrix": lambda ax: plot.confusion_matrix(y, y[::-1], ax=ax),
    "probabilities": lambda ax: plot.probabilities([0.1, 0.9], ["cat", "dog"], ax, truth=1),
}


def quadrant(points):
    return (points[:, 0] > 0) * 2 + (points[:, 1] > 0)


pytestmark = pytest.mark.usefixtures("paper")


# --- what all views have in common ------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_draws_on_the_axes_it_is_given_and_opens_no_figure(view):
    figure, (left, right) = plt.subplots(1, 2)
    assert view(left) is left
    assert left.has_data()
    assert not right.has_data()
    assert plt.get_fignums() == [figure.number]
    figure.canvas.draw()


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_without_axes_opens_one_figure_of_its_own(view):
    ax = view(None)
    assert isinstance(ax, mpl.axes.Axes)
    assert plt.get_fignums() == [ax.figure.number]


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_both_axes_say_what_they_mean(view):
    ax = view(None)
    named_by_ticks = any(label.get_text() for label in ax.get_yticklabels())
    assert ax.get_xlabel()
    assert ax.get_ylabel() or named_by_ticks


# --- points and maps --------------------------------------------------------------------------------------------------


@given(st.integers(1, 10))
def test_classes_have_as_many_different_colours(n):
    colours = plot.class_colours(n)
    assert colours.shape == (n, 4)
    assert len({to_hex(colour) for colour in colours}) == n
    assert np.all((colours >= 0) & (colours <= 1))
    brightness = colours[:, :3] @ [0.299, 0.587, 0.114]
    assert np.all(np.diff(brightness) > 0), "the order must survive a black-and-white printer"


def test_each_class_has_its_points_its_colour_and_its_marker():
    ax = plot.scatter(X, y)
    assert ax.get_legend_handles_labels()[1] == [f"class {k}" for k in range(4)]
    for label, drawn in enumerate(ax.collections):
        np.testing.assert_array_equal(drawn.get_offsets(), X[y == label])
        np.testing.assert_allclose(drawn.get_facecolor()[0], plot.class_colours(4)[label])
    assert len({path.get_paths()[0].vertices.tobytes() for path in ax.collections}) == 4


@pytest.mark.parametrize(
    ("points", "classes", "objection"),
    [
        (np.zeros((5, 3)), np.zeros(5, int), r"shape \(n, 2\), got \(5, 3\)"),
        (np.zeros(5), np.zeros(5, int), r"shape \(n, 2\), got \(5,\)"),
        (np.zeros((5, 2)), np.zeros(4, int), r"each of the 5 points, got shape \(4,\)"),
        (np.zeros((5, 2)), np.zeros((5, 1), int), r"each of the 5 points, got shape \(5, 1\)"),
        (np.zeros((0, 2)), np.zeros(0, int), r"nothing to draw: X is empty, it has the shape \(0, 2\)"),
    ],
)
def test_points_that_lie_in_no_plane_or_have_no_class_are_refused(points, classes, objection):
    for view in (plot.scatter, lambda X, y: plot.decision_boundary(quadrant, X, y)):
        with pytest.raises(ValueError, match=objection):
            view(points, classes)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("n", plot.class_colours),
        ("resolution", lambda resolution: plot.decision_boundary(quadrant, X, y, resolution=resolution)),
    ],
)
@pytest.mark.parametrize("value", [0, -3, 2.5])
def test_a_number_that_cannot_be_counted_to_is_refused_by_name(name, view, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1, got {value}"):
        view(value)
    assert plt.get_fignums() == []


def colours_at(ax, points):
    """The drawn colour at points of the plane, through matplotlib's own transformation to pixels."""
    [image] = ax.images
    left, right, bottom, top = image.get_extent()
    pixels = np.asarray(image.get_array())
    assert image.origin == "lower"
    rows, columns = pixels.shape[:2]
    column = ((points[:, 0] - left) / (right - left) * columns).astype(int)
    row = ((points[:, 1] - bottom) / (top - bottom) * rows).astype(int)
    return pixels[row, column]


def mixed(label, n_classes, strength):
    return strength * plot.class_colours(n_classes)[label, :3] + 1 - strength


def test_the_plane_is_coloured_by_what_the_model_answers_there():
    model = KNeighborsClassifier(1).fit(X, y)
    ax = plot.decision_boundary(model.predict, X, y, resolution=400)
    np.testing.assert_allclose(colours_at(ax, X), mixed(y, 4, 0.65), atol=1e-12)
    assert len(ax.collections) == 4, "the points lie on top"


def test_the_plane_is_not_mirrored_or_turned():
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]]) * 0.9
    ax = plot.decision_boundary(quadrant, X, y, resolution=50, points=False)
    np.testing.assert_allclose(colours_at(ax, corners), mixed(np.arange(4), 4, 0.65))
    assert len(ax.collections) == 0
    assert ax.get_xlim()[0] < X[:, 0].min() < X[:, 0].max() < ax.get_xlim()[1]
    assert ax.get_ylim()[0] < X[:, 1].min() < X[:, 1].max() < ax.get_ylim()[1]


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 6), st.floats(0, 1))
def test_with_probabilities_a_colour_is_the_paler_the_less_sure_the_model_is(n_classes, certainty):
    def predict(points):
        proba = np.full((len(points), n_classes), (1 - certainty) / n_classes)
        proba[:, 1] += certainty
        return proba

    ax = plot.decision_boundary(predict, X, y % n_classes, resolution=3)
    label = 1 if certainty > 1e-12 else 0  # all equally likely: the first
    if certainty == 0 or certainty > 1e-9:
        n_drawn = max(n_classes, int((y % n_classes).max()) + 1)
        expected = mixed(label, n_drawn, 0.15 + 0.5 * certainty)
        np.testing.assert_allclose(colours_at(ax, X[:1])[0], expected, atol=1e-9)
    plt.close("all")


@pytest.mark.parametrize(
    ("predict", "labels"),
    [
        (lambda points: np.eye(5)[quadrant(points)], [0, 1]),  # a model of five classes, points of only two
        (lambda points: quadrant(points), [0, 1]),
        (lambda points: np.eye(2)[quadrant(points) % 2], [0, 1, 2, 3]),
    ],
)
def test_points_and_plane_have_the_same_colour_for_the_same_class(predict, labels):
    classes = np.resize(labels, 60)
    ax = plot.decision_boundary(predict, X, classes, resolution=40)
    n_classes = len(ax.collections)
    predicted = predict(X)
    predicted = predicted.argmax(axis=1) if predicted.ndim == 2 else predicted
    for label in set(labels):
        np.testing.assert_allclose(ax.collections[label].get_facecolor()[0], plot.class_colours(n_classes)[label])
    inner = np.abs(X).min(axis=1) > 0.2  # away from the borders between grid points
    np.testing.assert_allclose(colours_at(ax, X)[inner], mixed(predicted, n_classes, 0.65)[inner])


@pytest.mark.parametrize(
    "answer", [lambda n: np.zeros((n, 1)), lambda n: np.zeros(n - 1), lambda n: np.zeros((n, 2, 2))]
)
def test_predictions_that_are_neither_classes_nor_probabilities_are_refused(answer):
    with pytest.raises(ValueError, match=r"predict gave shape \(.*\) for 25 points; it must give classes \(25,\)"):
        plot.decision_boundary(lambda points: answer(len(points)), X, y, resolution=5)


# --- training ---------------------------------------------------------------------------------------------------------


class History:
    """What Keras' fit returns has its numbers here."""

    history = LOSSES


@pytest.mark.parametrize("given_as", [LOSSES, History()])
def test_a_metric_is_drawn_after_each_epoch_on_training_and_validation_data(given_as):
    ax = plot.history(given_as, "loss", title="It learns")
    training, validation = ax.lines
    np.testing.assert_array_equal(training.get_data(), ([1, 2, 3], LOSSES["loss"]))
    np.testing.assert_array_equal(validation.get_data(), ([1, 2, 3], LOSSES["val_loss"]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert training.get_color() != validation.get_color()
    assert training.get_linestyle() != validation.get_linestyle(), "colour alone does not tell them apart"
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("epoch", "loss", "It learns")


def test_without_validation_data_there_is_one_curve():
    ax = plot.history(LOSSES)
    assert len(ax.lines) == 1
    assert ax.get_ylabel() == "accuracy"


def test_labels_of_ones_own_replace_the_usual_ones():
    ax = plot.history(LOSSES, "loss", ylabel="cross-entropy", xlabel="pass", ylim=(0, 2))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_ylim()) == ("pass", "cross-entropy", (0, 2))


def test_epochs_are_counted_in_whole_numbers():
    assert all(tick == int(tick) for tick in plot.history(LOSSES, "loss").get_xticks())


def test_a_metric_that_was_not_measured_is_refused_with_those_that_were():
    with pytest.raises(KeyError, match="no 'acc'; it has loss, val_loss, accuracy"):
        plot.history(LOSSES, "acc")
    with pytest.raises(KeyError, match="no 'loss'; it has nothing"):
        plot.history({}, "loss")


# --- answers ----------------------------------------------------------------------------------------------------------


def drawn_counts(ax):
    n = len(ax.get_xticks())
    counts = np.full((n, n), -1)
    for text in ax.texts:
        column, row = map(int, text.get_position())
        counts[row, column] = int(text.get_text().replace(",", ""))
    return counts


@pytest.mark.filterwarnings("ignore:A single label was found")  # asks for the labels, which it was given
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40))
def test_the_counts_are_scikit_learns_and_stand_at_their_classes(pairs):
    truth, answers = np.array(pairs).T
    n = max(truth.max(), answers.max()) + 1
    ax = plot.confusion_matrix(truth, answers)
    expected = metrics.confusion_matrix(truth, answers, labels=range(n))
    np.testing.assert_array_equal(drawn_counts(ax), expected)
    np.testing.assert_array_equal(np.diag(drawn_counts(ax)).sum(), (truth == answers).sum())
    assert [label.get_text() for label in ax.get_yticklabels()] == [str(k) for k in range(n)]
    plt.close("all")


def test_classes_that_do_not_occur_keep_their_place_and_name():
    ax = plot.confusion_matrix([0, 2, 2], [0, 2, 0], ["cat", "dog", "cow"])
    np.testing.assert_array_equal(drawn_counts(ax), [[1, 0, 0], [0, 0, 0], [1, 0, 1]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog", "cow"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_large_counts_are_readable_and_colours_show_shares_of_the_true_class():
    ax = plot.confusion_matrix(np.repeat([0, 0, 1], [9000, 1000, 10]), np.repeat([0, 1, 1], [9000, 1000, 10]))
    assert {text.get_text() for text in ax.texts} == {"9,000", "1,000", "0", "10"}
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.9, 0.1], [0, 1]])
    assert {text.get_text(): text.get_color() for text in ax.texts}["10"] == "white", "on dark blue"


@pytest.mark.parametrize(
    ("truth", "answers", "objection"),
    [
        ([0, 3], [0, 1], "class 3, but class_names has 3 names; it needs 4"),
        ([0, 1, 1], [0, 1], "inconsistent numbers of samples"),
        ([], [], r"nothing to draw: y is empty, it has the shape \(0,\)"),
        ([0], [], "nothing to draw: y_hat is empty"),
    ],
)
def test_a_class_without_a_name_an_answer_without_a_truth_and_no_answers_are_refused(truth, answers, objection):
    with pytest.raises(ValueError, match=objection):
        plot.confusion_matrix(truth, answers, ["cat", "dog", "cow"])


def test_each_probability_has_a_bar_at_its_name_and_the_truth_another_colour():
    proba = [0.7, 0.2, 0.1]
    ax = plot.probabilities(proba, ["cat", "dog", "cow"], truth=1)
    assert [bar.get_width() for bar in ax.patches] == proba
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat", "dog", "cow"]
    cat, dog, cow = (bar.get_facecolor() for bar in ax.patches)
    assert cat == cow != dog
    assert [text.get_text() for text in ax.texts] == ["0.700", "0.200", "0.100"]
    assert ax.yaxis_inverted(), "the first class is at the top"


def test_no_probabilities_are_nothing_to_draw():
    with pytest.raises(ValueError, match="nothing to draw: proba is empty"):
        plot.probabilities([], [])


@pytest.mark.parametrize("proba", [[0.5, 0.5], [[0.7, 0.2, 0.1]], 1.0])
def test_probabilities_of_another_number_than_the_names_are_refused(proba):
    with pytest.raises(ValueError, match="3 class names need as many probabilities, got shape"):
        plot.probabilities(proba, ["cat", "dog", "cow"])


# --- images -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "columns", "rows_columns"), [(7, 3, (3, 3)), (2, 5, (1, 2)), (5, 5, (1, 5)), (1, 1, (1, 1))]
)
@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 1), (4, 6, 3)])
def test_images_stand_in_rows_in_their_order_and_no_frame_is_empty(n, columns, rows_columns, shape):
    images = rng.integers(0, 256, (n, *shape), np.uint8)
    figure = plot.image_grid(images, columns=columns)
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == rows_columns
    drawn = [ax for ax in figure.axes if ax.images]
    assert len(drawn) == n
    for ax, image in zip(drawn, images, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), image.squeeze(-1) if shape[2:] == (1,) else image)
    assert not any(ax.axison for ax in figure.axes)


@pytest.mark.parametrize(("dtype", "top"), [(np.uint8, 255), (np.float32, 1.0)])
def test_grey_images_share_one_scale_from_paper_to_ink(dtype, top):
    figure = plot.image_grid(np.stack([np.zeros((3, 3), dtype), np.full((3, 3), top, dtype)]))
    paper, ink = (ax.images[0].to_rgba(ax.images[0].get_array())[0, 0, :3] for ax in figure.axes)
    np.testing.assert_array_equal((paper, ink), ([1, 1, 1], [0, 0, 0]))


def test_titles_stand_above_their_images():
    figure = plot.image_grid(np.zeros((3, 4, 4)), ["a", "b", "c"], columns=2)
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", ""]


@pytest.mark.parametrize(
    ("images", "titles", "objection"),
    [
        (np.zeros((4, 4)), None, r"got \(4, 4\)"),
        (np.zeros((1, 4, 4, 2)), None, r"1 or 3\), got \(1, 4, 4, 2\)"),
        (np.zeros((0, 4, 4)), None, r"images is empty, it has the shape \(0, 4, 4\)"),
        (np.zeros((2, 0, 4)), None, "images is empty"),
        (np.zeros((2, 4, 4)), ["a"], "2 images need as many titles, got 1"),
        (np.zeros((2, 4, 4)), [], "2 images need as many titles, got 0"),
    ],
)
def test_images_of_another_shape_or_with_titles_of_another_number_are_refused(images, titles, objection):
    with pytest.raises(ValueError, match=objection):
        plot.image_grid(images, titles)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("columns", [0, -1, 2.5])
def test_rows_of_no_images_are_refused(columns):
    with pytest.raises(ValueError, match=f"columns must be a whole number of at least 1, got {columns}"):
        plot.image_grid(np.zeros((3, 4, 4)), columns=columns)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("size", [0, -1.5, np.nan, np.inf])
def test_images_that_take_no_room_or_all_of_it_are_refused(size):
    with pytest.raises(ValueError, match=f"size must be more than 0, and finite, got {size}"):
        plot.image_grid(np.zeros((3, 4, 4)), size=size)
    assert plt.get_fignums() == []
