"""Sorts of studies, one file each, found by scanning: `fits(folder)`, `PLACE` in the order of asking, and `read(folder, gallery)`."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from experiments.report.html import Section
from experiments.store.find import ALL, studies
from experiments.store.layout import ASKED
from model.errors import ScenarioError, nearest
from model.scan import modules


class Told(NamedTuple):
    """What a report tells.

    Attributes:
        name, kind, question, answer: of the study, in words
        facts: numbers for the head, by name
        failures: the section that comes first
        sections: the others, in order
    """

    name: str
    kind: str
    question: str
    answer: str
    facts: dict[str, str]
    failures: Section
    sections: list[Section]


@cache
def kinds() -> tuple[Any, ...]:
    """Modules of all sorts, the most particular first."""
    found = modules(__name__)
    return tuple(sorted(found, key=lambda module: (module.PLACE, module.__name__)))


def kind_of(folder: Path) -> Any:
    """The sort of a folder.

    Raises:
        ScenarioError: it is none
    """
    for module in kinds():
        if module.fits(folder):
            return module
    raise ScenarioError(
        f"{folder}: holds no study that can be reported; give the folder that `sweep` or `optimise` has made"
    )


def place_of(name: str, root: Path) -> Path:
    """Folder of a study given by name or by path.

    Raises:
        ScenarioError: there is none, or it is a search without an answer
    """
    for folder in (Path(name), root / name):
        if folder.is_dir() and any(module.fits(folder) for module in kinds()):
            return folder
        if (folder / ASKED).is_file():
            raise ScenarioError(
                f"{folder}: is a search that has not come to its end, so there is nothing to report yet; give its command "
                "again, which goes on"
            )
    known = [path.name for path in studies(root, ALL)]
    raise ScenarioError(f"{name}: no such study in {root}{nearest(name, known)}; `run.py status` lists them")
