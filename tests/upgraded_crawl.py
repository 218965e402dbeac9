"""A tapped crawl in an installation where one private name is another: `python -m tests.upgraded_crawl MODULE NAME`.

The module is compiled from its source with the name replaced throughout, as a release would replace it; so it still
works, and only who stands on the name does not.
"""

import re
import runpy
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


class Renamed(SourceFileLoader):
    def __init__(self, fullname: str, path: str, name: str) -> None:
        super().__init__(fullname, path)
        self._word = re.compile(rf"\b{name}\b")

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.get_filename(fullname)).decode()
        return compile(self._word.sub("renamed_by_an_upgrade", source), self.path, "exec")


class Upgrade(MetaPathFinder):
    def __init__(self, modules: Sequence[str], name: str) -> None:
        self._modules, self._name = modules, name

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._modules:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = Renamed(fullname, spec.origin, self._name)
        return spec


if __name__ == "__main__":
    modules, name = sys.argv[1].split(","), sys.argv[2]
    sys.meta_path.insert(0, Upgrade(modules, name))
    runpy.run_module("tests.tapped_crawl", run_name="__main__")
