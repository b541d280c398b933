"""Every finding's code: what it is about, when it shows, whether it stops a training, and what it explains away.

This table is the only list of codes. Pages, index and tests are made from it: a code needs a row here, a function that
finds it, and a folder ``book/doctor/CODE`` with its page and programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

When = Literal["before", "error", "after"]


@dataclass(frozen=True)
class Code:
    """A kind of finding.

    Attributes
    ----------
    name : str
        As findings show it; it never changes.
    title : str
        What is wrong, in a few words of Markdown.
    when : {"before", "error", "after"}
        Whether it shows first before training, in an error, or in how a training went.
    stops : bool
        Whether Keras raises because of it, on some backend at least: then an exception may come from it.
    spoils : bool
        Whether it can make a training fail that Keras lets run.
    hides : tuple of str
        Codes of what follows from it, and goes away with it.
    """

    name: str
    title: str
    when: When
    stops: bool = False
    spoils: bool = False
    hides: tuple[str, ...] = ()


def _code(name: str, title: str, when: When, does: str = "", hides: str = "") -> Code:
    return Code(name, title, when, "stops" in does, "spoils" in does, tuple(hides.split()))


_SHAPES = "input-rank input-size input-channels"
_LABELS = "labels-type loss-label-mismatch labels-rank"
_TABLE = (
    # What is wrong with a model and its data before training.
    _code("not-compiled", "`fit` needs `compile`, and `compile` a loss", "before", "stops"),
    _code("compile-arguments", "a metric where `compile` expects the weights of losses", "before", "stops"),
    _code("not-built", "no `Input` and no example yet, so there are no weights and no shapes", "before"),
    _code("optimizer-reused", "an optimizer that already belongs to another model", "before", "stops"),
    _code("outputs-mismatch", "losses, metrics or targets that do not go with the model's outputs", "before", "stops",
          hides=_LABELS),
    _code("dataset-arguments", "`y`, a split or a batch size given beside a data set", "before", "stops",
          hides="length-mismatch"),
    _code("batch-source", "a generator or data set that gives no pairs `(X, y)`, or always the same", "before", "stops",
          hides=f"{_LABELS} binary-target-range labels-out-of-range regression-activation"),
    _code("endless-data", "a data set that never ends, and no number of steps", "before"),
    _code("data-runs-out", "fewer batches than `fit` is told to take", "before"),
    _code("unknown-shape", "a data set that does not tell the shape of its examples", "before", "stops"),
    _code("input-type", "lists, pictures, texts or objects instead of an array of numbers", "before", "stops",
          hides=f"{_SHAPES} length-mismatch"),
    _code("length-mismatch", "`X` and `y` differ in length, or are empty", "before", "stops",
          hides=f"{_LABELS} binary-target-range labels-out-of-range regression-activation"),
    _code("batch-in-input-shape", "the number of examples was written into `Input(shape=…)`", "before", "stops",
          hides="output-rank"),
    _code("input-rank", "`X` has too many axes or too few", "before", "stops", hides=f"output-rank {_LABELS}"),
    _code("input-size", "the right number of axes, one of the wrong size", "before", "stops"),
    _code("input-channels", "another number of channels, or channels in another place", "before", "stops"),
    _code("index-out-of-range", "an index that an `Embedding` layer has no row for", "before", "stops spoils"),
    _code("input-not-finite", "NaN or infinity in `X` or `y`", "before", "spoils"),
    _code("input-not-scaled", "pixels or features of a scale that the model was not made for", "before", "spoils"),
    _code("input-scaled-twice", "pixels divided by 255 twice, or features standardised twice", "before", "spoils"),
    _code("normalization-not-adapted", "a `Normalization` layer that has never seen data", "before", "stops spoils"),
    _code("labels-type", "labels that are texts, objects or fractions", "before", "stops"),
    _code("labels-rank", "labels with an axis too many", "before", "stops"),
    _code("one-class", "labels that are all of one class", "before", "spoils", hides="class-imbalance too-many-units"),
    _code("folders-not-classes", "a folder whose folders are not the classes", "before", "stops spoils",
          hides="class-imbalance"),
    _code("classes-differ", "training and validation that do not count the same classes", "before", "stops spoils"),
    _code("labels-out-of-range", "a label below 0, or with no output unit of its own", "before", "stops spoils"),
    _code("labels-not-from-zero", "labels from 1 on, or with gaps", "before", "stops spoils"),
    _code("too-many-units", "more output units than classes", "before", "stops"),
    _code("loss-label-mismatch", "class numbers, one-hot rows and the loss do not go together", "before",
          "stops spoils"),
    _code("binary-target-range", "binary cross-entropy with targets outside 0 to 1", "before", "stops spoils"),
    _code("one-unit-softmax", "softmax over one unit, which is always 1", "before", "stops spoils"),
    _code("logits-mismatch", "raw scores where the loss expects probabilities, or the other way round", "before",
          "spoils"),
    _code("regression-activation", "the last activation cannot reach the targets", "before", "spoils"),
    _code("target-not-scaled", "a target in the thousands, which a network reaches only slowly", "before", "spoils"),
    _code("output-rank", "a forgotten `Flatten`: an answer for every pixel", "before", "stops"),
    _code("metric-mismatch", "a metric that does not fit what is predicted, or means something else", "before",
          "stops"),
    _code("loss-without-gradient", "a loss of one's own that gives no direction to learn in", "before",
          "stops spoils"),
    _code("target-in-input", "a column of `X` that is the answer itself", "before", "spoils"),
    _code("validation-in-training", "the same examples in training and in validation", "before", "spoils"),
    _code("class-imbalance", "the largest class alone gives a good-looking accuracy", "before"),
    _code("sorted-labels", "sorted labels, of which `validation_split` takes the end", "before"),
    _code("class-weight-keys", "class weights that reach no class, or two outputs", "before", "stops"),
    _code("train-step", "a `train_step` that gets or compares something else than it means", "before", "stops spoils"),
    _code("monitor-unavailable", "a callback waits for a number that never comes", "before", "stops"),
    _code("monitor-mode", "a callback does not know, or was told wrongly, if more is better", "before", "stops"),
    _code("nothing-trainable", "every layer is frozen, or was frozen after `compile`", "before", "stops spoils"),
    _code("input-unused", "an input that no output depends on", "before"),
    _code("no-nonlinearity", "layers in a row with no activation between them", "before"),
    _code("layer-unused", "a layer whose output nothing goes on with", "before", "spoils"),
    _code("frozen-random", "frozen layers that nobody has trained", "before", "spoils"),
    _code("padding-not-masked", "a recurrent layer that reads long padding to its end", "before", "spoils"),
    _code("broadcasting", "answers (n, 1) and labels (n,), compared each with each", "before"),
    _code("dropout-too-high", "dropout of nine tenths or more, or on the output", "before"),
    _code("learning-rate", "a learning rate far outside what is usual", "before", "spoils"),
    _code("argmax-of-one-column", "`argmax` over the only output, which is always 0", "before"),
    # What is first seen in an error.
    _code("removed-api", "a name or argument of an older Keras", "error"),
    _code("foreign-object", "a layer, a weight or an optimizer of another library", "error"),
    _code("unknown-name", "a loss, metric, optimizer, activation or layer that Keras does not know", "error"),
    _code("shadowed-module", "a file or a name of your own that hides a library", "error"),
    _code("not-a-model", "`None`, a history or a class where a model should be", "error"),
    _code("layer-not-called", "a layer's class where the layer should be, or a layer without its input", "error"),
    _code("super-init-missing", "a class of one's own that does not call `super().__init__()`", "error"),
    _code("return-missing", "a `call` or a loss of one's own that returns nothing", "error"),
    _code("state-in-call", "layers or weights that are made in `call`, each time anew", "error"),
    _code("never-called", "the symbolic output of a model that has none", "error"),
    _code("graph-disconnected", "outputs that the inputs do not lead to", "error"),
    _code("image-too-small", "convolutions and pooling have used up all pixels", "error"),
    _code("file-extension", "a file name that does not end as Keras wants it", "error"),
    _code("model-loading", "a stored model that cannot be loaded", "error"),
    _code("class-names-lost", "`class_names` of a data set that `map` or `cache` has made", "error"),
    _code("broken-file", "a picture in a folder that cannot be read", "error"),
    _code("symbolic-tensor", "a function that needs numbers, given a placeholder", "error"),
    _code("duplicate-name", "two layers of one name", "error"),
    _code("out-of-memory", "more numbers than the memory holds", "error"),
    _code("download-failed", "no network, or a file that is no longer there", "error"),
    # What a training shows.
    _code("loss-not-finite", "the loss became NaN or infinite", "after", "spoils"),
    _code("loss-impossible", "a loss that is negative, or exactly 0 from the start", "after"),
    _code("not-learning", "the loss stays where guessing is, or above", "after"),
    _code("first-loss-too-high", "the first loss is far above that of guessing", "after"),
    _code("overfitting", "training improves while validation worsens", "after"),
    _code("validation-at-chance", "training improves while validation stays at guessing", "after",
          hides="overfitting"),
    _code("validation-suspicious", "validation far better or far worse than training", "after",
          hides="overfitting validation-at-chance"),
    _code("constant-predictions", "the same class for every input", "after", hides="not-learning"),
    _code("preparation-differs", "inputs prepared in another way than in training", "after",
          hides="validation-suspicious"),
    _code("order-mismatch", "predictions, labels or inputs in an order of their own", "after"),
)  # fmt: skip

CODES = {code.name: code for code in _TABLE}
