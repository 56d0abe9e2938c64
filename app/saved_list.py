"""Everything that lies in the folder of results, the last first."""

from collections.abc import Callable
from pathlib import Path

from app import saved, saved_search
from experiments.store.layout import MANIFEST
from model.errors import ScenarioError

MOST = 400  # folders listed, the last ones
Place = tuple[Path, Path, Callable[[Path, Path], saved.Saved]]  # folder, the file that says when, and what tells of it


def listing(root: Path) -> tuple[list[saved.Saved], int]:
    """Runs, studies and searches, and how many folders could not be read; a search stands for its batches."""
    searches = saved_search.places(root)
    files = [*root.glob(f"*/{MANIFEST}"), *root.glob(f"*/*/{MANIFEST}")]
    places: list[Place] = [(file.parent, file, _told) for file in files if file.parent.parent not in searches]
    places += [(folder, file, saved_search.told) for folder, file in searches.items()]
    shown = [p for p in places if not any(part.startswith(".") for part in p[0].relative_to(root).parts)]
    shown.sort(key=lambda place: (-_age(place[1]), str(place[0])))
    found, wrong = [], 0
    for folder, _, tell in shown[:MOST]:
        try:
            found.append(tell(root, folder))
        except ScenarioError:
            wrong += 1
    return found, wrong


def _told(root: Path, folder: Path) -> saved.Saved:
    return saved.told(root, folder.relative_to(root).as_posix())


def _age(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0.0
