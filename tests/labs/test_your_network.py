"""What <your-network> reads from a file is what Keras saved, and what it computes is what Keras computes."""

import io
import json
import re
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

pytestmark = pytest.mark.lasting("book/labs")

OPEN = """
import { opened } from "./your-network/file.mjs";
import { read, shaped } from "./your-network/graph.mjs";
import { run } from "./your-network/forward.mjs";
const open = (path) => read(opened(new Uint8Array(readFileSync(path)), path.split("/").at(-1)));
"""
RUN = (
    OPEN
    + """
tell(told.asked.map(({ path, input, free }) => {
  const net = open(path), layers = shaped(net.layers, free), made = run(layers, input);
  return {
    outputs: net.outputs,
    layers: layers.map(({ name, kind, shape, parameters, trained, work, wrong }, i) =>
      ({ name, kind, shape, parameters, trained, work, wrong, X: made[i]?.X })),
  };
}));
"""
)
OPENED = (
    OPEN
    + """
tell(told.paths.map((path) => {
  try {
    const net = open(path);
    return { kind: net.kind, weights: net.layers.map((layer) => layer.weights.map(({ X }) => X)) };
  } catch (error) {
    if (error.constructor.name !== "FileError") throw error;
    return error.message;
  }
}));
"""
)


def randomised(model, seed: int = 0):
    """Give every weight a random value, running means included; variances stay above zero."""
    draw = np.random.default_rng(seed)

    def one(weight) -> np.ndarray:
        values = draw.normal(0, 1, weight.shape)
        if "variance" in weight.path:
            return draw.uniform(0.2, 2, weight.shape)
        return values / np.sqrt(max(np.prod(weight.shape[:-1]), 1)) if len(weight.shape) > 1 else values

    for weight in model.weights:
        weight.assign(one(weight))
    return model


def compared(javascript, folder: Path, models: list, free: int = 9) -> list[dict]:
    """Save models, open them in JavaScript, and compare what every layer makes of noise with Keras."""
    import keras

    asked, inputs = [], []
    for i, model in enumerate(models):
        path = folder / f"{i}.keras"
        model.save(path)
        shape = [n or free for n in model.input_shape[1:]]
        X = np.random.default_rng(i).uniform(0, 2, shape).astype("float32")
        inputs.append(X)
        asked.append({"path": str(path), "input": X.ravel().tolist(), "free": free})
    found = javascript(RUN, asked=asked)
    for model, X, said in zip(models, inputs, found, strict=True):
        expected = model(X[np.newaxis], training=False)
        (out,) = said["outputs"]
        assert [one["wrong"] for one in said["layers"] if "wrong" in one] == []
        close(said["layers"][out], np.array(expected)[0])
        assert sum(one["parameters"] for one in said["layers"]) == model.count_params()
        assert sum(one.get("trained", 0) for one in said["layers"]) == sum(
            int(np.prod(w.shape)) for w in model.trainable_weights
        )
        if not any(isinstance(layer, keras.Model) for layer in model.layers):
            whole = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
            for layer, made in zip(model.layers, whole(X[np.newaxis], training=False), strict=True):
                (one,) = (each for each in said["layers"] if each["name"] == layer.name)
                close(one, np.array(made)[0])
                assert one["parameters"] == layer.count_params()
    return found


def close(one: dict, expected: np.ndarray) -> None:
    assert tuple(one["shape"]) == expected.shape, one["name"]
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(np.reshape(one["X"], expected.shape), expected, atol=1e-4 * scale, err_msg=one["kind"])


# ---- every kind of layer

MAPS = [
    "Conv2D(5, 3)",
    "Conv2D(4, (2, 3), strides=(2, 1), padding='same', activation='tanh')",
    "Conv2D(6, 3, dilation_rate=2, padding='same', use_bias=False)",
    "Conv2D(6, 3, groups=2, padding='same')",
    "Conv2D(3, 5, strides=3, padding='same')",
    "DepthwiseConv2D(3, depth_multiplier=2, padding='same', activation='relu')",
    "DepthwiseConv2D((1, 3), dilation_rate=2, use_bias=False)",
    "SeparableConv2D(7, 3, strides=2, padding='same', depth_multiplier=2)",
    "SeparableConv2D(3, (3, 2), use_bias=False)",
    "MaxPooling2D(2)",
    "MaxPooling2D((3, 2), strides=2, padding='same')",
    "AveragePooling2D(3, strides=1, padding='same')",
    "AveragePooling2D(2)",
    "GlobalAveragePooling2D()",
    "GlobalAveragePooling2D(keepdims=True)",
    "GlobalMaxPooling2D()",
    "BatchNormalization()",
    "BatchNormalization(scale=False, epsilon=0.01)",
    "BatchNormalization(center=False)",
    "LayerNormalization()",
    "LayerNormalization(scale=False)",
    "Rescaling(1 / 255)",
    "Rescaling(2.0, offset=[-1.0, 0.5, 3.0, 2.0])",
    "ZeroPadding2D(((1, 2), (0, 3)))",
    "UpSampling2D((2, 3))",
    "Flatten()",
    "Reshape((-1, 3))",
    "Permute((3, 1, 2))",
    "Dense(3, activation='relu')",
    "ReLU()",
    "ReLU(max_value=0.7, negative_slope=0.2, threshold=0.3)",
    "LeakyReLU(negative_slope=0.1)",
    "ELU(alpha=0.7)",
    "Softmax()",
    "Dropout(0.5)",
    "SpatialDropout2D(0.5)",
    "GaussianDropout(0.5)",
    "GaussianNoise(0.5)",
    "AlphaDropout(0.5)",
    "Identity()",
    "RandomFlip()",
    "RandomRotation(0.2)",
    "RandomZoom(0.2)",
    "RandomTranslation(0.2, 0.2)",
    "RandomContrast(0.2)",
    "RandomBrightness(0.2)",
]
ACTIVATIONS = [
    *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid", "tanh", "softplus"),
    *("softsign", "silu", "swish", "hard_silu", "mish", "exponential", "softmax", "log_softmax"),
]


def call(text: str):
    import keras

    return eval(text, vars(keras.layers).copy())


@pytest.mark.slow
def test_every_kind_of_layer_computes_what_keras_computes(javascript, tmp_path):
    import keras

    def one(text: str):
        return randomised(keras.Sequential([keras.Input((8, 9, 4)), keras.layers.Rescaling(3, -3), call(text)]))

    models = [one(text) for text in MAPS]
    found = compared(javascript, tmp_path, models)
    assert {one["layers"][-1]["kind"] for one in found} == {text.split("(")[0] for text in MAPS}


@pytest.mark.slow
def test_every_activation_computes_what_keras_computes(javascript, tmp_path):
    import keras

    models = [
        randomised(
            keras.Sequential(
                [
                    keras.Input((40,)),
                    keras.layers.Rescaling(6, -6),
                    keras.layers.Dense(30),
                    keras.layers.Activation(name),
                ]
            )
        )
        for name in ACTIVATIONS
    ]
    compared(javascript, tmp_path, models)


@pytest.mark.slow
def test_branches_models_inside_of_models_and_open_sizes_compute_what_keras_computes(javascript, tmp_path):
    import keras
    from keras import layers

    def residual():
        image = keras.Input((10, 8, 3))
        x = layers.Conv2D(6, 3, padding="same", activation="relu")(image)
        y = layers.BatchNormalization()(layers.Conv2D(6, 3, padding="same")(x))
        x = layers.Add()([x, y])
        z = layers.Concatenate()([x, layers.MaxPooling2D(3, strides=1, padding="same")(x), y])
        gate = layers.Dense(18, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(z))
        z = layers.Multiply()([z, gate])
        rows = layers.Concatenate(axis=1)([z, z])
        x = layers.Average()([z, layers.Maximum()([z, gate]), layers.Minimum()([z, gate])])
        x = layers.Subtract()([layers.Flatten()(rows), layers.Flatten()(layers.Concatenate(axis=2)([x, x]))])
        return keras.Model(image, layers.Dense(4, activation="softmax")(x))

    def nested():
        augmented = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)], name="augmented")
        inside = keras.Input((None, None, 5))
        body = keras.Model(inside, layers.Conv2D(7, 3, activation="relu")(layers.Conv2D(5, 1)(inside)), name="body")
        image = keras.Input((None, None, 3))
        x = layers.Conv2D(5, 3, strides=2)(augmented(image))
        head = keras.Sequential([layers.GlobalMaxPooling2D(), layers.Dense(6), layers.Dense(2)], name="head")
        return keras.Model(image, head(body(x)))

    def stack():
        body = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(8)])
        return keras.Sequential([keras.Input((28, 5)), body, layers.Flatten(), layers.Dense(3)])

    def late():
        model = keras.Sequential([layers.Flatten(), layers.Dense(4)])
        model(np.zeros((1, 6, 6, 1)))
        return model

    models = [randomised(model()) for model in (residual, nested, stack, late)]
    compared(javascript, tmp_path, models)


@pytest.mark.slow
def test_random_stacks_compute_what_keras_computes(javascript, tmp_path):
    import keras

    draw, models = np.random.default_rng(4), []
    stacked = [text for text in MAPS if not re.search(r"\[|Global|Flatten|Reshape|Permute", text)]
    while len(models) < 25:
        x = image = keras.Input((int(draw.integers(12, 30)), int(draw.integers(12, 30)), int(draw.choice([1, 3]))))
        try:
            for text in draw.choice(stacked, 5):
                x = call(str(text))(x)
        except ValueError:
            continue  # Keras refuses it
        x = call(str(draw.choice(["Flatten()", "GlobalAveragePooling2D()", "GlobalMaxPooling2D()"])))(x)
        models.append(randomised(keras.Model(image, keras.layers.Dense(5, activation="softmax")(x)), len(models)))
    compared(javascript, tmp_path, models)


@pytest.mark.slow
def test_the_networks_of_the_course_are_opened_and_answer_as_in_keras(javascript, tmp_path):
    from course_utils import pretrained

    models = [pretrained.digits(), pretrained.cats_and_dogs(), pretrained.squeezenet()]
    asked = []
    for i, model in enumerate(models):
        model.save(tmp_path / f"{i}.keras")
        shape = [n or 64 for n in model.input_shape[1:]]
        X = np.random.default_rng(i).integers(0, 256, shape)
        asked.append({"path": str(tmp_path / f"{i}.keras"), "input": X.ravel().tolist(), "free": 64})
    for model, told, said in zip(models, asked, javascript(RUN, asked=asked), strict=True):
        X = np.reshape(told["input"], [1, *(n or 64 for n in model.input_shape[1:])]).astype("float32")
        close(said["layers"][said["outputs"][0]], model.predict(X, verbose=0)[0])
        assert sum(one["parameters"] for one in said["layers"]) == model.count_params()


# ---- the program, and the example

PROGRAM = """
import { numbersOf, pictureOf, read } from "./your-network/input.mjs";
import { program } from "./your-network/keras.mjs";
import { squared } from "./shared/picture.mjs";
tell(told.asked.map(({ image, ...asked }) => {
  const picture = pictureOf(asked.shape), whole = { ...image, X: Uint8Array.from(image.X) };
  const small = picture && squared(whole, asked.way, picture.rows, picture.columns);
  const seen = picture && numbersOf(small, picture, asked.scale, asked.inverted);
  const input = seen ?? read(asked.numbers, asked.shape[0]);
  return { input, code: program({ ...asked, picture, numbers: [...input] }) };
}));
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "way", "scale", "inverted"),
    [
        ((28, 28, 1), "squeezed", "255", False),
        ((20, 30, 3), "cropped", "1", False),
        ((28, 28), "padded", "-1", True),
        ((784,), "squeezed", "1", True),
        ((2,), "squeezed", "255", False),
    ],
)
def test_the_program_that_is_shown_gives_the_network_what_the_page_gives_it(
    javascript, tmp_path, monkeypatch, shape, way, scale, inverted
):
    import keras
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (40, 33, 3), "uint8")
    Image.fromarray(pixels).save(tmp_path / "my.png")
    stack = [keras.layers.Flatten(name="flat"), keras.layers.Dense(3, name="last")]
    model = keras.Sequential([keras.Input(shape), *stack])
    model.save(tmp_path / "mine.keras")
    (said,) = javascript(
        PROGRAM,
        asked=[
            {
                "file": "mine.keras",
                "shape": shape,
                "way": way,
                "scale": scale,
                "inverted": inverted,
                "numbers": "0.25, -3",
                "code": ["from PIL import Image", 'image = Image.open("my.png").convert("RGB")'],
                "layer": {"name": "last", "weighted": True},
                "image": {"rows": 40, "columns": 33, "X": pixels.ravel().tolist()},
            }
        ],
    )
    assert max(map(len, said["code"].splitlines())) <= 80
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(said["code"], "<your-network>", "exec"), names)
    # Pillow rounds some pixels the other way.
    level = {"255": 1, "1": 1 / 255, "-1": 2 / 255}[scale]
    np.testing.assert_allclose(names["X"].ravel(), said["input"], atol=1.01 * level)
    np.testing.assert_array_equal(names["maps"], names["y"])
    np.testing.assert_array_equal(names["kernel"], names["model"].get_weights()[0])


def test_the_example_is_the_shipped_network_and_small():
    import keras

    from course_utils import pretrained

    path = Path(__file__).parents[2] / "book" / "labs" / "example" / "digits.keras"
    assert path.stat().st_size < 200_000
    weights = keras.models.load_model(path).get_weights()
    shipped = pretrained.arrays("digits")
    for ours, theirs in zip(weights, shipped.values(), strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg="`python book/record_example.py` saves it again")


# ---- what is not known


@pytest.mark.slow
def test_layers_that_are_not_known_are_named_and_all_before_them_is_computed(javascript, tmp_path):
    import keras
    from keras import layers

    @keras.saving.register_keras_serializable(package="mine")
    class Dense(layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], 7))

        def call(self, x):
            return x @ self.kernel

    image = keras.Input((6, 6, 2))
    x = layers.Conv2D(3, 3, name="seen")(image)
    models = {
        "PReLU is a layer that this page does not know.": layers.PReLU(name="odd")(x),
        "Dense (of tests": Dense(name="odd")(x),
        "channels first": layers.MaxPooling2D(2, data_format="channels_first", name="odd")(x),
        "another axis": layers.BatchNormalization(axis=1, name="odd")(x),
        'interpolation="bilinear"': layers.UpSampling2D(2, interpolation="bilinear", name="odd")(x),
        "the kind": layers.Dense(2, dtype="float16", name="odd")(layers.Identity(dtype="float16")(x)),
        "(of keras.src.ops.numpy)": x * 2.0,
    }
    asked = []
    for i, y in enumerate(models.values()):
        keras.Model(image, layers.Flatten(name="behind")(y)).save(tmp_path / f"{i}.keras")
        asked.append({"path": str(tmp_path / f"{i}.keras"), "input": [0.5] * 72})
    for words, said in zip(models, javascript(RUN, asked=asked), strict=True):
        by_name = {one["name"]: one for one in said["layers"]}
        (odd,) = (one for one in said["layers"] if "wrong" in one)
        assert words in odd["wrong"], odd["wrong"]
        assert by_name["seen"]["shape"] == [4, 4, 3]
        assert len(by_name["seen"]["X"]) == 48
        assert "shape" not in by_name["behind"]
        if words.startswith("Dense"):
            assert odd["parameters"] == 21


# ---- files


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    import keras

    stack = [keras.layers.Conv2D(2, 1, name=f"c{i}") for i in range(12)]
    model = randomised(keras.Sequential([keras.Input((6, 6, 1)), *stack, keras.layers.Flatten()]))
    path = tmp_path_factory.mktemp("saved") / "mine.keras"
    model.save(path)
    return path


def rewritten(source: Path, target: Path, change=lambda parts: None, packed=zipfile.ZIP_STORED) -> str:
    """Write a zip again after a change of its parts."""
    with zipfile.ZipFile(source) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w", packed) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return str(target)


def newer(version: str, **options):
    """Write the weights in a newer format of HDF5, which newer libraries may choose."""

    def change(parts: dict) -> None:
        made = io.BytesIO()
        with h5py.File(io.BytesIO(parts["model.weights.h5"])) as old, h5py.File(made, "w", libver=version) as new:

            def copy(name, one):
                if isinstance(one, h5py.Dataset):
                    new.create_dataset(name, data=one[()], **options)
                else:
                    new.require_group(name)

            old.visititems(copy)
        parts["model.weights.h5"] = made.getvalue()

    return change


def test_weights_are_read_however_the_zip_and_its_parts_are_packed(javascript, saved, tmp_path):
    import keras

    paths = [
        str(saved),
        rewritten(saved, tmp_path / "deflated.keras", packed=zipfile.ZIP_DEFLATED),
        rewritten(saved, tmp_path / "newest.keras", newer("latest")),
        rewritten(saved, tmp_path / "packed.keras", newer("v108", compression="gzip", shuffle=True)),
    ]
    expected = [[w.ravel().tolist() for w in layer.get_weights()] for layer in keras.models.load_model(saved).layers]
    for said in javascript(OPENED, paths=paths):
        assert said["kind"] == "Sequential"
        assert said["weights"][1:] == expected


def replaced(name: str, content: bytes):
    return lambda parts: parts.update({name: content})


def config(change):
    def changed(parts: dict) -> None:
        told = json.loads(parts["config.json"])
        change(told)
        parts["config.json"] = json.dumps(told).encode()

    return changed


def twice(told: dict) -> None:
    told.update(class_name="Functional")
    layer = {"class_name": "ReLU", "module": "keras.layers", "config": {}, "name": "a", "inbound_nodes": [{}, {}]}
    told["config"] = {"input_layers": ["a", 0, 0], "output_layers": ["a", 0, 0], "layers": [layer]}


CHANGES = {
    "its config.json is no JSON": replaced("config.json", b"{"),
    "its model.weights.h5 cannot be read": replaced("model.weights.h5", b"nothing of that kind" * 40),
    "no model.weights.h5, so no weights": lambda parts: parts.pop("model.weights.h5"),
    "its config.json is missing": lambda parts: parts.pop("config.json"),
    "was saved by Keras 2.15.0": replaced("metadata.json", b'{"keras_version": "2.15.0"}'),
    "a model of the class Mine": config(lambda told: told.update(class_name="Mine")),
    "is used 2 times": config(twice),
}
OTHER_FILES = {
    "mine.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), 'load_model("mine.h5").save("mine.keras")'),
    "mine.weights.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "holds weights without their layers"),
    "mine.pt": (b"\x80\x02pytorch", "torch.onnx.export"),
    "mine.tflite": (b"\x1c\x00\x00\x00TFL3", "TensorFlow's graph"),
    "empty.keras": (b"", "is empty"),
    "cat.png": (b"\x89PNG\r\n\x1a\n", "is no .keras file"),
}


def test_a_damaged_or_foreign_file_gets_a_sentence_that_says_what_to_do(javascript, saved, tmp_path):
    files, expected = [], []

    def add(path, words: str) -> None:
        files.append(str(path))
        expected.append(words)

    for i, (words, change) in enumerate(CHANGES.items()):
        add(rewritten(saved, tmp_path / f"changed{i}.keras", change), words)
    for name, (content, words) in OTHER_FILES.items():
        (tmp_path / name).write_bytes(content)
        add(tmp_path / name, words)
    whole = saved.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(b"\x89HDF") + 3000] ^= 4
    for name, content, words in [
        ("half.keras", whole[: len(whole) // 2], "half.keras is damaged: its end is missing"),
        ("flipped.keras", bytes(flipped), "the checksum of model.weights.h5 is wrong"),
    ]:
        (tmp_path / name).write_bytes(content)
        add(tmp_path / name, words)
    for name, parts, words in [
        ("torch.pt", ["model/data.pkl", "model/data/0"], "written by PyTorch"),
        ("arrays.npz", ["a.npy", "b.npy"], "NumPy's arrays"),
        ("saved.zip", ["mine/saved_model.pb"], "it is a SavedModel"),
        ("moodle.zip", ["work/mine.onnx"], "Unpack it first"),
    ]:
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            for part in parts:
                made.writestr(part, b"0")
        add(tmp_path / name, words)
    for path, words, said in zip(files, expected, javascript(OPENED, paths=files), strict=True):
        assert isinstance(said, str), path
        assert words in said, path
        assert said.startswith(Path(path).name) or "In " + Path(path).name in said
        assert len(said) < 400


def test_a_file_that_is_cut_off_or_changed_anywhere_is_never_opened_as_if_it_were_whole(javascript, saved, tmp_path):
    whole, draw = saved.read_bytes(), np.random.default_rng(0)
    paths = []
    for i in range(60):
        content = bytearray(whole)
        if i % 2:
            content = content[: draw.integers(1, len(whole) - 30)]
        else:
            start = int(draw.integers(0, len(whole) - 8))
            content[start : start + 8] = draw.integers(0, 256, 8, "uint8").tobytes()
        (tmp_path / f"{i}.keras").write_bytes(content)
        paths.append(str(tmp_path / f"{i}.keras"))
    (good,) = javascript(OPENED, paths=[str(saved)])
    for said in javascript(OPENED, paths=paths):
        # A changed byte may lie where nothing is read, such as a date.
        assert isinstance(said, str) or said == good
