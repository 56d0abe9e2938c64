"""What a folder has already, held against what the study asks for: what is kept, what is refused, what is missing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.store.failures import REPEATED, Failure, failures
from experiments.store.layout import failed_path
from experiments.store.runfile import Footer
from experiments.store.shards import footers
from experiments.store.table import Rows
from model.errors import ScenarioError


class Wanted(NamedTuple):
    """What a run must say of itself to be kept: digest of its scenario and of what is kept of it, and its seed."""

    config: str
    seed: int


class Standing(NamedTuple):
    """What a folder holds.

    Attributes:
        rows: finished runs that belong to the study's points
        failed: failed runs that are not tried again, by name
        differing: finished runs of other code or configuration that are kept all the same
        strays: finished runs of points that the study does not have
    """

    rows: Rows
    failed: dict[str, Failure]
    differing: int
    strays: int


def standing(
    folder: Path, points: Mapping[str, str], seeds: Mapping[str, int], code: str, mixed: bool, astray: bool = False
) -> Standing:
    """Read what is there.

    Args:
        folder: of the study
        points: digest of configuration by point
        seeds: by run, of all runs that may be wanted
        code: digest of the sources
        mixed: keep what differs
        astray: keep runs of points that are no longer there

    Raises:
        ScenarioError: something differs that may not be kept
    """
    rows, reasons, strays = Rows(), [], 0
    for footer in footers(folder):
        if footer.point not in points:
            strays += 1
            continue
        reason = _difference(footer, Wanted(points[footer.point], seeds.get(footer.run, footer.seed)), code)
        if reason:
            reasons.append(reason)
        rows.add(footer)
    if (reasons or (strays and not astray)) and not mixed:
        raise ScenarioError(_refusal(folder, reasons, 0 if astray else strays, len(rows) + strays))
    kept = {}
    for failure in failures(folder):
        same = failure.config == points.get(failure.point) and failure.code == code
        if failure.run in rows or not same or failure.kind in REPEATED:
            failed_path(folder, failure.run).unlink(missing_ok=True)
        else:
            kept[failure.run] = failure
    return Standing(rows, kept, len(reasons), strays)


def _difference(footer: Footer, wanted: Wanted, code: str) -> str:
    """What makes a finished run another than the wanted one."""
    if footer.config != wanted.config:
        return "configuration"
    if footer.seed != wanted.seed:
        return "seeds"
    return "" if footer.code == code else "code"


def _refusal(folder: Path, reasons: Sequence[str], strays: int, n: int) -> str:
    """The sentence for a folder that holds something else."""
    what = [f"{reasons.count(r):,} with other {r}" for r in ("code", "configuration", "seeds") if r in reasons]
    if strays:
        what.append(f"{strays:,} of points that the sweep no longer has")
    return (
        f"{folder}: of {n:,} finished runs there are {' and '.join(what)}; "
        "--new begins afresh and moves the folder aside, --allow-mixed keeps them beside the new ones and says so"
    )
