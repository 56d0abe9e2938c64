"""Mechanisms: rules of the market without intentions, one per file, found by scanning.

A mechanism names its scenario table (`key`), its parameters, the mechanisms it looks at (`needs`) and what it does
when in the day: methods marked `@stage("accrual")`, and one method marked `@settles(SomeAction)` for each action.
"""

from collections.abc import Callable, Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.errors import ScenarioError, nearest
from model.params import Params
from model.scan import classes

if TYPE_CHECKING:
    from model.marketplace import Marketplace

STAGES = ("environment", "production", "accrual", "observe", "decide", "settle", "clear", "record", "guard")
CLOSED = "the market is closed, which empties its parts; look before `close`, or before the end of `with`"
Method = TypeVar("Method", bound=Callable[..., Any])


def stage(name: str, *, first: bool = False) -> Callable[[Method], Method]:
    """Mark a method as part of a stage of the day; its docstring's first line is its line in the plan.

    Args:
        name: one of `STAGES`
        first: before all methods of the stage that are not, whatever mechanism they are of
    """
    if name not in STAGES:
        raise ValueError(f"no stage '{name}'{nearest(name, STAGES)}")

    def mark(method: Method) -> Method:
        method.__dict__.setdefault("stages", []).append((name, first))
        return method

    return mark


def settles(action: type[Action]) -> Callable[[Method], Method]:
    """Mark the method `(rows, order) -> None` that settles one type of action."""

    def mark(method: Method) -> Method:
        method.__dict__["settles"] = action
        return method

    return mark


class Mechanism:
    """Base of all mechanisms.

    Args:
        market: the marketplace it belongs to
        params: its own parameters
    """

    key: ClassVar[str] = ""
    within: ClassVar[str] = ""  # where its table may be written as well, "network.gpu"
    needs: ClassVar[tuple[str, ...]] = ()
    wants: ClassVar[tuple[str, ...]] = ()  # looked at when the scenario has them, otherwise None
    channels: ClassVar[dict[str, str]] = {}  # shock channels it listens to, with what they multiply
    Params: ClassVar[type[Params]] = Params

    @classmethod
    def room(cls, params: Any) -> tuple[int, int, int]:
        """Assets, income lines and accounts that it may open in a run; the ledger is laid out for that many."""
        return 0, 0, 0

    def __init__(self, market: "Marketplace", params: Any) -> None:
        self.market = market
        self.ledger = market.ledger
        self.clock = market.clock
        self.streams = market.streams
        self.journal = market.journal
        self.params = params
        for other in (*self.needs, *self.wants):
            setattr(self, other, market.mechanisms.get(other))

    def __getattr__(self, name: str) -> Any:
        """Mechanisms named in `needs` and `wants` are attributes; all are gone once the market is closed."""
        why = "no such attribute" if "market" in self.__dict__ else CLOSED
        raise AttributeError(f"{type(self).__name__}.{name}: {why}")

    def open(self) -> None:
        """Set up the first morning, when all mechanisms and agents exist."""

    def view(self) -> Any:
        """What strategies may see this morning, as read-only arrays and scalars; None for nothing."""
        return None

    def screen(self, action: type[Action], rows: NDArray[Any], order: NDArray[Any]) -> NDArray[Any]:
        """Let rows pass or refuse them before they are settled; the order of those that remain."""
        return order

    def may_refuse(self, action: type[Action]) -> bool:
        """Whether `screen` may refuse rows of an action as things stand: if not, it need not be asked within bundles."""
        return True

    def vaults_moved(self, action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
        """Vaults whose fractions rows of an own action would move, -1 for none; None where a column `vault` says it."""
        return None

    def charge(self, rows: NDArray[Any], order: NDArray[Any], tips: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """Take what every transaction costs, and its tip if any, settled or not; the order of the rows that could pay."""
        return order

    def pass_dues(self, source: int, target: int) -> None:
        """Let what one account is still owed for its work so far, and not yet paid, come to another."""

    def changed(self) -> None:
        """Act on live parameters that have just changed."""

    def idle(self) -> Iterable[type[Action]]:
        """Own actions that this scenario gives nobody a reason for."""
        return ()

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """Columns outside the ledger that a bundle may have to take back."""
        return ()

    def whole(self) -> bool:
        """Whether a bundle may end here: nothing that it began, such as a flash loan, is still open."""
        return True

    def real_assets(self) -> dict[str, dict[str, float]]:
        """USD of things that are nobody's liability (rigs, NFTs) by name and sector, for the balance sheet."""
        return {}

    def check(self) -> None:
        """Raise `InvariantViolated` unless this mechanism's laws hold."""

    def state(self) -> Iterable[NDArray[Any]]:
        """Columns outside the ledger that belong to the market's fingerprint."""
        return self.undo_columns()


@cache
def catalogue() -> dict[str, type[Mechanism]]:
    """Every mechanism found under `model/mechanisms`, by key."""
    return classes("model.mechanisms", Mechanism, key="key", deep=True)


def unnested(tables: dict[str, Any]) -> dict[str, Any]:
    """A scenario's tables with those taken out that are written within another: `[network.gpu]` is `[gpu_coin]`."""
    for key, mechanism in catalogue().items():
        outer, _, inner = mechanism.within.partition(".")
        home = tables.get(outer)
        if inner and isinstance(home, dict) and inner in home:
            own, direct = home[inner], tables.get(key, {})
            own = {**own, **direct} if isinstance(own, dict) and isinstance(direct, dict) else own
            tables = {**tables, outer: {k: v for k, v in home.items() if k != inner}, key: own}
    return tables


def ordered(keys: Iterable[str]) -> list[str]:
    """Mechanism keys so that each comes after what it needs, ties by name.

    Raises:
        ScenarioError: one needs another that the scenario does not have, or they need one another
    """
    known, wanted = catalogue(), sorted(keys)
    graph: dict[str, list[str]] = {}
    for key in wanted:
        for other in known[key].needs:
            if other not in wanted:
                raise ScenarioError(
                    f"[{key}] needs [{other}]: add that table to the scenario, or set {key}.enabled = false"
                )
        graph[key] = [o for o in (*known[key].needs, *known[key].wants) if o in wanted]
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise ScenarioError(f"mechanisms need one another in a circle: {' -> '.join(error.args[1])}") from error
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        result += ready
        sorter.done(*ready)
    return result


def handlers(mechanism: Mechanism) -> dict[type[Action], Callable[[NDArray[Any], NDArray[Any]], None]]:
    """Bound settling methods of a mechanism by action."""
    found: dict[type[Action], Callable[[NDArray[Any], NDArray[Any]], None]] = {}
    for name in dir(type(mechanism)):
        action = getattr(getattr(type(mechanism), name), "settles", None)
        if isinstance(action, type):
            found[action] = getattr(mechanism, name)
    return found


def actions_of(cls: type[Mechanism]) -> list[type[Action]]:
    """Actions that a mechanism settles, by name."""
    marked = (getattr(getattr(cls, name), "settles", None) for name in dir(cls))
    return sorted((a for a in marked if isinstance(a, type)), key=lambda a: a.__name__)


def stage_methods(cls: type[Mechanism], stage: str) -> list[tuple[str, bool]]:
    """Names of a mechanism's methods of a stage, in order of definition, and whether each comes first in it."""
    return [
        (name, first)
        for base in reversed(cls.__mro__)
        for name, item in vars(base).items()
        for when, first in getattr(item, "stages", ())
        if when == stage
    ]
