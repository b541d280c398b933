"""What the functions of the old `keras.backend` are called today gives what they gave: each line is run beside them."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest

from course_utils.doctor import explain
from course_utils.doctor._words import _backend

pytestmark = [pytest.mark.slow, pytest.mark.lasting]

X = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
SQUARES = np.random.default_rng(1).normal(size=(2, 6, 6, 3)).astype("float32")
SHARES = keras.ops.convert_to_numpy(
    keras.ops.softmax(np.random.default_rng(2).normal(size=(2, 8, 5)).astype("float32"))
)
# As people called them. Those that draw at random are compared by their shapes.
CALLS = [
    "K.argmax(x)", "K.argmax(x, axis=1)", "K.argmin(x)", "K.batch_dot(x, w)", "K.batch_dot(x, x, axes=[2, 2])",
    "K.batch_dot(x, x, 1)", "K.batch_flatten(x)", "K.batch_get_value([keras.Variable(x)])",
    "K.batch_normalization(x, x[0, 0], x[0, 1] ** 2, x[0, 2], x[1, 0])", "K.bias_add(x, x[0, 0])",
    "K.cast_to_floatx(x > 0)", "K.concatenate([x, x])", "K.concatenate([x, x], axis=1)", "K.constant(3.0)",
    "K.constant(3.0, shape=(2, 2))", "K.constant([1, 2], dtype='int32')",
    "K.conv2d(images, images[0, :3, :3, :, None], padding='same')", "K.conv1d(x, w, 1)",
    "K.count_params(keras.Variable(x))",
    "K.ctc_batch_cost(np.array([[1, 2, 2], [0, 3, 1]]), shares, np.array([[8], [6]]), np.array([[3], [2]]))",
    "K.cumsum(x)", "K.cumprod(x)", "K.dot(x, w[0])", "K.dropout(x, 0.5)", "K.eval(keras.Variable(x))",
    "K.expand_dims(x)", "K.expand_dims(x, 1)", "K.flatten(x)", "K.gather(x, [1, 0, 1])",
    "K.get_value(keras.Variable(x))", "K.in_top_k(shares[:, 0], np.array([1, 2]), k=2)", "K.int_shape(x)",
    "K.l2_normalize(x)", "K.l2_normalize(x, axis=-1)", "K.map_fn(lambda row: row * 2, x)", "K.ndim(x)",
    "K.permute_dimensions(x, pattern=(0, 2, 1))", "K.pow(x, 2)", "K.random_bernoulli(shape=(2, 3), p=0.5)",
    "K.random_normal(shape=(2, 3), mean=0.0, stddev=0.1)", "K.random_normal(K.shape(x))",
    "K.random_normal_variable((2, 3), 0, 1)", "K.random_uniform((2, 3), seed=1)",
    "K.random_uniform_variable((2, 3), 0, 1)", "K.relu(x)", "K.relu(x, alpha=0.1)", "K.relu(x, max_value=0.5)",
    "K.repeat(x[0], 3)", "K.repeat_elements(x, rep=2, axis=1)", "K.resize_images(images, 2, 3, 'channels_last')",
    "K.reverse(x, axes=1)", "K.reverse(x, (0, 1))", "K.spatial_2d_padding(images, ((1, 2), (0, 1)))",
    "K.switch(x > 0, x, -x)", "K.temporal_padding(x, (1, 0))", "K.truncated_normal((2, 3))", "K.variable(x)",
    "K.variable(value=0.5, dtype='float32', name='alpha')",
    # These have a namesake in keras.ops.
    "K.abs(x)", "K.all(x > 0, axis=1)", "K.arange(5)", "K.binary_crossentropy(shares, shares)", "K.cast(x, 'int32')",
    "K.categorical_crossentropy(shares, shares)", "K.clip(x, min_value=0, max_value=1)", "K.equal(x, x)", "K.eye(3)",
    "K.max(x, axis=-1, keepdims=True)", "K.mean(x, axis=1)", "K.one_hot(np.array([1, 2]), num_classes=3)",
    "K.reshape(x, shape=(2, 12))", "K.round(x)", "K.softmax(x)", "K.square(x)", "K.squeeze(x[:, :1], 1)",
    "K.stack([x, x])", "K.std(x, axis=0)", "K.sum(x, axis=[1, 2])", "K.tile(x, (1, 2, 1))", "K.var(x)",
    "K.zeros_like(x)", "K.zeros((2, 3))",
]  # fmt: skip
GIVEN = {"np": np, "keras": keras, "x": X, "w": X.transpose(0, 2, 1), "images": SQUARES, "shares": SHARES}


def fix_of(program: str, tmp_path) -> str:
    """Run a program of one line that looks something up in today's `keras.backend`; the doctor's line for it."""
    file = tmp_path / "program.py"
    file.write_text(program, encoding="utf-8")
    with pytest.raises((AttributeError, ImportError)) as caught:
        exec(compile(program, str(file), "exec"), {**GIVEN, "K": keras.backend, "__name__": "__main__"})
    (finding,) = explain(caught.value)
    assert finding.code == "removed-api"
    return finding.fix


@pytest.mark.parametrize("call", CALLS)
def test_a_function_s_line_gives_what_the_function_gave(call, tmp_path):
    tf = pytest.importorskip("tensorflow")
    tensors = {name: tf.constant(given) for name, given in GIVEN.items() if isinstance(given, np.ndarray)}
    old = eval(call, {**GIVEN, **tensors, "K": tf.keras.backend})
    new = eval(fix_of(call, tmp_path), GIVEN)
    one, other = (
        [np.asarray(part) for part in (given if isinstance(given, list) else [given])] for given in (old, new)
    )
    assert [part.shape for part in one] == [part.shape for part in other]
    if "random" not in call and "dropout" not in call and "truncated" not in call:
        for was, now in zip(one, other, strict=True):
            np.testing.assert_allclose(now.astype(float), was.astype(float), rtol=1e-4, atol=1e-4)


def test_every_function_of_the_table_is_tried():
    tried = set(re.findall(r"\bK\.(\w+)\(", Path(__file__).read_text(encoding="utf-8")))
    assert {form.partition("(")[0] for form, _ in _backend._TODAY} <= tried


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("K.update(v, v + 1)", 3.0),
        ("K.update_add(v, 1.0)", 3.0),
        ("K.update_sub(v, 1.0)", 1.0),
        ("K.set_value(v, 5.0)", 5.0),
        ("K.moving_average_update(v, 4.0, 0.5)", 3.0),
        ("K.batch_set_value([(v, 7.0)])", 7.0),
    ],
)
def test_a_variable_gets_its_value(call, value, tmp_path):
    variable = keras.Variable(2.0)
    exec(fix_of(call, tmp_path), {"v": variable, "keras": keras})
    assert float(variable.value) == value


def test_a_learning_rate_is_set_by_the_name_it_has_today(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    fix = fix_of("K.set_value(model.optimizer.lr, 0.5)", tmp_path)
    assert fix == "model.optimizer.learning_rate.assign(0.5)"
    exec(fix, {"model": model})
    assert float(model.optimizer.learning_rate.value) == 0.5


def test_what_belonged_to_graphs_is_written_as_a_model(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    fix = fix_of("features = K.function([model.input], [model.layers[0].output])", tmp_path)
    names = {"model": model, "keras": keras}
    exec(fix, names)
    assert names["features"]([np.zeros((4, 2), "float32")]).shape == (4, 3)
    assert fix.endswith("  # leave out the [0] behind its call")
    place = eval(fix_of("K.placeholder(shape=(None, 7))", tmp_path), {"keras": keras})
    assert place.shape == (None, 7)
    place = eval(fix_of("K.placeholder(ndim=2, dtype='int32')", tmp_path), {"keras": keras})
    assert (place.shape, place.dtype) == ((None, None), "int32")
    assert fix_of("K.gradients(loss, x)", tmp_path).startswith("tape.gradient(loss, x)")


@pytest.mark.parametrize(
    "program",
    [
        "K.set_session(tf.Session(config=config))",
        "from keras.backend import set_session",
        "from keras.backend.tensorflow_backend import set_session",
        "sess = K.get_session()",
    ],
)
def test_lines_for_sessions_are_left_out(program, tmp_path):
    assert fix_of(program, tmp_path).startswith("# leave it out")


def test_the_order_of_channels_and_a_print(tmp_path, capsys):
    assert eval(fix_of("K.image_dim_ordering()", tmp_path), {"keras": keras}) == "channels_last"
    exec(fix_of("K.set_image_dim_ordering('tf')", tmp_path), {"keras": keras})
    exec(fix_of("K.print_tensor(x, message='x is')", tmp_path), {"x": 3})
    assert capsys.readouterr().out == "x is 3\n"


def test_a_function_that_is_imported_is_written_as_it_is_called(tmp_path):
    program = "from keras.backend import expand_dims\n\ndef taller(x):\n    return expand_dims(x, 1)\n\ntaller(x)"
    assert fix_of(program, tmp_path) == "return keras.ops.expand_dims(x, 1)"


def test_all_of_a_line_is_written_anew(tmp_path):
    program = "loss = 1 - K.sum(K.abs(x * w)) / (K.sum(K.square(x), axis=-1) + K.epsilon())"
    fix = "loss = 1 - keras.ops.sum(keras.ops.abs(x * w)) / (keras.ops.sum(keras.ops.square(x), axis=-1) + K.epsilon())"
    assert fix_of(program, tmp_path) == fix
