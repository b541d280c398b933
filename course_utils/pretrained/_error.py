"""What goes wrong with shipped weights."""


class PretrainedError(Exception):
    """Shipped weights are missing, damaged or those of another network; the message says which, and what to do."""
