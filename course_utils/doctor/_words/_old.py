"""What older books and posts write, and the line to write today."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

from .._report import Finding
from .._subject._failure import Failure, error, is_keras, keras_owner, model_shape
from .._subject._lines import user_lines
from .._subject._program import called, in_line, parse
from . import _backend as backend

_IMAGES = 'keras.utils.image_dataset_from_directory("folder")  # and keras.layers.RandomFlip() in the model'
_LAYERS = "from keras import layers"
_TEXT = "keras.layers.TextVectorization(max_tokens=10_000)"
_OPS = "keras.ops.{name}(x)"

# Modules, without `keras.` or `tensorflow.keras.` in front; the longest that fits counts.
MODULES = {
    "preprocessing.text": _TEXT,
    "preprocessing.sequence": "from keras.utils import pad_sequences",
    "preprocessing.image": _IMAGES,
    "utils.np_utils": "keras.utils.to_categorical(y)",
    "utils.vis_utils": "keras.utils.plot_model(model)",
    "utils.generic_utils": "keras.saving.get_custom_objects()  # and keras.utils.Progbar",
    "utils.data_utils": "from keras.utils import get_file",
    "utils.layer_utils": "model.summary()",
    "utils.conv_utils": _LAYERS,
    "utils.training_utils": "# remove it: fit uses what the machine has",
    "layers.core": "from keras.layers import Dense, Dropout, Flatten",
    "layers.convolutional": "from keras.layers import Conv2D, MaxPooling2D",
    "layers.pooling": "from keras.layers import MaxPooling2D",
    "layers.normalization": "from keras.layers import BatchNormalization",
    "layers.embeddings": "from keras.layers import Embedding",
    "layers.recurrent": "from keras.layers import LSTM, GRU",
    "layers.merge": "from keras.layers import Add, Concatenate",
    "layers.noise": "from keras.layers import GaussianNoise",
    "layers.local": _LAYERS,
    "layers.wrappers": "from keras.layers import Bidirectional, TimeDistributed",
    "layers.advanced_activations": "from keras.layers import LeakyReLU, PReLU",
    "layers.experimental.preprocessing": "from keras.layers import Rescaling, RandomFlip, Normalization",
    "layers.experimental": "from keras.layers import Rescaling, RandomFlip, Normalization",
    "layers.preprocessing": "from keras.layers import Rescaling, RandomFlip, Normalization",
    "mixed_precision.experimental": 'keras.mixed_precision.set_global_policy("mixed_float16")',
    "premade": "from keras import Sequential",
    "estimator": "# remove it: model.fit trains",
    "engine.topology": "from keras import Input, Layer",
    "engine.training": "from keras import Model",
    "engine": "from keras import Input, Layer, Model",
    "wrappers.scikit_learn": "from keras.wrappers import SKLearnClassifier",
    "optimizers.legacy": "from keras.optimizers import Adam",
    "optimizers.experimental": "from keras.optimizers import Adam",
    "optimizers.schedules.legacy": "from keras.optimizers import schedules",
    "callbacks.experimental": "from keras.callbacks import BackupAndRestore",
    "callbacks.callbacks": "from keras.callbacks import EarlyStopping",
    "backend.tensorflow_backend": "from keras import ops",
    "applications.keras_applications": "from keras import applications",
    "datasets.reuters_newswires": "from keras.datasets import reuters",
    "objectives": "from keras import losses",
    "contrib": "from keras import layers",
    "legacy": _LAYERS,
    "python": "import keras",
    "api": "import keras",
}

# Things imported from Keras, or looked up in it.
NAMES = {
    "ImageDataGenerator": _IMAGES,
    "Tokenizer": _TEXT,
    "text_to_word_sequence": _TEXT,
    "one_hot": "from keras.ops import one_hot",
    "np_utils": "keras.utils.to_categorical(y)",
    "vis_utils": "keras.utils.plot_model(model)",
    "multi_gpu_model": "keras.distribution.set_distribution(keras.distribution.DataParallel())",
    "HDF5Matrix": "from h5py import File",
    "CuDNNLSTM": "from keras.layers import LSTM  # uses the graphics card by itself",
    "CuDNNGRU": "from keras.layers import GRU  # uses the graphics card by itself",
    "Convolution1D": "from keras.layers import Conv1D",
    "Convolution2D": "keras.layers.Conv2D(32, (3, 3))",
    "Convolution3D": "from keras.layers import Conv3D",
    "Deconvolution2D": "from keras.layers import Conv2DTranspose",
    "AtrousConvolution2D": "keras.layers.Conv2D(32, 3, dilation_rate=2)",
    "LocallyConnected1D": "from keras.layers import Conv1D",
    "LocallyConnected2D": "from keras.layers import Conv2D",
    "MaxoutDense": "from keras.layers import Dense",
    "Highway": "from keras.layers import Dense",
    "TimeDistributedDense": "keras.layers.TimeDistributed(keras.layers.Dense(10))",
    "ThresholdedReLU": "keras.layers.ReLU(threshold=1.0)",
    "Merge": 'keras.layers.Concatenate()([a, b])',
    "merge": 'keras.layers.concatenate([a, b])',
    "Graph": "keras.Model(inputs, outputs)",
    "adam": "from keras.optimizers import Adam",
    "sgd": "from keras.optimizers import SGD",
    "rmsprop": "from keras.optimizers import RMSprop",
    "adagrad": "from keras.optimizers import Adagrad",
    "WeightRegularizer": "keras.regularizers.L2(0.01)",
    "l1l2": "from keras.regularizers import L1L2",
    "activity_l2": "keras.regularizers.L2(0.01)",
    "KerasClassifier": "from keras.wrappers import SKLearnClassifier",
    "KerasRegressor": "from keras.wrappers import SKLearnRegressor",
    "scikit_learn": "from keras.wrappers import SKLearnClassifier",
    "relu6": "from keras.ops import relu6",
    "load_img": "from keras.utils import load_img",
    "img_to_array": "from keras.utils import img_to_array",
    "array_to_img": "from keras.utils import array_to_img",
    "pad_sequences": "from keras.utils import pad_sequences",
    "CosineSimilarity": "keras.losses.CosineSimilarity()",
    "cosine_proximity": "keras.losses.cosine_similarity",
    "ModelCheckpoint": "from keras.callbacks import ModelCheckpoint",
    "layers.core": "from keras.layers import Dense",
    "experimental": "from keras.layers import Rescaling, RandomFlip, Normalization",
    "legacy": "from keras.optimizers import Adam",
    "Sequence": "keras.utils.PyDataset",
    "wrappers": "from keras.wrappers import SKLearnClassifier",
    "Reduction": 'reduction="sum_over_batch_size"',
    "DenseFeatures": "keras.utils.FeatureSpace(features)",
    "AbstractRNNCell": "from keras.layers import Layer",
    "OrderedEnqueuer": "keras.utils.PyDataset",
    "GeneratorEnqueuer": "keras.utils.PyDataset",
    "SequenceEnqueuer": "keras.utils.PyDataset",
    "estimator": "# remove it: model.fit trains",
}  # fmt: skip

# What models, layers and optimizers once had.
METHODS = {
    "fit_generator": "model.fit(generator, epochs=10)",
    "evaluate_generator": "model.evaluate(generator)",
    "predict_generator": "model.predict(generator)",
    "predict_classes": "model.predict(X).argmax(axis=1)",
    "predict_proba": "model.predict(X)",
    "reset_states": "layer.reset_states()  # for each stateful recurrent layer of the model",
    "lr": "model.optimizer.learning_rate",
    "output_shape": "layer.output.shape",
    "input_shape": "layer.input.shape",
    "get_output_at": "layer.output",
    "get_input_at": "layer.input",
    "get_output_shape_at": "layer.output.shape",
    "get_input_shape_at": "layer.input.shape",
    "inbound_nodes": "layer.input",
    "outbound_nodes": "layer.output",
    "model": "model  # a Sequential model no longer has another one inside",
    "nb_layers": "len(model.layers)",
    "validation_data": "validation_data = (X_val, y_val)  # give your callback the arrays that fit gets",
    "minimize": "optimizer.apply(gradients, variables)",
    "get_updates": "optimizer.apply_gradients(zip(gradients, variables))",
    "uses_learning_phase": "model(x, training=True)",
    "add_node": "keras.Model(inputs, outputs)",
    "_get_distribution_strategy": "# remove it",
    "state_updates": "model.non_trainable_variables",
    "set_weights_from_hdf5": 'model.load_weights("model.weights.h5")',
}

# Arguments, whatever was called with them; the new name with a typical value.
ARGUMENTS = {
    "nb_epoch": "epochs=10",
    "samples_per_epoch": "steps_per_epoch=100",
    "nb_val_samples": "validation_steps=10",
    "nb_worker": "keras.utils.PyDataset(workers=4)",
    "workers": "keras.utils.PyDataset(workers=4)  # the data set decides, no longer fit",
    "use_multiprocessing": "keras.utils.PyDataset(use_multiprocessing=True)  # the data set decides, no longer fit",
    "max_queue_size": "keras.utils.PyDataset(max_queue_size=10)",
    "max_q_size": "keras.utils.PyDataset(max_queue_size=10)",
    "pickle_safe": "keras.utils.PyDataset(use_multiprocessing=True)",
    "show_accuracy": 'metrics=["accuracy"]  # in compile',
    "class_mode": 'loss="categorical_crossentropy"  # in compile',
    "border_mode": 'padding="same"',
    "subsample": "strides=(2, 2)",
    "subsample_length": "strides=2",
    "nb_filter": "filters=32",
    "nb_row": "kernel_size=(3, 3)",
    "nb_col": "kernel_size=(3, 3)",
    "filter_length": "kernel_size=3",
    "pool_length": "pool_size=2",
    "stride": "strides=2",
    "dim_ordering": 'data_format="channels_last"',
    "atrous_rate": "dilation_rate=2",
    "init": 'kernel_initializer="glorot_uniform"',
    "bias": "use_bias=False",
    "W_regularizer": "kernel_regularizer=keras.regularizers.L2(0.01)",
    "b_regularizer": "bias_regularizer=keras.regularizers.L2(0.01)",
    "W_constraint": "kernel_constraint=keras.constraints.MaxNorm(2)",
    "b_constraint": "bias_constraint=keras.constraints.MaxNorm(2)",
    "inner_activation": 'recurrent_activation="sigmoid"',
    "inner_init": 'recurrent_initializer="orthogonal"',
    "dropout_W": "dropout=0.2",
    "dropout_U": "recurrent_dropout=0.2",
    "consume_less": "# remove it",
    "mode": "# remove it",
    "p": "rate=0.5",
    "output_dim": "units=10",
    "input_dim": "keras.Input(shape=(4,))",
    "batch_input_shape": "keras.Input(batch_shape=(1, 2, 3))  # as the first entry of the model",
    "batch_size": "keras.Input(shape=(4,), batch_size=32)",
    "input": "inputs=inputs, outputs=outputs",
    "output": "inputs=inputs, outputs=outputs",
    "input_length": "# remove it: the length comes from the data",
    "lr": "learning_rate=0.001",
    "decay": "learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.001, 1000, 0.5)",
    "schedule_decay": "# remove it",
    "momentum_decay": "# remove it",
    "period": 'save_freq="epoch"',
    "epsilon_std": "# remove it",
    "reset_metrics": "# remove it",
    "sample_weight_mode": "# remove it",
    "weights": "layer.set_weights(weights)  # after the model is built",
    "options": "# remove it",
    "save_format": 'model.save("model.keras")',
    "interpolation_order": "# remove it",
    "write_grads": "# remove it",
    "fill_mode_value": "# remove it",
}
# These are still right somewhere, so they are old only where Keras refuses them here.
_ONLY_FOR = {
    "input": ("Model", "Functional"), "output": ("Model", "Functional"), "mode": ("BatchNormalization",),
    "p": ("Dropout", "SpatialDropout2D", "SpatialDropout1D"), "stride": ("MaxPooling1D", "MaxPooling2D", "Conv1D"),
    "output_dim": ("Dense", "LSTM", "GRU", "SimpleRNN"),
    "init": ("Dense", "Conv2D", "Conv1D", "LSTM", "GRU", "Embedding"),
}  # fmt: skip

# A class of one's own may well have these, and a slip of the pen in them is not old.
_OWN = ("lr", "model", "validation_data")

WHY = "Keras 3 no longer has what this line asks for; books and posts written for older versions still show it."


def _found(what: str, today: str) -> Finding:
    return error("removed-api", f"{what} comes from an older version of Keras.", WHY, today)


def _bare(module: str) -> str:
    """Name a module without `tensorflow.keras.` and the like in front."""
    return re.sub(
        r"^(tensorflow\.)?(python\.)?(keras\.)?(_tf_keras\.keras\.)?(api\.)?(src\.)?", "", module + "."
    ).strip(".")


def _of_keras(module: str) -> bool:
    return bool(re.match(r"(tensorflow\.(python\.)?)?keras(\.|$)", module))


def old_import(failure: Failure) -> Finding | None:
    """Find modules and names that are gone."""
    exception = failure.exception
    if not isinstance(exception, ImportError):
        return None
    if found := failure.find(r"No module named '([\w.]+)'"):
        # from keras.backend.tensorflow_backend import set_session
        asked = re.search(r"\bimport\s+\(?\s*(\w+)", failure.line) if _bare(found[1]).startswith("backend.") else None
        if asked and (line := backend.today(asked[1], failure)):
            return _found(f"{asked[1]} (from {found[1]})", line)
        return _old_module(found[1])
    if found := failure.find(r"cannot import name '(\w+)' from '([\w.]+)'"):
        name, module = found[1], found[2]
        if _bare(module) == "backend" and (line := backend.today(name, failure)):
            return _found(f"{name} (from {module})", line)
        if _of_keras(module) and (today := NAMES.get(name) or MODULES.get(f"{_bare(module)}.{name}".strip("."))):
            return _found(f"{name} (from {module})", today.format(name=name))
    if failure.find(r"`keras\.optimizers\.legacy` is not supported"):
        return _found("keras.optimizers.legacy", MODULES["optimizers.legacy"])
    return None


def _old_module(module: str) -> Finding | None:
    if module in ("tf_keras", "keras_preprocessing", "keras_applications"):
        return _found(f"The package {module}", "import keras")
    if module.startswith("tensorflow.contrib") or module.startswith("tensorflow.examples"):
        return _found(module, "import keras" if "contrib" in module else "keras.datasets.mnist.load_data()")
    if not _of_keras(module):
        return None
    bare = _bare(module)
    while bare:
        if bare in MODULES:
            return _found(module, MODULES[bare])
        bare = bare.rpartition(".")[0]
    return None


def attribute(failure: Failure) -> tuple[Any, str] | None:
    """Find what lacks an attribute, and the attribute's name, if it is Keras' or TensorFlow's."""
    exception = next((error for error in failure.chain if isinstance(error, AttributeError)), None)
    # In a Lambda layer Keras wraps what was raised into words of its own.
    if exception is None or (exception is not failure.exception and not failure.find("Lambda")):
        return None
    found = re.search(
        r"(?:'(\w+)' object|type object '(\w+)'|module '([\w.]+)') has no attribute '(\w+)'", str(exception)
    )
    if not found:
        return None
    thing = getattr(exception, "obj", None)
    if thing is None or not keras_owner(thing):
        # What Keras has put into words of its own names the thing, and holds it no more.
        thing = _by_class_name(failure, found[1]) if found[1] else sys.modules.get(found[3] or "")
        thing = thing if thing is not None and keras_owner(thing) else None
    return (thing, found[4]) if thing is not None else None


def _by_class_name(failure: Failure, name: str) -> Any:
    # torch's own __getattr__ does not say which object it was asked of.
    for frame in failure.user_frames[:2]:
        for thing in {**frame.f_globals, **frame.f_locals}.values():
            if type(thing).__name__ == name and keras_owner(thing):
                return thing
    return None


def old_attribute(failure: Failure) -> Finding | None:
    """Find methods and attributes that are gone."""
    found = attribute(failure)
    if not found:
        return None
    thing, name = found
    module = getattr(thing, "__name__", "") if isinstance(thing, type(re)) else ""
    if module == "tensorflow":
        old = {
            "Session",
            "InteractiveSession",
            "placeholder",
            "contrib",
            "get_variable",
            "ConfigProto",
            "set_random_seed",
        }
        old |= {"global_variables_initializer", "layers", "app", "flags"}
        today = (
            "keras.utils.set_random_seed(0)"
            if name == "set_random_seed"
            else "import keras  # and keras.Model, model.fit"
        )
        return _found(f"tf.{name}", today) if name in old else None
    if module:
        if _bare(module) == "backend" and (line := backend.today(name, failure)):
            return _found(f"keras.backend.{name}", line)
        if new := MODULES.get(f"{_bare(module)}.{name}".strip(".")) or NAMES.get(name):
            if name == "Reduction" and (kind := re.search(r"Reduction\.(\w+)", failure.line)):
                new = f"reduction={_REDUCTIONS.get(kind[1], _REDUCTIONS['AUTO'])}"
            if name == "experimental" and ".experimental." in failure.line:
                new = re.sub(r"\.experimental(\.preprocessing)?(?=\.)", "", failure.line.strip().rstrip(","))
            return _found(_as_written(failure, f"{module}.{name}"), new)
        return None
    if name in ("output_shape", "input_shape", "model") and not _really_gone(thing, name):
        return None
    if name in _OWN and not type(thing).__module__.startswith("keras."):
        return None
    if name == "model" and not is_keras(thing, "Model"):
        return None
    if name in METHODS and any(is_keras(thing, kind) for kind in ("Layer", "Optimizer", "Callback")):
        today = METHODS[name]
        if name == "predict_classes":
            today = _classes(failure, thing)
        elif name == "minimize":
            today = _with_tape(failure, thing)
        elif name.endswith("_generator") or name == "predict_proba":
            line = " ".join(failure.line.split())
            today = re.sub(rf"\b{name}\b", name.partition("_")[0], line) if name in line else today
        elif known := failure.program.name_of(thing, ""):
            today = re.sub(r"^(model|layer|optimizer)\b", known, today)
        return _found(f"{type(thing).__name__}.{name}", today)
    return None


def _with_tape(failure: Failure, optimizer: Any) -> str:
    """Write what ``minimize`` did."""
    owner = failure.program.name_of(optimizer, "optimizer")
    loss, variables = "loss_fn()", "model.trainable_variables"
    for call in failure.program.calls("minimize"):
        if len(call.args) == 2:
            loss, variables = in_line(call.args[0]), in_line(call.args[1])
            loss = f"{loss}()" if isinstance(call.args[0], ast.Name | ast.Attribute) else loss
            break
    return (
        f"with tf.GradientTape() as tape:\n    loss = {loss}\n"
        f"{owner}.apply(tape.gradient(loss, {variables}), {variables})"
    )


# What was a value of keras.losses.Reduction; AUTO meant the mean wherever fit trains.
_REDUCTIONS = {"NONE": "None", "SUM": '"sum"', "AUTO": '"sum_over_batch_size"'}


def _classes(failure: Failure, model: Any) -> str:
    """Write the user's line with ``predict`` and what makes classes of its numbers."""
    shape = model_shape(model, "output")
    several = shape is None or shape[-1] != 1
    line = " ".join(failure.line.split())
    found = re.search(r"(\w+)\.predict_classes(\((?:[^()]|\([^()]*\))*\))", line)
    predicted = f"{found[1]}.predict{found[2]}" if found else "model.predict(X)"
    today = f"{predicted}.argmax(axis=1)" if several else f"({predicted}[:, 0] > 0.5).astype(int)"
    return line.replace(found[0], today) if found else today


def _as_written(failure: Failure, otherwise: str) -> str:
    """Name a thing as the failing line does, rather than by the place where Keras keeps it."""
    last = otherwise.rpartition(".")[2]
    found = re.search(rf"((?:\w+\.)+{re.escape(last)})\b", failure.line)
    return found[1] if found else otherwise.replace("keras._tf_keras.keras", "tf.keras")


def _really_gone(thing: Any, name: str) -> bool:
    # An unbuilt model also says that it has no output_shape; that is another story.
    return not (is_keras(thing, "Model") and name.endswith("_shape"))


def refused_arguments(failure: Failure) -> tuple[str, list[str]] | None:
    """Find who refused arguments, by name, and which."""
    patterns = (
        r"Unrecognized keyword arguments passed to (\w+): \{(.*)\}",
        r"(Argument)\(s\) not recognized: \{(.*)\}",
        r"()Unrecognized keyword arguments?:? \[?\{?(.*)",
    )
    for pattern in patterns:
        if found := failure.find(pattern):
            names = re.findall(r"'(\w+)'\s*:", found[2]) or re.findall(r"'(\w+)'", found[2])[:1]
            return ("" if found[1] == "Argument" else found[1]), names
    found = failure.find(r"([\w.]+)\(\) got an unexpected keyword argument '(\w+)'")
    if found and failure.raised("TypeError"):
        return found[1].removesuffix(".__init__"), [found[2]]
    return None


def old_argument(failure: Failure) -> Finding | None:
    """Find arguments that are gone or have another name today."""
    missing = failure.find(r"(\w+)\.__init__\(\) missing \d+ required positional arguments?: '?(\w+)")
    if missing and isinstance(failure.exception, TypeError):
        return _hidden_old_argument(failure, missing[1])
    if weight := failure.find(
        r"`name` must be passed as a keyword argument(?:\. Received: add_weight\('(\w+)')?"
        r"|add_weight\(\) got multiple values for argument"
    ):
        return _found("A name in the first place of add_weight", _with_name(failure, weight[1] or "kernel"))
    if failure.find("The `save_format` argument is deprecated"):
        return _found("The argument save_format", ARGUMENTS["save_format"])
    found = refused_arguments(failure)
    if not found or not (failure.in_keras or keras_class(found[0].rsplit(".", 1)[-1])):
        return None
    who, names = found
    owner = who.rsplit(".", 1)[-1]
    for name in names:
        if name in ARGUMENTS and (name not in _ONLY_FOR or owner in _ONLY_FOR[name]):
            called = f" of {owner}" if owner else ""
            return _found(f"The argument {name}={called}", _renamed(failure, name))
    return None


def _with_name(failure: Failure, name: str) -> str:
    """Write the call of ``add_weight`` with the name behind what is its first argument today."""
    line = parse(failure.line)
    failing = [node for node in ast.walk(line) if isinstance(node, ast.Call)] if line else []
    for call in [*(call for call in failing if called(call) == "add_weight"), *failure.program.calls("add_weight")]:
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
            return in_line(ast.Call(call.func, call.args[1:], [*call.keywords, ast.keyword("name", call.args[0])]))
    return f'name="{name}"  # of add_weight, not in the first place'


# What only got another name, and takes the same values.
_RENAMED = frozenset(
    {
        *("nb_epoch", "nb_val_samples", "border_mode", "subsample", "subsample_length", "nb_filter", "filter_length"),
        *("pool_length", "stride", "atrous_rate", "bias", "W_regularizer", "b_regularizer", "W_constraint"),
        *("b_constraint", "p", "output_dim", "lr", "dropout_W", "dropout_U"),
    }
)


def _renamed(failure: Failure, name: str) -> str:
    """Write an argument under its new name, with the user's value where it has only been renamed."""
    today = ARGUMENTS[name]
    if name == "batch_input_shape" and (shape := failure.program.argument(failure.line, name)):
        return f"keras.Input(batch_shape={shape})  # as the first entry of the model, in place of {name}"
    value = failure.program.argument(failure.line, name) if name in _RENAMED else ""
    return f"{today.partition('=')[0]}={value}" if value else today


def keras_class(name: str) -> type | None:
    """Find the public class of Keras that has a name."""
    import keras

    found = (getattr(room, name, None) for room in (keras, keras.layers, keras.callbacks, keras.optimizers))
    return next((thing for thing in found if isinstance(thing, type)), None)


def _hidden_old_argument(failure: Failure, owner: str) -> Finding | None:
    # Dense(output_dim=10) complains about what is missing, so the old argument is only in the user's line.
    if not keras_class(owner):
        return None
    given = next((frame.f_locals.get("kwargs") for frame in failure.frames if frame.f_locals.get("kwargs")), None)
    line = _line(failure)
    for name in ("output_dim", "nb_filter", "p"):
        if (isinstance(given, dict) and name in given) or re.search(rf"\b{name}\s*=", line):
            return _found(f"The argument {name}= of {owner}", _renamed(failure, name))
    return None


def _line(failure: Failure) -> str:
    return "\n".join(place.source for place in user_lines(failure.exception))


def old_objects(failure: Failure) -> Finding | None:
    """Find layers and optimizers made with TensorFlow's old copy of Keras."""
    if failure.in_keras and failure.find(r"<tensorflow\.python\.keras|tensorflow\.python\.keras\.|<tf_keras\."):
        return _found(
            "A layer or optimizer from tensorflow.python.keras (or tf_keras)", "from keras import layers, optimizers"
        )
    return None


def old_key(failure: Failure) -> Finding | None:
    """Find history.history["acc"]."""
    exception = failure.exception
    if not isinstance(exception, KeyError) or not exception.args or exception.args[0] not in ("acc", "val_acc"):
        return None
    if "history" not in _line(failure).lower():
        return None
    today = exception.args[0].replace("acc", "accuracy")
    return _found(f"The name {exception.args[0]!r} for accuracy", f'history.history["{today}"]')


def loss_of_a_model(failure: Failure) -> Finding | None:
    """Find add_loss of a tensor of the graph, which Keras 3 has for layers only."""
    if not failure.raised("NotImplementedError") or not any(
        frame.f_code.co_name == "add_loss" and is_keras(frame.f_locals.get("self"), "Model") for frame in failure.frames
    ):
        return None
    call = next((call for call in failure.program.calls("add_loss") if call.args), None)
    loss = in_line(call.args[0]) if call else "loss"
    return error(
        "removed-api",
        "add_loss of a model with a tensor of its graph comes from an older version of Keras.",
        "In Keras 3 a layer adds such a term in its call, or the model in a compute_loss of its own.",
        f"self.add_loss({loss})  # in call of the layer that has what {loss} is made of",
    )


RECOGNISERS = (old_import, old_attribute, old_objects, old_argument, old_key, loss_of_a_model)
