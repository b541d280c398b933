"""Reverse-mode differentiation on one page: arithmetic that remembers, so that it can be played backwards.

Each node has, for every node it was computed from, a *rule* that turns its gradient into theirs by slopes,
∂L/∂x = ∂L/∂y · ∂y/∂x. What comes back from several uses is added (Rumelhart, Hinton, Williams, 10.1038/323533a0).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["Node"]


def _operator(sign: str, compute: Callable, to_left: Callable, to_right: Callable) -> tuple[Callable, Callable]:
    """Make the two methods of an operator from its rules, which get the gradient and the arrays on both sides."""

    def forward(left: object, right: object) -> Node:
        a, b = ((side if isinstance(side, Node) else Node(side)).value for side in (left, right))
        inner = sign != "@" or (min(a.ndim, b.ndim) > 1 and a.shape[-1] == b.shape[-2])
        pairs = (shape[-3 if sign == "@" else -1 :: -1] for shape in (a.shape, b.shape))  # from the last axis on
        if not inner or any(m != n and 1 not in (m, n) for m, n in zip(*pairs, strict=False)):
            wanted = "(…, n, k) @ (…, k, m)" if sign == "@" else "axes that are equal or 1, from the last one on"
            raise ValueError(f"the shapes do not fit: {a.shape} {sign} {b.shape}; wanted are {wanted}")
        return Node(compute(a, b), (left, lambda g: to_left(g, a, b)), (right, lambda g: to_right(g, a, b)))

    return forward, lambda right, left: forward(left, right)


class Node:
    """An array that knows what it was computed from.

    Operators broadcast as NumPy's do, and ``@`` wants two axes or more on either side. An operand that is no node,
    a number or an array, is a constant: it is copied and gets no gradient.

    Parameters
    ----------
    value : array_like of real numbers, any shape
        Kept as float64 that cannot be changed in place: a leaf's is a copy, a result's may share the caller's memory.
        Assign a new ``value`` of the same shape instead; the graph that was built from the old one keeps the old one.
    *sources : tuple of Node and callable
        What it was computed from, each with its rule; constants are left out.

    Examples
    --------
    >>> w = Node([1.0, 2.0])
    >>> (w * w).sum().backward()
    >>> w.gradient
    array([2., 4.])
    """

    __array_ufunc__ = None  # so that NumPy leaves ``array @ node`` to the node

    def __init__(self, value: object, *sources: tuple):
        self.sources = [(source, rule) for source, rule in sources if isinstance(source, Node)]
        self.gradient: np.ndarray | None = None  # after backward() an array of the value's shape
        self.value = value

    @property
    def value(self) -> np.ndarray:
        """The numbers."""
        return self._value  # type: ignore[has-type]

    @value.setter
    def value(self, new: object) -> None:
        array = np.array(new, copy=None if self.sources else True)
        if array.dtype.kind not in "buif":
            raise TypeError(f"a node holds real numbers, not {new!r}")
        if array.shape != getattr(self, "_value", array).shape:
            raise ValueError(
                f"a node keeps its shape: {self._value.shape} was given a value of {array.shape}"  # type: ignore[has-type]
            )
        self._value = array.astype(float, copy=False).view()
        self._value.flags.writeable = False

    __add__, __radd__ = _operator("+", np.add, lambda g, a, b: g, lambda g, a, b: g)
    __sub__, __rsub__, __neg__ = *_operator("-", np.subtract, lambda g, a, b: g, lambda g, a, b: -g), lambda x: 0 - x
    __mul__, __rmul__ = _operator("*", np.multiply, lambda g, a, b: g * b, lambda g, a, b: g * a)
    __truediv__, __rtruediv__ = _operator("/", np.divide, lambda g, a, b: g / b, lambda g, a, b: -g * a / b**2)
    __matmul__, __rmatmul__ = _operator("@", np.matmul, lambda g, a, b: g @ b.mT, lambda g, a, b: a.mT @ g)

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


def _folded(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Undo broadcasting: a number that was used in many places gets the sum of what comes back from them."""
    axes = tuple(axis for axis in range(-np.ndim(gradient), 0) if -axis > len(shape) or shape[axis] == 1)
    folded = np.sum(gradient, axis=axes, keepdims=True) if axes else np.asarray(gradient)
    folded = folded[(0,) * (folded.ndim - len(shape))]  # the axes in front, of length 1 now
    if folded.shape != shape:
        raise ValueError(f"a rule led back to the shape {np.shape(gradient)}, but its source has {shape}")
    return folded
