"""What a traceback tells that is only text, such as one from a forum: rules that the book's pages apply, too.

The rules are data, and what reads them is short, because both are there twice: here, and in the browser, which gets
the rules from :func:`exported` (``book/labs/error-reader``). So patterns use only what both languages read alike.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from .._report import Finding
from . import _old
from ._names import MEANT, nearest, public_names


@dataclass(frozen=True)
class Rule:
    """What some words of an error mean. In its texts ``{1}`` is what the first bracket of the pattern found.

    Attributes
    ----------
    code : str
        Of the finding.
    pattern : str
        Searched for in all the messages of a traceback; a point stands for a line's end, too.
    seen, why, fix : str
        Of the finding.
    raised : str
        Name of the exception, if the words alone could be another's.
    table : str
        Name of a table in which the last bracket must stand; ``{today}`` is what it says there.
    room : str
        Names among which there must be one that is nearly the last bracket's; ``{near}`` is the nearest. ``{1}`` may
        stand in it.
    swap : str
        What the last bracket is to become in the user's own line, if the fix is that line.
    """

    code: str
    pattern: str
    seen: str
    why: str
    fix: str
    raised: str = ""
    table: str = ""
    room: str = ""
    swap: str = ""


_AXES = "Count the axes of your data with X.shape: the first one counts the examples."


def _removed(name: str, pattern: str, table: str) -> Rule:
    return Rule(
        "removed-api", pattern, f"{name} comes from an older version of Keras.", _old.WHY, "{today}", table=table
    )


RULES: tuple[Rule, ...] = (
    # Slips of Python
    Rule(
        "shadowed-module",
        r"partially initialized module '(keras|tensorflow|numpy|jax|torch|pandas|sklearn)'",
        "{1} is a file of your own, not the library.",
        "Python looks in the folder of the script first, and takes the first file of that name.",
        "# rename your file {1}.py, and delete the folder __pycache__ beside it",
    ),
    Rule(
        "super-init-missing",
        r"forgot to call `?super\(\)\.__init__|before super\(\)\.__init__"
        r"|cannot assign module before Module\.__init__|has no attribute '_(?:dtype_policy|tracker|lock|losses)'",
        "__init__ of your own class does not call that of Keras first.",
        "Keras prepares there what keeps layers and weights; before it nothing can be stored in the object.",
        "super().__init__()  # as the first line of __init__",
    ),
    Rule(
        "state-in-call",
        r"cannot add new elements of state|only supports singleton tf\.Variables|non-first call",
        "A layer or model of your own makes layers or weights in call, which runs for every batch.",
        "New weights for each batch could learn nothing, so Keras takes those only that __init__ or build has made.",
        "# make layers and weights in __init__ (or build), and only use them in call",
    ),
    Rule(
        "train-step",
        r"in (?:train|test)_step\b.*?values to unpack \(expected (\d)",
        "The training step of your own takes its batch for {1} things, and gets more or fewer.",
        "With class_weight or sample_weight a batch is examples, labels and weights; without, it has no weights.",
        "x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)",
    ),
    Rule(
        "layer-not-called",
        r"can be added to a Sequential model\. Received: <class '[\w.]*?(\w+)'>",
        "The model was given the class {1} itself, not a layer that was made from it.",
        "Without brackets the class is only named, not called.",
        "{1}()",
        swap="{1}()",
    ),
    Rule(
        "layer-not-called",
        r"Only input tensors may be passed as positional arguments\..*?: <(\w+) name=([\w/]+)",
        "A layer was given the layer {2} ({1}), not its output.",
        "In the functional way each layer is called with what comes before it; only then is there an output.",
        "{2} = {2}(x)  # x being what comes before it",
    ),
    Rule(
        "not-a-model",
        r"'NoneType' object has no attribute '(fit|evaluate|predict|compile|summary|add|save|layers"
        r"|load_weights|get_layer|weights|trainable)'",
        "What is asked for {1} is None, not a model.",
        "Methods such as compile and add return None, and so does a function without return.",
        'model.compile(optimizer="adam", loss="mse")  # without “model =” in front',
    ),
    Rule(
        "not-a-model",
        r"'(?:\(?History\)?)' object (?:has no attribute '\w+'|is not subscriptable)",
        "The variable holds the History that fit returned, not the model, and its numbers are in .history.",
        "fit trains the model in its place and returns what happened; the model keeps its own name.",
        'history = model.fit(X, y); history.history["loss"]',
        raised="AttributeError TypeError",
    ),
    Rule(
        "return-missing",
        r"None values not supported|inputs=None|None is not a valid value for jnp",
        "A layer, or the loss, was given None: what comes before it returns nothing.",
        "A call or a loss of your own that only computes, and does not return what it has computed, gives None.",
        "return outputs  # as the last line of call",
    ),
    Rule(
        "class-names-lost",
        r"'_?(\w*Dataset)' object has no attribute '(class_names|file_paths)'",
        "The data set has no {2}: it is a {1}, made of the one that has them.",
        "Only what reads the folder notes {2}; map, cache, prefetch and the like return a new data set without.",
        "class_names = dataset.class_names  # directly behind image_dataset_from_directory",
        raised="AttributeError",
    ),
    Rule(
        "foreign-object",
        r"can be added to a Sequential model\. Received: <(tensorflow_hub|tf_keras|torch|sklearn)",
        "The layer is of the package {1}, and no layer of Keras 3.",
        "Keras 3 takes its own layers only; those of older or other packages do not fit into it.",
        'keras.layers.TFSMLayer(path, call_endpoint="serving_default")  # runs a saved one, without training',
    ),
    Rule(
        "foreign-object",
        r"Could not interpret optimizer identifier: <(tensorflow\.python|tf_keras|torch|optax)",
        "The optimizer is of the package {1}, and no optimizer of Keras 3.",
        "Keras 3 takes its own optimizers only.",
        'model.compile(optimizer="adam", loss="mse")',
    ),
    # Files
    Rule(
        "file-extension",
        r"must end in `\.weights\.h5`",
        "A file for weights must end in .weights.h5.",
        "Keras tells what is in a file from its ending.",
        'model.save_weights("model.weights.h5")',
    ),
    Rule(
        "file-extension",
        r"filepath provided must end in `\.keras`|Invalid filepath extension for saving",
        "A file for a model must end in .keras.",
        "Keras tells what is in a file from its ending.",
        'model.save("model.keras")',
    ),
    Rule(
        "download-failed",
        r"URL fetch failure on (\S+?):? |urlopen error|HTTP Error (?:40\d|50\d)",
        "A file could not be downloaded: there is no network, or the server no longer has it.",
        "Keras fetches data sets and trained weights when they are first used.",
        "# try it again later, or fetch the file with a browser and give its path",
    ),
    Rule(
        "model-loading",
        r"Requested the deserialization of a `Lambda` layer",
        "The model holds a Lambda layer, and Keras does not run Python code from a file unasked.",
        "A file from a stranger could hold any code.",
        'keras.saving.load_model("model.keras", safe_mode=False)  # only for files of your own',
    ),
    Rule(
        "model-loading",
        r"No model config found in the file at",
        "The file holds only weights, no model.",
        "save_weights keeps the numbers, but not the layers they belong to.",
        'model.load_weights("model.weights.h5")  # after model was built by the code that it was saved from',
    ),
    Rule(
        "model-loading",
        r"deserializing class '(\w+)'.*Unrecognized keyword arguments passed to \w+: \{'(\w+)'",
        "The file was written by an older Keras: its {1} has the argument {2}= that Keras 3 no longer takes.",
        "Keras 3 reads such files only as far as its own layers still take what stands in them.",
        "class {1}(keras.layers.{1}):\n    def __init__(self, *args, {2}=None, **kwargs):\n"
        "        super().__init__(*args, **kwargs)\n"
        'keras.saving.load_model("model.h5", custom_objects={"{1}": {1}}, compile=False)',
    ),
    Rule(
        "model-loading",
        r"Could not locate function '(\w+)'|Could not deserialize '?keras\.metrics\.(\w+)",
        "The file is an old .h5, and a loss or metric in it is not found again.",
        "The .h5 format keeps only the short name of a loss or metric.",
        'keras.saving.load_model("model.h5", compile=False)  # then compile it anew, and save it as .keras',
    ),
    Rule(
        "model-loading",
        r"Could not locate class '(\w+)'|Unknown (?:layer|object): '?(\w+)",
        "The model was saved with a class of its own that this program does not have.",
        "A file keeps the name of your code, not the code itself.",
        'keras.saving.load_model("model.keras", custom_objects={"Name": Name})',
    ),
    Rule(
        "model-loading",
        r"File not found: filepath=|Unable to (?:synchronously )?open file|is an accessible `\.keras`",
        "There is no file of that name that Keras could read: it is missing or broken.",
        "A path without a leading / starts where the notebook or script was started.",
        "import pathlib; print(pathlib.Path.cwd(), list(pathlib.Path.cwd().iterdir()))",
    ),
    Rule(
        "model-loading",
        r"File format not supported: filepath=",
        "This is not a .keras or .h5 file; a directory is TensorFlow's older format.",
        "load_model of Keras 3 reads .keras and .h5 only.",
        'keras.layers.TFSMLayer("directory", call_endpoint="serving_default")  # runs it, without training',
    ),
    Rule(
        "model-loading",
        r"objects (?:that )?could not be loaded|Layer count mismatch|axes don't match array"
        r"|load a weight file containing \d+ layers|expected \d+ variables, but",
        "The weights in the file belong to a model with other layers or sizes.",
        "Each weight needs a place of the same shape.",
        'model.load_weights("model.weights.h5", skip_mismatch=True)  # better build exactly the model that was saved',
    ),
    Rule(
        "model-loading",
        r"bad marshal data|Unknown initializer|'str' object has no attribute 'decode'"
        r"|SavedModel file does not exist|could not be deserialized properly|Error when deserializing class",
        "The file was written by another version of Keras, or holds a layer that Keras cannot make again.",
        "A file keeps the name of a layer's class and its arguments, not the code itself.",
        'keras.saving.load_model("model.h5", compile=False)  # if this does not help: build it, then load_weights',
    ),
    # Of an older Keras
    _removed("{1}", r"No module named '(?:tensorflow\.)?((?:keras)\.[\w.]+)'", "modules"),
    _removed("{1}", r"cannot import name '(\w+)' from '(?:tensorflow\.)?keras", "names"),
    _removed("{1}", r"module '(?:tensorflow\.)?keras[\w.]*' has no attribute '(\w+)'", "names"),
    Rule(
        "removed-api",
        r"module 'keras[\w.]*backend' has no attribute '(\w+)'",
        "keras.backend.{1} comes from an older version of Keras.",
        _old.WHY,
        "keras.ops.{1}(x)",
    ),
    Rule(
        "removed-api",
        r"module 'tensorflow' has no attribute '(Session|InteractiveSession|placeholder|contrib"
        r"|get_variable|ConfigProto|set_random_seed)'",
        "tf.{1} comes from TensorFlow 1.",
        _old.WHY,
        "import keras  # there are no sessions and graphs to build any more",
    ),
    Rule(
        "removed-api",
        r"object has no attribute '(?=(fit|evaluate|predict)_generator)(\w+)'",
        "{2} comes from an older version of Keras.",
        _old.WHY,
        "model.{1}(generator)",
        swap="{1}",
    ),
    _removed(
        "{1}",
        r"'\w+' object has no attribute '(fit_generator|evaluate_generator|predict_generator"
        r"|predict_classes|predict_proba|get_output_at|reset_states|get_input_at|inbound_nodes|outbound_nodes)'",
        "methods",
    ),
    _removed(
        "The attribute lr of an optimizer",
        r"'(?:Adam|SGD|RMSprop|AdamW|Adagrad|Nadam)' object has no attribute "
        r"'(lr)'",
        "methods",
    ),
    Rule(
        "removed-api",
        r"keras\.optimizers\.legacy` is not supported",
        "keras.optimizers.legacy comes from an older version of Keras.",
        _old.WHY,
        "from keras.optimizers import Adam",
    ),
    Rule(
        "removed-api",
        r"`save_format` argument is deprecated",
        "The argument save_format= comes from an older version of Keras.",
        _old.WHY,
        'model.save("model.keras")',
    ),
    Rule(
        "removed-api",
        r"Dense\.__init__\(\) missing 1 required positional argument: 'units'",
        "The argument output_dim= of Dense comes from an older version of Keras.",
        _old.WHY,
        "units=10",
    ),
    Rule(
        "removed-api",
        r"'(val_acc|acc)'",
        "The name {1} for accuracy comes from an older version of Keras.",
        _old.WHY,
        'history.history["accuracy"]  # or "val_accuracy"',
        raised="KeyError",
    ),
    _removed("The argument {1}=", r"Unrecognized keyword arguments passed to \w+: \{'(\w+)'", "arguments"),
    _removed("The argument {1}=", r"Argument\(s\) not recognized: \{'(\w+)'", "arguments"),
    _removed("The argument {1}=", r"got an unexpected keyword argument '(\w+)'", "arguments"),
    # Names
    Rule(
        "monitor-unavailable",
        r"\b(\w+) callback received monitor=((?:val_)?acc),? but",
        "{1} watches {2}, which this training does not produce.",
        "A callback can watch the loss, the metrics given to compile, and the same with val_ in front.",
        '{1}(monitor="val_accuracy")',
    ),
    Rule(
        "monitor-unavailable",
        r"conditioned on metric `(\w+)` which is not available",
        "A callback watches {1}, which this training does not produce.",
        "A callback can watch the loss, the metrics given to compile, and the same with val_ in front.",
        'model.fit(X, y, validation_split=0.2)  # or monitor="loss"',
    ),
    Rule(
        "monitor-mode",
        r"\b(\w+) callback received monitor=(\w+),? but",
        "{1} watches {2}, and cannot know whether more of it is better, or less.",
        "Keras knows the direction of its own losses and metrics only.",
        '{1}(monitor="{2}", mode="max")',
    ),
    Rule(
        "unknown-name",
        r"Could not interpret (\w+)(?: function)? identifier: <class '[\w.]*?(\w+)'>",
        "The {1} is the class {2} itself, not one that was made from it.",
        "Without brackets the class is only named, not called.",
        "{2}()",
        swap="{2}()",
    ),
    *(
        rule
        for found in (
            r"Could not interpret (\w+)(?: function)? identifier: '?(\w+)",
            r"Unknown (loss|metric|optimizer|activation)(?: function)?: '?(\w+)",
        )
        for rule in (
            Rule(
                "unknown-name",
                found,
                "Keras knows no {1} called {2}.",
                "Some can only be given as an object, or have a longer name.",
                "{today}",
                table="meant",
            ),
            Rule(
                "unknown-name",
                found,
                "Keras knows no {1} called {2}.",
                "The nearest name is {near}.",
                '"{near}"',
                room="{1}",
                swap="{near}",
            ),
        )
    ),
    Rule(
        "unknown-name",
        r"module 'keras\.(?:\w+\.)*(\w+)' has no attribute '(\w+)'",
        "keras.{1} has no {2}.",
        "The nearest name is {near}; capital letters count.",
        "{near}",
        room="{1}",
        swap="{near}",
    ),
    Rule(
        "unknown-name",
        r"cannot import name '(\w+)' from 'keras\.(?:\w+\.)*(layers|losses|metrics|optimizers)'",
        "keras.{2} has no {1}.",
        "No such name is known there; capital letters count.",
        "import keras; dir(keras.{2})",
    ),
    Rule(
        "unknown-name",
        r"(?:got an unexpected keyword argument|passed to \w+: \{)\s*'(activ\w+|unit\w*|filt\w+|kern\w+"
        r"|pad\w+|strid\w+|epoch|batchsize|metric|optimi\w+|input_?shap\w*)'",
        "There is no argument called {1}.",
        "The nearest name is {near}.",
        "{near}=",
        room="arguments",
        swap="{near}",
    ),
    Rule(
        "dropout-too-high",
        r"argument `rate`\. Expected a float value between 0 and 1\. Received: rate=(-?[\d.]+)",
        "The dropout rate is {1}, but it must lie between 0 and 1.",
        "It is the share of values that are set to zero, not a percentage.",
        "keras.layers.Dropout(0.5)",
    ),
    Rule(
        "out-of-memory",
        r"OOM when allocating|RESOURCE_EXHAUSTED|CUDA out of memory|can't allocate memory"
        r"|Unable to allocate|[Oo]ut of memory",
        "The program asked for more memory than there is.",
        "Training keeps the answers of all layers for a whole batch, and a Dense layer behind Flatten has a weight for "
        "each pixel and unit.",
        "batch_size=8  # or keras.layers.GlobalAveragePooling2D() in place of Flatten",
    ),
    # While a model is built
    Rule(
        "not-compiled",
        r"must call `compile\(\)` before|has not been compiled|must compile your model"
        r"|'Sequential' object has no attribute 'optimizer'",
        "fit was called, but the model has not been compiled.",
        "compile says which loss to lower, how, and what to measure.",
        'model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")',
    ),
    Rule(
        "not-compiled",
        r"No loss to compute|no loss to optimize|No loss found",
        "The model was compiled without a loss.",
        "Training lowers the loss, so it needs one.",
        'model.compile(optimizer="adam", loss="mse")',
    ),
    Rule(
        "compile-arguments",
        r"Expected `loss_weights` argument",
        "compile got metrics in the third place, which is that of loss_weights.",
        "In Keras 3 metrics stand in the fourth place: name them, and no place matters.",
        'metrics=["accuracy"]',
    ),
    Rule(
        "optimizer-reused",
        r"This optimizer can only be called for the variables|optimizer cannot recognize variable",
        "The optimizer was prepared for other weights than those of this model.",
        "An optimizer keeps something for each weight, so each model needs one of its own.",
        'optimizer="adam"',
    ),
    Rule(
        "not-built",
        r"isn't built|not yet been built|has no defined (?:output|input) shape|has not been built"
        r"|Weights for model .* have not yet been created",
        "The model has no weights and no shapes yet, because it does not know the shape of its input.",
        "A layer makes its weights when it learns what it gets.",
        "keras.Input(shape=(4,))  # as the first entry of the model, with the shape of one example",
    ),
    Rule(
        "not-built",
        r"'Sequential' object has no attribute '(?:output_shape|input_shape)'",
        "The model has no shapes yet, because it does not know the shape of its input.",
        "A layer makes its weights when it learns what it gets.",
        "keras.Input(shape=(4,))  # as the first entry of the model, with the shape of one example",
    ),
    Rule(
        "never-called",
        r"has never been called and thus has no defined (output|input)",
        "The model is asked for what came of calling it, and it was never called as a layer.",
        "What belongs to its own graph is in model.inputs and model.outputs.",
        "model.{1}s[0]",
    ),
    Rule(
        "graph-disconnected",
        r"is not connected to `inputs`|not connected to `outputs`|Graph disconnected",
        "The outputs of the model come from another Input than the one that it was given, or from one more.",
        "A model is the way from its inputs to its outputs. A second Input, or a name that was used again, breaks it.",
        "keras.Model(inputs, outputs)  # with every tensor that keras.Input gave",
    ),
    Rule(
        "loss-without-gradient",
        r"No gradients provided for any variable|does not require grad and does not have",
        "No gradient comes from the loss to any weight.",
        "argmax, round and comparisons cut predictions into steps: no weight is told in which direction to go.",
        'loss="binary_crossentropy"  # and your own, if you want to watch it, among the metrics',
    ),
    Rule(
        "duplicate-name",
        r"unique names\. Name '([^']+)' is already",
        "Two layers are called {1}.",
        "Names tell layers apart, for instance when weights are loaded, so each must be different.",
        'name="{1}_2"  # for one of them; or no name at all: Keras then makes one up',
    ),
    Rule(
        "duplicate-name",
        r'The name "([^"]+)" is used \d+ times',
        "Two layers are called {1}.",
        "Names tell layers apart, for instance when weights are loaded, so each must be different.",
        'name="{1}_2"  # for one of them; or no name at all: Keras then makes one up',
    ),
    Rule(
        "symbolic-tensor",
        r"KerasTensor (?:cannot be used as input to a TensorFlow function|is symbolic)"
        r"|symbolic Keras input/output|Cannot convert a symbolic|Can't call numpy\(\) on Tensor that requires grad"
        r"|traced array with shape|`?tf\.Tensor`? as a Python",
        "A NumPy or TensorFlow function was called on a tensor that has no numbers, or that Keras has to follow.",
        "Keras can keep, and follow to compute gradients, only its own layers and operations.",
        "keras.ops.mean(x)  # functions of keras.ops in place of NumPy's and TensorFlow's",
    ),
    Rule(
        "image-too-small",
        r"output size would be (?:zero or )?negative\. Received:? `inputs[. ]shape=([(\[][^)\]]*[)\]])",
        "A window is larger than what is left of the image: {1} reaches it.",
        "Each stride and pooling divides height and width.",
        'padding="same"  # or one pooling less',
    ),
    Rule(
        "image-too-small",
        r"Negative dimension size caused by subtracting|Kernel size can't be greater than actual"
        r"|is <= 0 due to downsampling",
        "A kernel or pooling window is larger than what is left of the image.",
        "Each stride and pooling divides height and width.",
        'padding="same"  # or one pooling less',
    ),
    # Shapes
    Rule(
        "batch-in-input-shape",
        r"[Kk]ernel shape must have the same length as input, .*?shape ([(\[][^)\]]*[)\]])",
        "The layer gets data of shape {1}: one axis more than it works on.",
        "Keras adds the batch axis (the None) itself, so the shape of an Input is that of one example.",
        "keras.Input(shape=(28, 28, 1))  # without the number of examples",
    ),
    Rule(
        "input-rank",
        r"Cannot convert '(\d+)' to a shape",
        "The shape is the number {1}, but a shape is a tuple, also when it has one axis only.",
        "Without its comma, ({1}) is just the number {1}.",
        "keras.Input(shape=({1},))",
    ),
    Rule(
        "input-channels",
        r"input must have (\d+) channels; Received `input_shape=([(\[][^)\]]*[)\]])",
        "input_shape is {2}, but the trained network wants {1} channels.",
        "Its first weights were trained on colour images.",
        "X = np.repeat(X, 3, axis=-1)  # grey to colour",
    ),
    Rule(
        "input-channels",
        r"of layer ['\"]?conv\w*['\"]? is incompatible with the layer: expected axis -1 of input shape "
        r"to have value (\d+),? but received input with shape ([(\[][^)\]]*[)\]])",
        "The convolution has weights for {1} channels, but gets {2}.",
        "The channels are the last axis of an image: 1 for grey, 3 for colour, 4 with transparency.",
        "print(X.shape)  # and keras.Input with the same height, width and channels",
    ),
    Rule(
        "input-channels",
        r"only supports NHWC|number of input channels does not match corresponding dimension of filter",
        "The channels are not where the layer expects them, or there is another number of them.",
        "Keras' own order has the channels last: (examples, height, width, channels).",
        "X = np.moveaxis(X, 1, -1)",
    ),
    Rule(
        "input-size",
        r"expected axis (-?\d+) of input shape to have value (\d+),? but received input with shape "
        r"([(\[][^)\]]*[)\]])",
        "A layer wants {2} values on axis {1}, but gets {3}.",
        "Its number of weights was fixed when it was built.",
        "print(X.shape)  # and keras.Input with the same sizes",
    ),
    Rule(
        "batch-in-input-shape",
        r"expected ndim=4, found ndim=5",
        "A layer wants 4 axes, and gets 5.",
        "Keras adds the batch axis (the None) itself, so the shape of an Input is that of one example.",
        "keras.Input(shape=(28, 28, 1))  # without the number of examples",
    ),
    Rule(
        "input-rank",
        r"expected (?:min_ndim|max_ndim|ndim)=(\d+), found ndim=(\d+)"
        r"(?:\. Full shape received: ([(\[][^)\]]*[)\]]))?",
        "A layer wants {1} axes, the batch axis included, but gets {2}.",
        _AXES,
        "X = X[..., np.newaxis]  # a channel axis for grey images; or X[np.newaxis] for a single example",
    ),
    Rule(
        "input-size",
        r"[Ee]xpected shape=? ?[(\[](?:None|\d+), \d+[)\]], (?:but input has incompatible|found) shape=? ?"
        r"[(\[](?:None|\d+), \d+[)\]]",
        "The examples have another number of values than the model was built for.",
        "The first layer has a weight for each of them.",
        "keras.Input(shape=X.shape[1:])",
    ),
    Rule(
        "input-rank",
        r"[Ee]xpected shape=? ?([(\[][^)\]]*[)\]]), (?:but input has incompatible|found) shape=? ?"
        r"([(\[][^)\]]*[)\]])",
        "The data have the shape {2}, but the model was built for {1}.",
        _AXES,
        "X = X[np.newaxis]  # for a single example; or keras.Input(shape=X.shape[1:]) and Flatten",
    ),
    Rule(
        "output-rank",
        r"checking (?:model )?target: expected \S+ to have \d+ dimensions",
        "The model answers for every pixel or step, but there is one label for each example.",
        "A Flatten or a global pooling is missing before the last layers.",
        "keras.layers.Flatten()  # before the first Dense; or GlobalAveragePooling2D()",
    ),
    Rule(
        "input-rank",
        r"to have (\d+) dimensions, but got array with shape ([(\[][^)\]]*[)\]])",
        "A layer wants {1} axes, the batch axis included, but gets {2}.",
        _AXES,
        "X = X[..., np.newaxis]  # a channel axis for grey images; or X[np.newaxis] for a single example",
    ),
    Rule(
        "input-size",
        r"[Ii]nputs have incompatible shapes\. Received shapes ([(\[][^)\]]*[)\]]) and ([(\[][^)\]]*[)\]])",
        "A layer joins branches of the shapes {1} and {2}, which do not fit.",
        "Branches that are added must agree in every size.",
        "# give both branches the same number of units (or filters) before they are joined",
    ),
    Rule(
        "input-size",
        r"Matrix size-incompatible|mat1 and mat2 shapes cannot be multiplied|must be fully-defined"
        r"|last dimension of the inputs to `?Dense`? should be defined|Dimensions must be equal, but are [^\n]*MatMul",
        "A layer has weights for another number of values than it gets, or cannot know how many it will get.",
        "The number of weights of a Dense layer is fixed by the size of what comes before it.",
        "keras.layers.GlobalAveragePooling2D()  # in place of Flatten; or write every size into keras.Input",
    ),
    Rule(
        "index-out-of-range",
        r"indices\[[\d,]+\] = (-?\d+) is not in \[0, (\d+)\)",
        "There is the index {1}, but the Embedding has input_dim={2}.",
        "The layer has one row of weights for each index.",
        "keras.layers.Embedding({1} + 1, 8)  # the largest index and one more",
    ),
    Rule(
        "index-out-of-range",
        r"index out of range in self",
        "An index is larger than the Embedding has rows.",
        "The layer has one row of weights for each index.",
        "keras.layers.Embedding(int(X.max()) + 1, 8)",
    ),
    Rule(
        "normalization-not-adapted",
        r"Table not initialized",
        "A text layer has not seen any data yet.",
        "Such a layer learns its vocabulary from data before training.",
        "layer.adapt(texts)",
    ),
    # Data and labels
    Rule(
        "length-mismatch",
        r"cardinality is ambiguous.*?'?x'? sizes: (\d+).*?'?y'? sizes: (\d+)",
        "X has {1} examples, but y has {2}.",
        "Each example needs its label.",
        "print(len(X), len(y))  # and find the step that drops some of them",
    ),
    Rule(
        "length-mismatch",
        r"Found (\d+) input samples and (\d+) target samples",
        "X has {1} examples, but y has {2}.",
        "Each example needs its label.",
        "print(len(X), len(y))  # and find the step that drops some of them",
    ),
    Rule(
        "dataset-arguments",
        r"When providing `x` as a [\w. ]+, `y` should not be passed",
        "The data set brings its own labels, and y is given, too.",
        "A data set gives pairs (X, y), so there is no place for other labels.",
        "model.fit(dataset, epochs=10)",
    ),
    Rule(
        "batch-source",
        r"Python generator to a Keras model, the generator must return a tuple",
        "The generator yields something else than a tuple, for instance a list [X, y].",
        "Keras takes a list for several inputs.",
        "yield X, y",
    ),
    Rule(
        "dataset-arguments",
        r"`validation_split` is only supported for tensors or NumPy arrays",
        "validation_split is asked of something that is no array.",
        "Keras can cut the end off an array, not off a data set or generator.",
        "X_train, X_val = X[:-n], X[-n:]  # and validation_data=(X_val, y_val)",
    ),
    Rule(
        "input-type",
        r"Failed to convert a NumPy array to a Tensor \(Unsupported object type|Invalid dtype: object"
        r"|can't convert np\.ndarray of type numpy\.object_|array element with a sequence"
        r"|Unrecognized data type: x=(?:\[|<PIL)|data adapter that can handle input: <class 'list'>",
        "X is a list, a picture or an array of objects, not an array of numbers.",
        "Keras computes with arrays whose examples all have the same shape.",
        'X = np.array(X, dtype="float32")',
    ),
    Rule(
        "input-type",
        r"expects \d+ (?:named )?input\(s\)|Missing data for input \"",
        "The model has other inputs than it is given.",
        "Each input needs an array, in a list or by name.",
        "print([tensor.name for tensor in model.inputs])",
    ),
    Rule(
        "length-mismatch",
        r"num_samples should be a positive integer value",
        "There are no examples at all.",
        "A filter or a split has left nothing.",
        "print(len(X), len(y))",
    ),
    Rule(
        "labels-type",
        r"could not convert string to float|invalid literal for int\(\)|Cast string to float",
        "The labels (or the data) are text.",
        "Keras computes with numbers: class numbers from 0 on.",
        "names, y = np.unique(y, return_inverse=True)",
    ),
    Rule(
        "labels-type",
        r'y_col="(\w+)" column values must be (?:type )?string',
        "The column {1} holds numbers, where Keras looks for the names of classes.",
        'Keras numbers the classes itself, in the order of their names. Quantities go with class_mode="raw".',
        'df = df.assign({1}=df["{1}"].astype(str))',
    ),
    Rule(
        "one-unit-softmax",
        r"label value of 1 which is outside the valid range of \[0, 1\)",
        "The output layer has one unit and softmax, which is always 1.",
        "Softmax shares 1 among the units: one unit gets all of it.",
        'keras.layers.Dense(1, activation="sigmoid")  # and loss="binary_crossentropy"',
    ),
    Rule(
        "labels-not-from-zero",
        r"label value of (\d+) which is outside the valid range of \[0, \1\)\. Label values: "
        r"(?!.*\b0\b)",
        "There is a label {1}, and no 0: the labels count from 1, but the output layer's {1} units count from 0.",
        "Each class needs an output unit of its own, counted from 0.",
        "y = y - 1",
    ),
    Rule(
        "labels-out-of-range",
        r"label value of (\d+) which is outside the valid range of \[0, (\d+)\)",
        "There is a label {1}, but the output layer has {2} units, so labels must be below {2}.",
        "Each class needs an output unit of its own, counted from 0.",
        "y = y - 1  # if they count from 1; otherwise more units in the last layer",
    ),
    Rule(
        "labels-out-of-range",
        r"Target (\d+) is out of bounds",
        "There is a label {1}, and the output layer has no unit for it.",
        "Each class needs an output unit of its own, counted from 0.",
        "y = y - 1  # if they count from 1; otherwise more units in the last layer",
    ),
    Rule(
        "output-rank",
        r"target\.shape=\([^)]*\), output\.shape=\([^,)]*, [^,)]+, [^)]+\)",
        "The model answers for every pixel or step, but there is one label for each example.",
        "A Flatten or a global pooling is missing before the last layers.",
        "keras.layers.Flatten()  # before the first Dense; or GlobalAveragePooling2D()",
    ),
    Rule(
        "labels-rank",
        r"Received: target\.shape=\([^,)]*, 1, [^)]+\), output\.shape=\([^,)]+, [^,)]+\)",
        "The labels have an axis too many.",
        "Labels are one number, or one row, for each example.",
        "y = y.squeeze()",
    ),
    Rule(
        "loss-label-mismatch",
        r"must have rank \(ndim\) `target\.ndim - 1`|same shape up until the last dimension"
        r"|same rank \(ndim\)\. Received: target\.shape=\([^,)]*,?\), |logits and labels must have the same first",
        "The labels do not go with the loss: one-hot rows with a sparse loss, or class numbers with another.",
        "“Sparse” in a loss's name means class numbers 0, 1, 2, …; without it, it reads one-hot rows such as 0, 0, 1.",
        'loss="sparse_categorical_crossentropy"  # for class numbers; "categorical_crossentropy" for one-hot rows',
    ),
    Rule(
        "loss-label-mismatch",
        r"same shape\. Received: target\.shape=\([^,)]*,?(?: 1)?\), output\.shape=\([^,)]*, (\d+)\)",
        "The labels are class numbers, but the loss wants rows of {1}.",
        "“Sparse” in a loss's name means class numbers 0, 1, 2, …; without it, it reads one-hot rows such as 0, 0, 1.",
        'loss="sparse_categorical_crossentropy"',
    ),
    Rule(
        "loss-label-mismatch",
        r"[Ss]hapes \((?:None|\d+), 1\) and \((?:None|\d+), \d+\) are incompatible"
        r"|must have the same shape,? (?:received )?\(\(None, \d+\) vs|checking (?:model )?target: expected"
        r"|You are passing a target array of shape|Dimensions must be equal, but are [^\n]*compile_loss"
        r"|shape of labels \(received",
        "The labels and the output have different shapes: one number for each example, and a row of them.",
        "“Sparse” in a loss's name means class numbers 0, 1, 2, …; without it, it reads one-hot rows such as 0, 0, 1.",
        'loss="sparse_categorical_crossentropy"  # for class numbers; "categorical_crossentropy" for one-hot rows',
    ),
    Rule(
        "class-weight-keys",
        r"Expected `class_weight` to be a dict|`class_weight` must contain all classes",
        "The keys of class_weight are not the class numbers 0, 1, 2, ….",
        "Each class number needs a weight.",
        "class_weight={0: 1.0, 1: 5.0}",
    ),
    Rule(
        "class-weight-keys",
        r"`class_weight` is only supported for Models with a single output",
        "class_weight was given to a model with several outputs.",
        "The number of a class does not say of which output it is. Each example of each output can have a weight.",
        "sample_weight=[np.where(y_first == 1, 5.0, 1.0), np.ones(len(y_second))]",
    ),
    Rule(
        "folders-not-classes",
        r"Found 0 files belonging to 0 classes",
        "The folder holds no folder for each class.",
        "Keras reads the classes from the folders inside the given one. What lies beside them it does not see.",
        "# put the pictures of each class into a folder of its own",
    ),
    Rule(
        "outputs-mismatch",
        r"model with multiple outputs|in the `?loss`? argument, can't|Expected keys \[.*in loss dict",
        "Losses, metrics or targets do not go with the model's outputs.",
        "Each output needs its own, in a list in their order or in a dictionary by their names.",
        "print(model.output_names)  # the keys for loss, metrics and y",
    ),
    Rule(
        "metric-mismatch",
        r"Classification metrics can't handle a mix of ([\w-]+) and continuous",
        "The metric was given {1} labels and numbers with fractions, as predict returns them.",
        "predict gives a probability for each class, not the class.",
        "y_pred = model.predict(X).argmax(axis=1)",
    ),
    Rule(
        "metric-mismatch",
        r"Classification metrics can't handle a mix of multilabel-indicator and",
        "The metric was given one-hot labels and class numbers.",
        "It compares them one by one, so both must be of one kind.",
        "y_true = y_true.argmax(axis=1)",
    ),
    Rule(
        "unknown-shape",
        r"unknown TensorShape|unknown rank",
        "The data set does not tell the shape of what it gives.",
        "from_generator without output_signature and tf.py_function lose it, and Keras builds layers from shapes.",
        "dataset = dataset.map(lambda x, y: (tf.ensure_shape(x, (None, 4)), tf.ensure_shape(y, (None,))))",
    ),
    Rule(
        "broken-file",
        r"Unknown image file format|Input is empty|Invalid PNG|Invalid JPEG|cannot identify image file"
        r"|image file is truncated",
        "At least one file of the folder is no picture that can be read.",
        "A download was cut off, or a file of another kind has the name of a picture.",
        "from PIL import Image; Image.open(path).verify()  # for each file: the one that fails is it",
    ),
    Rule(
        "endless-data",
        r"infinite dataset, you must specify the number of steps",
        "The data set never ends, and fit is not told how many batches make an epoch.",
        "repeat() goes on for ever.",
        "model.fit(dataset, steps_per_epoch=100)",
    ),
    Rule(
        "data-runs-out",
        r"input ran out of data; interrupting training",
        "There are fewer batches than fit is told to take.",
        "steps_per_epoch times epochs must not be more than there are.",
        "model.fit(dataset, epochs=10)  # without steps_per_epoch",
    ),
    Rule(
        "nothing-trainable",
        r"len\(trainable_variables\) == \d+ whereas the optimizer",
        "Layers were frozen or thawed after compile.",
        "The optimizer knows the weights that it was made for.",
        "model.compile(optimizer=keras.optimizers.Adam(1e-5), loss=model.loss)  # again, after trainable is changed",
    ),
    Rule(
        "loss-not-finite",
        r"Nan in summary histogram|loss: nan",
        "The loss is no number any more.",
        "The learning rate is too large, or the data hold NaN, or a logarithm or a division meets 0.",
        "print(np.isnan(X).sum(), X.min(), X.max())  # and a learning rate ten times smaller",
    ),
    Rule(
        "binary-target-range",
        r"all elements of target should be between 0 and 1",
        "Binary cross-entropy got targets outside 0 to 1.",
        "It reads them as probabilities.",
        "print(y.min(), y.max())",
    ),
)
_ARGUMENTS = (
    "activation",
    "units",
    "filters",
    "kernel_size",
    "kernel_initializer",
    "kernel_regularizer",
    "padding",
    "strides",
    "epochs",
    "batch_size",
    "metrics",
    "optimizer",
    "input_shape",
)


def tables() -> dict[str, dict[str, str]]:
    """Tables in which rules look up what an older Keras had, or what a name means."""
    return {
        "modules": _old.MODULES,
        "names": _old.NAMES,
        "methods": _old.METHODS,
        "arguments": _old.ARGUMENTS,
        "meant": MEANT,
    }


def rooms() -> dict[str, list[str]]:
    """Names among which rules look for the nearest; of this version of Keras."""
    return public_names() | {"arguments": sorted(_ARGUMENTS)}


def exported() -> dict[str, Any]:
    """Return rules, tables and names as the book's pages get them."""
    rules = [{key: value for key, value in asdict(rule).items() if value} for rule in RULES]
    return {"rules": rules, "tables": tables(), "rooms": rooms()}


# --- reading a traceback

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r'^\s*File "([^"]+)", line (\d+)|^(?:File )?(\S+\.py)(?::(\d+))?[, ]+in |^(Cell) ?In ?\[\d+\]'
                    r"|^(<ipython-input\S+)|^(/tmp/ipykernel\S+)")  # fmt: skip
_MARKED = re.compile(r"^-+> ?\d* ?(.*)")
_RAISED = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Warning|Iteration|Exit))(?:: ?(.*))?$")
_ENDS = re.compile(r"^(?:Traceback |During handling|The above exception|-{20,}|\s*\^+\s*$)")
_LIBRARY = re.compile(r"(?:site|dist)-packages|lib/python3|lib\\python|<frozen|/keras/src/|autograph_generated")


@dataclass(frozen=True)
class Pasted:
    """A traceback that is only text.

    Attributes
    ----------
    raised : str
        Name of the last exception; empty if there is only its message.
    text : str
        The messages of all its exceptions.
    line : str
        The user's own line, the innermost; empty if the text shows none.
    """

    raised: str
    text: str
    line: str


def read(text: str) -> Pasted:
    """Take a traceback apart: of Python, of IPython, or only its last line."""
    raised, messages, own = "", [], ""
    in_library = in_message = wanted = False
    for row in _ANSI.sub("", text).replace("\r", "").split("\n"):
        frame, marked, error = _FRAME.search(row), _MARKED.search(row), _RAISED.search(row)
        if frame:
            in_library, in_message = bool(_LIBRARY.search(row)), False
            wanted = bool(frame[2]) and not in_library
        elif wanted:
            own, wanted = row.strip(), False
        elif marked:
            own = own if in_library else marked[1].strip()
        elif error:
            raised, in_message = error[1].split(".")[-1], True
            messages.append(error[2] or "")
        elif _ENDS.search(row):
            in_message = False
        elif in_message:
            messages.append(row)
    said = "\n".join(messages) if raised else text
    said = re.sub(r"torch\.Size\(\[([^\]]*)\]\)", r"(\1)", said)
    return Pasted(raised, said, own)


def in_text(text: str) -> Finding | None:
    """Say what a traceback that is only text means.

    Parameters
    ----------
    text : str
        All of it, or its last lines.

    Returns
    -------
    Finding or None
    """
    pasted = read(text)
    known = tables()
    names = rooms()
    for rule in RULES:
        found = re.search(rule.pattern, pasted.text, re.DOTALL)
        if not found or (rule.raised and pasted.raised and pasted.raised not in rule.raised.split()):
            continue
        groups = {str(i): group or "" for i, group in enumerate(found.groups(), 1)}
        last = next((group for group in reversed(found.groups()) if group), "")
        if rule.table and not (today := _looked_up(known[rule.table], last)):
            continue
        if rule.table:
            groups["today"] = today
        if rule.room:
            near = nearest(last, names.get(_filled(rule.room, groups), ()), 1)
            if not near or near[0] == last:
                continue
            groups["near"] = near[0]
        fix = _filled(rule.fix, groups)
        if rule.swap and (written := rf"\b{re.escape(last)}\b") and re.search(written, pasted.line):
            fix = re.sub(written, _filled(rule.swap, groups), pasted.line)
        return Finding(rule.code, "error", _filled(rule.seen, groups), _filled(rule.why, groups), fix)
    return None


def _filled(text: str, groups: dict[str, str]) -> str:
    return re.sub(r"\{(\d|today|near)\}", lambda found: groups.get(found[1], ""), text)


def _looked_up(table: dict[str, str], name: str) -> str:
    """Look up a name, or of a module's dotted name the longest part that the table has."""
    bare = name.removeprefix("keras.")
    while bare and bare not in table:
        bare = bare.rpartition(".")[0]
    return table.get(bare, "").replace("{name}", bare)
