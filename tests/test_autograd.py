"""The engine agrees with finite differences, with TensorFlow and with JAX, on graphs that nobody chose."""

import gc
import importlib.util
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.autograd import Node

pytestmark = pytest.mark.lasting

SHAPES = [(), (1,), (3,), (2, 3), (1, 3), (2, 1), (4, 2, 3)]
# Each by its name in a random graph: how our engine computes it, and how a library does that looks like NumPy.
UNARY = {
    "tanh": (Node.tanh, lambda lib, a: lib.tanh(a)),
    "relu": (Node.relu, lambda lib, a: lib.maximum(a, 0 * a)),
    "exp": (lambda a: (a * 0.3).exp(), lambda lib, a: lib.exp(a * 0.3)),
    "log": (lambda a: (a**2 + 1.0).log(), lambda lib, a: lib.log(a**2 + 1.0)),
    "cube": (lambda a: a**3 * 0.1, lambda lib, a: a**3 * 0.1),
    "minus": (lambda a: 1 - a, lambda lib, a: 1 - a),
    "inverse": (lambda a: 2 / (a * a + 1.0), lambda lib, a: 2 / (a * a + 1.0)),
    "sum": (lambda a: a.sum(), lambda lib, a: lib.sum(a)),
    "row sums": (lambda a: a.sum(-1, keepdims=True), lambda lib, a: lib.sum(a, -1, keepdims=True)),
    "column means": (lambda a: a.mean(0), lambda lib, a: lib.mean(a, 0)),
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1.0),
    "@": lambda a, b: a @ b,
}


@st.composite
def programs(draw):
    """Leaves, and steps that each compute something from any earlier results: a graph in which nodes are used again."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    leaves = [rng.uniform(-2, 2, shape) for shape in shapes]
    known = [Node(leaf) for leaf in leaves]
    steps = []
    for _ in range(draw(st.integers(1, 8))):
        name = draw(st.sampled_from([*UNARY, *BINARY]))
        places = [draw(st.integers(0, len(known) - 1)) for _ in range(2 if name in BINARY else 1)]
        if name in ("row sums", "column means") and known[places[0]].value.ndim == 0:
            continue
        try:
            result = apply(None, name, [known[place] for place in places])
        except ValueError:  # shapes that do not fit
            continue
        if np.abs(result.value).max() < 1e3:  # so that finite differences keep their digits
            steps.append((name, places))
            known.append(result)
    return leaves, steps


def apply(library, name, operands):
    if name in BINARY:
        return BINARY[name](*operands)
    ours, theirs = UNARY[name]
    return ours(*operands) if library is None else theirs(library, *operands)


def run(leaves, steps, library=None, total=Node.sum):
    """One number from a program: all that it computes, squared and added up, so that everything counts."""
    known = list(leaves)
    for name, places in steps:
        known.append(apply(library, name, [known[place] for place in places]))
    loss = 0.0
    for result in known:
        loss = loss + total(result * result) * 0.1
    return loss


def gradients(leaves, steps):
    nodes = [Node(leaf) for leaf in leaves]
    loss = run(nodes, steps)
    loss.backward()
    return float(loss.value), [node.gradient for node in nodes]


@settings(max_examples=100, deadline=None)
@given(programs())
def test_a_gradient_is_what_finite_differences_find(program):
    leaves, steps = program
    _, found = gradients(leaves, steps)

    def loss(k, direction, length):
        moved = [leaf + length * direction if i == k else leaf for i, leaf in enumerate(leaves)]
        return run([Node(leaf) for leaf in moved], steps).value

    for k, leaf in enumerate(leaves):
        direction = np.random.default_rng(k).normal(size=leaf.shape)
        h = 1e-5
        # A kink of relu between the two points makes the slopes on its sides differ: then there is nothing to compare.
        ahead, here, behind = (loss(k, direction, step) for step in (h, 0, -h))
        slope = (ahead - behind) / (2 * h)
        if abs((ahead - here) - (here - behind)) < 1e-6 * max(1, abs(slope)):
            assert np.sum(found[k] * direction) == pytest.approx(slope, rel=1e-4, abs=1e-4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(programs())
def test_a_gradient_is_that_of_tensorflow(program):
    tf = pytest.importorskip("tensorflow")
    import tensorflow.experimental.numpy as tnp

    leaves, steps = program
    value, found = gradients(leaves, steps)
    theirs = [tf.constant(leaf, dtype="float64") for leaf in leaves]
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        loss = run(theirs, steps, tnp, tf.reduce_sum)
    assert value == pytest.approx(float(loss), rel=1e-10)
    for ours, other in zip(found, tape.gradient(loss, theirs), strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
@settings(max_examples=20, deadline=None)
@given(programs())
def test_a_gradient_is_that_of_jax(program):
    import jax

    leaves, steps = program
    value, found = gradients(leaves, steps)
    with jax.enable_x64(True):
        theirs = [jax.numpy.asarray(leaf) for leaf in leaves]
        loss, others = jax.value_and_grad(lambda known: run(known, steps, jax.numpy, jax.numpy.sum))(theirs)
        assert value == pytest.approx(float(loss), rel=1e-10)
        for ours, other in zip(found, others, strict=True):
            np.testing.assert_allclose(ours, np.asarray(other), rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_a_network_has_the_gradients_that_keras_finds():
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    if keras.config.backend() != "tensorflow":
        pytest.skip("the tape belongs to TensorFlow")
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(16, 3)), rng.integers(0, 4, 16)
    layers = [keras.layers.Dense(8, "relu", dtype="float64"), keras.layers.Dense(4, dtype="float64")]
    model = keras.Sequential([keras.Input((3,), dtype="float64"), *layers])
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")(y, model(X))
    W1, b1, W2, b2 = nodes = [Node(w) for w in model.get_weights()]
    z = (X @ W1 + b1).relu() @ W2 + b2
    ours = ((z.exp().sum(axis=1, keepdims=True).log() - z) * np.eye(4)[y]).sum(axis=1).mean()
    ours.backward()
    assert float(ours.value) == pytest.approx(float(loss), rel=1e-12)
    for node, theirs in zip(nodes, tape.gradient(loss, model.trainable_variables), strict=True):
        np.testing.assert_allclose(node.gradient, theirs, rtol=1e-9, atol=1e-12)


# --- What the rules are about -----------------------------------------------------------------------------------------


def test_what_broadcasting_spread_comes_back_as_a_sum():
    bias, column, one = Node(np.zeros(3)), Node(np.zeros((4, 1))), Node(0.0)
    (np.ones((4, 3)) * 2 * (bias + column + one)).sum().backward()
    assert bias.gradient.tolist() == [8, 8, 8]
    assert column.gradient.tolist() == [[6], [6], [6], [6]]
    assert float(one.gradient) == 24


def test_one_matrix_may_serve_a_stack_of_others():
    stack, W = Node(np.ones((5, 2, 3))), Node(np.ones((3, 4)))
    (stack @ W).sum().backward()
    assert stack.gradient.shape == (5, 2, 3)
    assert np.all(W.gradient == 10)


def test_a_node_that_is_used_twice_gets_the_sum_of_both_routes():
    x = Node(3.0)
    y = x * x
    (y + y * x).backward()  # x² + x³
    assert float(x.gradient) == 2 * 3 + 3 * 9


def test_only_what_led_to_the_number_gets_a_gradient():
    used, unused = Node(1.0), Node(1.0)
    _ = used * unused
    (used * 2).backward()
    assert unused.gradient is None


@pytest.mark.parametrize("constant", [2, 2.0, np.float64(2), np.full((2, 2), 2), np.full((2, 2), 2.0)])
def test_numbers_and_arrays_are_constants_on_either_side(constant):
    x = Node(np.ones((2, 2)))
    for result in (x + constant, constant + x, x * constant, constant * x):
        assert isinstance(result, Node)
        assert len(result.sources) == 1
    assert np.all((constant - x).value == 1)
    assert np.all((x - constant).value == -1)
    assert np.all((constant / x).value == 2)
    assert np.all((x / constant).value == 0.5)


def test_an_array_may_stand_on_the_left_of_a_matrix_product():
    W = Node(np.ones((3, 2)))
    out = np.ones((4, 3)) @ W
    assert isinstance(out, Node)
    out.sum().backward()
    assert np.all(W.gradient == 4)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_a_power_has_a_slope_at_zero(n):
    x = Node(0.0)
    (x**n).backward()
    assert float(x.gradient) == (n == 1)


def test_relu_has_no_slope_at_zero_as_in_keras():
    x = Node([-1.0, 0.0, 1.0])
    x.relu().sum().backward()
    assert x.gradient.tolist() == [0, 0, 1]


def test_a_second_pass_starts_from_zero():
    x = Node(2.0)
    loss = x**2
    loss.backward()
    loss.backward()
    assert float(x.gradient) == 4


def test_a_new_value_leaves_the_old_graph_as_it_was():
    x = Node(2.0)
    loss = x**2
    x.value = x.value - 1
    loss.backward()
    assert float(x.gradient) == 4


def test_numbers_that_the_caller_changes_later_are_not_the_nodes():
    mine, constant = np.ones(3), np.full(3, 2.0)
    x = Node(mine)
    loss = (x * constant).sum()
    mine[0] = constant[0] = 5
    loss.backward()
    assert x.value.tolist() == [1, 1, 1]
    assert x.gradient.tolist() == [2, 2, 2]


def test_a_value_is_not_changed_in_place():
    x, result = Node(2.0), np.ones(2)
    y = x * 3
    for node in (x, y, Node(result, (x, lambda g: g.sum()))):
        with pytest.raises(ValueError, match="read-only"):
            node.value -= 1
    result[0] = 0  # the caller's own array stays his


@pytest.mark.parametrize("new", [3, [3], np.array([3]), np.float32(3)])
def test_a_new_value_is_made_of_floats(new):
    x = Node(np.ones(np.shape(new)))
    x.value = new
    assert x.value.dtype == float
    (x * x).sum().backward()
    assert np.all(x.gradient == 6)


# --- Order and memory -------------------------------------------------------------------------------------------------


def test_the_graph_lists_every_node_once_and_behind_its_sources():
    x = Node(1.0)
    y = x.tanh()
    z = y * y + x
    listed = z.graph()
    assert len(listed) == len(set(listed)) == 4
    for place, node in enumerate(listed):
        assert all(listed.index(source) < place for source, _ in node.sources)
    assert listed[-1] is z


def test_a_node_with_many_routes_to_it_is_visited_once():
    x = total = Node(1.0)
    for _ in range(60):  # 2⁶⁰ routes
        total = (total + total) * 0.5
    total.backward()
    assert float(x.gradient) == 1


def test_a_long_chain_needs_no_deep_recursion():
    x = total = Node(0.0)
    for _ in range(20_000):
        total = total + 1
    total.backward()
    assert float(x.gradient) == 1


def test_a_graph_is_freed_with_its_last_node():
    gc.disable()
    try:
        x = Node(np.ones((3, 3)))
        middle = (x @ x).relu().exp().mean(axis=0)
        loss = (middle**2 / x).sum()
        loss.backward()
        watched = weakref.ref(middle)
        del middle
        assert watched() is not None, "the loss still needs it"
        del loss
        assert watched() is None, "nothing needs it, and no circle keeps it"
    finally:
        gc.enable()


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"the shapes do not fit: \(2, 3\) \+ \(2,\)"):
        Node(np.ones((2, 3))) + np.ones(2)
    with pytest.raises(ValueError, match=r"the shapes do not fit: \(4, 3\) / \(2, 3\)"):
        np.ones((4, 3)) / Node(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("left", "right"), [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (3, 2)), ((), (2, 2)), ((2, 4, 3), (5, 3, 2))]
)
def test_matrices_that_do_not_fit_are_named(left, right):
    with pytest.raises(ValueError, match=r"the shapes do not fit: .* @ .*; wanted are"):
        Node(np.ones(left)) @ np.ones(right)


def test_backward_asks_for_one_number():
    with pytest.raises(ValueError, match=r"one number, not at \(2, 3\): take \.sum\(\) or \.mean\(\)"):
        Node(np.ones((2, 3))).backward()


@pytest.mark.parametrize("exponent", [Node(2.0), np.array([1.0, 2.0])])
def test_an_exponent_is_a_number(exponent):
    with pytest.raises(TypeError, match="an exponent must be a number"):
        Node(2.0) ** exponent


@pytest.mark.parametrize("value", [None, "3", 1j, Node(1.0), [None, 1.0]])
def test_a_node_holds_numbers(value):
    with pytest.raises(TypeError, match="a node holds real numbers, not"):
        Node(value)


def test_nothing_is_not_added():
    with pytest.raises(TypeError, match="a node holds real numbers, not None"):
        Node(1.0) + None


def test_a_node_keeps_its_shape():
    with pytest.raises(ValueError, match=r"keeps its shape: \(2,\) was given a value of \(1,\)"):
        Node([1.0, 2.0]).value = [1.0]


@pytest.mark.parametrize("wrong", [lambda g: 1.0, lambda g: g.sum(), lambda g: g[:1], lambda g: g[:, None]])
def test_a_rule_that_leads_back_to_another_shape_is_named(wrong):
    x = Node(np.ones(3))
    y = Node(x.value * 2, (x, wrong))
    with pytest.raises(ValueError, match=r"a rule led back to the shape \(.*\), but its source has \(3,\)"):
        y.sum().backward()
