"""The one walker of Keras models: their layers, how these follow each other, and what passes through them.

Works on every kind of model, Sequential, functional or subclassed, with models and wrappers in it, shared layers,
several inputs and outputs, on TensorFlow, JAX or PyTorch. Much of this Keras tells only by private attributes, which
may change with any release: they stand in this room alone. Keras itself loads when a function first needs it.
"""

from typing import Any

from ._graph import Graph, Node, graph_of, graph_to
from ._kinds import kind, of_keras
from ._layers import all_layers, find_layer, leaf_layers
from ._memory import free_memory
from ._muon import muon, orthogonal
from ._run import outputs_of, replaced, run_model, watched, without_gradients
from ._training import compile_arguments, compiled_metrics, optimized_variables, overrides_training

__all__ = [
    "Graph",
    "Muon",
    "Node",
    "all_layers",
    "compile_arguments",
    "compiled_metrics",
    "find_layer",
    "free_memory",
    "graph_of",
    "graph_to",
    "kind",
    "leaf_layers",
    "of_keras",
    "optimized_variables",
    "orthogonal",
    "outputs_of",
    "overrides_training",
    "replaced",
    "run_model",
    "watched",
    "without_gradients",
]


def __getattr__(name: str) -> Any:
    # A class derived from one of Keras' can only be made when Keras is loaded.
    if name == "Muon":
        return muon()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
