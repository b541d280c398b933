"""What a training's history shows: losses that cannot be, nets that do not learn, validation that misleads."""

from __future__ import annotations

import ast
import contextlib
import math
import re
import sys
import warnings
from typing import Any

import keras
import numpy as np

from ._checks._losses import clipped, own_loss_of
from ._checks._shares import shuffled
from ._codes import CODES
from ._report import Finding, Report, spelt
from ._subject._data import read as read_labels
from ._subject._program import Program, callers, exchanged, in_line
from ._training import Training, read

_EPOCHS = 5  # fewer say too little: many a net that learns well needs two or three to get going
_FEW_STEPS = 12  # in an epoch: after so few, a running mean with momentum 0.99 has moved by a tenth
_MANY = 200  # examples: of fewer, what looks like learning by heart may be luck
_HEAVY = 0.05  # of a penalty, where 0.0001 to 0.01 is usual
_SAMPLE = 32  # examples that go through the model


def review(history: Any, model: keras.Model | None = None, x: Any = None, y: Any = None) -> Report:
    """Look at how a training went, and say what is wrong with it.

    The more it is given, the more it can say: from the history alone whether the loss is possible and goes on falling
    on validation data; with the model and the data also what guessing would reach, why a training failed, and whether
    the model answers the same to every input. Nothing is trained or changed; at most 32 examples go through the model.

    Parameters
    ----------
    history : keras.callbacks.History, mapping or pandas.DataFrame
        What ``fit`` returns, its ``.history``, or what ``CSVLogger`` wrote, read by pandas.
    model : keras.Model, optional
        The model after this training.
    x, y : optional
        Inputs and labels of this training or of its validation data: arrays, pandas objects, or a data set as `x`,
        which brings its own labels. If `y` is given all the same, it must be in the data set's order.

    Returns
    -------
    Report
        Findings, the gravest first; empty if nothing seems wrong.

    Raises
    ------
    TypeError
        If `history` is none of these or `model` no Keras model; the message names what it is.
    """
    values, stopped_early = read(history)
    if model is not None and not isinstance(model, keras.Model):
        raise TypeError(
            f"review needs a keras.Model as model, but got a {type(model).__name__}: review(history, model)"
        )
    asked = (getattr(history, "params", None) or {}).get("steps")
    training = Training(values, model, x, y, stopped_early, Program(callers(1)), asked)
    findings = findings_in(training)
    if otherwise := _prepared_otherwise(training):
        return Report([spelt(otherwise, training.program)], about="this training")
    # Predictions tell nothing of a training that cannot be right, and after unscaled inputs they are often constant.
    if not any(finding.severity == "error" or finding.code == "first-loss-too-high" for finding in findings):
        findings = _with_predictions(training, findings)
    return Report([spelt(finding, training.program) for finding in findings], about="this training")


def findings_in(training: Training) -> list[Finding]:
    """Everything that can be told without asking the model for predictions."""
    impossible = _loss_not_finite(training) or _loss_impossible(training)
    if impossible:
        return [impossible]  # the other numbers mean nothing then
    found = [finding for find in _FROM_HISTORY if (finding := find(training))]
    hidden = {code for finding in found for code in CODES[finding.code].hides}
    first = {finding.code: finding for finding in reversed(found)}  # one sign of a thing is enough to read
    return [finding for finding in first.values() if finding.code not in hidden][::-1]


# ---------------------------------------------------------------------------------------------------------------------
# What the history shows

_TENSOR_ROOT = re.compile(r"(?:(?:keras\.)?ops|K|keras\.backend|tf(?:\.math)?|jnp|jax\.numpy|torch)\.sqrt")


def _loss_not_finite(training: Training) -> Finding | None:
    for name, what in (("loss", "loss"), ("val_loss", "validation loss")):
        values = training.values.get(name, np.empty(0))
        bad = np.flatnonzero(~np.isfinite(values))
        if len(bad):
            return not_finite(training, f"The {what} is {values[bad[0]]} in epoch {bad[0] + 1} of {len(values)}.")
    return None


def not_finite(training: Training, seen: str) -> Finding:
    """Make the finding for a loss that is no number.

    Parameters
    ----------
    training : Training
    seen : str
        What is not finite, and when.

    Returns
    -------
    Finding
    """
    why, fix = _blame(
        training,
        *_own_loss_or_rate(training),
    )
    return Finding("loss-not-finite", "error", seen, why, fix)


def _own_loss_or_rate(training: Training) -> tuple[str, str]:
    loss = own_loss_of(training.subject) if training.subject else None
    if loss is not None:
        return (
            f"From there on the weights are useless. The loss is your own {loss.__name__}: a logarithm or a division "
            "in it meets 0 where a prediction is exactly 0 or 1.",
            clipped(loss),
        )
    root = _root_of_zero(training)
    if root is not None:
        return root
    optimizer = training.model.optimizer if training.model is not None and training.model.compiled else None
    slower = f"keras.optimizers.{type(optimizer).__name__ if optimizer else 'Adam'}(learning_rate=1e-4)"
    return (
        "From there on the weights are useless. The learning rate is too large, or a logarithm or a division meets 0.",
        training.program.rewritten("compile", training.name, slower, optimizer=slower),
    )


def _root_of_zero(training: Training) -> tuple[str, str] | None:
    """Find a function that takes the root, with Keras' or the backend's, of what may be 0."""
    functions = [scope for scope in training.program.scopes if isinstance(scope, ast.FunctionDef)]
    lines = [(function, line) for function in functions for line in function.body]
    for function, line in lines:
        for root in (node for node in ast.walk(line) if isinstance(node, ast.Call) and node.args):
            name, under = in_line(root.func), in_line(root.args[0])
            if not _TENSOR_ROOT.fullmatch(name) or "+" in under or re.search("max|clip|eps", under):
                continue
            kept = f"{name}({name.rpartition('.')[0]}.maximum({under}, 1e-7))"
            return (
                f"From there on the weights are useless. The root in {function.name} has an infinite slope at 0, as "
                "where two equal things are compared, and that makes the gradient nan.",
                in_line(exchanged(line, root, ast.parse(kept, mode="eval").body)),
            )
    return None


def _loss_impossible(training: Training) -> Finding | None:
    loss, subject = training.loss, training.subject
    if not len(loss) or (subject and subject.has_own_training):
        return None
    return _loss_of_zero(training) or _negative_loss(training)


def _loss_of_zero(training: Training) -> Finding | None:
    loss, kind, model = training.loss, training.kind, training.model
    if kind in ("sparse", "categorical") and training.head and training.head.units == 1:
        # One unit compared with itself: some backends keep the logarithm's argument below 1 and get 1e-7.
        impossible = loss.max() <= 1e-6
    elif model is not None and model.compiled and model.loss is None:
        impossible = not loss.any()  # JAX trains a model without a loss
    else:
        # Cross-entropy of raw scores may be exactly 0, and a hinge, but not while answers are wrong.
        wrong = len(training.accuracy) > 0 and training.accuracy[-1] < 1
        impossible = wrong and not loss.any() and (model is None or kind is not None)
    if not impossible:
        return None
    why, fix = _blame(
        training,
        "That says that nothing is left to learn, so no weight changes. Compiling without a loss does this.",
        'model.compile(optimizer="adam", loss="binary_crossentropy")',
    )
    return Finding("loss-impossible", "error", f"The loss is {loss[-1]:.2g}, and so from the first epoch.", why, fix)


def _negative_loss(training: Training) -> Finding | None:
    negative = np.flatnonzero(training.loss < -1e-6)  # rounding may take a perfect answer a little below 0
    # A loss of one's own may be negative, and cosine similarity is. Without a model an accuracy says that it was
    # probably cross-entropy.
    if not len(negative) or (training.kind is None and (training.model is not None or not len(training.accuracy))):
        return None
    if training.kind == "regression":
        why, fix = "A distance is never below 0. Only a sample weight below 0 can do this.", "sample_weight.min()"
    else:
        why, fix = _blame(
            training,
            "Cross-entropy is never below 0, unless the labels lie outside 0 to 1.",
            "print(y.min(), y.max())",
        )
    seen = f"The loss is {training.loss[negative[0]]:.4g} in epoch {negative[0] + 1}."
    return Finding("loss-impossible", "error" if training.kind else "warning", seen, why, fix)


def _first_loss_too_high(training: Training) -> Finding | None:
    chance, loss = training.chance, training.loss
    # The first epoch's mean may well lie above ln K, with a large net or a brisk start; three times that is no start
    # from guessing. Without a cause it may be large class weights: then there is nothing to say.
    if chance is None or chance.classes is None or not len(loss) or loss[0] <= 3 * math.log(chance.classes):
        return None
    cause = training.cause
    if cause is None or cause.code not in ("input-not-scaled", "learning-rate"):
        return None  # other causes have codes of their own
    seen = (
        f"The loss of the first epoch is {loss[0]:.4g}, but guessing among {chance.classes} classes costs "
        f"ln {chance.classes} = {math.log(chance.classes):.2f}."
    )
    return Finding("first-loss-too-high", "warning", seen, f"{cause.seen} {cause.why}", cause.fix)


def _may_still_learn(training: Training) -> bool:
    late = training.loss[-_EPOCHS:]
    # A net that learns gains more than a hundredth in five epochs; one that has only begun to may gain less, but in
    # each of them. The noise of a net at chance is smaller, or goes up and down.
    gain = (late[0] - late.min()) / max(abs(late[0]), 1e-12) if len(late) == _EPOCHS else math.inf
    return bool(gain > 0.01 or (gain > 0.001 and (np.diff(late) < 0).all()))


def _not_learning(training: Training) -> Finding | None:
    answer = _worse_than_the_mean(training)
    if answer is None and _may_still_learn(training):
        return None
    answer = answer or _no_better_than(training)
    if answer is None:
        return None
    why, fix = _blame(
        training,
        "The weights find no direction that helps. A net that works can learn ten examples by heart: try that first.",
        training.ten_by_heart,
    )
    accuracy = f", with an accuracy of {training.accuracy[-1]:.2f}" if len(training.accuracy) else ""
    seen = f"After {len(training.loss)} epochs the loss is {training.loss[-1]:.4g}{accuracy}: {answer}."
    return Finding("not-learning", "warning", seen, why, fix)


def _worse_than_the_mean(training: Training) -> str | None:
    """Say by how much a regression is worse than one constant answer, if that cannot be the beginning only."""
    chance, loss = training.chance, training.loss
    if chance is None or chance.accuracy is not None or len(loss) < _EPOCHS or loss[-1] < 2 * chance.loss:
        return None
    if training.cause is None and len(loss) < 4 * _EPOCHS:
        return None
    times = loss[-1] / max(chance.loss, 1e-12)
    return f"{chance.answer} gives {chance.loss:.4g}, so that this is {times:.2g} times as far off"


def _no_better_than(training: Training) -> str | None:
    """Say which answer that ignores the inputs does as well."""
    chance, last = training.chance, training.loss[-3:].mean()
    accuracy = float(np.median(training.accuracy[-3:])) if len(training.accuracy) else None
    if chance is None:
        return _like_guessing(accuracy, last) if training.model is None else None
    # A hundredth below chance is what a net gets out of random labels. Above it, sample weights may have changed the
    # scale: only a cause makes that a failure.
    if last < 0.99 * chance.loss or (last > 1.03 * chance.loss and training.cause is None):
        return None
    if chance.accuracy is None:
        return f"{chance.answer} gives {chance.loss:.4g}"
    # So small a gain in loss leaves the accuracy near that of guessing; half of its mistakes fewer is not near.
    if accuracy is not None and abs(accuracy - chance.accuracy) > min(0.05, (1 - chance.accuracy) / 2):
        return None
    return f"{chance.answer} gives a loss of {chance.loss:.4g} and is right {chance.accuracy:.0%} of the time"


def _like_guessing(accuracy: float | None, loss: float) -> str | None:
    """Without a model: only if loss and accuracy are both what guessing among the same number of classes gives."""
    if accuracy is None or not 0.005 < accuracy < 0.6:
        return None
    classes = round(1 / accuracy)
    if abs(accuracy * classes - 1) > 0.1 or abs(loss / math.log(classes) - 1) > 0.01:
        return None
    return f"guessing among {classes} classes gives ln {classes} = {math.log(classes):.4g}"


def _validation_suspicious(training: Training) -> Finding | None:
    if len(training.validation[0]) < 3:
        return None
    return _worse_than_guessing(training) or _far_worse(training) or _far_better(training)


def _worse_than_guessing(training: Training) -> Finding | None:
    accuracy, val_accuracy = training.accuracy, training.val_accuracy
    # Half of what guessing gets is no bad luck when training goes well. Without a model guess ten classes.
    classes = training.chance.classes if training.chance else None
    if not len(accuracy) or not len(val_accuracy):
        return None
    if accuracy[-1] < 0.7 or np.median(val_accuracy[-3:]) >= 0.5 / (classes or 10):
        return None
    return Finding(
        "validation-suspicious",
        "error",
        f"The accuracy is {accuracy[-1]:.2f} in training, but {val_accuracy[-1]:.2f} in validation: below guessing.",
        "validation_split takes the end of the data before shuffling. If y is sorted, that end holds classes which "
        "training never saw.",
        shuffled(*training.called),
    )


def _validation_at_chance(training: Training) -> Finding | None:
    """Find training that improves while nothing of it helps on validation data, from the first epoch to the last."""
    chance, accuracy, val_accuracy = training.chance, training.accuracy, training.val_accuracy
    if chance is None or chance.accuracy is None or min(len(accuracy), len(val_accuracy)) < 3:
        return None
    guess, n = chance.accuracy, training.held_out
    # As many right answers as luck alone gives in 19 of 20 validations; some of many epochs are luckier.
    luck = 2.5 * math.sqrt(guess * (1 - guess) / n)
    # What is learned by heart has to be more than luck, too.
    luck_in_training = 2.25 * math.sqrt(guess * (1 - guess) / training.trained_on)
    gained = float(accuracy[-3:].mean()) - guess
    normalised = training.has_layer("BatchNormalization")
    val_loss = training.validation[2]
    # A long training whose loss has left guessing behind says it, too, before its accuracy does; of few examples a
    # loss falls by luck.
    long = len(val_loss) >= 2 * _EPOCHS and training.trained_on >= _MANY
    memorises = not normalised and long and training.loss[-1] < 0.99 * chance.loss
    improves = memorises or gained >= max((0.25 if normalised else 0.1) * (1 - guess), luck_in_training)
    if not improves or val_accuracy.max() > guess + max(luck, 0.02):
        return None
    if len(val_loss) and val_loss.min() < 0.98 * chance.loss:
        return None
    if normalised:
        return _lagging(
            training,
            f"The accuracy is {accuracy[-1]:.2f} in training, but {val_accuracy[-1]:.2f} in validation, where guessing "
            f"gets {guess:.2f}.",
        )
    if len(val_accuracy) < _EPOCHS:
        return None
    return Finding(
        "validation-at-chance",
        "warning",
        f"The accuracy is {accuracy[-1]:.2f} in training, but in validation never above {val_accuracy.max():.2f}: "
        f"{chance.answer} gets {guess:.2f}.",
        *_torn_apart(training),
    )


def _torn_apart(training: Training) -> tuple[str, str]:
    """Look in the program for what has separated examples from their labels."""
    shuffled_alone = [
        call
        for call in training.program.calls("shuffle")
        if len(call.args) == 1 and not any(word.arg in ("random_state", "seed") for word in call.keywords)
    ]
    names = list(dict.fromkeys(ast.unparse(call.args[0]) for call in shuffled_alone[::-1]))
    if len(names) >= 2:
        x, y = names[:2]
        return (
            f"{x} and {y} are shuffled each for itself, so that no label belongs to its example any more; training "
            "learns them by heart.",
            f"{shuffled(x, y)}  # in place of both",
        )
    x, y = training.called
    return (
        "What is learned does not hold for new examples: labels that do not belong to their examples (shuffled or "
        "sorted apart), or inputs that do not tell them.",
        f"print([({x}[i], {y}[i]) for i in range(5)])  # do they belong together?",
    )


def _lagging(training: Training, seen: str) -> Finding:
    fix = "keras.layers.BatchNormalization(momentum=0.9)  # or more steps: smaller batches, more epochs"
    if training.steps < _FEW_STEPS:
        size = max(training.trained_on // (2 * _FEW_STEPS), 8)
        smaller = training.program.rewritten("fit", training.name, f"batch_size={size}", batch_size=str(size))
        fix = f"{smaller}; keras.layers.BatchNormalization(momentum=0.9)"
    return Finding(
        "validation-suspicious",
        "warning",
        seen,
        "Batch normalisation uses each batch's own mean in training, but a running one in validation, which after few "
        "steps is still far off.",
        fix,
    )


def _far_worse(training: Training) -> Finding | None:
    _, loss, val_loss = training.validation
    chance = training.chance
    # Overfitting begins near the training loss and departs from it. This is far off all the time, and further than
    # guessing, though the net was still learning: a net trained before may start out overfitted.
    if chance is None or val_loss.min() < 1.5 * chance.loss or loss[0] < 0.3 * chance.loss:
        return None
    if (val_loss / np.maximum(loss, 1e-12)).min() < 4:
        return None
    seen = f"The loss is {loss[-1]:.4g} in training but {val_loss[-1]:.4g} in validation, and so from the first epoch."
    if training.lags:
        return _lagging(training, seen)
    why = (
        "The validation data differ from the training data: scaled in another way, in another order of classes, or "
        "from another range."
    )
    return Finding("validation-suspicious", "warning", seen, why, "print(X.min(), X.max(), X_val.min(), X_val.max())")


def _far_better(training: Training) -> Finding | None:
    accuracy, val_accuracy = training.accuracy, training.val_accuracy
    # Dropout, noise and augmentation are switched off in validation, and explain any gap; only the model tells.
    if training.subject is None or training.has_layer("Dropout", "Noise", "Random", "Mix"):
        return None
    # The training accuracy is the mean over an epoch and lags behind, but not by a quarter three times in a row.
    if min(len(accuracy), len(val_accuracy)) < _EPOCHS or np.min(val_accuracy[-3:] - accuracy[-3:]) <= 0.25:
        return None
    return Finding(
        "validation-suspicious",
        "hint",
        f"The accuracy is {val_accuracy[-1]:.2f} in validation but only {accuracy[-1]:.2f} in training.",
        "Validation data are rarely that much easier: they may hold one class only, or be prepared in another way. "
        "Augmentation of the training data explains it too.",
        "np.unique(y_val, return_counts=True)",
    )


def _overfitting(training: Training) -> Finding | None:
    epochs, loss, val_loss = training.validation
    # Weights of classes or examples count in training only: the two losses are then of different things.
    if training.stopped_early or len(epochs) < _EPOCHS or training.is_weighted:
        return None
    best = int(np.argmin(val_loss))
    # A validation loss goes up and down: three epochs on end must be a tenth above the lowest, in the middle, while
    # training still gains a tenth.
    if best > len(epochs) - 4 or val_loss[best] <= 0 or loss[-1] > 0.9 * loss[best]:
        return None
    if np.median(val_loss[-3:]) < 1.1 * val_loss[best]:
        return None
    val_accuracy = training.val_accuracy
    if len(val_accuracy) == len(epochs) and np.median(val_accuracy[-3:]) > val_accuracy[best] + 0.005:
        return None  # surer of its mistakes, but fewer of them
    return Finding(
        "overfitting",
        "warning",
        f"Since epoch {epochs[best]} the validation loss rises, from {val_loss[best]:.4g} to {val_loss[-1]:.4g}, while "
        f"the training loss falls from {loss[best]:.4g} to {loss[-1]:.4g}.",
        "The net learns its training examples by heart. What it learns there no longer helps on new ones.",
        "callbacks=[keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)]",
    )


def _blame(training: Training, why: str, fix: str) -> tuple[str, str]:
    """Why it failed and what to change: by the cause if there is one, or as given."""
    cause = training.cause
    return (f"{cause.seen} {cause.why}", cause.fix) if cause else (why, fix)


# ---------------------------------------------------------------------------------------------------------------------
# What a small sample of predictions shows


def _prepared_otherwise(training: Training) -> Finding | None:
    """Find inputs that are not prepared as those of a training that went well."""
    cause, chance = training.cause, training.chance
    if cause is None or cause.code not in ("input-not-scaled", "input-scaled-twice") or chance is None:
        return None
    reached = [values[-1] for values in (training.accuracy, training.val_accuracy) if len(values)]
    if not reached or chance.accuracy is None or min(reached) < chance.accuracy + 0.6 * (1 - chance.accuracy):
        return None
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sample = _answers(training)
        if sample is None or sample[0].ndim != 1 or sample[1].ndim != 2:
            return None
        labels, answers = sample
        guesses = answers.argmax(axis=1) if answers.shape[1] > 1 else (answers[:, 0] > 0.5).astype(int)
        right = float(np.mean(guesses == labels))
        if right < min(reached) - 0.3:
            return Finding(
                "preparation-differs",
                "error",
                f"The training reached an accuracy of {min(reached):.2f}, but of {len(labels)} of these examples "
                f"{right:.0%} are answered rightly.",
                f"They are not prepared as the training data were. {cause.seen}",
                cause.fix,
            )
    return None


def _with_predictions(training: Training, findings: list[Finding]) -> list[Finding]:
    # The user's model and data may fail in any way: then there is nothing to say.
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if other_pass := _labels_of_another_pass(training):
            return [*findings, other_pass]
        constant = _constant(training)
        if constant and constant.code not in [finding.code for finding in findings]:  # tells more than not-learning
            return [*(finding for finding in findings if finding.code != "not-learning"), constant]
    return findings


def _answers(training: Training) -> tuple[np.ndarray, np.ndarray] | None:
    """Labels of at most 32 examples, as many of each class as of any other, and what the model answers to them."""
    subject = training.subject
    target = subject.target if subject else None
    if subject is None or target is None or not subject.x.parts or not subject.model.built:
        return None
    if any(getattr(layer, "stateful", False) for layer in subject.layers):
        return None  # asking it changes it
    labels = target.values if target.classes is None else target.classes
    groups = [np.arange(len(labels))]
    if target.classes is not None and len(target.counts[0]) <= _SAMPLE // 2:
        groups = [np.flatnonzero(labels == value) for value in target.counts[0]]
    each = _SAMPLE // len(groups)
    rows = np.concatenate([group[np.unique(np.linspace(0, len(group) - 1, each).astype(int))] for group in groups])
    inputs = [part.values[rows] for part in subject.x.parts]
    if (labels[rows] == labels[rows[0]]).all() or all((part == part[:1]).all() for part in inputs):
        return None  # equal answers are right then
    answers = _ask(subject.model, inputs)
    return (labels[rows], answers) if len(answers) == len(rows) and np.isfinite(answers).all() else None


def _ask(model: keras.Model, inputs: list[np.ndarray]) -> np.ndarray:
    tensors = [keras.ops.convert_to_tensor(x.astype("float32") if x.dtype.kind == "f" else x) for x in inputs]
    no_gradients = sys.modules["torch"].no_grad() if keras.config.backend() == "torch" else contextlib.nullcontext()
    with no_gradients:
        answers = model(tensors if len(tensors) > 1 else tensors[0], training=False)
    return np.asarray(keras.ops.convert_to_numpy(answers), dtype=float)


def _constant(training: Training) -> Finding | None:
    if len(training.loss) < _EPOCHS and training.has_layer("BatchNormalization"):
        return None  # its running means need more steps before predictions mean anything
    sample = _answers(training)
    if sample is None or len(sample[0]) < 16:  # equal answers to fewer may be chance
        return None
    labels, answers = sample
    return _same_answer(training, answers) or _same_class(training, labels, answers)


def _same_answer(training: Training, answers: np.ndarray) -> Finding | None:
    flat = answers.reshape(len(answers), -1)
    # Equal up to the rounding of float32, and not merely all near 0.
    if np.ptp(flat, axis=0).max() > 1e-6 * max(1e-3, np.abs(flat).max()):
        return None
    why, fix = _blame(
        training,
        *(
            _too_regular(training)
            or (
                "Nothing of the input arrives at the output. Often every ReLU is stuck at 0 after too large a step.",
                "keras.optimizers.Adam(learning_rate=1e-4)",
            )
        ),
    )
    # Whoever learned answers in one way only in training's manner: with the means of each batch.
    learned = training.chance is not None and training.loss[-1] < 0.8 * training.chance.loss
    value = ", ".join(f"{value:.3g}" for value in flat[0, :5]) + (", …" if flat.shape[1] > 5 else "")
    seen = f"The model answers {value} to each of {len(flat)} different inputs."
    if learned and training.has_layer("BatchNormalization"):
        return _lagging(training, seen)
    return Finding("constant-predictions", "error", seen, why, fix)


def _too_regular(training: Training) -> tuple[str, str] | None:
    """Find a penalty on answers or weights that is larger than what they can win; what to say of it and to change."""
    for layer in getattr(training.model, "layers", ()):
        for name in ("activity_regularizer", "kernel_regularizer"):
            regularizer = getattr(layer, name, None)
            factors = {kind: getattr(regularizer, kind, None) for kind in ("l1", "l2")}
            given = [(float(value), kind) for kind, value in factors.items() if value]
            factor, kind = max(given, default=(0.0, ""))
            if factor < _HEAVY:
                continue
            fix = f"{name}=keras.regularizers.{kind}({factor / 1000:g})"
            for call in training.program.calls(kind, kind.upper()):
                if call.args:
                    fix = in_line(ast.Call(call.func, [ast.Constant(float(f"{factor / 1000:.3g}"))], call.keywords))
                    break
            return (
                f'The {name} of the layer "{layer.name}" takes {factor:g} for each unit of what it punishes. That is '
                "more than a better answer wins, so that all of it went to 0.",
                fix,
            )
    return None


def _same_class(training: Training, labels: np.ndarray, answers: np.ndarray) -> Finding | None:
    chance = training.chance
    if chance is None or chance.classes is None or _may_still_learn(training):
        return None
    if labels.ndim != 1 or answers.ndim != 2:  # pixels or time steps with classes of their own, or shares of classes
        return None
    if answers.shape[1] > 1:
        guesses = answers.argmax(axis=1)
    else:
        scores = answers.min() < 0 or answers.max() > 1  # no probabilities
        guesses = (answers[:, 0] > (0 if scores else 0.5)).astype(int)
    others = int((labels != guesses[0]).sum())
    if (guesses != guesses[0]).any() or others < len(labels) / 4:
        return None
    # The history too must be that of a single answer: with a lower loss the net tells some of them apart.
    share = chance.accuracy or 0.0
    always = len(training.accuracy) >= 3 and bool(np.all(np.abs(training.accuracy[-3:] - share) < 0.002))
    if training.loss[-1] < 0.97 * chance.loss and not always:
        return None
    if len(training.accuracy) and training.accuracy[-1] > share + 0.03:
        return None
    seen = f"Of {len(labels)} examples, {others} of them of other classes, all are taken for class {guesses[0]}."
    if chance.accuracy and chance.accuracy > 0.75:
        why = f"{chance.accuracy:.0%} of the labels are of one class, so that answering it always makes a low loss."
        fix = "class_weight={0: 1, 1: 10}  # more for the rare class"
    else:
        why, fix = _blame(training, "The net has not learnt to tell them apart.", training.ten_by_heart)
    return Finding("constant-predictions", "warning", seen, why, fix)


def _labels_of_another_pass(training: Training) -> Finding | None:
    subject = training.subject
    # A DataLoader is read past its own order, and cannot be compared.
    if subject is None or subject.target is None or subject.x.form != "batches" or hasattr(training.x, "sampler"):
        return None
    given = read_labels(training.y, "y", ()).parts
    if len(given) != 1:
        return None
    n = min(len(given[0].values), len(subject.target.values))
    own, other = (values[:n].reshape(n, -1) for values in (subject.target.values, given[0].values))
    if own.shape != other.shape or (own == own[:1]).all():
        return None
    differ = int((own != other).any(axis=1).sum())
    if not differ:
        return None
    return Finding(
        "order-mismatch",
        "error",
        f"Of the first {n} labels that the data set gives now, {differ} are not those of y.",
        "The data set is shuffled anew in each pass, so predictions and labels of different passes do not belong "
        "together: evaluate says one accuracy, comparing with y another.",
        f"pairs = [({training.name}.predict_on_batch(np.asarray(a)), b) for a, b in {training.called[0]}]  "
        "# of the same pass",
    )


def _data_ran_out(training: Training) -> Finding | None:
    """Find a training that made fewer steps than it was told to, as with a generator that ends."""
    subject, asked, epochs = training.subject, training.asked, len(training.loss)
    if subject is None or subject.has_own_training or not asked or epochs < 2 or training.steps >= 0.9 * asked:
        return None
    return Finding(
        "data-runs-out",
        "warning",
        f"{round(training.steps * epochs):,} steps were made, and not {asked} in each of {epochs} epochs.",
        "A generator can be gone through once: when it ends, there is nothing left to train on, and Keras only warns.",
        "# put the loop of the generator into `while True:`; of a tf.data.Dataset: .repeat()",
    )


_FROM_HISTORY = (
    _data_ran_out,
    _first_loss_too_high,
    _not_learning,
    _validation_suspicious,
    _validation_at_chance,
    _overfitting,
)
