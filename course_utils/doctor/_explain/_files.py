"""Failures of files: names that Keras does not accept, models that do not load, data that cannot be fetched."""

from __future__ import annotations

from .._report import Finding
from ._failure import Failure, error, is_keras

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
            'build the model with the same code, then model.load_weights("model.weights.h5")',
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
            'keras.saving.load_model("model.keras", safe_mode=False)  # only for files of your own',
        )
    if found := failure.find(
        r"Could not deserialize '?keras\.metrics\.(\w+)|Could not locate function '(ms?[ae]|mean_\w+)'"
    ):
        return error(
            "model-loading",
            f"The file is an old .h5, and its {found[1] or found[2]!r} is not found again.",
            "The .h5 format keeps only the short name of a loss or metric.",
            'keras.saving.load_model("model.h5", compile=False)  # then model.compile(…) anew, and save as .keras',
        )
    if found := failure.find(r"Could not locate (class|function) '(\w+)'"):
        return error(
            "model-loading",
            f"The model was saved with your own {found[1]} {found[2]!r}, which Keras does not find when it loads.",
            "A file keeps the name of your code, not the code itself.",
            f'keras.saving.load_model("model.keras", custom_objects={{"{found[2]}": {found[2]}}})',
        )
    if failure.find(r"could not be deserialized properly"):
        return error(
            "model-loading",
            "The model holds a layer of your own, which Keras cannot make again from the file.",
            "A file keeps the name of your code, not the code itself.",
            'keras.saving.load_model("model.keras", custom_objects={"MyLayer": MyLayer})',
        )
    if found := failure.find(r"File not found: filepath=(\S+)"):
        return _missing(_short(found[1]), failure)
    if failure.find(r"File format not supported: filepath="):
        return error(
            "model-loading",
            "This is not a .keras or .h5 file; a directory is TensorFlow's older format.",
            "load_model of Keras 3 reads .keras and .h5 only.",
            'keras.layers.TFSMLayer("directory", call_endpoint="serving_default")  # runs it, without training',
        )
    if failure.find(
        r"objects could not be loaded|Layer count mismatch|expected \d+ variables, but|axes don't match array"
    ):
        return error(
            "model-loading",
            "The weights in the file belong to a model with other layers or sizes.",
            "Each weight needs a place of the same shape.",
            "build the model with exactly the code that it was saved from",
        )
    reading = any(
        frame.f_code.co_name in ("load_weights", "load_model")
        or is_keras(frame.f_locals.get("args", (None,))[0] if frame.f_locals.get("args") else None, "Model")
        for frame in failure.frames
    )
    found = failure.find(r"(?:name = |No such file or directory: )'([^']+)'")
    if reading and found and failure.raised("FileNotFoundError", "OSError") and failure.call is None:
        return _missing(_short(found[1]), failure)
    if (
        reading
        and failure.raised("OSError", "BadZipFile")
        and failure.find("file signature not found|not a zip file|truncated file")
    ):
        return error(
            "model-loading", "The file is there, but it is damaged or no Keras file at all.",
            "A download or a save may have been cut off.", "save or download it again",
        )  # fmt: skip
    return None


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
        else "copy the file into ~/.keras/datasets, or use course_utils.data, which brings small data sets along",
    )  # fmt: skip
