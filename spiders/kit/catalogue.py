"""The outlets that are there: one Python module each in `spiders/`, one TOML file each in a corpus."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import spiders
from archive.errors import UnknownOutlet, UsageError
from spiders.kit.addresses import normalise
from spiders.kit.outlet import Outlet
from spiders.kit.toml_outlet import load_outlet


def catalogue(folder: Path | None = None) -> dict[str, Outlet]:
    """Every outlet by name, in alphabetical order.

    `folder` is a corpus' `outlets/`; a file there goes before the built-in outlet of that name, so that a
    newspaper that changed can be followed without waiting for a release. Raises BadCorpusFile for a file that
    cannot be read, UsageError for a module of `spiders/` that cannot be imported.
    """
    found = {outlet.name: outlet for outlet in _built_in()}
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            outlet = load_outlet(path)
            found[outlet.name] = outlet
    return dict(sorted(found.items()))


def choose(names: Iterable[str], known: Mapping[str, Outlet]) -> list[Outlet]:
    """The outlets of these names, each once, in order. Raises UnknownOutlet, which names the nearest."""
    return [_chosen(name, known) for name in dict.fromkeys(names)]


def _chosen(name: str, known: Mapping[str, Outlet]) -> Outlet:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name.lower(), list(known), n=3, cutoff=0.5)
    if near:
        advice = "did you mean " + " or ".join(near) + "?"
    elif known:
        advice = "known are " + ", ".join(sorted(known)) + "."
    else:
        advice = "no outlet is known; add one as outlets/NAME.toml."
    raise UnknownOutlet(f'No outlet is called "{name}": {advice}')


def _built_in() -> list[Outlet]:
    outlets: list[Outlet] = []
    for module in pkgutil.iter_modules(spiders.__path__):
        if module.ispkg or module.name.startswith("_"):
            continue
        try:
            outlet = importlib.import_module(f"{spiders.__name__}.{module.name}").OUTLET
        except Exception as error:  # a half-written outlet may raise anything
            raise UsageError(f"Mend spiders/{module.name}.py, which cannot be imported: {error}") from error
        outlets.append(outlet)
    return outlets


def of_address(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """The outlet whose article an address is, as it stands or without tracking and in the outlet's own spelling.

    None where no outlet's pattern takes it.
    """
    spelled = normalise(url) or url
    for each in outlets.values():
        if each.is_article(url) or each.is_article(each.one_spelling(spelled)):
            return each
    return None
