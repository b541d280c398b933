"""Failures in training steps of the user's own."""

from __future__ import annotations

import ast

from .._report import Finding
from .._subject._failure import Failure, error
from .._subject._program import function_tree, in_line, unpacked


def other_parts(failure: Failure) -> Finding | None:
    """Find a step that takes its batch for a pair where there are weights, too, or the other way round."""
    if not failure.raised("ValueError") or not failure.find(r"values to unpack \(expected \d"):
        return None
    for frame in failure.user_frames:
        if frame.f_code.co_name not in ("train_step", "test_step"):
            continue
        tree = function_tree(frame.f_code)
        line = unpacked(tree) if isinstance(tree, ast.FunctionDef) else None
        if line is None or not isinstance(line.value, ast.Name) or not isinstance(line.targets[0], ast.Tuple):
            return None
        batch, names = frame.f_locals.get(line.value.id), [in_line(name) for name in line.targets[0].elts]
        if not isinstance(batch, tuple) or len(batch) == len(names):
            return None
        step = frame.f_code.co_name
        weighted = len(batch) == 3
        why = "With class_weight, sample_weight or such a data set, a batch is examples, labels and weights."
        if not weighted:
            why = "A batch is as many things as fit gets: the weights are missing where it gets none."
        return error(
            "train-step",
            f"{step} takes its batch for {len(names)} things ({', '.join(names)}), but gets {len(batch)}.",
            why,
            f"{', '.join([*names, 'sample_weight'][:3])} = keras.utils.unpack_x_y_sample_weight({line.value.id})"
            + ("  # and sample_weight=sample_weight in compute_loss" if weighted else ""),
        )
    return None


RECOGNISERS = (other_parts,)
