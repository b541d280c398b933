"""What goes wrong in this room, in words for whoever typed the command."""


class AssignmentError(Exception):
    """An assignment, a submission folder or the machine is not as it must be; the message says what to do."""
