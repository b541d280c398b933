"""What <your-network> reads from an ONNX file computes what onnxruntime computes with it."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

pytestmark = pytest.mark.lasting("book/labs")

OPEN = """
import { opened } from "./your-network/onnx.mjs";
import { translated } from "./your-network/translate.mjs";
import { shaped } from "./your-network/graph.mjs";
import { permuted, run } from "./your-network/forward.mjs";
const bytes = (path) => new Uint8Array(readFileSync(path));
const open = (path, beside = {}) => {
  const others = Object.fromEntries(Object.entries(beside).map(([name, where]) => [name, bytes(where)]));
  return translated(opened(bytes(path), path.split("/").at(-1), others));
};
// From the file's order of axes into the page's.
const inverse = (order) => order.slice(1).map((_, i) => order.indexOf(i + 1) - 1);
const turned = (X, shape, { order }) => permuted({ shape, X }, inverse(order)).X;
"""
RUN = (
    OPEN
    + """
tell(told.asked.map(({ path, shape, X, free, beside }) => {
  const net = open(path, beside), layers = shaped(net.layers, free);
  const made = run(layers, turned(Float32Array.from(X), shape, net.read));
  return {
    ...net,
    layers: layers.map((layer, i) => ({ ...layer, weights: layer.weights.map((one) => one.shape), X: made[i]?.X })),
  };
}));
"""
)


# ---- networks as PyTorch writes them: channels first


class Graph:
    """A graph that grows by one operation at a time, with random weights."""

    def __init__(self, shape: tuple, seed: int = 0, batch: int | str = "batch", opset: int = 17):
        self.draw = np.random.default_rng(seed)
        self.shape, self.batch, self.opset = shape, batch, opset
        self.nodes, self.numbers, self.last = [], [], "image"

    def weight(self, *shape: int, low: float | None = None) -> str:
        values = self.draw.normal(0, 1 / np.sqrt(max(np.prod(shape[1:]), 1)), shape)
        return self.number(values if low is None else self.draw.uniform(low, 2, shape))

    def number(self, value, dtype="float32") -> str:
        name = f"w{len(self.numbers)}"
        self.numbers.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def ints(self, *values: int) -> str:
        return self.number(values, "int64")

    def __call__(self, op: str, *others: str, of: str | None = None, n: int = 1, **told) -> str:
        """Add an operation that reads the last tensor, or another, and numbers."""
        outputs = [f"/layer{len(self.nodes)}/{op}_output_{i}" for i in range(n)]
        inputs = [of or self.last, *others]
        self.nodes.append(helper.make_node(op, inputs, outputs, f"/layer{len(self.nodes)}/{op}", **told))
        self.last = outputs[0]
        return self.last

    def conv(
        self, channels: int, filters: int, size, groups: int = 1, bias: bool = True, of: str | None = None, **told
    ):
        w = self.weight(filters, channels // groups, *size)
        numbers = [w, self.weight(filters)] if bias else [w]
        return self("Conv", *numbers, of=of, kernel_shape=size, group=groups, **told)

    def linear(self, inputs: int, units: int) -> str:
        return self("Gemm", self.weight(units, inputs), self.weight(units), transB=1, alpha=1.0, beta=1.0)

    def normal(self, channels: int) -> str:
        scale, centre, mean = (self.weight(channels) for _ in range(3))
        return self("BatchNormalization", scale, centre, mean, self.weight(channels, low=0.2), epsilon=1e-3)

    def model(self, outputs: list[str] | None = None, kind: int = TensorProto.FLOAT):
        values = [helper.make_tensor_value_info(name, kind, None) for name in outputs or [self.last]]
        image = helper.make_tensor_value_info("image", kind, [self.batch, *self.shape])
        graph = helper.make_graph(self.nodes, "main_graph", [image], values, self.numbers)
        opsets = [helper.make_opsetid("", self.opset)]
        return helper.make_model(
            graph, producer_name="pytorch", producer_version="2.9", opset_imports=opsets, ir_version=8
        )


def session(model, names=()):
    """Run a model, and answer with some of its tensors, too."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    there = {one.name for one in whole.graph.output}
    whole.graph.output.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(names) if name not in there)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(whole.SerializeToString(), options, providers=["CPUExecutionProvider"])


def compared(javascript, folder: Path, models: list, free: int = 9) -> list[dict]:
    """Open models in JavaScript, and compare what every layer makes of noise with onnxruntime."""
    asked, inputs = [], []
    for i, model in enumerate(models):
        path = folder / f"{i}.onnx"
        onnx.save(model, path)
        (given,) = (one for one in model.graph.input if one.name not in {w.name for w in model.graph.initializer})
        shape = [d.dim_value or free for d in given.type.tensor_type.shape.dim][1:]
        X = np.random.default_rng(i).uniform(-1, 1, shape).astype("float32")
        inputs.append((given.name, X))
        asked.append({"path": str(path), "shape": shape, "X": X.ravel().tolist(), "free": free})
    found = javascript(RUN, asked=asked)
    for model, (name, X), said in zip(models, inputs, found, strict=True):
        assert [one["wrong"] for one in said["layers"] if "wrong" in one] == []
        for layer in said["layers"]:
            assert layer["parameters"] == sum(int(np.prod(shape)) for shape in layer["weights"])
        told = [one for one in said["layers"] if "tensor" in one and "shape" in one]
        outputs = [one.name for one in model.graph.output]
        names = outputs + [one["tensor"]["name"] for one in told]
        runs = session(model, names)
        expected = dict(zip(names, runs.run(names, {name: X[np.newaxis]}), strict=True))
        for layer in told:
            truth = np.transpose(expected[layer["tensor"]["name"]], layer["tensor"]["order"])
            close(layer, truth.reshape(layer["shape"]))
        for out, output in zip(said["outputs"], outputs, strict=True):
            answer, truth = said["layers"][out], expected[output][0]
            if truth.ndim > 1:  # maps have their channels last, and were compared above
                answer = answer | {"X": sorted(answer["X"])}
                truth = np.sort(truth.ravel())
            close(answer, truth)
    return found


def close(layer: dict, truth: np.ndarray) -> None:
    scale = max(1.0, float(np.abs(truth).max()))
    np.testing.assert_allclose(np.reshape(layer["X"], truth.shape), truth, atol=1e-4 * scale, err_msg=layer["name"])


# ---- every operation

SHAPE = (4, 8, 9)  # what the operations below read, channels first
# Operations behind a convolution of six channels, and the layers that they become.
OPERATIONS = {
    "Conv2D valid": lambda g: g.conv(6, 5, (3, 2)),
    "Conv2D same": lambda g: g.conv(6, 5, (3, 5), pads=[1, 2, 1, 2], bias=False),
    "Conv2D same, strides": lambda g: g.conv(6, 5, (3, 3), strides=[2, 1], auto_pad="SAME_UPPER"),
    "ZeroPadding2D Conv2D, as PyTorch does with strides": lambda g: g.conv(
        6, 5, (3, 3), strides=[2, 2], pads=[1, 1, 1, 1]
    ),
    "ZeroPadding2D Conv2D, lower": lambda g: g.conv(6, 5, (2, 2), auto_pad="SAME_LOWER"),
    "ZeroPadding2D Conv2D, wide": lambda g: g.conv(6, 5, (3, 3), pads=[2, 0, 1, 3]),
    "Conv2D gaps": lambda g: g.conv(6, 5, (3, 3), dilations=[2, 2], pads=[2, 2, 2, 2]),
    "Conv2D groups": lambda g: g.conv(6, 4, (3, 3), groups=2),
    "DepthwiseConv2D": lambda g: g.conv(6, 6, (3, 3), groups=6, pads=[1, 1, 1, 1]),
    "DepthwiseConv2D several": lambda g: g.conv(6, 12, (3, 3), groups=6, strides=[2, 2]),
    "Conv2D depthwise, with two strides": lambda g: g.conv(6, 6, (3, 3), groups=6, strides=[1, 2]),
    "MaxPooling2D": lambda g: g("MaxPool", kernel_shape=[2, 3], strides=[2, 2]),
    "MaxPooling2D same": lambda g: g("MaxPool", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]),
    "MaxPooling2D ceil": lambda g: g("MaxPool", kernel_shape=[2, 3], strides=[2, 2], ceil_mode=1, pads=[0, 1, 0, 0]),
    "ReLU ZeroPadding2D MaxPooling2D": lambda g: (
        g("Relu"),
        g("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    ),
    "AveragePooling2D": lambda g: g("AveragePool", kernel_shape=[2, 2], strides=[2, 2]),
    "AveragePooling2D same": lambda g: g("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    "ZeroPadding2D AveragePooling2D": lambda g: g(
        "AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1
    ),
    "GlobalAveragePooling2D": lambda g: g("GlobalAveragePool"),
    "GlobalAveragePooling2D and line": lambda g: (g("GlobalAveragePool"), g("Flatten")),
    "GlobalAveragePooling2D mean": lambda g: g("ReduceMean", g.ints(2, 3), keepdims=0),
    "GlobalAveragePooling2D mean, kept": lambda g: (g("ReduceMean", g.ints(-1, -2)), g("Squeeze", g.ints(2, 3))),
    "GlobalMaxPooling2D": lambda g: g("GlobalMaxPool"),
    "GlobalMaxPooling2D most": lambda g: g("ReduceMax", g.ints(2, 3), keepdims=0),
    "BatchNormalization": lambda g: g.normal(6),
    "Rescaling": lambda g: (g("Mul", g.number(3)), g("Sub", g.number([0.5]))),
    "Rescaling per channel": lambda g: (g("Sub", g.weight(6, 1, 1)), g("Div", g.weight(1, 6, 1, 1, low=0.5))),
    "Rescaling from": lambda g: g.nodes.append(
        helper.make_node("Sub", [g.weight(6, 1, 1), g.last], [setattr(g, "last", "from") or "from"])
    ),
    "ZeroPadding2D": lambda g: g("Pad", g.ints(0, 0, 1, 2, 0, 0, 0, 3)),
    "ZeroPadding2D some": lambda g: g("Pad", g.ints(1, 2), g.number(0), g.ints(3), mode="constant"),
    "UpSampling2D": lambda g: g("Resize", "", g.number([1, 1, 2, 3]), mode="nearest"),
    "UpSampling2D sizes": lambda g: g(
        "Resize",
        "",
        "",
        g.ints(1, 6, 12, 14),
        mode="nearest",
        nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    ),
    "MaxPooling2D ceil, but no window that begins outside": lambda g: g(
        "MaxPool", kernel_shape=[1, 1], strides=[2, 2], ceil_mode=1
    ),
    "Softmax": lambda g: g("Softmax", axis=1),
    "Activation": lambda g: g("LogSoftmax", axis=1),
    "Flatten Dense": lambda g: (g("Flatten"), g.linear(6 * 6 * 7, 4)),
    "ReLU Flatten Dense": lambda g: (g("Flatten"), g("Relu"), g("Dropout"), g.linear(6 * 6 * 7, 4)),
    "Permute Flatten": lambda g: g("Flatten"),
    "Permute Flatten Softmax": lambda g: (g("Reshape", g.ints(0, -1)), g("Softmax", axis=-1)),
    "Permute Reshape Dense": lambda g: (g("Reshape", g.ints(-1, 6, 42)), g("MatMul", g.weight(42, 3))),
    "Permute Reshape Permute Reshape Permute Conv2D, which shuffles channels": lambda g: (
        g("Reshape", g.ints(0, 2, 3, 6, 7)),
        g("Transpose", perm=[0, 2, 1, 3, 4]),
        g("Reshape", g.ints(0, 6, 6, 7)),
        g.conv(6, 5, (2, 2)),
    ),
    "Dense": lambda g: (g("Transpose", perm=[0, 2, 3, 1]), g("MatMul", g.weight(6, 5)), g("Add", g.weight(5))),
    "Conv2D Permute Reshape Dense, along columns": lambda g: (
        g.conv(6, 5, (6, 1)),
        g("Squeeze", g.ints(2)),
        g("MatMul", g.weight(7, 3)),
        g("Add", g.weight(3)),
    ),
    "Conv2D Rescaling Add, with a bias that is read twice": lambda g: (
        x := g.conv(6, 5, (1, 1), bias=False),
        g("Add", g.weight(1, 5, 1, 1)),
        g("Add", x),
    ),
    "Rescaling Rescaling Rescaling Maximum, where what lies between is read twice": lambda g: (
        g("Mul", g.weight(6, 1, 1)),
        x := g("Mul", g.number(2)),
        y := g("Add", g.number(1)),
        g("Mul", g.number(3), of=x),
        g("Max", y),
    ),
    "Rescaling Rescaling Add, where nothing is added before": lambda g: (
        x := g("Mul", g.weight(6, 1, 1)),
        g("Add", g.number(0)),
        g("Mul", g.weight(6, 1, 1)),
        g("Add", x),
    ),
    "GlobalAveragePooling2D Dense, as its shape says": lambda g: (
        x := g("GlobalAveragePool"),
        g("Shape"),
        y := g("Slice", g.ints(-4), g.ints(-3), g.ints(0)),
        g("Concat", g.ints(-1), of=y, axis=0),
        g("Reshape", g.last, of=x),
        g.linear(6, 3),
    ),
    "LayerNormalization": lambda g: (
        g("Transpose", perm=[0, 2, 3, 1]),
        g("LayerNormalization", g.weight(6), g.weight(6), epsilon=1e-4),
        g("Transpose", perm=[0, 3, 1, 2]),
    ),
    "Conv2D Add": lambda g: (x := g.last, g.conv(6, 6, (1, 1)), g("Add", x)),
    "DepthwiseConv2D Multiply": lambda g: (x := g.last, g.conv(6, 6, (1, 1), groups=6), g("Mul", x)),
    "Conv2D Subtract": lambda g: (x := g.last, g.conv(6, 6, (1, 1)), g("Sub", x)),
    "Conv2D Maximum": lambda g: (x := g.last, g.conv(6, 6, (1, 1)), g("Max", x)),
    "Conv2D Minimum": lambda g: (x := g.last, g.conv(6, 6, (1, 1)), g("Min", x)),
    "Conv2D Average": lambda g: (x := g.last, g.conv(6, 6, (1, 1)), g("Mean", x)),
    "Conv2D Concatenate": lambda g: (x := g.last, g.conv(6, 5, (1, 1)), g("Concat", x, axis=1)),
    "Conv2D Concatenate places": lambda g: (x := g.last, g.conv(6, 6, (1, 2)), g("Concat", x, axis=-1)),
    "GlobalAveragePooling2D Conv2D Activation Multiply, as squeeze and excitation does": lambda g: (
        x := g.last,
        g("GlobalAveragePool"),
        g.conv(6, 6, (1, 1)),
        g("Sigmoid"),
        g("Mul", x),
    ),
    "GlobalAveragePooling2D Dense Activation Reshape Multiply, with a line between": lambda g: (
        x := g.last,
        g("GlobalAveragePool"),
        g("Flatten"),
        g.linear(6, 6),
        g("HardSigmoid", alpha=1 / 6),
        g("Unsqueeze", g.ints(2, 3)),
        g("Mul", x),
    ),
}


def test_every_operation_computes_what_onnxruntime_computes(javascript, tmp_path):
    models = []
    for i, build in enumerate(OPERATIONS.values()):
        g = Graph(SHAPE, i, opset=18)
        g.conv(4, 6, (3, 3))
        build(g)
        models.append(g.model())
    for name, said in zip(OPERATIONS, compared(javascript, tmp_path, models), strict=True):
        kinds = [layer["kind"] for layer in said["layers"][2:]]
        wanted = [word for word in name.partition(",")[0].split() if word[0].isupper()]
        assert kinds == wanted, name
        assert said["layers"][0]["shape"] == [8, 9, 4]
        assert said["layers"][1]["weights"] == [[3, 3, 4, 6], [6]]


def gelu(g: Graph) -> None:
    x = g.last
    g("Div", g.number(np.sqrt(2)))
    g("Erf")
    y = g("Add", g.number(1))
    g("Mul", y, of=x)
    g("Mul", g.number(0.5))


def softplus(g: Graph) -> None:
    """As PyTorch writes it, which takes large numbers as they are."""
    x = g.last
    y = g("Softplus")
    g("Greater", g.number(20), of=x)
    g("Where", x, y)


# What an exporter writes for a function of each number, and the layer that computes it.
FUNCTIONS = {
    "ReLU": [lambda g: g("Relu"), lambda g: g("Clip", g.number(0)), lambda g: g("Max", g.number(0))],
    "ReLU 6": [lambda g: g("Clip", g.number(0), g.number(6))],
    "LeakyReLU": [lambda g: g("LeakyRelu", alpha=0.1), lambda g: g("PRelu", g.number([0.3]))],
    "ELU": [lambda g: g("Elu", alpha=0.7), lambda g: g("Celu")],
    "Rescaling": [lambda g: (g("Neg"), g("Div", g.number(3)), g("Sub", g.number(1)))],
    "sigmoid": [lambda g: g("Sigmoid"), lambda g: (g("Neg"), g("Exp"), g("Add", g.number(1)), g("Reciprocal"))],
    "hard_sigmoid": [
        lambda g: g("HardSigmoid", alpha=1 / 6, beta=0.5),
        lambda g: (g("Add", g.number(3)), g("Clip", g.number(0), g.number(6)), g("Mul", g.number(1 / 6))),
    ],
    "tanh": [lambda g: g("Tanh")],
    "softplus": [lambda g: g("Softplus"), softplus, lambda g: (g("Exp"), g("Add", g.number(1)), g("Log"))],
    "softsign": [
        lambda g: g("Softsign"),
        lambda g: (x := g.last, g("Abs"), y := g("Add", g.number(1)), g("Div", y, of=x)),
    ],
    "exponential": [lambda g: g("Exp")],
    "selu": [lambda g: g("Selu")],
    "gelu": [gelu, lambda g: g("Gelu")],
    "silu": [
        lambda g: (x := g.last, g("Sigmoid"), g("Mul", x)),
        lambda g: (x := g.last, y := g("Sigmoid"), g("Mul", y, of=x)),
    ],
    "hard_silu": [
        lambda g: g("HardSwish"),
        lambda g: (x := g.last, g("HardSigmoid", alpha=1 / 6, beta=0.5), g("Mul", x)),
        lambda g: (
            x := g.last,
            g("Add", g.number(3)),
            g("Clip", g.number(0), g.number(6)),
            g("Mul", x),
            g("Div", g.number(6)),
        ),
    ],
    "mish": [lambda g: (x := g.last, g("Softplus"), g("Tanh"), g("Mul", x))],
}


def test_functions_of_each_number_are_one_layer_however_they_are_written(javascript, tmp_path):
    models, wanted = [], []
    for name, builds in FUNCTIONS.items():
        for build in builds:
            g = Graph((40,), len(models), opset=20)
            g.linear(40, 30)
            g("Mul", g.number(4))
            g("Concat", g.last, axis=1)
            build(g)
            models.append(g.model())
            wanted.append(name.split()[0])
    for name, said in zip(wanted, compared(javascript, tmp_path, models), strict=True):
        *_, layer = said["layers"]
        assert layer["config"].get("activation", layer["kind"]) == name
        assert len(said["layers"]) == 5


# What no layer computes: the words of the sentence that says so.
REFUSED = {
    "Sin is an operation that this page does not know": lambda g: g("Sin"),
    "LSTM is an operation": lambda g: (g("Squeeze"), g("LSTM", g.weight(1, 8, 4), g.weight(1, 8, 2), hidden_size=2)),
    "Clip changes each number in a way": lambda g: g("Clip", g.number(-1), g.number(1)),
    "Gelu changes each number": lambda g: g("Gelu", approximate="tanh"),
    "Pow changes each number": lambda g: (g("Sigmoid"), g("Pow", g.number(3))),
    "PRelu takes more than one number": lambda g: g("PRelu", g.weight(3, 1, 1)),
    "this page takes one number, or one for each channel": lambda g: g("Mul", g.weight(3, 4, 4)),
    "Div puts several tensors together": lambda g: (x := g.last, y := g.conv(3, 3, (1, 1)), g("Div", y, of=x)),
    "it has a border on which Keras' pooling does not lie": lambda g: g(
        "MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]
    ),
    "it makes whole numbers": lambda g: (g("Cast", to=TensorProto.INT32), g("Cast", to=TensorProto.FLOAT)),
    "it takes other pixels": lambda g: g(
        "Resize", "", g.number([1, 1, 2, 2]), coordinate_transformation_mode="asymmetric", nearest_mode="ceil"
    ),
    'this page repeats pixels, which is "nearest"': lambda g: g("Resize", "", g.number([1, 1, 2, 2]), mode="linear"),
    "it fills the border with something else than 0": lambda g: g("Pad", g.ints(0, 0, 1, 1, 0, 0, 1, 1), g.number(2)),
    "it adds a border to the batch, or to channels": lambda g: g("Pad", g.ints(0, 1, 1, 1, 0, 1, 1, 1)),
    "it goes along several axes": lambda g: g("LayerNormalization", g.weight(3, 4, 4), axis=1),
    "it goes along the axes 1": lambda g: g("ReduceMean", g.ints(1)),
    "it mixes the examples of a batch": lambda g: (g("Flatten", axis=2), g("Reshape", g.ints(1, 48))),
    "Transpose is not computed here: it mixes the examples of a batch": lambda g: (
        g("Reshape", g.ints(-1, 4)),
        g("Transpose", perm=[1, 0]),
    ),
    "it moves the axis of the batch": lambda g: g("Transpose", perm=[1, 0, 2, 3]),
    "it takes weights from what the network computes": lambda g: (x := g.last, g("Sigmoid"), g("MatMul", x)),
    "it puts weights beside": lambda g: g("Concat", g.weight(1, 1, 4, 4), axis=1),
    "a window of 7 does not fit into 4 places": lambda g: g.conv(3, 3, (7, 7)),
}


def test_what_is_no_layer_is_named_and_what_lies_before_it_is_computed(javascript, tmp_path):
    asked = []
    for i, build in enumerate(REFUSED.values()):
        g = Graph((2, 6, 6), opset=20)
        g.conv(2, 3, (3, 3))
        build(g)
        g("Flatten")
        g.linear(48, 2)
        onnx.save(g.model(), tmp_path / f"{i}.onnx")
        asked.append({"path": str(tmp_path / f"{i}.onnx"), "shape": [2, 6, 6], "X": [0.5] * 72})
    for words, said in zip(REFUSED, javascript(RUN, asked=asked), strict=True):
        (odd,) = (layer for layer in said["layers"] if "wrong" in layer)
        assert words in odd["wrong"]
        assert len(odd["wrong"]) < 200
        assert len(said["layers"][1]["X"]) == 48
        *_, last = said["layers"]
        assert "shape" not in last
        assert last["parameters"] == 98


def test_softmax_of_an_older_version_goes_along_all_axes_behind_its_own(javascript, tmp_path):
    asked = []
    for i, flat in enumerate([True, False]):
        g = Graph((2, 6, 6), opset=11)
        if flat:
            g("Flatten")
        g("Softmax")
        onnx.save(g.model(), tmp_path / f"{i}.onnx")
        asked.append(str(tmp_path / f"{i}.onnx"))
    line, maps = javascript(OPENED, paths=asked)
    assert line["kinds"][-1] == "Softmax"
    assert "it makes shares of several axes at once" in maps["wrong"][0]


def random_stack(seed: int) -> Graph:
    """Draw a network of PyTorch's kind: channels first, branches, a line at its end."""
    draw = np.random.default_rng(seed)
    channels, size = int(draw.choice([1, 3, 4])), [int(n) for n in draw.integers(12, 26, 2)]
    g = Graph((channels, *size), seed, batch=draw.choice(["batch", 1]).item() if seed % 2 else 1)

    def shrink(size, k, stride, pads):
        return [(n + 2 * p - m) // stride + 1 for n, m, p in zip(size, k, pads, strict=True)]

    for _ in range(int(draw.integers(3, 8))):
        what = draw.choice(
            ["conv", "depth", "pool", "mean", "norm", "act", "residual", "gate", "scale", "beside", "last", "pad"]
        )
        k, stride = [int(n) for n in draw.integers(1, 4, 2)], int(draw.integers(1, 3))
        pads = [int(draw.integers(0, m // 2 + 1)) for m in k]
        if what in ("conv", "depth", "pool", "mean") and min(shrink(size, k, stride, pads)) < 2:
            continue
        told = {"strides": [stride] * 2, "pads": pads * 2}
        if what == "conv":
            filters = int(draw.integers(1, 4)) * 2
            g.conv(channels, filters, k, bias=bool(draw.integers(2)), **told)
            channels, size = filters, shrink(size, k, stride, pads)
        elif what == "depth":
            g.conv(channels, 2 * channels, k, groups=channels, **told)
            channels, size = 2 * channels, shrink(size, k, stride, pads)
        elif what == "pool":
            g("Relu")
            g("MaxPool", kernel_shape=k, **told)
            size = shrink(size, k, stride, pads)
        elif what == "mean":
            g("AveragePool", kernel_shape=k, count_include_pad=1, **told)
            size = shrink(size, k, stride, pads)
        elif what == "norm":
            g.normal(channels)
        elif what == "act":
            g(str(draw.choice(["Relu", "Sigmoid", "Tanh", "HardSwish", "Elu"])))
        elif what == "residual":
            x = g.last
            g.conv(channels, channels, [3, 3], pads=[1] * 4)
            g("Add", x)
        elif what == "gate":
            x = g.last
            g("GlobalAveragePool")
            g("Reshape", g.ints(0, -1))
            g.linear(channels, channels)
            g("Sigmoid")
            g("Reshape", g.ints(-1, channels, 1, 1))
            g("Mul", x)
        elif what == "scale":
            g("Mul", g.weight(channels, 1, 1))
            g("Add", g.number(0.3))
        elif what == "beside":
            x = g.last
            g.conv(channels, 2, [1, 1])
            g("Concat", x, axis=1)
            channels += 2
        elif what == "last":
            g("Transpose", perm=[0, 2, 3, 1])
            g("MatMul", g.weight(channels, 4))
            g("Add", g.weight(4))
            g("Transpose", perm=[0, 3, 1, 2])
            channels = 4
        else:
            g("Pad", g.ints(0, 0, 1, 0, 0, 0, 0, 2))
            size = [size[0] + 1, size[1] + 2]
    if draw.integers(2):
        g("GlobalAveragePool")
        g("Flatten")
        g.linear(channels, 5)
    else:
        # As view(x.size(0), -1) is written.
        x = g.last
        g("Shape")
        g("Gather", g.number(0, "int64"))
        g("Unsqueeze", g.ints(0))
        shape = g("Concat", g.ints(-1), axis=0)
        g("Reshape", shape, of=x)
        g.linear(channels * size[0] * size[1], 5)
    g("Softmax", axis=1)
    return g


def random_tangle(seed: int) -> Graph:
    """Draw a graph in which tensors are read by several others: what is done at once must be nobody else's."""
    draw, n = np.random.default_rng(seed), 4
    g = Graph((n, 5, 6), seed)
    there = [g.conv(n, n, (1, 1), bias=False)]
    for _ in range(int(draw.integers(6, 16))):
        one, two = (str(name) for name in draw.choice(there[-6:], 2))
        what = draw.choice(
            ["factors", "terms", "factor", "term", "relu", "sigmoid", "and", "times", "most", "conv", "turn"]
        )
        if what == "turn":
            g("Transpose", perm=[0, 2, 3, 1], of=one)
            g("Add", g.weight(n))
            g("Relu")
            there.append(g("Transpose", perm=[0, 3, 1, 2]))
        elif what == "conv":
            there.append(g.conv(n, n, (1, 1), bias=False, of=one))
        elif what in ("factors", "terms"):
            there.append(g({"factors": "Mul", "terms": "Add"}[what], g.weight(n, 1, 1), of=one))
        elif what in ("factor", "term"):
            value = g.number(draw.choice([0.0, 1.0, -0.5, 2.0]))
            there.append(g({"factor": "Mul", "term": "Add"}[what], value, of=one))
        elif what in ("relu", "sigmoid"):
            there.append(g({"relu": "Relu", "sigmoid": "Sigmoid"}[what], of=one))
        else:
            there.append(g({"and": "Add", "times": "Mul", "most": "Max"}[what], two, of=one))
    means = [g("GlobalAveragePool", of=name) for name in there[-3:]]
    lines = [g("Flatten", of=name) for name in means]
    g("Concat", *lines[1:], of=lines[0], axis=1)
    return g


@pytest.mark.slow
def test_random_networks_compute_what_onnxruntime_computes(javascript, tmp_path):
    compared(javascript, tmp_path, [random_tangle(seed).model() for seed in (*range(60), 488)])
    found = compared(javascript, tmp_path, [random_stack(seed).model() for seed in range(24)])
    assert len({layer["kind"] for said in found for layer in said["layers"]}) > 15


# ---- what exporters write


def exported(model, path: Path):
    """Export a model of Keras', which has to have been called."""
    model(np.zeros([1, *(n or 32 for n in model.input_shape[1:])], "float32"))
    model.export(path, format="onnx", verbose=False)
    return onnx.load(path)


def keras_models() -> dict:
    """Networks of Keras', and the layers that are read from their files."""
    import keras
    from keras import layers

    def plain():
        stack = [
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(6, 3, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(8, activation="elu"),
            layers.Dense(3, activation="softmax"),
        ]
        return keras.Sequential([keras.Input((28, 28, 1)), *stack])

    def normalised():
        stack = [
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("silu"),
            layers.AveragePooling2D(3, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dense(3, activation="sigmoid"),
        ]
        return keras.Sequential([keras.Input((12, 10, 3)), *stack])

    def branches():
        image = keras.Input((None, None, 3))
        x = layers.Conv2D(4, 3, activation="mish")(image)
        x = layers.DepthwiseConv2D(3, padding="same")(x)
        x = layers.SeparableConv2D(5, 3, activation="hard_silu", strides=2, padding="same")(x)
        x = layers.UpSampling2D((2, 3))(layers.ZeroPadding2D(((1, 0), (0, 2)))(x))
        gate = layers.Dense(5, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))
        x = layers.Concatenate()([layers.Multiply()([x, gate]), layers.Maximum()([x, gate])])
        return keras.Model(image, layers.Dense(2)(layers.GlobalMaxPooling2D()(x)))

    def rows():
        text = keras.Input((20, 6))
        x = layers.Conv1D(5, 3, padding="same", activation="relu")(text)
        x = layers.MaxPooling1D()(layers.Conv1D(7, 3, activation="tanh")(x))
        x = layers.Dense(4, activation="softplus")(layers.Reshape((7, 9))(x))
        return keras.Model(text, layers.GlobalAveragePooling1D()(layers.Permute((2, 1))(x)))

    return {
        plain: "Rescaling Conv2D ReLU MaxPooling2D Conv2D LeakyReLU Flatten Dense ELU Dense Softmax",
        normalised: "Conv2D Activation AveragePooling2D Rescaling Flatten Rescaling Dense Activation",
        branches: "Conv2D Activation DepthwiseConv2D DepthwiseConv2D Conv2D Activation ZeroPadding2D UpSampling2D "
        "GlobalAveragePooling2D Dense Activation Reshape Multiply Maximum Concatenate GlobalMaxPooling2D Dense",
        rows: "Reshape Conv2D ReLU Conv2D Activation MaxPooling2D Reshape Dense Activation Permute Reshape "
        "GlobalAveragePooling2D",
    }


@pytest.mark.slow
def test_what_keras_exports_is_read_as_the_layers_that_it_was(javascript, tmp_path):
    pytest.importorskip("tf2onnx")
    from .test_your_network import randomised

    builds = keras_models()
    models = [randomised(build(), i) for i, build in enumerate(builds)]
    files = [exported(model, tmp_path / f"exported{i}.onnx") for i, model in enumerate(models)]
    for kinds, said in zip(builds.values(), compared(javascript, tmp_path, files, 23), strict=True):
        assert " ".join(layer["kind"] for layer in said["layers"][1:]) == kinds
        assert said["version"].startswith("tf2onnx")
    assert sum(layer["parameters"] for layer in said["layers"]) == models[-1].count_params()


@pytest.mark.slow
def test_the_course_s_network_for_cats_and_dogs_answers_from_its_export_as_in_keras(javascript, tmp_path):
    pytest.importorskip("tf2onnx")
    from course_utils import pretrained

    model = pretrained.cats_and_dogs()
    (said,) = compared(javascript, tmp_path, [exported(model, tmp_path / "pets.onnx")], 40)
    X = np.random.default_rng(0).uniform(-1, 1, (1, 40, 40, 3)).astype("float32")
    close(said["layers"][said["outputs"][0]], model.predict(X, verbose=0)[0])
    # Batch normalisation comes taken apart, as factors and numbers to add for its channels.
    normal = sum(layer.count_params() for layer in model.layers if layer.name.startswith("batch_norm"))
    assert sum(layer["parameters"] for layer in said["layers"]) == model.count_params() - normal


@pytest.mark.slow
def test_what_pytorch_exports_is_read_with_channels_last(javascript, tmp_path):
    torch = pytest.importorskip("torch")
    from torch import nn

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(3, 8, 3, padding=1, bias=False)
            self.normal = nn.BatchNorm2d(8)
            self.pool = nn.MaxPool2d(3, 2, 1)
            self.apart = nn.Conv2d(8, 8, 3, 2, 1, groups=8)
            self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 2, 1), nn.SiLU(), nn.Conv2d(2, 8, 1))
            self.last = nn.Linear(32, 6)

        def forward(self, x):
            x = self.pool(torch.relu(self.normal(self.first(x))))
            y = nn.functional.gelu(self.apart(x))
            y = nn.functional.hardswish(y) + nn.functional.relu6(y * torch.sigmoid(self.gate(y)))
            y = nn.functional.adaptive_avg_pool2d(y, 2)
            return torch.log_softmax(self.last(y.view(y.size(0), -1)), 1)

    stacks = [
        (Residual(), (3, 32, 32)),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 10)), (1, 28, 28)),
        (nn.Sequential(nn.Flatten(), nn.Linear(108, 16), nn.BatchNorm1d(16), nn.Tanh(), nn.Linear(16, 2)), (3, 6, 6)),
        (nn.Sequential(nn.Conv1d(4, 6, 5, 2, 2), nn.ELU(), nn.AvgPool1d(2), nn.Flatten(), nn.Linear(30, 2)), (4, 20)),
        (nn.Sequential(nn.Linear(2, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 1), nn.Sigmoid()), (2,)),
        (nn.Sequential(nn.Conv2d(1, 4, 3), nn.Upsample(scale_factor=2), nn.ConstantPad2d((1, 0, 2, 0), 0)), (1, 9, 8)),
    ]
    files = []
    for i, (module, shape) in enumerate(stacks):
        path = tmp_path / f"torch{i}.onnx"
        torch.onnx.export(
            module.eval(),
            (torch.randn(1, *shape),),
            path,
            dynamo=False,
            input_names=["image"],
            dynamic_axes={"image": {0: "n"}} if i % 2 else None,
        )
        files.append(onnx.load(path))
    found = compared(javascript, tmp_path, files)
    kinds = [" ".join(layer["kind"] for layer in said["layers"][1:]) for said in found]
    assert kinds[0] == (
        "Conv2D ReLU ZeroPadding2D MaxPooling2D ZeroPadding2D DepthwiseConv2D Activation GlobalAveragePooling2D Conv2D "
        "Activation Conv2D Activation Multiply Activation ReLU Add AveragePooling2D Flatten Dense Activation"
    )
    assert kinds[1:3] == ["Flatten Dense ReLU Dense", "Flatten Dense BatchNormalization Activation Dense"]
    assert kinds[3] == "Reshape ZeroPadding2D Conv2D ELU AveragePooling2D Flatten Dense"
    assert kinds[4:] == ["Dense Activation LayerNormalization Dense Activation", "Conv2D UpSampling2D ZeroPadding2D"]
    for (module, shape), said in zip(stacks[1:], found[1:], strict=True):
        # Running means are no parameters in PyTorch.
        held = sum(layer["parameters"] for layer in said["layers"])
        assert held - (32 if "BatchNorm" in str(module) else 0) == sum(p.numel() for p in module.parameters())
        assert said["layers"][0]["shape"] == [*shape[1:], shape[0]]
        assert said["version"].startswith("pytorch 2.")
    # The first kernels of a network for colour pictures lie as its pixels do.
    kernel = stacks[2][0][1].weight.detach().numpy().reshape(16, 3, 6, 6).transpose(2, 3, 1, 0)
    weights = javascript(WEIGHTS, path=str(tmp_path / "2.onnx"))
    np.testing.assert_allclose(np.reshape(weights[0], (6, 6, 3, 16)), kernel, rtol=1e-6)


# ---- files

WEIGHTS = (
    OPEN
    + """
const { layers } = open(told.path, told.beside);
tell(layers.filter(({ weights }) => weights.length).map(({ weights: [kernel] }) => kernel.X));
"""
)
OPENED = (
    OPEN
    + """
tell(told.paths.map((path) => {
  try {
    const net = open(path), layers = shaped(net.layers);
    const wrong = layers.flatMap((layer) => layer.wrong ?? []);
    return { outputs: net.outputs, kinds: layers.map(({ kind }) => kind), wrong };
  } catch (error) {
    if (error.constructor.name !== "FileError") throw error;
    return error.message;
  }
}));
"""
)


def small(**told) -> Graph:
    """A small network for pictures."""
    g = Graph((3, 6, 6), **told)
    g.conv(3, 4, (3, 3), pads=[1, 1, 1, 1])
    g("Relu")
    g("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    g("Flatten")
    g.linear(36, 2)
    g("Softmax", axis=-1)
    return g


def test_weights_in_a_second_file_are_read_when_it_is_opened_too(javascript, tmp_path):
    g = small()
    onnx.save(g.model(), tmp_path / "whole.onnx")
    beside = {"save_as_external_data": True, "location": "mine.onnx.data", "size_threshold": 0}
    onnx.save(g.model(), tmp_path / "mine.onnx", **beside)
    told = {"path": str(tmp_path / "mine.onnx"), "beside": {"mine.onnx.data": str(tmp_path / "mine.onnx.data")}}
    assert javascript(WEIGHTS, **told) == javascript(WEIGHTS, path=str(tmp_path / "whole.onnx"))
    (tmp_path / "short").write_bytes((tmp_path / "mine.onnx.data").read_bytes()[:100])
    for other, words in {"mine.onnx.data": "does not belong to mine.onnx", "other.data": "Open both at once"}.items():
        told["beside"] = {other: str(tmp_path / "short")}
        with pytest.raises(AssertionError, match=words):
            javascript(WEIGHTS, **told)


def test_weights_are_read_however_they_are_stored(javascript, tmp_path):
    models = {}
    for name, kind in {"raw": 1, "listed": 1, "float16": 10, "float64": 11}.items():
        model = small().model()
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            if values.dtype != np.float32:
                continue
            stored = values.astype(helper.tensor_dtype_to_np_dtype(kind))
            whole = numpy_helper.from_array(stored, tensor.name)
            if name == "listed":
                whole = helper.make_tensor(tensor.name, kind, values.shape, values.ravel().tolist())
            tensor.CopyFrom(whole)
        onnx.save(model, tmp_path / f"{name}.onnx")
        models[name] = model
    expected = [numpy_helper.to_array(tensor) for tensor in models["raw"].graph.initializer]
    for name in models:
        kernels = javascript(WEIGHTS, path=str(tmp_path / f"{name}.onnx"))
        np.testing.assert_allclose(
            np.reshape(kernels[0], (3, 3, 3, 4)),
            expected[0].transpose(2, 3, 1, 0),
            rtol=1e-3 if name == "float16" else 1e-6,
        )


def test_a_network_that_was_quantised_shows_its_layers_and_says_what_is_not_computed(javascript, tmp_path):
    g = Graph((3, 6, 6))
    kernel = g.draw.integers(-127, 128, (4, 3, 3, 3))
    scale, zero = g.number([0.01, 0.02, 0.03, 0.04]), g.number([1, -2, 0, 3], "int8")
    g("QuantizeLinear", g.number(0.1), g.number(0, "uint8"))
    x = g("DequantizeLinear", g.number(0.1), g.number(0, "uint8"))
    w = g("DequantizeLinear", scale, zero, of=g.number(kernel, "int8"), axis=0)
    g("Conv", w, of=x)
    onnx.save(g.model(), tmp_path / "int8.onnx")
    (said,) = javascript(OPENED, paths=[str(tmp_path / "int8.onnx")])
    assert said["kinds"] == ["InputLayer", "QuantizeLinear", "DequantizeLinear", "Conv"]
    assert "Open the network as it was before it was quantised" in said["wrong"][0]
    # Weights alone may be whole numbers.
    g.nodes = [node for node in g.nodes if node.op_type == "Conv" or w in node.output]
    g.nodes[-1].input[0] = "image"
    compared(javascript, tmp_path, [g.model()])


def test_several_inputs_and_outputs_and_whole_numbers_are_read(javascript, tmp_path):
    g = Graph((3, 6, 6))
    first = g.conv(3, 4, (3, 3))
    other = g("Conv", g.weight(4, 3, 3, 3), of="second")
    g("Add", first, of=other)
    model = g.model(outputs=[first, g.last])
    model.graph.input.append(helper.make_tensor_value_info("second", TensorProto.FLOAT, ["batch", 3, 6, 6]))
    onnx.save(model, tmp_path / "two.onnx")
    g = Graph((3, 6, 6))
    g("Cast", to=TensorProto.FLOAT)
    g("Div", g.number(255))
    g.conv(3, 4, (3, 3))
    counted = g.model()
    counted.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    onnx.save(counted, tmp_path / "uint8.onnx")
    two, whole = javascript(OPENED, paths=[str(tmp_path / "two.onnx"), str(tmp_path / "uint8.onnx")])
    assert two["kinds"] == ["InputLayer", "InputLayer", "Conv2D", "Conv2D", "Add"]
    assert two["outputs"] == [2, 4]
    assert whole["kinds"] == ["InputLayer", "Rescaling", "Conv2D"]


def other(change, build=small):
    """A file with something changed in it."""

    def content() -> bytes:
        model = build().model()
        change(model)
        return model.SerializeToString()

    return content


def looped(model) -> None:
    body = helper.make_graph([], "body", [], [])
    model.graph.node.append(helper.make_node("If", ["image"], ["y"], then_branch=body, else_branch=body))


def in_place(path: str, value):
    """Set a field of a model by its path."""

    def change(model) -> None:
        *folders, last = path.split(".")
        one = model
        for part in folders:
            one = one[int(part)] if part.isdigit() else getattr(one, part)
        setattr(one, last, value)

    return change


IMAGE = "graph.input.0.type.tensor_type"
FILES = {
    "is empty": lambda: b"",
    "is no ONNX file, or is damaged": lambda: b"\x08\x07\x12",
    "holds no network": lambda: b"\x08\x07",
    "does not say which version": other(lambda model: model.ClearField("opset_import")),
    "holds no operation": other(lambda model: model.graph.ClearField("node")),
    "reads nothing": other(lambda model: model.graph.ClearField("input")),
    "reads image, which is no array but a sequence": other(
        in_place(f"{IMAGE[:-12]}.sequence_type.elem_type.tensor_type.elem_type", 1)
    ),
    "which holds no numbers but string": other(in_place(f"{IMAGE}.elem_type", 8)),
    "does not say which shape": other(lambda model: model.graph.input[0].type.tensor_type.ClearField("shape")),
    "with the shape (any)": other(
        lambda model: model.graph.input[0].type.tensor_type.shape.dim.__delitem__(slice(1, 4))
    ),
    "holds the operation If": other(looped),
    "Conv (/layer0/Conv) reads w1, which is not there": other(lambda model: model.graph.initializer.__delitem__(1)),
    "its output reads nothing_there": other(in_place("graph.output.0.name", "nothing_there")),
    "do not depend on what it reads": other(in_place("graph.output.0.name", "w0")),
    "w0 has the shape (4, 3, 3, 2), so 288 bytes, but holds 432": other(
        lambda model: model.graph.initializer[0].dims.__setitem__(3, 2)
    ),
    "has its weights in a second file, more.data": other(
        lambda model: (
            model.graph.initializer[0].external_data.add(key="location", value="more.data"),
            in_place("graph.initializer.0.data_location", 1)(model),
        )
    ),
}


def test_a_damaged_or_foreign_file_gets_a_sentence_that_says_what_to_do(javascript, tmp_path):
    paths = []
    for i, content in enumerate(FILES.values()):
        (tmp_path / f"mine{i}.onnx").write_bytes(content())
        paths.append(str(tmp_path / f"mine{i}.onnx"))
    for path, words, said in zip(paths, FILES, javascript(OPENED, paths=paths), strict=True):
        assert isinstance(said, str), words
        assert words in said
        assert said.startswith(Path(path).name)
        assert 50 < len(said) < 400


@pytest.mark.slow
def test_a_file_that_is_cut_off_or_changed_anywhere_is_refused_or_answers_as_onnxruntime_does(javascript, tmp_path):
    """Other than a .keras file it has no checksum, so a changed weight is read as it is."""
    whole, draw = small(batch=1).model().SerializeToString(), np.random.default_rng(0)
    cuts = [int(at) for at in draw.integers(1, len(whole) - 1, 80)]
    paths, changed = [], []
    for i, at in enumerate(cuts):
        (tmp_path / f"cut{i}.onnx").write_bytes(whole[:at])
        paths.append(str(tmp_path / f"cut{i}.onnx"))
    assert all(isinstance(said, str) for said in javascript(OPENED, paths=paths))
    # The structure takes a tenth of the bytes, but holds most of what can go wrong.
    begin = whole.index(b"w0")
    for i in range(400):
        content = bytearray(whole)
        at = int(draw.integers(0, begin if i % 4 else len(whole)))
        content[at] ^= int(draw.integers(1, 256)) if i % 2 else 1 << int(draw.integers(8))
        (tmp_path / f"{i}.onnx").write_bytes(content)
        changed.append(tmp_path / f"{i}.onnx")
    X = draw.uniform(-1, 1, (3, 6, 6)).astype("float32")
    alike = 0
    for path, said in zip(
        changed, javascript(FORGIVING, paths=[str(p) for p in changed], X=X.ravel().tolist()), strict=True
    ):
        if isinstance(said, str) or said["X"] is None:
            continue
        try:
            runs = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
            (given,) = runs.get_inputs()
            (truth,) = runs.run(None, {given.name: X[np.newaxis]})
        except Exception:
            continue  # what onnxruntime refuses may be shown here
        if np.isfinite(truth).all() and np.abs(truth).max() < 1e6 and truth.shape == (1, 2):
            np.testing.assert_allclose(said["X"], truth[0], atol=1e-3, err_msg=path.name)
            alike += 1
    assert alike > 30


FORGIVING = (
    OPEN
    + """
tell(told.paths.map((path) => {
  try {
    const net = open(path), layers = shaped(net.layers), [input] = layers;
    const fits = layers.every(({ shape = [], work = 0 }) => shape.reduce((a, b) => a * b, 1) < 1e5 && work < 1e6);
    if (String(input.shape) !== "6,6,3" || !fits) return { X: null };
    const made = run(layers, turned(Float32Array.from(told.X), [3, 6, 6], net.read));
    return { X: made[net.outputs[0]]?.X ?? null };
  } catch (error) {
    if (error.constructor.name !== "FileError") throw new Error(`${path}: ${error.stack}`);
    return error.message;
  }
}));
"""
)


# ---- the program

PROGRAM = (
    OPEN
    + """
import { numbersOf, pictureOf, read } from "./your-network/input.mjs";
import { program } from "./your-network/onnxruntime.mjs";
import { squared } from "./shared/picture.mjs";
const net = open(told.path), layers = shaped(net.layers), [{ shape }] = layers, picture = pictureOf(shape);
const whole = { ...told.image, X: Uint8Array.from(told.image.X) };
const small = picture && squared(whole, "squeezed", picture.rows, picture.columns);
const input = picture ? numbersOf(small, picture, "1", false) : read(told.numbers, shape[0]);
const made = run(layers, input);
const code = ["from PIL import Image", 'image = Image.open("my.png").convert("RGB")'];
const way = { way: "squeezed", scale: "1", inverted: false };
const asked = { file: "mine.onnx", shape, picture, code, ...way, numbers: [...input], read: net.read };
tell(layers.slice(1).map((layer, i) => ({
  name: layer.name,
  code: program({ ...asked, layer }),
  maps: layer.tensor && made[i + 1],
  y: made[net.outputs[0]].X,
})));
"""
)


def colours() -> Graph:
    return small()


def several() -> Graph:
    return small(batch=3)


def excited() -> Graph:
    g = Graph((1, 8, 8))
    g.conv(1, 4, (3, 3))
    x = g.last
    g("GlobalAveragePool")
    g("Flatten")
    g.linear(4, 4)
    g("Sigmoid")
    g("Reshape", g.ints(0, 4, 1, 1))
    g("Mul", x)
    g("ReduceMean", axes=[2, 3], keepdims=0)
    return g


def numbers() -> Graph:
    g = Graph((2,))
    g.linear(2, 3)
    g("Tanh")
    g.linear(3, 1)
    return g


@pytest.mark.parametrize("build", [colours, several, excited, numbers])
def test_the_program_that_is_shown_gives_the_page_s_answer_and_maps(javascript, tmp_path, monkeypatch, build):
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), "uint8")
    Image.fromarray(pixels).save(tmp_path / "my.png")
    onnx.save(build().model(), tmp_path / "mine.onnx")
    image = {"rows": 20, "columns": 20, "X": pixels.ravel().tolist()}
    found = javascript(PROGRAM, path=str(tmp_path / "mine.onnx"), image=image, numbers="0.25, -3")
    monkeypatch.chdir(tmp_path)
    for said in found:
        assert max(map(len, said["code"].splitlines())) <= 80
        names: dict = {}
        exec(compile(said["code"], "<your-network>", "exec"), names)
        # Pillow rounds some pixels the other way.
        np.testing.assert_allclose(names["y"].ravel(), said["y"], atol=0.02, err_msg=said["name"])
        assert ("maps" in names) == ("maps" in said)
        if "maps" in said:
            np.testing.assert_allclose(names["maps"].ravel(), said["maps"]["X"], atol=0.02)
            assert list(names["maps"].shape) == said["maps"]["shape"]
    assert sum("maps" in said for said in found) >= len(found) - 2
