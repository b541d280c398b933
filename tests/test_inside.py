"""What is in a network is what Keras itself says is in it, and whoever asks wrongly is told what to do."""

import keras
import numpy as np
import pytest
from keras import layers

from course_utils import inside

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow

rng = np.random.default_rng(0)
IMAGES = rng.uniform(0, 1, (5, 16, 12, 3)).astype("float32")


@pytest.fixture(autouse=True, scope="module")
def same_weights_in_every_run():
    keras.utils.set_random_seed(0)


def chain(*steps, shape=(16, 12, 3)):
    return keras.Sequential([keras.Input(shape), *steps])


@pytest.fixture(scope="module")
def model(same_weights_in_every_run):
    return chain(
        layers.Rescaling(2.0, name="scale"),
        layers.Conv2D(6, (3, 2), padding="same", name="conv"),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(name="relu"),
        layers.MaxPooling2D(name="pool"),
        layers.Conv2D(4, 3, activation="relu", name="last"),
        layers.Flatten(name="flat"),
        layers.Dropout(0.5),
        layers.Dense(3, activation="softmax", name="out"),
    )


class Own(keras.Model):
    """Subclassed, with a layer that runs twice and one that never does."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(3, 3, padding="same", name="conv")
        self.idle = layers.ReLU(name="idle")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        x = self.conv(self.conv(x))
        return self.head(x[:, 0, 0])[:, 0]


# --- filters ----------------------------------------------------------------------------------------------------------


def test_filters_are_keras_own_weights_with_the_filters_in_front(model):
    found = inside.filters(model, "conv")
    weights = model.get_layer("conv").get_weights()[0]
    assert weights.shape == (3, 2, 3, 6)
    assert found.shape == (6, 3, 2, 3)
    for f in range(6):
        np.testing.assert_array_equal(found[f], weights[..., f])
    found[:] = 0
    assert model.get_layer("conv").get_weights()[0].any(), "it was a copy"


def test_transposed_and_depthwise_convolutions_have_filters_too():
    model = chain(layers.Conv2DTranspose(5, 2, name="up"), layers.DepthwiseConv2D(3, depth_multiplier=2, name="depth"))
    up, depth = (model.get_layer(name).get_weights()[0] for name in ("up", "depth"))
    np.testing.assert_array_equal(inside.filters(model, "up")[4], up[:, :, 4])
    assert inside.filters(model, "depth").shape == (10, 3, 3, 1)
    np.testing.assert_array_equal(inside.filters(model, "depth")[3, ..., 0], depth[..., 1, 1])


@pytest.mark.parametrize(
    ("layer", "objection"),
    [
        ("conv1", r"no layer 'conv1'; it has .*scale, conv, norm, relu, pool, last, flat, dropout\w*, out"),
        ("relu", r"'relu' \(ReLU\) has no kernel; the convolutions are conv, last"),
        ("out", r"'out' \(Dense\) has a kernel of shape \(96, 3\), which is no picture"),
    ],
)
def test_a_layer_that_is_not_there_or_has_no_filters_is_refused_with_those_that_are(model, layer, objection):
    with pytest.raises(ValueError, match=objection):
        inside.filters(model, layer)


def test_a_model_without_convolutions_says_so():
    with pytest.raises(ValueError, match="no kernel; the model has no convolution"):
        inside.filters(chain(layers.Flatten(name="flat"), layers.Dense(1)), "flat")


def test_what_is_no_model_or_has_no_weights_yet_is_refused():
    with pytest.raises(TypeError, match="must be a Keras model, got Dense"):
        inside.filters(layers.Dense(1), "dense")
    with pytest.raises(ValueError, match=r"never built, so it has no weights. Begin it with keras.Input"):
        inside.saliency(keras.Sequential([layers.Dense(1)]), IMAGES)


# --- feature maps -----------------------------------------------------------------------------------------------------


def test_feature_maps_are_what_a_keras_model_cut_off_there_predicts(model):
    found = inside.feature_maps(model, IMAGES, ["relu", "pool", "out"])
    assert list(found) == ["relu", "pool", "out"]
    for name, maps in found.items():
        oracle = keras.Model(model.inputs, model.get_layer(name).output).predict(IMAGES, verbose=0)
        np.testing.assert_allclose(maps, oracle, rtol=1e-5, atol=1e-6)


def test_many_images_are_run_in_pieces_and_come_back_whole(model):
    many = rng.uniform(0, 1, (70, 16, 12, 3))
    np.testing.assert_allclose(
        inside.feature_maps(model, many, ["out"])["out"], model.predict(many, verbose=0), rtol=1e-4
    )


def test_looking_leaves_the_model_as_it_was(model):
    before, config = model.predict(IMAGES, verbose=0), model.get_config()
    inside.feature_maps(model, IMAGES, ["relu"])
    inside.saliency(model, IMAGES)
    inside.grad_cam(model, IMAGES, "last")
    np.testing.assert_array_equal(model.predict(IMAGES, verbose=0), before)
    assert model.get_config() == config
    assert model.get_layer("out").activation is keras.activations.softmax
    assert not any("call" in vars(layer) for layer in model.layers)


def test_an_error_inside_the_model_leaves_it_as_it_was_too(model):
    with pytest.raises(Exception, match="shape"):
        inside.scores(model, IMAGES[:, :7])
    assert not any("call" in vars(layer) for layer in model.layers)


@pytest.mark.parametrize(
    ("images", "error", "objection"),
    [
        (IMAGES[0], ValueError, r"must have 4 axes.*\(16, 12, 3\). One image is a batch of one: image\[np.newaxis\]"),
        (np.zeros((3, 3)), ValueError, r"got shape \(3, 3\).$"),
        (IMAGES[:0], ValueError, "there is no image"),
        (np.full((1, 16, 12, 3), "x"), TypeError, "images must be numbers"),
    ],
)
def test_what_is_no_batch_of_images_is_refused(model, images, error, objection):
    with pytest.raises(error, match=objection):
        inside.feature_maps(model, images, ["conv"])


def test_names_come_in_a_list(model):
    with pytest.raises(TypeError, match=r"must be a list of names: \['conv'\]"):
        inside.feature_maps(model, IMAGES, "conv")


def test_a_layer_without_one_single_output_is_refused():
    own = Own()
    own(IMAGES)
    with pytest.raises(ValueError, match="'conv' runs 2 times for one batch"):
        inside.feature_maps(own, IMAGES, ["conv"])
    with pytest.raises(ValueError, match="'idle' runs 0 times"):
        inside.feature_maps(own, IMAGES, ["idle"])
    recurrent = chain(
        layers.Reshape((16, 36)), layers.Bidirectional(layers.LSTM(2, return_state=True, name="cell"), name="both")
    )
    with pytest.raises(ValueError, match="gives several outputs at once"):
        inside.feature_maps(recurrent, IMAGES, ["both"])


def test_models_with_several_inputs_or_outputs_are_refused():
    a, b = keras.Input((16, 12, 3)), keras.Input((16, 12, 3))
    with pytest.raises(ValueError, match="takes 2 inputs"):
        inside.scores(keras.Model([a, b], layers.Flatten()(a + b)), IMAGES)
    with pytest.raises(ValueError, match="several outputs"):
        inside.scores(keras.Model(a, [layers.Flatten()(a), layers.Flatten()(a)]), IMAGES)
    with pytest.raises(ValueError, match=r"one row of outputs for each image, but gives shape \(5, 16, 12, 3\)"):
        inside.scores(keras.Model(a, layers.ReLU()(a)), IMAGES)


# --- activity ---------------------------------------------------------------------------------------------------------


def test_activity_is_the_share_of_places_above_zero(model):
    many = rng.uniform(0, 1, (40, 16, 12, 3))
    maps = inside.feature_maps(model, many, ["relu"])["relu"]
    np.testing.assert_allclose(inside.activity(model, many, "relu"), (maps > 0).mean(axis=(0, 1, 2)))


def test_filters_pushed_below_zero_are_dead_and_no_others():
    model = chain(layers.Conv2D(5, 3, activation="relu", name="conv"))
    kernel = model.get_layer("conv").get_weights()[0]
    model.get_layer("conv").set_weights([kernel, np.array([9, -99, 9, -99, 9.0])])
    assert inside.dead_filters(model, IMAGES, "conv").tolist() == [1, 3]
    assert inside.activity(model, IMAGES, "conv").tolist() == [1, 0, 1, 0, 1]
    np.testing.assert_array_equal(inside.filters(model, "conv")[1], kernel[..., 1])


def test_silence_of_a_layer_without_relu_is_not_mistaken_for_death(model):
    with pytest.raises(ValueError, match=r"'norm' gives negative values, down to .* Ask a layer with ReLU"):
        inside.dead_filters(model, IMAGES, "norm")


# --- explanations: gradients are tested on every backend in test_inside_backends.py -----------------------------------


def linear(units, activation=None):
    """A model whose score is a weighted sum of pixels, so that every explanation is known."""
    model = chain(layers.Flatten(), layers.Dense(units, activation=activation, use_bias=False), shape=(4, 4, 1))
    weights = rng.normal(0, 1, (16, units)).astype("float32")
    model.set_weights([weights])
    return model, weights.reshape(4, 4, units)


SMALL = rng.uniform(0, 1, (3, 4, 4, 1)).astype("float32")


@pytest.mark.parametrize("activation", [None, "softmax"])
def test_the_gradient_of_a_weighted_sum_is_its_weights_for_the_class_asked_for(activation):
    model, weights = linear(3, activation)
    slopes = inside.pixel_gradients(model, SMALL, [2, 0, 1])
    np.testing.assert_allclose(slopes[..., 0], np.moveaxis(weights, -1, 0)[[2, 0, 1]], rtol=1e-5)
    np.testing.assert_allclose(inside.saliency(model, SMALL, 2), np.abs(weights[..., [2, 2, 2]]).transpose(2, 0, 1))


@pytest.mark.parametrize("activation", [None, "sigmoid"])
def test_one_unit_speaks_for_class_one_and_its_opposite_for_class_zero(activation):
    model, weights = linear(1, activation)
    for_one, for_zero = inside.scores(model, SMALL, 1), inside.scores(model, SMALL, 0)
    np.testing.assert_allclose(for_one, (SMALL * weights).sum(axis=(1, 2, 3)), rtol=1e-5)
    np.testing.assert_array_equal(for_zero, -for_one)
    np.testing.assert_array_equal(inside.scores(model, SMALL), np.abs(for_one), "the answer it gives")
    np.testing.assert_allclose(inside.pixel_gradients(model, SMALL, 0), -np.stack([weights] * 3), rtol=1e-6)


@pytest.mark.parametrize("head", [layers.Softmax, lambda: layers.Activation("softmax")])
def test_a_softmax_that_is_a_layer_of_its_own_is_left_out_as_well(head):
    model = chain(layers.Flatten(), layers.Dense(3), head(), shape=(4, 4, 1))
    logits = inside.feature_maps(model, SMALL, [model.layers[1].name])[model.layers[1].name]
    found = np.stack([inside.scores(model, SMALL, k) for k in range(3)], axis=1)
    np.testing.assert_allclose(found, logits, rtol=1e-5)


def test_a_model_that_takes_whole_numbers_has_the_slopes_of_the_same_one_that_takes_fractions():
    steps = [layers.Rescaling(1 / 255), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)]
    model = chain(*steps)
    models = [
        keras.Sequential([keras.Input((16, 12, 3), dtype="uint8"), *steps]),
        keras.Model(entry := keras.Input((16, 12, 3), dtype="uint8"), model(entry)),
    ]
    expected = inside.pixel_gradients(model, IMAGES * 255, 1)
    assert expected.any()
    for each in models:
        np.testing.assert_allclose(inside.pixel_gradients(each, IMAGES * 255, 1), expected, rtol=1e-5)
        before = keras.ops.convert_to_numpy(each(np.full((1, 16, 12, 3), 7.9)))
        np.testing.assert_allclose(before, keras.ops.convert_to_numpy(each(np.full((1, 16, 12, 3), 7))), rtol=1e-5)


def test_outputs_without_an_axis_for_units_are_one_unit():
    own = Own()
    own(IMAGES)
    assert inside.scores(own, IMAGES, 1).shape == (5,)
    np.testing.assert_allclose(inside.scores(own, IMAGES, 1), keras.ops.convert_to_numpy(own(IMAGES)), rtol=1e-4)


@pytest.mark.parametrize(
    ("target", "objection"),
    [(3, "from 0 to 2"), (-1, "from 0 to 2"), (0.5, "whole numbers"), ([0, 1], r"3 images need one target.*\(2,\)")],
)
def test_a_class_that_the_model_does_not_have_is_refused(target, objection):
    with pytest.raises(ValueError, match=objection):
        inside.scores(linear(3)[0], SMALL, target)


def test_saliency_of_grey_images_without_a_channel_axis_has_their_shape():
    model = chain(layers.Flatten(), layers.Dense(1), shape=(4, 4))
    assert inside.saliency(model, SMALL[..., 0]).shape == (3, 4, 4)


def test_grad_cam_is_the_positive_part_of_the_weighted_maps():
    """With averaged maps and one dense layer the gradient is known: the unit's weight, over the number of places."""
    model = chain(layers.Conv2D(4, 3, name="conv"), layers.GlobalAveragePooling2D(), layers.Dense(2, name="out"))
    maps = inside.feature_maps(model, IMAGES, ["conv"])["conv"]
    weights = model.get_layer("out").get_weights()[0]
    for k in range(2):
        expected = np.maximum((maps * weights[:, k] / (14 * 10)).sum(axis=-1), 0)
        np.testing.assert_allclose(inside.grad_cam(model, IMAGES, "conv", k), expected, rtol=1e-4, atol=1e-7)


def test_grad_cam_of_a_layer_without_maps_is_refused(model):
    with pytest.raises(ValueError, match=r"'flat' gives shape \(5, 96\), but Grad-CAM needs maps"):
        inside.grad_cam(model, IMAGES, "flat")


@pytest.mark.parametrize("stride", [None, 1, 2, 3])
def test_occlusion_of_a_weighted_sum_is_what_each_square_contributed(stride):
    model, weights = linear(2)
    size = 3
    found = inside.occlusion(model, SMALL, size, stride, target=1, fill=0.25)
    falls, covers = np.zeros((3, 4, 4)), np.zeros((4, 4))
    for top in (0, 1):
        for left in (0, 1):
            if stride != 3 or (top, left) in ((0, 0), (0, 1), (1, 0), (1, 1)):
                part = np.s_[top : top + size, left : left + size]
                fall = ((SMALL[..., 0] - 0.25) * weights[..., 1])[:, *part].sum(axis=(1, 2))
                falls[:, *part] += fall[:, None, None]
                covers[part] += 1
    np.testing.assert_allclose(found, falls / covers, rtol=1e-4, atol=1e-5)


def test_an_even_image_cannot_be_occluded_by_its_own_mean():
    even = np.full((2, 16, 12, 3), 0.5, "float32")
    model = chain(layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid"))
    np.testing.assert_allclose(inside.occlusion(model, even, 5), 0, atol=1e-6)


@pytest.mark.parametrize(
    ("size", "stride", "objection"), [(0, None, "must fit"), (13, None, "must fit into images of 16×12"), (4, 5, "1–4")]
)
def test_squares_that_do_not_fit_or_miss_pixels_are_refused(model, size, stride, objection):
    with pytest.raises(ValueError, match=objection):
        inside.occlusion(model, IMAGES, size, stride)


def test_occlusion_needs_channels():
    with pytest.raises(ValueError, match=r"must be \(n, height, width, channels\)"):
        inside.occlusion(chain(layers.Flatten(), layers.Dense(1), shape=(4, 4)), SMALL[..., 0])


def test_a_backend_without_gradients_says_so(model, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(NotImplementedError, match="need the backend tensorflow, jax, torch, but Keras runs on numpy"):
        inside.saliency(model, IMAGES)


def test_a_score_that_does_not_depend_on_the_pixels_has_no_slope():
    class Constant(keras.Model):
        def call(self, x):
            return keras.ops.ones((5, 2))

    model = Constant()
    model(IMAGES)
    assert not inside.pixel_gradients(model, IMAGES, 0).any()


# --- maximise ---------------------------------------------------------------------------------------------------------


def excitement(model, images, layer, filters):
    maps = inside.feature_maps(model, images, [layer])[layer]
    return (maps.mean(axis=(1, 2)) if maps.ndim == 4 else maps)[np.arange(len(filters)), filters]


@pytest.mark.parametrize(("layer", "filters"), [("conv", [5, 0]), ("norm", [1, 1, 2]), ("out", [0, 2])])
def test_the_made_images_excite_their_filters_more_than_where_they_began(model, layer, filters):
    settings = {"pixel_range": (0, 1), "decay": 0, "blur": 0, "jitter": 0, "step_size": 0.02}
    before = inside.maximise(model, layer, filters, steps=0, **settings)
    after = inside.maximise(model, layer, filters, steps=10, **settings)
    assert after.shape == (len(filters), 16, 12, 3)
    assert after.dtype == np.float32
    assert np.all(excitement(model, after, layer, filters) > excitement(model, before, layer, filters))


def test_images_of_one_seed_are_the_same_and_do_not_depend_on_their_neighbours(model):
    settings = {"steps": 3, "jitter": 0, "pixel_range": (-1, 1)}
    first = inside.maximise(model, "conv", [2, 3], **settings)
    np.testing.assert_array_equal(first, inside.maximise(model, "conv", [2, 3], **settings))
    np.testing.assert_allclose(first[:1], inside.maximise(model, "conv", [2], **settings), atol=1e-4)
    assert not np.allclose(first, inside.maximise(model, "conv", [2, 3], **settings, seed=1))


def test_pixels_stay_in_their_range_and_the_size_is_asked_for_where_the_model_leaves_it_open():
    model = chain(layers.Conv2D(2, 3, name="conv"), shape=(None, None, 1))
    model.set_weights([np.stack([np.ones((3, 3, 1)), -np.ones((3, 3, 1))], axis=-1), np.zeros(2)])
    bright, dark = inside.maximise(model, "conv", [0, 1], size=9, steps=8, step_size=0.5)
    assert bright.shape == dark.shape == (9, 9, 1)
    assert 250 < bright[2:-2, 2:-2].min() <= bright.max() <= 255
    assert 5 > dark[2:-2, 2:-2].max() >= dark.min() >= 0


def test_each_regulariser_calms_the_image(model):
    def roughness(**settings):
        bare = {"decay": 0, "blur": 0, "jitter": 0, "steps": 10, "pixel_range": (0, 1)}
        image = inside.maximise(model, "conv", [0], **bare | settings)[0]
        return np.abs(np.diff(image, axis=0)).mean()

    assert max(roughness(decay=0.3), roughness(blur=1)) < roughness()


@pytest.mark.parametrize(
    ("settings", "objection"),
    [
        ({"steps": -1}, "steps cannot be -1"),
        ({"step_size": 0}, "step_size cannot"),
        ({"decay": 2}, "decay cannot"),
        ({"blur": -1}, "blur cannot"),
        ({"jitter": -1}, "jitter cannot"),
        ({"size": 0}, "size cannot"),
        ({"pixel_range": (1, 0)}, r"pixel_range cannot be \(1, 0\)"),
        ({"filters": [6]}, r"0 to 5, those of layer 'conv'; got \[6\]"),
        ({"filters": []}, r"filters cannot be \[\]"),
    ],
)
def test_settings_that_make_no_image_are_refused(model, settings, objection):
    with pytest.raises(ValueError, match=objection):
        inside.maximise(model, "conv", **{"filters": [0]} | settings)


def test_a_model_that_does_not_say_what_images_it_takes_cannot_have_them_made():
    own = Own()
    own(IMAGES)
    for ask in (lambda: inside.maximise(own, "idle", [0]), lambda: inside.receptive_field(own, "conv")):
        with pytest.raises(ValueError, match="input shape"):
            ask()


# --- receptive fields -------------------------------------------------------------------------------------------------

FIELDS = {
    "one pixel": [layers.ReLU(name="last")],
    "a kernel": [layers.Conv2D(1, (3, 4), name="last")],
    "dilated": [layers.Conv2D(1, 3, dilation_rate=2, padding="same", name="last")],
    "strided twice": [layers.Conv2D(2, 3, strides=2, padding="same"), layers.Conv2D(1, 2, strides=2, name="last")],
    "pooled": [layers.Conv2D(2, 3), layers.AveragePooling2D(2), layers.Conv2D(1, 3, padding="same", name="last")],
    "padded and cropped": [
        layers.ZeroPadding2D(((1, 2), (3, 0))),
        layers.Cropping2D(1),
        layers.DepthwiseConv2D(3, strides=2),
        layers.BatchNormalization(),
        layers.SeparableConv2D(2, 3, name="last"),
    ],
}


@pytest.mark.parametrize("steps", FIELDS.values(), ids=FIELDS)
def test_a_value_depends_on_its_field_and_on_nothing_outside(steps):
    """The oracle is the network: make one pixel different, and see which values change."""
    shape = (21, 19, 2)
    steps = [type(step).from_config(step.get_config()) for step in steps]
    model = chain(*steps, shape=shape)
    height, width = inside.receptive_field(model, "last")
    maps = inside.feature_maps(model, np.zeros((1, *shape)), ["last"])["last"]
    row, column = maps.shape[1] // 2, maps.shape[2] // 2
    images = np.zeros((21 * 19, *shape), "float32")
    images[np.arange(21 * 19), np.arange(21 * 19) // 19, np.arange(21 * 19) % 19] = [1.0, 0.7]
    changed = inside.feature_maps(model, images, ["last"])["last"][:, row, column] - maps[:, row, column]
    touched = (np.abs(changed).max(axis=1) > 1e-7).reshape(shape[:2])
    rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (height, width)
    row_axis, column_axis = inside._fields._axes(model, "last", np.zeros((1, *shape), "float32"))
    assert (row_axis.length, column_axis.length) == maps.shape[1:3]
    assert row_axis.start + row * row_axis.stride == rows[0]
    assert column_axis.start + column * column_axis.stride == columns[0]


def test_fields_of_a_model_for_any_size_and_inside_a_nested_one():
    body = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3), layers.MaxPooling2D()], name="body")
    entry = keras.Input((None, None, 3))
    model = keras.Model(entry, layers.Conv2D(1, 3, name="last")(layers.Dropout(0.5)(body(entry))))
    assert inside.receptive_field(model, "last") == (8, 8)
    assert inside.receptive_field(model, "last", (20, 30)) == (8, 8)


def test_a_layer_that_mixes_all_places_is_named_as_being_in_the_way(model):
    with pytest.raises(ValueError, match=r"'flat' \(Flatten\) is in the way"):
        inside.receptive_field(model, "out")
    with pytest.raises(ValueError, match=r"\(UpSampling2D\) is in the way"):
        inside.receptive_field(chain(layers.UpSampling2D(), layers.ReLU(name="last")), "last")
    with pytest.raises(ValueError, match=r"\(Permute\) is in the way"):
        inside.receptive_field(chain(layers.Permute((2, 1, 3)), layers.ReLU(name="last")), "last")


def test_branches_and_hidden_steps_are_no_chain():
    entry = keras.Input((16, 12, 3))
    with pytest.raises(ValueError, match=r"\(Add\) is in the way"):
        inside.receptive_field(
            keras.Model(entry, layers.ReLU(name="last")(layers.Add()([entry, layers.Conv2D(3, 1)(entry)]))), "last"
        )
    with pytest.raises(ValueError, match="something else made its input"):
        inside.receptive_field(keras.Model(entry, layers.ReLU(name="last")(entry[:, ::2])), "last")
    twice = layers.Conv2D(3, 1, name="twice")
    with pytest.raises(ValueError, match="runs 2 times"):
        inside.receptive_field(keras.Model(entry, twice(twice(entry))), "twice")


def test_a_gate_is_passed_over_whichever_way_round_it_multiplies():
    for turn in (lambda maps, gate: [maps, gate], lambda maps, gate: [gate, maps]):
        entry = keras.Input((16, 12, 3))
        maps = layers.Conv2D(4, 3, strides=2)(entry)
        gate = layers.Dense(4, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(maps))
        last = layers.Conv2D(2, 3, name="last")(layers.multiply(turn(maps, gate)))
        assert inside.receptive_field(keras.Model(entry, last), "last") == (7, 7)


def test_maps_multiplied_with_each_other_are_in_the_way():
    entry = keras.Input((16, 12, 3))
    product = layers.multiply([layers.Conv2D(3, 1)(entry), layers.Conv2D(3, 3, padding="same")(entry)])
    with pytest.raises(ValueError, match=r"\(Multiply\) is in the way"):
        inside.receptive_field(keras.Model(entry, layers.ReLU(name="last")(product)), "last")


def test_the_strongest_part_is_cut_out_where_the_filter_fires():
    """A filter that looks for a bright 2×2 square finds it, wherever it is hidden."""
    model = chain(layers.Conv2D(1, 2, name="conv"), shape=(9, 8, 1))
    model.set_weights([np.ones((2, 2, 1, 1)), np.zeros(1)])
    images = np.zeros((40, 9, 8, 1), np.uint8)
    for i, image in enumerate(images):
        r, c = i % 8, i % 7
        image[r : r + 2, c : c + 2, 0] = [[i, 1], [2, 3]]
    patches = inside.strongest_patches(model, images, "conv", 0, n=3)
    assert patches.dtype == np.uint8
    np.testing.assert_array_equal(patches[..., 0], [[[i, 1], [2, 3]] for i in (39, 38, 37)])


def test_what_lies_outside_the_image_is_filled_with_the_mean():
    model = chain(layers.Conv2D(1, 3, padding="same", name="conv"), shape=(4, 4, 1))
    model.set_weights([np.ones((3, 3, 1, 1)), np.zeros(1)])
    image = np.zeros((1, 4, 4, 1))
    image[0, 0, 0] = 16
    patch = inside.strongest_patches(model, image, "conv", 0, n=1)[0, ..., 0]
    np.testing.assert_array_equal(patch, [[1, 1, 1], [1, 16, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    ("filter", "n", "objection"), [(6, 1, "filters 0 to 5, got 6"), (0, 6, "must be 1 to 5"), (0, 0, "n is 0")]
)
def test_parts_of_filters_or_images_that_are_not_there_are_refused(model, filter, n, objection):
    with pytest.raises(ValueError, match=objection):
        inside.strongest_patches(model, IMAGES, "conv", filter, n)
