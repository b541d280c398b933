"""How a network's operations follow each other: the same nodes for Sequential and functional models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._kinds import kind

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Node:
    """One call of a layer or operation. A shared layer has as many nodes as calls.

    Attributes
    ----------
    operation : keras.Operation
        A layer, or one of ``keras.ops``.
    before, after : tuple of int
        Numbers of the nodes whose outputs it reads, and of those that read its own.
    """

    operation: keras.Operation
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Class of the operation, "unknown" if it is not Keras' own."""
        return kind(self.operation)


@dataclass(frozen=True)
class Graph:
    """The nodes from inputs to outputs, in an order in which they can be computed.

    Attributes
    ----------
    nodes : tuple of Node
        Those of Sequential models inside the model stand among them; any other model inside it is one node.
    inputs, outputs : tuple of int
        Numbers of the nodes that take each input and give each output.
    """

    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def readers(self, entry: int) -> tuple[Node, ...]:
        """List the nodes that read an input first."""
        node = self.nodes[entry]
        return tuple(self.nodes[number] for number in node.after) if node.kind == "InputLayer" else (node,)

    def onward(self, number: int) -> Iterator[Node]:
        """Follow the nodes from one of them for as long as there is only one way to go."""
        while True:
            node = self.nodes[number]
            yield node
            if len(node.after) != 1:
                return
            number = node.after[0]

    def backward(self, number: int) -> Iterator[Node]:
        """Follow the nodes towards the input for as long as there is only one way to go."""
        while True:
            node = self.nodes[number]
            yield node
            if len(node.before) != 1:
                return
            number = node.before[0]


def graph_of(model: keras.Model) -> Graph | None:
    """Read how a model's operations follow each other.

    Parameters
    ----------
    model : keras.Model
        A Sequential one need not be built.

    Returns
    -------
    Graph or None
        None for a subclassed model, whose ``call`` only Python can read, and for one without layers.

    Examples
    --------
    >>> import keras
    >>> entrance = keras.Input((4,))
    >>> hidden = keras.layers.Dense(4)(entrance)
    >>> exit = keras.layers.add([entrance, hidden])
    >>> graph = graph_of(keras.Model(entrance, exit))
    >>> [(node.kind, node.before) for node in graph.nodes]
    [('InputLayer', ()), ('Dense', (0,)), ('Add', (0, 1))]
    """
    import keras

    if isinstance(model, keras.Sequential):
        return _chain([layer for each in model._layers for layer in _unfolded(each)])
    if not getattr(model, "outputs", None) or not getattr(model, "inputs", None):
        return None
    return _traced(model.outputs, model.inputs)


def graph_to(tensor: Any) -> Graph | None:
    """Read which operations led from the inputs to a symbolic tensor, before any model is made of it.

    Parameters
    ----------
    tensor : keras.KerasTensor
        Such as ``keras.Input`` and layers give.

    Returns
    -------
    Graph or None
        None if `tensor` is not symbolic, or no layer gave it.

    Examples
    --------
    >>> import keras
    >>> tensor = keras.layers.Dense(4)(keras.Input((4,)))
    >>> [node.kind for node in graph_to(tensor).nodes]
    ['InputLayer', 'Dense']
    """
    return _traced([tensor]) if hasattr(tensor, "_keras_history") else None


def _unfolded(layer: keras.Operation) -> Iterator[keras.Operation]:
    import keras

    if not isinstance(layer, keras.Sequential):
        yield layer
        return
    for inner in layer.layers:
        yield from _unfolded(inner)


def _chain(layers: Sequence[keras.Layer]) -> Graph | None:
    if not layers:
        return None
    return _linked(layers, [(number - 1,) if number else () for number in range(len(layers))], (0,), (len(layers) - 1,))


def _traced(outputs: Sequence[keras.KerasTensor], inputs: Sequence[keras.KerasTensor] = ()) -> Graph:
    """Go from the outputs back to the inputs, or to where nothing gave a tensor.

    Without recursion: networks are deeper than Python's stack.
    """
    operations: list[keras.Operation] = []
    before: list[tuple[int, ...]] = []
    numbers: dict[tuple[int, int], int] = {}
    sources = {id(tensor) for tensor in inputs}

    waiting = [*outputs, *inputs]  # an input that nothing reads has a node, too
    while waiting:
        tensor = waiting[-1]
        if _call(tensor) in numbers:
            waiting.pop()
            continue
        came_from = [] if id(tensor) in sources else _read_by(tensor)
        unknown = [parent for parent in came_from if _call(parent) not in numbers]
        if unknown:
            waiting += unknown
            continue
        parents = tuple(dict.fromkeys(numbers[_call(parent)] for parent in came_from))
        for part in _unfolded(tensor._keras_history.operation):
            operations.append(part)
            before.append(parents)
            parents = (len(operations) - 1,)
        numbers[_call(tensor)] = parents[0]
    entries = [numbers[_call(tensor)] for tensor in inputs] or [i for i, parents in enumerate(before) if not parents]
    return _linked(operations, before, tuple(entries), tuple(numbers[_call(tensor)] for tensor in outputs))


def _read_by(tensor: keras.KerasTensor) -> list[keras.KerasTensor]:
    """List the tensors that the call which gave this one has read."""
    history = tensor._keras_history
    if history.operation is None:  # made by hand
        return []
    return history.operation._inbound_nodes[history.node_index].input_tensors


def _call(tensor: keras.KerasTensor) -> tuple[int, int]:
    """Tell the call of an operation that gave a symbolic tensor from all others."""
    history = tensor._keras_history
    return id(tensor if history.operation is None else history.operation), history.node_index


def _linked(
    operations: Sequence[keras.Operation],
    before: Sequence[tuple[int, ...]],
    inputs: tuple[int, ...],
    outputs: tuple[int, ...],
) -> Graph:
    after: list[list[int]] = [[] for _ in before]
    for number, parents in enumerate(before):
        for parent in parents:
            after[parent].append(number)
    nodes = tuple(
        Node(operation, parents, tuple(readers))
        for operation, parents, readers in zip(operations, before, after, strict=True)
    )
    return Graph(nodes, inputs, outputs)
