"""The walker finds every layer and call of every kind of model, and a watched run leaves a model as it was."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

import course_utils
from course_utils import network

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow


class Block(layers.Layer):
    """A layer that somebody has made of others."""

    def __init__(self, **options):
        super().__init__(**options)
        self.inner = [layers.Dense(3, name="first"), layers.Dropout(0.5, name="second")]

    def call(self, x):
        for layer in self.inner:
            x = layer(x)
        return x


class Subclassed(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.block, self.out = Block(name="block"), layers.Dense(2, name="out")

    def call(self, x):
        return self.out(self.block(x))


def sequential():
    return keras.Sequential([keras.Input((3,)), layers.Dense(3, name="a"), layers.ReLU(name="b")])


def nested():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="x"), layers.Dense(3, name="y")], name="inner")
    return keras.Sequential([keras.Input((3,)), layers.Dense(3, name="a"), inner, layers.Dense(1, name="z")])


def shared():
    x = keras.Input((3,))
    twice = layers.Dense(3, name="twice")
    return keras.Model(x, layers.add([twice(x), twice(twice(x))]))


def wrapped():
    steps = [layers.TimeDistributed(layers.Dense(3, name="each")), layers.Bidirectional(layers.GRU(2, name="gru"))]
    return keras.Sequential([keras.Input((4, 3)), *steps])


def several():
    """Three inputs, one of them read by nothing, and two outputs."""
    left, idle, right = (keras.Input((3,), name=name) for name in ("left", "idle", "right"))
    both = layers.concatenate([left, right])
    return keras.Model([left, idle, right], [layers.Dense(1, name="one")(both), layers.Dense(2, name="two")(right)])


def subclassed():
    return Subclassed()


MODELS = [sequential, nested, shared, wrapped, several, subclassed]


def named(nodes):
    return [node.operation.name for node in nodes]


# --- layers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MODELS)
def test_every_layer_that_keras_tracks_is_listed_once(make):
    model = make()
    found = network.all_layers(model)
    assert len({id(layer) for layer in found}) == len(found)
    assert {id(layer) for layer in found} == {id(layer) for layer in model._flatten_layers(include_self=False)}


def test_layers_stand_in_the_order_in_which_they_were_added_before_those_they_are_made_of():
    names = [layer.name for layer in network.all_layers(nested()) if not isinstance(layer, layers.InputLayer)]
    assert names == ["a", "inner", "x", "y", "z"]
    assert [layer.name for layer in network.all_layers(subclassed())] == ["block", "first", "second", "out"]


def test_what_a_wrapper_wraps_is_a_layer_too():
    names = [layer.name for layer in network.all_layers(wrapped())]
    assert "each" in names
    assert {"forward_gru", "backward_gru"} <= set(names)


def test_leaves_are_not_made_of_other_layers_and_hold_all_weights():
    for make in (sequential, nested, shared, wrapped):
        model = make()
        leaves = network.leaf_layers(model)
        assert not any(getattr(leaf, "layers", None) for leaf in leaves)
        held = {id(weight) for leaf in leaves for weight in leaf.weights}
        assert held == {id(weight) for weight in model.weights}
    assert [leaf.name for leaf in network.leaf_layers(subclassed())] == ["first", "second", "out"]


def test_a_name_means_the_models_own_layer_before_one_that_lies_deeper():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="same")])
    own = layers.Dense(1, name="same")
    model = keras.Sequential([keras.Input((3,)), inner, own])
    assert network.find_layer(model, "same") is own
    assert network.find_layer(nested(), "y").name == "y"


def test_a_layer_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match=r"no layer 'dens'; it has .*a, b"):
        network.find_layer(sequential(), "dens")
    with pytest.raises(ValueError, match="no layer 'a'; it has none"):
        network.find_layer(keras.Sequential(), "a")


def test_what_is_no_model_has_no_layers():
    for look in (network.all_layers, network.leaf_layers, lambda model: network.find_layer(model, "a")):
        with pytest.raises(TypeError, match="must be a Keras model, got Dense"):
            look(layers.Dense(1))


# --- graph ------------------------------------------------------------------------------------------------------------


def computed(graph, inputs):
    """Compute a network by its graph alone: each node from what those before it gave."""
    given = dict(zip(graph.inputs, inputs, strict=True))
    values = []
    for number, node in enumerate(graph.nodes):
        before = [values[parent] for parent in node.before]  # fails unless they stand before it
        if number in given and node.kind == "InputLayer":
            values.append(given[number])
        elif number in given and not before:
            values.append(node.operation(given[number]))
        else:
            values.append(node.operation(before if len(before) > 1 else before[0]))
    return [np.asarray(keras.ops.convert_to_numpy(values[output])) for output in graph.outputs]


def agrees(model, *shapes):
    rng = np.random.default_rng(0)
    inputs = [keras.ops.convert_to_tensor(rng.normal(size=(5, *shape)).astype("float32")) for shape in shapes]
    outputs = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0]))
    for found, expected in zip(computed(network.graph_of(model), inputs), outputs, strict=True):
        np.testing.assert_allclose(found, keras.ops.convert_to_numpy(expected), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "shapes"),
    [(sequential, [(3,)]), (nested, [(3,)]), (shared, [(3,)]), (wrapped, [(4, 3)]), (several, [(3,)] * 3)],
)
def test_a_graph_computes_what_its_model_does(make, shapes):
    agrees(make(), *shapes)


CALLS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), min_size=1, max_size=6)


def functional(n_inputs, calls, n_outputs):
    """Make each new tensor by one of two shared layers from an old one, or as the sum of two."""
    tensors = [keras.Input((3,)) for _ in range(n_inputs)]
    dense, block = layers.Dense(3), keras.Sequential([layers.Dense(3), layers.ReLU()])
    for i, j, in_block in calls:
        first, second = tensors[i % len(tensors)], tensors[j % len(tensors)]
        tensors.append((block if in_block else dense)(first) if first is second else layers.add([first, second]))
    return keras.Model(tensors[:n_inputs], tensors[n_inputs:][-n_outputs:])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 2), CALLS, st.integers(1, 2))
def test_the_graph_of_any_functional_model_computes_what_it_does(n_inputs, calls, n_outputs):
    agrees(functional(n_inputs, calls, n_outputs), *[(3,)] * n_inputs)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 2), CALLS, st.integers(1, 2))
def test_nodes_before_and_after_tell_the_same_links(n_inputs, calls, n_outputs):
    nodes = network.graph_of(functional(n_inputs, calls, n_outputs)).nodes
    forward = {(number, other) for number, node in enumerate(nodes) for other in node.after}
    backward = {(other, number) for number, node in enumerate(nodes) for other in node.before}
    assert forward == backward
    assert all(other < number for other, number in backward)


def test_a_sequential_model_has_the_nodes_of_the_same_functional_one_built_or_not():
    steps = [layers.Dense(3), layers.ReLU(), layers.Dense(1)]
    x = keras.Input((3,))
    tensor = x
    for layer in steps:
        tensor = layer(tensor)
    functional = network.graph_of(keras.Model(x, tensor))
    assert [node.kind for node in functional.nodes] == ["InputLayer", "Dense", "ReLU", "Dense"]
    in_a_row = network.graph_of(keras.Sequential([keras.Input((3,)), *steps]))
    assert [(node.kind, node.before, node.after) for node in in_a_row.nodes] == [
        (node.kind, node.before, node.after) for node in functional.nodes
    ]
    unbuilt = network.graph_of(keras.Sequential([layers.Dense(3), layers.ReLU()]))
    assert [node.kind for node in unbuilt.nodes] == ["Dense", "ReLU"]


def test_each_call_of_a_shared_layer_is_a_node():
    names = named(network.graph_of(shared()).nodes)
    assert names.count("twice") == 3


def test_inputs_and_outputs_are_found_in_their_order_even_where_nothing_reads_them():
    graph = network.graph_of(several())
    assert [graph.nodes[number].operation.name for number in graph.inputs] == ["left", "idle", "right"]
    assert [graph.nodes[number].operation.name for number in graph.outputs] == ["one", "two"]
    assert graph.readers(graph.inputs[1]) == ()
    assert [node.kind for node in graph.readers(graph.inputs[0])] == ["Concatenate"]


def test_a_way_is_followed_as_long_as_there_is_only_one():
    graph = network.graph_of(nested())
    names = ["a", "x", "y", "z"]
    assert named(graph.onward(graph.inputs[0]))[1:] == names
    assert named(graph.backward(graph.outputs[0]))[:-1] == names[::-1]
    fork = network.graph_of(several())
    assert [node.kind for node in fork.backward(fork.outputs[0])] == ["Dense", "Concatenate"]
    assert named(fork.onward(fork.inputs[2])) == ["right"]


def test_networks_may_be_deeper_than_pythons_stack():
    tensor = keras.Input((1,))
    depth = sys.getrecursionlimit() + 100
    for _ in range(depth):
        tensor = -tensor
    assert len(network.graph_to(tensor).nodes) == depth + 1


def test_only_python_can_read_a_subclassed_model_and_an_empty_one_has_no_nodes():
    assert network.graph_of(subclassed()) is None
    assert network.graph_of(keras.Sequential()) is None


def test_the_graph_to_an_output_is_the_graph_of_the_model():
    model = shared()
    to_output, of_model = network.graph_to(model.outputs[0]), network.graph_of(model)
    assert named(to_output.nodes) == named(of_model.nodes)
    assert (to_output.inputs, to_output.outputs) == (of_model.inputs, of_model.outputs)


def test_nothing_leads_to_numbers_or_to_a_tensor_that_no_layer_gave():
    assert network.graph_to(np.ones(3)) is None
    assert network.graph_to(keras.ops.ones(3)) is None
    assert network.graph_to(keras.KerasTensor((None, 3))) is None
    made_by_hand = keras.KerasTensor((None, 3))
    assert [node.kind for node in network.graph_to(layers.ReLU()(made_by_hand)).nodes] == ["unknown", "ReLU"]


def test_what_somebody_derived_from_keras_is_not_keras_own():
    assert network.kind(Block()) == "unknown"
    assert network.kind(layers.ReLU()) == "ReLU"
    assert not network.of_keras(Block)
    assert network.of_keras(keras.losses.binary_crossentropy)
    assert not network.of_keras(lambda y, y_hat: 0)


# --- a watched run ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [sequential, nested, subclassed])
def test_the_output_of_the_last_layer_is_what_predict_gives(make):
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    model = make()
    expected = model.predict(x, verbose=0)  # builds the subclassed one
    [found] = network.outputs_of(model, x, [network.leaf_layers(model)[-1]])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_what_the_watcher_returns_takes_the_place_of_the_output():
    model = nested()
    x = keras.ops.ones((2, 3))
    y = network.find_layer(model, "y")
    with network.watched([y, y], lambda layer, args, output: output * 0):
        silenced = network.run_model(model, x)
    last = network.find_layer(model, "z")
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(silenced), np.broadcast_to(keras.ops.convert_to_numpy(last.bias), (2, 1))
    )
    assert "call" not in vars(y)


def test_a_run_changes_no_state_of_the_model():
    model = keras.Sequential([keras.Input((3,)), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)])
    before = [keras.ops.convert_to_numpy(variable) for variable in model.variables]
    x = keras.ops.ones((4, 3))
    first, second = network.run_model(model, x), network.run_model(model, x)
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (first, second)))
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, keras.ops.convert_to_numpy(variable))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers()), max_size=6), st.booleans())
def test_attributes_are_as_before_whatever_was_put_in_their_place(changes, fails):
    class Thing:
        b = "of the class"

    thing = Thing()
    thing.a = "its own"
    try:
        with network.replaced([(thing, name, value) for name, value in changes]):
            for name, value in dict(changes).items():
                assert getattr(thing, name) == value
            if fails:
                raise KeyError
    except KeyError:
        assert fails
    assert vars(thing) == {"a": "its own"}
    assert thing.b == "of the class"


@pytest.mark.parametrize(("make", "name", "times"), [(shared, "twice", "[23]"), (nested, "inner", "0")])
def test_a_layer_that_does_not_run_once_has_no_one_output(make, name, times):
    model = make()
    layer = network.find_layer(model, name) if times != "0" else layers.Dense(1, name=name)
    with pytest.raises(ValueError, match=f"{name!r} runs {times} times"):
        network.outputs_of(model, np.ones((1, 3), "float32"), [layer])


# --- training ---------------------------------------------------------------------------------------------------------


def test_metrics_are_listed_as_they_were_given():
    model, own = sequential(), keras.metrics.MeanAbsoluteError(name="own")
    assert network.compiled_metrics(model) == ()
    model.compile("sgd", "mse", metrics=["mae", own], weighted_metrics=["mse"])
    assert network.compiled_metrics(model) == ("mae", own, "mse")


@pytest.mark.parametrize("optimizer", ["sgd", lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD())])
def test_the_optimizer_keeps_the_variables_that_were_frozen_after_it_had_seen_them(optimizer):
    model = nested()
    model.compile(optimizer if isinstance(optimizer, str) else optimizer(), "mse")
    assert network.optimized_variables(model) == ()
    model.fit(np.ones((2, 3)), np.ones((2, 1)), verbose=0)
    trained = model.trainable_variables
    model.layers[0].trainable = False
    assert [id(variable) for variable in network.optimized_variables(model)] == [id(variable) for variable in trained]
    assert len(model.trainable_variables) < len(trained)


@pytest.mark.parametrize("method", ["train_step", "compute_loss", "fit"])
def test_a_class_with_a_training_or_a_loss_of_its_own_is_told_from_others(method):
    own = type("Own", (Subclassed,), {method: lambda self, *args, **options: None})
    assert network.overrides_training(own())
    assert not network.overrides_training(subclassed())


# --- the room ---------------------------------------------------------------------------------------------------------

PACKAGE = Path(course_utils.__file__).parent


def test_keras_loads_when_a_model_is_looked_at_not_before():
    code = "import sys, course_utils.network; print('keras' in sys.modules, 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == (
        "False False\n"
    )


@pytest.fixture(scope="module")
def private_in_keras():
    """Names of the private attributes that Keras' objects have once they are built and trained."""
    model = sequential()
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((2, 3)), np.ones((2, 3)), verbose=0)
    things = [
        *(model, shared(), subclassed(), *network.all_layers(wrapped()), model.weights[0], *model.metrics),
        *(model.optimizer, keras.optimizers.LossScaleOptimizer(model.optimizer), keras.losses.MeanSquaredError()),
        *(model._compile_metrics, model.inputs[0], model.layers[0]._inbound_nodes[0], keras.callbacks.Callback()),
    ]
    names = {name for thing in things for name in dir(thing) if name.startswith("_") and not name.startswith("__")}
    assert {"_keras_history", "_inbound_nodes", "_layers", "_functional", "_trainable_variables"} <= names
    # The doctor has the one as the end of input_shape and output_shape, and nodes of `autograd` have the other.
    return names - {"_shape", "_value"}


def files_outside():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] != "network"]


def names_in(tree):
    """Attributes, and texts that could name one to getattr."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_private_attributes_of_keras_stand_in_this_room_alone(private_in_keras):
    found = {
        path.relative_to(PACKAGE).as_posix(): names
        for path in files_outside()
        if (names := private_in_keras & set(names_in(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


def test_the_package_reaches_for_no_private_attribute_that_it_does_not_define_itself():
    ours, reached = {path.stem for path in PACKAGE.rglob("*.py")}, {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                ours.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                ours.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                ours.add(node.attr)
            elif isinstance(node, ast.Attribute) and re.match("_(?!_)", node.attr) and path in files_outside():
                reached.setdefault(node.attr, path.relative_to(PACKAGE).as_posix())
    # IPython shows a traceback of one's own by no other way; a forked process ends by no other way without doing what
    # its parent would do at its end.
    assert {name: path for name, path in reached.items() if name not in ours} == {
        "_exit": "assignments/_zygote.py",
        "_showtraceback": "doctor/_shown/_notebook.py",
    }
