"""Failures before anything is computed: not compiled, not built, one name twice."""

from __future__ import annotations

from .._report import Finding
from ._failure import Failure, error


def not_compiled(failure: Failure) -> Finding | None:
    """Find fit without compile, or compile without a loss."""
    if not failure.in_keras:
        return None
    if failure.find(r"You must call `compile\(\)` before|has not been compiled|must compile your model"):
        return _compile_first(failure)
    if (
        failure.call
        and failure.call.method != "predict"
        and failure.find("object has no attribute '(optimizer|_loss_tracker)'")
    ):
        return _compile_first(failure)
    if failure.find("No loss to compute|no loss was provided|No loss found"):
        return error(
            "not-compiled", "The model was compiled without a loss.", "Training lowers the loss, so it needs one.",
            f'model.compile(optimizer="adam", loss="{_loss_for(failure)}")',
        )  # fmt: skip
    if failure.find(
        "optimizer (?:can only be called for|was (?:originally )?built (?:with|for)) .*variables"
    ) or failure.find("Unknown variable: .*This optimizer"):
        return _reused_optimizer(failure)
    return None


def _compile_first(failure: Failure) -> Finding:
    method = failure.call.method if failure.call else "fit"
    return error(
        "not-compiled",
        f"{method} was called, but the model has not been compiled.",
        "compile says which loss to lower, how, and what to measure.",
        f'model.compile(optimizer="adam", loss="{_loss_for(failure)}")',
    )


def _loss_for(failure: Failure) -> str:
    """Name the loss that goes with the model and the labels that were given."""
    from .._examine._network import a_loss_for
    from .._examine._patient import describe

    call = failure.call
    return a_loss_for(describe(call.model, call.x, call.y, {})) if call else "sparse_categorical_crossentropy"


def _reused_optimizer(failure: Failure) -> Finding:
    if failure.find(r"trainable_variables\) == \d+ whereas"):
        return error(
            "nothing-trainable",
            "Layers were frozen or thawed (trainable = …) after compile.",
            "The optimizer was prepared for the layers that could be trained then.",
            "model.compile(…)  # again, after the change of trainable",
        )
    return error(
        "not-compiled",
        "The optimizer already belongs to another model, or to this one before layers were changed.",
        "An optimizer remembers something for each weight, so each model needs its own.",
        'model.compile(optimizer="adam", …)  # or keras.optimizers.Adam(…) made anew',
    )


def not_built(failure: Failure) -> Finding | None:
    """Find weights or shapes asked of a model that has none yet."""
    words = failure.in_keras and failure.find(
        r"isn't built|not yet been built|has not (?:yet )?been built|has no defined (?:output|input)"
        r"|has never been called|is not built|Weights for model .* have not yet been created"
    )
    # torch answers for what a property could not.
    if not words and not failure.find(
        r"^'Sequential' object has no attribute '(output_shape|input_shape|inputs|outputs)'"
    ):
        return None
    return error(
        "not-built",
        "The model has no weights and no shapes yet, because it does not know the shape of its input.",
        "A layer makes its weights when it learns what it gets.",
        "keras.Input(shape=(…)) as the first entry of the model",
    )


def duplicate_name(failure: Failure) -> Finding | None:
    """Find two layers of one name."""
    found = (
        failure.find(r"should have unique names\. Name '([^']+)' is already")
        or failure.find(r'The name "([^"]+)" is used \d+ times in the model')
        or failure.find(r"All layers (?:added to|in) a .*?unique names?.*?['\"]([^'\"]+)['\"]")
    )
    if not found:
        return None
    return error(
        "duplicate-name",
        f"Two layers are called {found[1]!r}.",
        "Names tell layers apart, for instance when weights are loaded, so each must be different.",
        f'name="{found[1]}_2" for one of them, or no name at all: Keras then makes one up',
    )


def symbolic_tensor(failure: Failure) -> Finding | None:
    """Find NumPy or TensorFlow functions on tensors that have no numbers yet."""
    placeholder = failure.find(
        "A KerasTensor (?:cannot be used as input to a TensorFlow function|is symbolic)"
        "|(?:KerasTensor|Keras symbolic).*?(?:TensorFlow|NumPy|numpy)"
    )
    if placeholder and not failure.raised("AttributeError"):
        which = "A TensorFlow" if failure.find("input to a TensorFlow function") else "A NumPy or Python"
        return error(
            "symbolic-tensor",
            f"{which} function was called on a layer's output while the model is being built.",
            "There are no numbers yet, only a shape; Keras can keep only its own layers and operations.",
            "keras.ops.…  # the same function under keras.ops, such as keras.ops.mean(x)",
        )
    if not failure.in_keras or not failure.user_frames:
        return None
    traced = failure.raised("TracerArrayConversionError", "ConcretizationTypeError", "TracerBoolConversionError")
    if (
        (
            traced
            or failure.find(r"Cannot convert a symbolic tf\.Tensor|Using a symbolic `?tf\.Tensor`? as a Python")
            or failure.find(r"Can't call numpy\(\) on Tensor that requires grad")
            or (failure.raised("TypeError") and failure.in_module("fromnumeric") and failure.call)
        )
        and not failure.in_module("callbacks")
        and (failure.call or failure.layer is not None)
    ):
        return error(
            "symbolic-tensor",
            "A NumPy or TensorFlow function was called inside training, on a tensor of Keras.",
            "Keras has to follow every step to compute gradients, and it can follow only its own functions.",
            "keras.ops.…  # in place of np.… or tf.…, such as keras.ops.mean(keras.ops.square(y - y_hat))",
        )
    return None
