"""What goes wrong with data, in words that say what to do next."""


class DataError(Exception):
    """A data set cannot be had, or a file of it is broken.

    The message names the data set and the file, what was found, and what to do next.
    """
