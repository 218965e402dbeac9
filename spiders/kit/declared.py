"""What an outlet's page class may say: the fields of a page, each of its own kind. A misspelt one is an error at once,
not a selector that nobody ever looks at."""

import difflib
import inspect
from types import FunctionType


def check(kind: type, page: type) -> None:
    """Looks at what `kind`, a subclass of `page`, declares.

    Raises TypeError, in one sentence, for a name that `page` has not, for a value of another type, and for a method
    that takes other parameters. Names with an underscore are the outlet's own.
    """
    known = dict(inspect.getmembers_static(page))
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if not hasattr(page, name):
            near = difflib.get_close_matches(name, [each for each in known if each[0] != "_"], 1)
            hint = f"; is {near[0]} meant?" if near else ""
            raise TypeError(f"{kind.__name__}.{name}: a page has no such field{hint}")
        like = known[name]
        texts = not isinstance(value, tuple) or all(isinstance(each, str) for each in value)
        if type(value) is not type(like) or not texts:
            wanted = "a method" if isinstance(like, FunctionType) else type(like).__name__
            raise TypeError(f"{kind.__name__}.{name} must be {wanted}")
        if isinstance(like, FunctionType) and _parameters(value) != _parameters(like):
            raise TypeError(f"{kind.__name__}.{name} must take what {page.__name__}.{name} takes")


def _parameters(method: FunctionType) -> tuple[str, ...]:
    return method.__code__.co_varnames[: method.__code__.co_argcount]
