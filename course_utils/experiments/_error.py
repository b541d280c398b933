"""The one error of this room."""


class ExperimentError(Exception):
    """An experiment cannot be found, run or quoted; the message says what to do."""
