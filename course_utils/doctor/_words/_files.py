"""Failures of files: names that Keras does not accept, models that do not load, data that cannot be fetched."""

from __future__ import annotations

import inspect
import re
from typing import Any

from .._report import Finding
from .._subject._failure import Failure, error, is_keras
from .._subject._program import changed, in_line

_SAVING = "Keras tells what is in a file from its ending."


def extension(failure: Failure) -> Finding | None:
    """Find wrong endings: .keras for a model, .weights.h5 for weights."""
    if not failure.in_keras:
        return None
    if failure.find(r"The filename must end in `\.weights\.h5`|provided must end in `\.weights\.h5`"):
        return error(
            "file-extension", f"A file for weights must end in .weights.h5{_given(failure)}.", _SAVING,
            'ModelCheckpoint("best.weights.h5", save_weights_only=True)'
            if failure.find("ModelCheckpoint") else 'model.save_weights("model.weights.h5")',
        )  # fmt: skip
    seen = f"A file for a model must end in .keras{_given(failure)}."
    if failure.find(r"filepath provided must end in `\.keras`"):
        return error("file-extension", seen, _SAVING, 'ModelCheckpoint("best.keras")')
    if failure.find(r"Invalid filepath extension for saving"):
        return error("file-extension", seen, _SAVING, 'model.save("model.keras")')
    if failure.find(r"No model config found in the file at .*\.weights\.h5|`?load_model`?.*weights"):
        return error(
            "model-loading",
            "The file holds only weights, no model.",
            "save_weights keeps the numbers, but not the layers they belong to.",
            f"model.load_weights({_path(failure)!r})  # after model was built by the code that it was saved from",
        )
    return None


def _given(failure: Failure) -> str:
    found = failure.find(r"Received: filepath=(\S+)")
    return f", but it is called {_short(found[1])!r}" if found else ""


def _short(path: str) -> str:
    return path.strip("'\"").rstrip(".,").replace("\\", "/").rsplit("/", 1)[-1]


def loading(failure: Failure) -> Finding | None:
    """Find a saved model or its weights that cannot be read back."""
    if not failure.in_keras:
        return None
    if failure.find(r"Lambda.*(?:arbitrary code|unsafe|safe_mode|disallowed)"):
        return error(
            "model-loading",
            "The model holds a Lambda layer, and Keras does not run Python code from a file unasked.",
            "A file from a stranger could hold any code.",
            _load(failure, safe_mode="False") + "  # only for files of your own",
        )
    if _is_loading(failure) and (finding := _unlike_the_file(failure)):
        return finding
    if found := failure.find(
        r"Could not deserialize '?keras\.metrics\.(\w+)|Could not locate function '(ms?[ae]|mean_\w+)'"
    ):
        return error(
            "model-loading",
            f"The file is an old .h5, and its {found[1] or found[2]!r} is not found again.",
            "The .h5 format keeps only the short name of a loss or metric.",
            _load(failure, compile="False") + "  # then compile it anew, and save it as .keras",
        )
    if found := failure.find(
        r"Could not locate (class|function) '(\w+)'|Unknown (layer|loss function|metric|object): '?(\w+)"
    ):
        return _own_object(failure, found[1] or "class", found[2] or found[4])
    if failure.find(r"could not be deserialized properly|Error when deserializing class"):
        return _not_made_again(failure)
    if found := failure.find(r"File not found: filepath=(\S+)"):
        return _missing(_short(found[1]), failure)
    if failure.find(r"File format not supported: filepath="):
        path = _path(failure) or "directory"
        return error(
            "model-loading",
            "This is not a .keras or .h5 file; a directory is TensorFlow's older format.",
            "load_model of Keras 3 reads .keras and .h5 only.",
            f'keras.layers.TFSMLayer("{path}", call_endpoint="serving_default")  # runs it, without training',
        )
    if failure.find(
        r"objects could not be loaded|Layer count mismatch|expected \d+ variables, but|axes don't match array"
        r"|[Ww]eight count mismatch|Shape mismatch in layer|have different shapes|expects \d+ weight"
    ):
        return error(
            "model-loading",
            "The weights in the file belong to a model with other layers or sizes.",
            "Each weight needs a place of the same shape.",
            _line(failure, skip_mismatch="True")
            + "  # takes those that fit; better build exactly the model that was saved",
        )
    found = failure.find(r"(?:name = |No such file or directory: )'([^']+)'")
    if _is_loading(failure) and found and failure.raised("FileNotFoundError", "OSError") and failure.call is None:
        return _missing(_short(found[1]), failure)
    if (
        _is_loading(failure)
        and failure.raised("OSError", "BadZipFile", "UnpicklingError")
        and failure.find("file signature not found|not a zip file|truncated file|Git LFS")
    ):
        return error(
            "model-loading", "The file is there, but it is damaged or no Keras file at all.",
            "A download or a save may have been cut off.",
            f"print(os.path.getsize({_path(failure)!r}), open({_path(failure)!r}, 'rb').read(20))  # then fetch it "
            "again",
        )  # fmt: skip
    return None


def _is_loading(failure: Failure) -> bool:
    return any(
        frame.f_code.co_name in ("load_weights", "load_model", "model_from_json", "from_config", "model_from_config")
        or is_keras(frame.f_locals.get("args", (None,))[0] if frame.f_locals.get("args") else None, "Model")
        for frame in failure.frames
    )


def _path(failure: Failure) -> str:
    for frame in reversed(failure.frames):
        if frame.f_code.co_name in ("load_model", "load_weights", "load_model_from_hdf5"):
            for name in ("filepath", "path"):
                if isinstance(frame.f_locals.get(name), str):
                    return str(frame.f_locals[name])
    return ""


def _load(failure: Failure, drop: tuple[str, ...] = (), **changes: str) -> str:
    """Write the user's ``load_model`` with other arguments."""
    path = _path(failure) or "model.keras"
    more = "".join(f", {name}={value}" for name, value in changes.items())
    return failure.program.rewritten("load_model", "", f'keras.saving.load_model("{path}"{more})', drop, **changes)


def _line(failure: Failure, **changes: str) -> str:
    for call in failure.program.calls("load_weights"):
        return in_line(changed(call, (), changes))
    return f'model.load_weights("{_path(failure)}")'


def _own_object(failure: Failure, kind: str, name: str) -> Finding:
    if name in _LEFT_OUT:
        return error(
            "model-loading",
            f"The file holds a {name}, which Keras 3 cannot make: {_LEFT_OUT[name]}.",
            "Keras 2 and other packages wrote layers into files that Keras 3 no longer has.",
            f"import tf_keras; model = tf_keras.models.load_model({_path(failure)!r})  # pip install tf_keras",
        )
    if failure.program.value_of(name) is None:
        return error(
            "model-loading",
            f"The model was saved with your own {kind} {name!r}, and this program does not define it.",
            "A file keeps the name of your code, not the code itself.",
            f"# define {name} here as where the model was saved, and then\n"
            + _load(failure, custom_objects=f"{{'{name}': {name}}}"),
        )
    return error(
        "model-loading",
        f"The model was saved with your own {kind} {name!r}, which Keras does not find when it loads.",
        "A file keeps the name of your code, not the code itself.",
        _load(failure, custom_objects=f"{{'{name}': {name}}}"),
    )


_LEFT_OUT = {
    "KerasLayer": "it is of tensorflow_hub",
    "TFOpLambda": "it is a TensorFlow function that was called on a layer's output",
    "SlicingOpLambda": "it is a slice of a layer's output",
    "ClassMethod": "it is a TensorFlow function that was called on a layer's output",
    "AddLoss": "it is of add_loss on a model",
    "CuDNNLSTM": "today LSTM does the same",
    "CuDNNGRU": "today GRU does the same",
    "LocallyConnected1D": "Keras has it no more",
    "LocallyConnected2D": "Keras has it no more",
    "ThresholdedReLU": "today it is ReLU(threshold=1.0)",
}


def _unlike_the_file(failure: Failure) -> Finding | None:
    """Find a file of Keras 2 whose layers have arguments that are gone."""
    found = failure.find(r"Unrecognized keyword arguments passed to (\w+): \{(.*?)\}") or failure.find(
        r"()Unrecognized keyword arguments?:? \[?\{?(.*?)[\]}]"
    )
    if not found:
        found = failure.find(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
        if not found:
            return None
    names = re.findall(r"'(\w+)'", found[2]) or [found[2]]
    cls, layer = found[1], _class_in_message(failure, found[1])
    own = layer is not None and not layer.__module__.startswith("keras.")
    if own:
        return _without_kwargs(layer, names)
    import keras

    if not hasattr(keras.layers, cls):
        cls = next((c for c in re.findall(r"class_name': '(\w+)'", failure.text) if hasattr(keras.layers, c)), cls)
    gone = ", ".join(f"{name}=" for name in names)
    args = ", ".join(f"{name}=None" for name in names)
    if not hasattr(keras.layers, cls):
        return error(
            "model-loading",
            f"The file was written by an older Keras: it has the arguments {gone} that {cls or 'this one'} no longer "
            "takes.",
            "Keras 3 reads such files only as far as its own layers still take what stands in them.",
            f"import tf_keras; model = tf_keras.models.load_model({_path(failure)!r})  # pip install tf_keras",
        )
    return error(
        "model-loading",
        f"The file was written by an older Keras: its {cls} has the argument {gone} that Keras 3 no longer takes.",
        "Keras 3 reads such files only as far as its own layers still take what stands in them. A layer that leaves "
        "the argument out can be given in its place.",
        f"class {cls}(keras.layers.{cls}):\n    def __init__(self, *args, {args}, **kwargs):\n"
        f"        super().__init__(*args, **kwargs)\n"
        + _load(failure, custom_objects=f"{{'{cls}': {cls}}}", compile="False"),
    )


def _class_in_message(failure: Failure, name: str) -> Any:
    """Find the class that refused an argument."""
    for frame in failure.frames:
        for key in ("cls", "self"):
            thing = frame.f_locals.get(key)
            kind = thing if isinstance(thing, type) else type(thing)
            if thing is not None and kind.__name__ == name:
                return kind
    value = failure.program.value_of(name)
    return value if isinstance(value, type) else None


def _without_kwargs(cls: type, names: list[str]) -> Finding:
    parameters = [str(p) for p in list(inspect.signature(cls.__init__).parameters.values())[1:]]  # type: ignore[misc]
    return error(
        "model-loading",
        f"__init__ of your own {cls.__name__} does not take {', '.join(names[:3])}, which stand in the file.",
        "get_config writes the name and dtype of each layer, too, and load_model gives them back to __init__: it has "
        "to take them and pass them on.",
        f"def __init__(self, {', '.join([*parameters, '**kwargs'])}): super().__init__(**kwargs)  # in {cls.__name__}",
    )


def _not_made_again(failure: Failure) -> Finding:
    """Say of which class of the user's the file tells, and what its ``__init__`` lacks."""
    for error_ in failure.chain:
        found = re.search(
            r"(?:(\w+)\.)?__init__\(\) (?:got an unexpected keyword argument|missing \d+ required)[^']*'(\w+)'",
            str(error_),
        )
        if not found:
            continue
        cls = _class_in_message(failure, found[1] or "")
        if cls is None:
            continue
        if "missing" in found[0]:
            parameters = [
                name for name in list(inspect.signature(cls.__init__).parameters)[1:] if name not in ("args", "kwargs")
            ]
            config = ", ".join(f"'{name}': self.{name}" for name in parameters)
            return error(
                "model-loading",
                f"Your own {cls.__name__} needs {', '.join(parameters)} to be made, and the file does not have them.",
                "get_config says what a file keeps of a layer; without one of its own only name and dtype are kept.",
                f"def get_config(self): return {{**super().get_config(), {config}}}  # in {cls.__name__}",
            )
        return _without_kwargs(cls, [found[2]])
    names = [c for c in re.findall(r"'class_name': '(\w+)'", failure.text) if failure.program.value_of(c) is not None]
    if names:
        return _own_object(failure, "class", names[0])
    left = next((name for name in re.findall(r"'class_name': '(\w+)'", failure.text) if name in _LEFT_OUT), "")
    if left:
        return _own_object(failure, "class", left)
    unknown = failure.find(r"parent module ([\w.]+) cannot be imported")
    if unknown:
        return error(
            "model-loading",
            f"The file was written by another version of Keras, whose {unknown[1]} this one does not have.",
            "A .keras file names the modules that its layers came from, and those of Keras 2 have other places now.",
            f"import tf_keras; model = tf_keras.models.load_model({_path(failure)!r})  # pip install tf_keras",
        )
    return error(
        "model-loading",
        "The model holds a layer that Keras cannot make again from the file.",
        "A file keeps the name of a layer's class and its arguments, not the code itself.",
        _load(failure, compile="False") + "  # if this does not help either: build the model, then load_weights",
    )


def _missing(name: str, failure: Failure) -> Finding:
    return error(
        "model-loading",
        f"There is no file {name!r} that Keras could read as a model or as weights: it is missing or broken.",
        "A path without a leading / starts where the notebook or script was started.",
        "print(pathlib.Path.cwd(), list(pathlib.Path.cwd().iterdir()))  # where am I, and what is here?",
    )


def download(failure: Failure) -> Finding | None:
    """Find no network, or a file that came in damaged."""
    if not failure.in_keras:
        return None
    found = failure.find(r"URL fetch failure on (\S+?):? ")
    if not found and not failure.raised("URLError", "ConnectionError", "HTTPError", "RemoteDisconnected"):
        return None
    if not found and not any(frame.f_code.co_name in ("get_file", "load_data") for frame in failure.frames):
        return None
    name = _short(found[1]) if found else "the file"
    if answer := failure.find(r"URL fetch failure on \S+ (\d{3}) -- ([\w ]+)"):
        return error(
            "download-failed",
            f"{name} could not be downloaded: the server answered {answer[1]}, {answer[2].strip()}.",
            "The network works, but the address is wrong, or the file is no longer there.",
            "print(keras.__version__)  # a newer Keras knows the new address; an address of your own, try in a browser",
        )
    weights = found is not None and ("weights" in name or "applications" in found[1])
    return error(
        "download-failed",
        f"{name} could not be downloaded: there is no way to the network from here.",
        "Keras fetches data sets and trained weights once and keeps them in ~/.keras.",
        "weights=None  # or copy the file into ~/.keras/models" if weights
        else "from course_utils import data  # brings small data sets along; or copy the file into ~/.keras/datasets",
    )  # fmt: skip


RECOGNISERS = (download, extension, loading)
