"""The errors that reach a person. Each is named for the fact; its message is one sentence that says what to do."""


class HemerotecaError(Exception):
    """What went wrong and what to do about it, in one sentence; `exit_code` is the command's."""

    exit_code = 1


class UsageError(HemerotecaError):
    """The command, a setting or a file that a person wrote is not as it must be."""

    exit_code = 2


class NotACorpus(UsageError):
    """The directory holds no corpus.toml."""


class BadCorpusFile(UsageError):
    """A TOML file that a person wrote (corpus.toml, a topic, an outlet) has an error; the message names its place."""


class UnknownOutlet(UsageError):
    """No outlet has that name; the message lists the nearest names."""


class CorpusLocked(HemerotecaError):
    """Another process writes to this corpus."""

    exit_code = 3


class DiskFull(HemerotecaError):
    """A write failed because the disk is full or a quota is reached; the WARC ends in a whole record."""

    exit_code = 4


class BrokenRecord(HemerotecaError):
    """A WARC record cannot be read at the place where it should be."""
