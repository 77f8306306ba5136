"""The error that a user is meant to read."""


class InputError(Exception):
    """Something a user wrote cannot be used; the message is the one line to show."""
