"""The readable operations give what Keras gives: same sizes, same padding, same numbers."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from keras import layers
from scipy import signal

from course_utils import convolution
from course_utils.convolution import (
    average_pool2d,
    conv2d,
    conv2d_params,
    dense_params,
    hand_made_kernels,
    max_pool2d,
    output_size,
    receptive_field,
    same_padding,
)

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow

PADDINGS = st.sampled_from(["valid", "same"])
SMALL = st.integers(1, 4)
PAIRS = st.tuples(SMALL, SMALL)
SIDES = st.integers(1, 13)
property_test = settings(max_examples=40, deadline=None)


def random(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def fits(sizes, kernel_size, padding, dilation=(1, 1)):
    return padding == "same" or all(d * (k - 1) < n for n, k, d in zip(sizes, kernel_size, dilation, strict=True))


def tensorflow_is_right(sizes, kernel_size, stride, padding, dilation):
    # TensorFlow 2.21 on oneDNN fills only the first row of a single column when it strides across columns alone.
    return not stride[0] == 1 < stride[1] or output_size(sizes[1], kernel_size[1], stride[1], padding, dilation[1]) > 1


# --- convolution ------------------------------------------------------------------------------------------------------


@property_test
@given(
    seed=st.integers(0, 999),
    batch=st.integers(1, 3),
    sizes=st.tuples(SIDES, SIDES),
    kernel_size=PAIRS,
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    step=PAIRS,
    padding=PADDINGS,
    dilated=st.booleans(),
)
@example(0, 1, (6, 7), (2, 4), 2, 3, (2, 3), "same", False)  # an odd number of zeros: more at the end
@example(0, 1, (3, 3), (4, 4), 1, 1, (1, 1), "same", False)  # a kernel larger than the image
def test_a_convolution_gives_what_keras_gives(
    seed, batch, sizes, kernel_size, channels, filters, step, padding, dilated
):
    stride, dilation = ((1, 1), step) if dilated else (step, (1, 1))  # Keras refuses both at once
    assume(fits(sizes, kernel_size, padding, dilation))
    assume(tensorflow_is_right(sizes, kernel_size, stride, padding, dilation))
    X = random(seed, batch, *sizes, channels)
    layer = layers.Conv2D(filters, kernel_size, stride, padding, dilation_rate=dilation, bias_initializer="normal")
    expected = np.asarray(layer(X))
    kernel, bias = layer.get_weights()
    Y = conv2d(X, kernel, bias, stride, padding, dilation)
    assert Y.dtype == np.float32
    assert Y.shape[1:3] == tuple(map(output_size, sizes, kernel_size, stride, (padding,) * 2, dilation))
    np.testing.assert_allclose(Y, expected, atol=1e-5)
    np.testing.assert_allclose(conv2d(X[0], kernel, bias, stride, padding, dilation), Y[0], atol=1e-5)


@property_test
@given(st.integers(0, 999), st.tuples(SIDES, SIDES), PAIRS, PAIRS, PAIRS, PADDINGS)
def test_stride_and_dilation_together_give_what_tensorflow_gives(seed, sizes, kernel_size, stride, dilation, padding):
    assume(fits(sizes, kernel_size, padding, dilation))
    assume(tensorflow_is_right(sizes, kernel_size, stride, padding, dilation))
    X, kernel = random(seed, 1, *sizes, 2), random(seed, *kernel_size, 2, 2)
    expected = tf.nn.conv2d(X, kernel, stride, padding.upper(), dilations=dilation)
    np.testing.assert_allclose(conv2d(X, kernel, None, stride, padding, dilation), expected, atol=1e-5)


@property_test
@given(st.integers(0, 999), st.tuples(SIDES, SIDES), PAIRS, PAIRS)
@example(0, (2, 2), (1, 2), (1, 3))  # of the shapes that TensorFlow gets wrong
def test_a_stride_leaves_places_out_and_changes_no_other(seed, sizes, kernel_size, stride):
    assume(fits(sizes, kernel_size, "valid"))
    X, kernel = random(seed, 1, *sizes, 2), random(seed, *kernel_size, 2, 2)
    everywhere = conv2d(X, kernel)
    np.testing.assert_allclose(conv2d(X, kernel, stride=stride), everywhere[:, :: stride[0], :: stride[1]], atol=1e-5)


@property_test
@given(st.integers(0, 999), st.tuples(SIDES, SIDES), PAIRS)
def test_without_channels_it_is_scipys_cross_correlation_and_not_its_convolution(seed, sizes, kernel_size):
    assume(fits(sizes, kernel_size, "valid"))
    X, kernel = random(seed, *sizes), random(seed + 1, *kernel_size)
    Y = conv2d(X, kernel)
    np.testing.assert_allclose(Y, signal.correlate2d(X, kernel, "valid"), atol=1e-5)
    np.testing.assert_allclose(Y, signal.convolve2d(X, kernel[::-1, ::-1], "valid"), atol=1e-5)


def test_bytes_do_not_overflow():
    bright = np.full((3, 3), 200, np.uint8)
    np.testing.assert_array_equal(conv2d(bright, np.ones((3, 3), np.uint8)), [[1800]])


def test_a_bias_is_added_once_to_each_feature_map_borders_included():
    Y = conv2d(np.zeros((4, 5, 1)), np.ones((3, 3, 1, 2)), [1, -2], padding="same")
    np.testing.assert_array_equal(Y, np.broadcast_to([1, -2], (4, 5, 2)))


@pytest.mark.parametrize(
    ("X", "kernel", "options", "objection"),
    [
        ((5, 5, 3), (3, 3, 1, 8), {}, r"a kernel for 1 channels needs X .*got \(5, 5, 3\)"),
        ((5, 5), (3, 3, 1, 8), {}, r"a kernel for 1 channels needs X .*got \(5, 5\)"),
        ((5, 5, 1), (3, 3), {}, r"got kernel \(3, 3\) for X \(5, 5, 1\)"),
        ((5, 5, 1), (3, 3, 1), {}, r"kernel must be .*, got kernel \(3, 3, 1\)"),
        ((5, 5, 1), (3, 3, 1, 8), {"bias": np.zeros(1)}, r"8 filters need bias of shape \(8,\), got \(1,\)"),
        ((2, 5, 1), (3, 3, 1, 8), {}, "spans 3 pixels does not fit into 2.*padding='same'"),
        ((4, 9, 1), (3, 3, 1, 8), {"dilation": 2}, "spans 5 pixels does not fit into 4"),
        ((5, 5, 1), (3, 3, 1, 8), {"padding": "SAME"}, "padding must be 'valid' or 'same', got 'SAME'"),
        ((5, 5, 1), (3, 3, 1, 8), {"stride": 0}, "stride must be a whole number of at least 1, got 0"),
        ((5, 5, 1), (3, 3, 1, 8), {"stride": (1, 1, 1)}, r"stride must be .*two .*got \(1, 1, 1\)"),
        ((5, 5, 1), (3, 3, 1, 8), {"dilation": 1.5}, "dilation must be a whole number of at least 1, got 1.5"),
    ],
)
def test_shapes_that_do_not_belong_together_are_refused(X, kernel, options, objection):
    with pytest.raises(ValueError, match=objection):
        conv2d(np.zeros(X), np.zeros(kernel), **options)


# --- pooling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pool", "layer"), [(max_pool2d, layers.MaxPooling2D), (average_pool2d, layers.AveragePooling2D)]
)
@property_test
@given(st.integers(0, 999), st.tuples(SIDES, SIDES), PAIRS, st.none() | PAIRS, PADDINGS, st.integers(1, 3))
def test_a_pooling_gives_what_keras_gives(pool, layer, seed, sizes, size, stride, padding, channels):
    assume(fits(sizes, size, padding))
    X = random(seed, 2, *sizes, channels) - 3  # mostly negative: a padding with zeros would show
    expected = np.asarray(layer(size, stride, padding)(X))
    Y = pool(X, size, stride, padding)
    assert Y.dtype == np.float32
    np.testing.assert_allclose(Y, expected, atol=1e-5)
    np.testing.assert_allclose(pool(X[0], size, stride, padding), Y[0], atol=1e-5)
    np.testing.assert_allclose(pool(X[0, ..., 0], size, stride, padding), Y[0, ..., 0], atol=1e-5)


def test_pooling_the_books_example_gives_the_numbers_worked_out_by_hand():
    X = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
    np.testing.assert_array_equal(max_pool2d(X), [[6, 8], [3, 4]])
    np.testing.assert_array_equal(average_pool2d(X), [[13 / 4, 21 / 4], [2, 2]])


def test_bytes_stay_bytes_under_the_maximum_and_do_not_overflow_in_an_average():
    bright = np.full((4, 4, 3), 200, np.uint8)
    assert max_pool2d(bright, padding="same").dtype == np.uint8
    np.testing.assert_array_equal(average_pool2d(bright), np.full((2, 2, 3), 200.0))


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
@pytest.mark.parametrize(
    ("shape", "size", "objection"),
    [((4,), 2, r"got \(4,\)"), ((1, 2, 4, 4, 1), 2, r"got \(1, 2, 4, 4, 1\)"), ((3, 3), 4, "does not fit into 3")],
)
def test_what_cannot_be_pooled_is_refused(pool, shape, size, objection):
    with pytest.raises(ValueError, match=objection):
        pool(np.zeros(shape), size)


# --- sizes ------------------------------------------------------------------------------------------------------------


@property_test
@given(st.integers(1, 300), st.integers(1, 11), st.integers(1, 5), PADDINGS, st.integers(1, 3), st.booleans())
def test_the_size_formula_agrees_with_keras_at_any_size(size, kernel_size, step, padding, dilation, dilated):
    stride, dilation = (1, dilation) if dilated else (step, 1)
    assume(fits((size,), (kernel_size,), padding, (dilation,)))
    layer = layers.Conv1D(1, kernel_size, stride, padding, dilation_rate=dilation)
    assert output_size(size, kernel_size, stride, padding, dilation) == layer.compute_output_shape((1, size, 1))[1]


@given(st.integers(1, 300), st.integers(1, 11), st.integers(1, 12), st.integers(1, 3))
def test_same_padding_is_just_enough_and_never_larger_in_front(size, kernel_size, stride, dilation):
    before, after = same_padding(size, kernel_size, stride, dilation)
    padded = size + before + after
    places = output_size(size, kernel_size, stride, "same", dilation)
    assert 0 <= after - before <= 1
    assert padded >= dilation * (kernel_size - 1) + 1 or stride > 1
    if before + after:
        assert output_size(padded, kernel_size, stride, "valid", dilation) == places
    if before + after and padded > dilation * (kernel_size - 1) + 1:
        assert output_size(padded - 1, kernel_size, stride, "valid", dilation) == places - 1


@property_test
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)), max_size=3))
def test_the_receptive_field_is_as_wide_as_the_pixels_that_can_change_an_output_of_keras(stack):
    width = receptive_field(stack)
    assume(width < 80)
    Y = np.eye(width + 3, dtype=np.float32)[..., np.newaxis]  # one image for each pixel: 1 there, 0 elsewhere
    for kernel_size, stride, dilation in stack:
        layer = layers.Conv1D(1, kernel_size, dilation_rate=dilation, kernel_initializer="ones")
        Y = np.asarray(layer(Y))[:, ::stride]  # Keras refuses stride and dilation at once
    seen = np.flatnonzero(Y[:, 0, 0])
    assert seen.max() - seen.min() + 1 == width


def test_a_layer_without_dilation_is_written_with_two_numbers():
    assert receptive_field([(3, 1), (2, 2), (3, 1)]) == receptive_field([(3, 1, 1), (2, 2, 1), (3, 1, 1)]) == 8
    assert receptive_field([]) == 1


@pytest.mark.parametrize(
    ("layer", "objection"),
    [
        (3, "a layer is .*got 3"),
        ((3,), r"a layer is .*got \(3,\)"),
        ((3, 1, 1, 1), r"a layer is .*got \(3, 1, 1, 1\)"),
        ((0, 1), "kernel_size must be a whole number of at least 1, got 0"),
        ((3, "2"), "stride must be a whole number of at least 1, got '2'"),
    ],
)
def test_a_layer_without_kernel_and_stride_is_refused(layer, objection):
    with pytest.raises(ValueError, match=objection):
        receptive_field([(3, 1), layer])


# --- parameters -------------------------------------------------------------------------------------------------------


@property_test
@given(SMALL | PAIRS, st.integers(1, 5), st.integers(1, 9), st.booleans())
def test_the_parameters_are_as_many_as_keras_makes(kernel_size, channels, filters, bias):
    model = keras.Sequential(
        [
            keras.Input((6, 7, channels)),
            layers.Conv2D(filters, kernel_size, padding="same", use_bias=bias),
            layers.Flatten(),
            layers.Dense(3, use_bias=bias),
        ]
    )
    convolution_layer, _, dense = model.layers
    assert conv2d_params(kernel_size, channels, filters, bias) == convolution_layer.count_params()
    assert dense_params(6 * 7 * filters, 3, bias) == dense.count_params()


@pytest.mark.parametrize(
    ("count", "objection"),
    [
        (lambda: dense_params((28, 28), 10), r"inputs must be a whole number of at least 1, got \(28, 28\)"),
        (lambda: dense_params(784, 0), "units must be .*got 0"),
        (lambda: conv2d_params(3, 0, 8), "channels_in must be .*got 0"),
        (lambda: conv2d_params((3, 3, 3), 1, 8), "kernel_size must be one whole number, or two"),
        (lambda: conv2d_params(3, 1, 2.0), "filters must be .*got 2.0"),
    ],
)
def test_a_layer_of_impossible_size_has_no_parameters_to_count(count, objection):
    with pytest.raises(ValueError, match=objection):
        count()


# --- kernels made by hand ---------------------------------------------------------------------------------------------


def test_edge_kernels_answer_to_edges_of_their_direction_only():
    kernels = hand_made_kernels()
    step = np.zeros((6, 6))
    step[:, 3:] = 1  # dark left, bright right
    vertical, horizontal = kernels["vertical edges"], kernels["horizontal edges"]
    assert conv2d(step, vertical).max() == 3
    assert np.all(conv2d(step, horizontal) == 0)
    np.testing.assert_array_equal(conv2d(step.T, horizontal), conv2d(step, vertical).T)


def test_even_areas_keep_their_brightness_under_blur_and_sharpen_and_vanish_under_edge_kernels():
    answers = {name: conv2d(np.full((5, 5), 0.7), kernel) for name, kernel in hand_made_kernels().items()}
    for name, kept in [("vertical edges", 0), ("horizontal edges", 0), ("blur", 0.7), ("sharpen", 0.7)]:
        np.testing.assert_allclose(answers[name], np.full((3, 3), kept), atol=1e-6)


def test_changing_a_kernel_that_was_given_changes_no_later_one():
    hand_made_kernels()["blur"][:] = 0
    assert hand_made_kernels()["blur"].sum() == pytest.approx(1)


# --- the room ---------------------------------------------------------------------------------------------------------


def test_the_room_needs_nothing_but_numpy():
    code = (
        "import sys, numpy; before = set(sys.modules); import course_utils.convolution\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == ["course_utils"]
    assert all(getattr(convolution, name).__module__.startswith("course_utils.") for name in convolution.__all__)
