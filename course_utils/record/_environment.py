"""What a measured number depends on besides its code: data, versions, machine."""

import os
import platform
import sys
from datetime import date
from typing import Any

# Whatever of these a run has imported is named with its version.
_PACKAGES = (
    "keras",
    "tensorflow",
    "jax",
    "torch",
    "scikit-learn",
    "numpy",
    "matplotlib",
    "scikit-image",
    "course-utils",
)
_MODULES = {"scikit-learn": "sklearn", "scikit-image": "skimage", "course-utils": "course_utils"}


def environment() -> dict[str, Any]:
    """Describe the running process: what a number measured in it depends on.

    Returns
    -------
    dict
        ``date``, ``data``, ``experiments``, ``versions``, ``backend`` and ``hardware``, ready for JSON.
    """
    loaded = [name for name in _PACKAGES if sys.modules.get(_MODULES.get(name, name))]
    keras = sys.modules.get("keras")
    data = sys.modules.get("course_utils.data")
    experiments = sys.modules.get("course_utils.experiments")
    return {
        "date": date.today().isoformat(),
        "data": data.used() if data else {},
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in loaded},
        },
        "backend": keras.backend.backend() if keras else None,
        "hardware": _hardware(),
        "experiments": experiments.used() if experiments else {},
    }


def _version(name: str) -> str:
    # The module itself knows best: TensorFlow's, for one, also comes from tensorflow-cpu and tf-nightly.
    return sys.modules[_MODULES.get(name, name)].__version__


def _hardware() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{cores} core{'s' if cores != 1 else ''}", platform.machine()]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB")
    return ", ".join(parts)
