"""What a measured number depends on besides its code: data, versions, machine."""

import importlib.metadata
import os
import platform
import re
import sys
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ._ledger import used

# Whatever of these a run has imported is named with its version.
_PACKAGES = {
    "keras": "keras",
    "tensorflow": "tensorflow",
    "jax": "jax",
    "torch": "torch",
    "sklearn": "scikit-learn",
    "numpy": "numpy",
    "matplotlib": "matplotlib",
    "skimage": "scikit-image",
    "course_utils": "course-utils",
}


def environment() -> dict[str, Any]:
    """Describe the running process: what a number measured in it depends on.

    Returns
    -------
    dict
        ``date``, ``data`` (source by data set), ``editions`` (digest by data set), ``results`` and ``models`` (digest
        by experiment), ``pretrained`` (digest by network), ``versions``, ``backend``, ``hardware`` and
        ``peak_memory_mb``, ready for JSON.
    """
    keras = sys.modules.get("keras")
    data = used("data")
    return {
        "date": date.today().isoformat(),
        "data": {name: entry["source"] for name, entry in data.items()},
        "editions": {name: entry["edition"] for name, entry in data.items()},
        "results": used("results"),
        "models": used("models"),
        "pretrained": used("pretrained"),
        "versions": {
            "python": platform.python_version(),
            **{title: _version(module) for module, title in _PACKAGES.items() if module in sys.modules},
        },
        "backend": keras.backend.backend() if keras else None,
        "hardware": hardware(),
        "peak_memory_mb": peak_memory(),
    }


def installed() -> dict[str, str]:
    """Name the versions of what a chapter may import, whether or not this process has.

    Returns
    -------
    dict of str to str
        By package, "python" first.
    """
    found = {title: _distributions().get(module) for module, title in _PACKAGES.items()}
    return {
        "python": platform.python_version(),
        **{title: importlib.metadata.version(names[0]) for title, names in found.items() if names},
    }


def _version(module: str) -> str:
    """Ask the distribution, whatever its name: tensorflow-cpu and nightly builds bring the module tensorflow too."""
    for distribution in _distributions().get(module, ()):
        return importlib.metadata.version(distribution)
    return str(getattr(sys.modules[module], "__version__", "unknown"))


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


def hardware() -> str:
    """Describe this machine: the processor's cores that may be used, its kind and model, and the memory.

    Returns
    -------
    str
        Such as "2 cores, x86_64, 25 GB, Intel Xeon 6975P-C". What is measured in seconds can be compared where it is
        the same.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{cores} core{'s' if cores != 1 else ''}", platform.machine()]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB")
    if model := _processor():
        parts.append(model)
    return ", ".join(parts)


def _processor() -> str:
    """Name the processor's model where the system tells; its brand marks and clock are no part of the name."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() if platform.processor() != platform.machine() else ""
    match = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return re.sub(r"\((R|TM)\)| CPU| Processor|\s*@.*$", "", match[1]).strip() if match else ""


def peak_memory() -> int:
    """Tell the most memory that this process has held.

    Returns
    -------
    int
        In megabytes (10⁶ bytes); 0 where the system does not say (Windows).
    """
    with suppress(OSError):
        told = Path("/proc/self/status").read_text(encoding="utf-8")
        # What `getrusage` tells on Linux may be the memory of the process that has started this one.
        if match := re.search(r"^VmHWM:\s+(\d+) kB$", told, re.MULTILINE):
            return round(int(match[1]) * 1024 / 1e6)
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6)
