"""The way to a cluster's scheduler, for the commands that can send their work there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Client

_CONNECT = "10s"


def connect(scheduler: str, error: type[Exception]) -> Client:
    """Return a client of a dask.distributed scheduler, or raise an error of this type that says what is missing."""
    try:
        from distributed import Client
    except ImportError:
        raise error("a scheduler needs dask.distributed: pip install 'course-utils[cluster]'") from None
    try:
        return Client(scheduler, timeout=_CONNECT)
    except (OSError, ValueError) as found:
        raise error(f"no dask scheduler answers at {scheduler} ({found}): dask scheduler") from found
