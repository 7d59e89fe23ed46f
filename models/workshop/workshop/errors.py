"""The one exception that the command line turns into a sentence and exit status 1."""


class WorkshopError(Exception):
    """Something the caller can mend; the message says what happened, to what, and what to do."""
