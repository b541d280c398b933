"""What <network-builder> says of a stack of layers is what Keras says."""

import numpy as np
import pytest

pytestmark = pytest.mark.lasting("book/labs")

FOLLOWED = """
import { layer, pasted, program, written } from "./network-builder/layers.mjs";
import { followed } from "./shared/shapes.mjs";
tell(told.stacks.map(({ input, calls }) => {
  const layers = calls.map(layer), code = program({ input, layers });
  return { made: followed(input, layers), code, again: pasted(code), calls: layers.map(written) };
}));
"""
PASTED = """
import { pasted, written } from "./network-builder/layers.mjs";
import { followed } from "./shared/shapes.mjs";
tell(told.texts.map((text) => {
  try {
    const { input, layers } = pasted(text);
    return { input, calls: layers.map(written), made: input && followed(input, layers) };
  } catch (error) {
    return error.message;
  }
}));
"""


def random_stack(draw: np.random.Generator) -> tuple[tuple[int, ...], list[str]]:
    """Draw an input and layers, some of which do not fit."""

    def one(*choices):
        return choices[draw.integers(len(choices))]

    def map_layer() -> str:
        padding = one("", ', padding="same"')
        size = one("3", "5", "(3, 1)", "1", "kernel_size=(2, 4)")
        return one(
            f"Conv2D({one(4, 8, 16)}, {size}{padding})",
            f"Conv2D({one(4, 8)}, 3, {one(2, '(2, 1)')}{padding}, activation={one('None', repr('relu'))})",
            f"Conv2D(8, kernel_size=3, dilation_rate=2, use_bias=False{padding})",
            f"SeparableConv2D({one(6, 12)}, 3{padding}, strides={one(1, 2)}, use_bias={one(True, False)})",
            f"DepthwiseConv2D({one(3, '(1, 3)')}{padding}, depth_multiplier={one(1, 2)}, use_bias={one(True, False)})",
            f"ZeroPadding2D({one('', 2, '((1, 0), (2, 1))')})",
            one("UpSampling2D()", "UpSampling2D(size=(1, 2))", "LayerNormalization()", "Identity()"),
            f"MaxPooling2D({one(2, 3, '(1, 2)')}{padding})",
            f"AveragePooling2D(pool_size=3, strides={one(1, 2)}{padding})",
            f"MaxPool2D(3, 2{padding})",
            f"BatchNormalization({one('', 'scale=False')})",
            one("ReLU()", "Dropout(0.3)", "LeakyReLU()", "Activation('tanh')", "Rescaling(1 / 255)"),
        )

    channels = one(1, 3)
    calls = [map_layer() for _ in range(draw.integers(1, 7))]
    calls.append(
        one("Flatten()", "GlobalAveragePooling2D()", "GlobalMaxPooling2D()", "GlobalMaxPooling2D(keepdims=True)")
    )
    calls += [
        f"Dense({one(5, 30)}, activation='relu')",
        one(
            "BatchNormalization()",
            "Dropout(0.5)",
            "Reshape((-1, 5, 1))",
            "Permute((1,))",
            "LayerNormalization(center=False)",
        ),
        "Dense(units=3, use_bias=False)",
    ]
    return (int(draw.integers(6, 40)), int(draw.integers(6, 40)), channels), calls


def built(input_shape, calls):
    """Build a stack with Keras, up to the first layer that it refuses: (layer, shape of what it makes)."""
    import keras

    x, made = keras.Input(input_shape), []
    for call in calls:
        layer = eval(call, vars(keras.layers).copy())
        try:
            x = layer(x)
        except ValueError:
            break
        made.append((layer, x.shape[1:]))
    return made


@pytest.mark.slow
def test_shapes_parameters_and_what_does_not_fit_are_those_of_keras(javascript):
    draw = np.random.default_rng(0)
    stacks = [random_stack(draw) for _ in range(80)]
    found = javascript(FOLLOWED, stacks=[{"input": shape, "calls": calls} for shape, calls in stacks])
    refused = 0
    for (shape, calls), said in zip(stacks, found, strict=True):
        made = built(shape, calls)
        works = [one for one in said["made"] if "shape" in one]
        assert len(works) == len(made), (shape, calls, said["made"])
        for one, (layer, made_shape) in zip(works, made, strict=True):
            assert tuple(one["shape"]) == made_shape, (shape, calls)
            assert one["parameters"] == layer.count_params()
            assert one["trainable"] == sum(int(np.prod(w.shape)) for w in layer.trainable_weights)
        refused += len(works) < len(calls)
        assert said["again"] == {"input": list(shape), "layers": said["again"]["layers"]}
        assert len(said["again"]["layers"]) == len(calls)
    assert 3 < refused < 50


@pytest.mark.slow
def test_the_program_and_the_json_of_a_model_give_the_model_back(javascript):
    draw = np.random.default_rng(1)
    stacks = [random_stack(draw) for _ in range(40)]
    stacks = [(shape, calls) for shape, calls in stacks if len(built(shape, calls)) == len(calls)]
    assert len(stacks) > 8
    codes = [one["code"] for one in javascript(FOLLOWED, stacks=[{"input": s, "calls": c} for s, c in stacks])]
    models = []
    for code in codes:
        names: dict = {}
        exec(code.replace("model.summary()", ""), names)
        models.append(names["model"])
    read = javascript(PASTED, texts=[model.to_json() for model in models])
    for (shape, calls), model, said in zip(stacks, models, read, strict=True):
        assert said["input"] == list(shape)
        assert [tuple(one["shape"]) for one in said["made"]] == [layer.output.shape[1:] for layer in model.layers]
        assert sum(one["parameters"] for one in said["made"]) == model.count_params()
        # What is read may be written and built again.
        again = built(shape, said["calls"])
        assert sum(layer.count_params() for layer, _ in again) == model.count_params(), calls


def test_work_and_receptive_fields_follow_the_formulas(javascript):
    from course_utils import convolution

    calls = ["Conv2D(8, 3)", "MaxPooling2D(2)", "Conv2D(32, 3)", "Flatten()", "Dense(10)"]
    (said,) = javascript(FOLLOWED, stacks=[{"input": [18, 18, 1], "calls": calls}])
    conv, pool, second, flat, last = said["made"]
    assert conv["work"] == 16 * 16 * 9 * 8
    assert second["work"] == 6 * 6 * 9 * 8 * 32
    assert last["work"] == 6 * 6 * 32 * 10
    seen = [convolution.receptive_field([(3, 1), (2, 2), (3, 1)][:n]) for n in (1, 2, 3)]
    assert [one["sees"] for one in (conv, pool, second)] == [[n, n] for n in seen]
    assert flat["sees"] is None


def test_programs_are_read_as_people_write_them(javascript):
    program = """
    # A comment with Dense(99) in it
    inputs = keras.Input(shape=(28, 28, 1), name="image")
    x = keras.layers.Rescaling(1.0 / 255)(inputs)
    x = layers.Conv2D(3 * 8, (3, 3), activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))(x)
    x = layers.MaxPooling2D()(x); x = layers.Flatten()(x)
    outputs = layers.Dense(10, "softmax")(x)
    """
    old = "model = Sequential([Conv2D(4, 3, input_shape=(9, 9, 3)),\n  Flatten(), Dense(\n2,\n), ])"
    first, second = javascript(PASTED, texts=[program, old])
    assert first["input"] == [28, 28, 1]
    assert first["calls"][1] == 'Conv2D(24, (3, 3), activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))'
    assert first["made"][-1]["parameters"] == 13 * 13 * 24 * 10 + 10
    assert second == {**second, "input": [9, 9, 3], "calls": ["Conv2D(4, 3)", "Flatten()", "Dense(2)"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("layers.LSTM(32)", "LSTM is a layer that this page does not know"),
        ("for _ in range(3):\n    model.add(layers.Dense(4))", "runs no program"),
        ("Dense(4", "a bracket is not closed"),
        ("Conv2D(8 3)", "a comma is missing before “3)”"),
        ("hello", "There is no layer in this text"),
        ('{"config": {}}', "it has no layers"),
        ('{"config": ', "none: "),
        ("keras.Input((28, 28))\nlayers.Flatten()", "is no shape that this page can follow"),
        ("Dense(1, 2, 3, 4)", "Dense takes 3 values at most, got 4"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(javascript, text, said):
    (answer,) = javascript(PASTED, texts=[text])
    assert said in answer


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (["Conv2D(8, 11)"], "Conv2D runs out of pixels: a window of 11 × 11 does not fit into 9 × 9."),
        (["Flatten()", "Conv2D(8, 3)"], "it belongs before Flatten"),
        (["Conv2D(8)"], "Conv2D needs kernel_size as a whole number of at least 1"),
        (["Dense(0)"], "Dense needs units as a whole number of at least 1, got 0"),
        (["Conv2D(8, 3, padding='full')"], 'got "full"'),
        (["Conv2D(8, 3, strides=2, dilation_rate=2)"], "not both"),
    ],
)
def test_what_a_layer_cannot_do_is_said_at_that_layer(javascript, calls, said):
    (answer,) = javascript(FOLLOWED, stacks=[{"input": [9, 9, 1], "calls": [*calls, "ReLU()"]}])
    assert said in answer["made"][len(calls) - 1]["error"]
    assert answer["made"][-1] == {}
