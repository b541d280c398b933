"""What of this room a process has used: a chapter's stored outputs depend on it."""

from __future__ import annotations

_used: dict[str, str] = {}


def note(what: str, fingerprint: str) -> None:
    """Remember that results were read or a model was loaded."""
    _used[what] = fingerprint


def used() -> dict[str, str]:
    """Say which measured runs and trained models this process has used.

    Returns
    -------
    dict of str to str
        From ``"results NAME"`` or ``"model NAME"`` to a hash of the runs, or of the experiment's definition.
    """
    return dict(_used)


def changed(then: dict[str, str]) -> list[str]:
    """List what is no longer as it was when :func:`used` said so.

    Parameters
    ----------
    then : dict of str to str
        What :func:`used` returned.

    Returns
    -------
    list of str
    """
    from ._every import EVERY
    from ._results import results_hash

    definitions = {experiment.name: experiment for experiment in EVERY}

    def now(what: str) -> str | None:
        kind, _, name = what.partition(" ")
        if kind == "results":
            return results_hash(name)
        return definitions[name].fingerprint() if name in definitions else None

    return [what for what, fingerprint in then.items() if now(what) != fingerprint]
