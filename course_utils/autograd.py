r"""Reverse-mode differentiation on one page: arithmetic that remembers, so that it can be played backwards.

A :class:`Node` holds an array and, for each node it was computed from, a *rule*, which turns the gradient of the result
into that of the source. If :math:`y = f(x)` leads to a number :math:`L`, the rule of :math:`f` multiplies by its slope,

.. math:: \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial x},

and what comes back from several uses is added (backpropagation: Rumelhart, Hinton, Williams, doi.org/10.1038/323533a0).
"""

from __future__ import annotations

import numpy as np

__all__ = ["Node"]


def _add(left: object, right: object) -> Node:
    a, b = _arrays(left, right, "+")
    return Node(a + b, (left, lambda g: g), (right, lambda g: g))


def _subtract(left: object, right: object) -> Node:
    a, b = _arrays(left, right, "-")
    return Node(a - b, (left, lambda g: g), (right, lambda g: -g))


def _multiply(left: object, right: object) -> Node:
    a, b = _arrays(left, right, "*")
    return Node(a * b, (left, lambda g: g * b), (right, lambda g: g * a))


def _divide(left: object, right: object) -> Node:
    a, b = _arrays(left, right, "/")
    return Node(a / b, (left, lambda g: g / b), (right, lambda g: -g * a / b**2))


def _matmul(left: object, right: object) -> Node:
    a, b = _arrays(left, right, "@")
    return Node(a @ b, (left, lambda g: g @ b.swapaxes(-1, -2)), (right, lambda g: a.swapaxes(-1, -2) @ g))


class Node:
    """An array that knows what it was computed from. Operators broadcast as NumPy's do.

    An operand that is no node, a number or an array, is a constant and gets no gradient. To change a node
    give it a new ``value``: the graph that was built from the old one keeps the old one.

    Parameters
    ----------
    value : array_like, any shape
        Kept as float64, in an array of its own. After :meth:`backward`, ``gradient`` is an array of the same shape.
    *sources : tuple of Node and callable
        What it was computed from, each with its rule. Constants among them are left out.

    Examples
    --------
    >>> w = Node([1.0, 2.0])
    >>> (w * w).sum().backward()
    >>> w.gradient
    array([2., 4.])
    """

    __array_ufunc__ = None  # so that NumPy leaves ``array @ node`` to the node

    def __init__(self, value: object, *sources: tuple):
        self.value = np.array(value, dtype=float, copy=None if sources else True)
        self.gradient: np.ndarray | None = None
        self.sources = [(source, rule) for source, rule in sources if isinstance(source, Node)]

    __add__, __radd__ = _add, lambda self, other: _add(other, self)
    __sub__, __rsub__, __neg__ = _subtract, lambda self, other: _subtract(other, self), lambda self: _subtract(0, self)
    __mul__, __rmul__ = _multiply, lambda self, other: _multiply(other, self)
    __truediv__, __rtruediv__ = _divide, lambda self, other: _divide(other, self)
    __matmul__, __rmatmul__ = _matmul, lambda self, other: _matmul(other, self)

    def __pow__(self, n: float) -> Node:
        if isinstance(n, Node) or np.ndim(n):
            raise TypeError(f"an exponent must be a number, got {n!r}; for others write (x.log() * n).exp()")
        a = self.value
        return Node(a**n, (self, lambda g: g * n * a ** (n - 1) if n else g * 0))

    def relu(self) -> Node:
        """Replace negative numbers by zero; at zero itself the slope counts as 0."""
        a = self.value
        return Node(np.maximum(a, 0), (self, lambda g: g * (a > 0)))

    def tanh(self) -> Node:
        """Take the hyperbolic tangent, between −1 and 1."""
        t = np.tanh(self.value)
        return Node(t, (self, lambda g: g * (1 - t**2)))

    def exp(self) -> Node:
        """Take the exponential."""
        e = np.exp(self.value)
        return Node(e, (self, lambda g: g * e))

    def log(self) -> Node:
        """Take the natural logarithm."""
        a = self.value
        return Node(np.log(a), (self, lambda g: g / a))

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Add up along one axis, several, or all: each number gets the gradient of the sum that it went into."""
        a, kept = self.value, self.value.sum(axis=axis, keepdims=True)
        rule = lambda g: np.broadcast_to(g.reshape(kept.shape), a.shape)  # noqa: E731
        return Node(kept if keepdims else a.sum(axis=axis), (self, rule))

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Average along one axis, several, or all."""
        total = self.sum(axis, keepdims)
        return total / (self.value.size / total.value.size)

    def graph(self) -> list[Node]:
        """List all nodes that this one was computed from, each behind its own sources, and this one last."""
        order, seen, waiting = list[Node](), set[Node](), [(self, False)]
        while waiting:
            node, sources_are_listed = waiting.pop()
            if sources_are_listed:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting += [(node, True), *((source, False) for source, _ in node.sources)]
        return order

    def backward(self) -> None:
        """Find the gradient of this one number in every node of its graph; what they held before is replaced."""
        if self.value.size != 1:
            raise ValueError(f"backward starts at one number, not at {self.value.shape}: take .sum() or .mean() first")
        gradients = {node: np.full_like(node.value, node is self) for node in self.graph()}
        for node in reversed(list(gradients)):
            node.gradient = gradients[node]
            for source, rule in node.sources:
                gradients[source] += _folded(rule(node.gradient), source.value.shape)


def _arrays(left: object, right: object, sign: str) -> list[np.ndarray]:
    a, b = (side.value if isinstance(side, Node) else np.asarray(side, dtype=float) for side in (left, right))
    inner = sign != "@" or (min(a.ndim, b.ndim) > 1 and a.shape[-1] == b.shape[-2])
    pairs = (shape[-3 if sign == "@" else -1 :: -1] for shape in (a.shape, b.shape))  # from the last axis on
    if not inner or any(m != n and 1 not in (m, n) for m, n in zip(*pairs, strict=False)):
        wanted = "(…, n, k) @ (…, k, m)" if sign == "@" else "axes that are equal or 1, from the last one on"
        raise ValueError(f"the shapes do not fit: {a.shape} {sign} {b.shape}; wanted are {wanted}")
    return [a, b]


def _folded(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Undo broadcasting: a number that was used in many places gets the sum of what comes back from them."""
    axes = tuple(axis for axis in range(-gradient.ndim, 0) if -axis > len(shape) or shape[axis] == 1)
    return gradient.sum(axis=axes).reshape(shape) if axes else gradient
