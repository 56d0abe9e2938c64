"""Files of many runs: how they are found beside scenarios, and which verb takes one."""

from pathlib import Path

from model.errors import ScenarioError, nearest
from model.scenario_files import FOLDER, find, read_toml

SWEEPS = FOLDER / "sweeps"
SEARCHES = ("optimise", "calibrate")  # tables of files with an [experiment] that are no sweeps, named after their verb
WORDS = {"sweep": "a sweep", "optimise": "an optimisation", "calibrate": "a calibration"}


def find_sweep(name: str | Path) -> Path:
    """Path of a sweep given by name, or by path.

    Raises:
        ScenarioError: there is none
    """
    text = str(name)
    shipped = {path.stem: path for path in SWEEPS.glob("*.toml")}
    if text.endswith(".toml") or "/" in text or "\\" in text:
        if not Path(text).is_file():
            raise ScenarioError(f"{text}: no such file{nearest(Path(text).stem, shipped)}")
        return Path(text)
    if text not in shipped:
        raise ScenarioError(f"{text}: no such sweep{nearest(text, shipped)}")
    return shipped[text]


def asks(path: str | Path) -> str:
    """Verb that a name or a path is a file of: sweep, optimise or calibrate; empty for a scenario, or for nothing."""
    try:
        found = find(path)
    except ScenarioError:
        try:
            found = find_sweep(path)
        except ScenarioError:
            return ""
    try:
        tables = read_toml(found)
    except ScenarioError:
        return ""
    if "experiment" not in tables:
        return ""
    return next((search for search in SEARCHES if search in tables), "sweep")


def refuse_studies(name: str | Path) -> None:
    """Refuse a file of many runs where one scenario is wanted, in one sentence with the verb that takes it.

    Raises:
        ScenarioError: it is one

    >>> refuse_studies("smoke")
    """
    verb = asks(name)
    if verb:
        raise ScenarioError(f"{name}: is {WORDS[verb]}; `run.py {verb}` takes it")


def is_sweep(path: str | Path) -> bool:
    """Whether a name or a path is a sweep: a TOML file with an `[experiment]` that searches for nothing."""
    return asks(path) == "sweep"
