"""How buy-outs stand: what strategies see of it in the morning, and what metrics measure in the evening."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts.public import BuyoutsView
from model.mechanisms.buyouts.table import NONE, Terms
from model.sheaf import Sheaf
from model.units import USD
from model.vault_status import LIVE
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.buyouts.mechanism import Buyouts


class Stood(Sheaf):
    """Columns of vaults that are looked at."""

    status: Any
    kind: Any
    awaits: Any
    fraction: Any
    supply: Any


# rows of whole numbers and of others on a board, named as in `BuyoutsView`; the last are vaults that can be bought out
WHOLE = ("design", "usd", "locked", "need", "least_stake", "least_bid", "live")
PARTS = ("price", "days_left", "voted", "threshold", "window", "stood")
DESIGN, IN_CASH, LOCKED, NEED, LEAST_STAKE, LEAST_BID, ALIVE = range(len(WHOLE))
PRICE, DAYS_LEFT, VOTED, THRESHOLD, WINDOW, STOOD = range(len(PARTS))


class Board:
    """How all buy-outs stand at one moment.

    Attributes:
        whole, parts, allowed: columns by vault, with room for all vaults there may be
        live: vaults that can be bought out; open: buy-outs
        asked: whether votes and what who opens must bring are worked out
    """

    def __init__(self, capacity: int) -> None:
        self.whole, self.parts = np.zeros((len(WHOLE), capacity), np.int64), np.zeros((len(PARTS), capacity))
        self.allowed = np.zeros(capacity, np.bool_)
        self.live, self.open, self.asked = self.whole[ALIVE, :0], 0, True

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """All of them by name."""
        whole = zip(WHOLE[:-1], self.whole, strict=False)
        return {"allowed": self.allowed, **dict(whole), **dict(zip(PARTS, self.parts, strict=True))}


@kernel
def _survey(
    balances: Any, vaults: Stood, n: int, own: Terms, by_kind: Any, never: Any, by_design: Any, tick: int, days: float,
    allowed: Any, whole: Any, parts: Any,
) -> Any:  # fmt: skip
    """Fill a board but for what designs are asked; how many vaults can be bought out, and open buy-outs.

    Args:
        vaults, own: columns by vault, of which n are in use
        by_kind, never: design of each kind of vault, and whether it can never be bought out
        by_design: days to act and threshold, float64[2, design]
        tick: of now; days: length of a tick
    """
    live = open_ones = 0
    for v in range(n):
        kind, phase, escrow = vaults.kind[v], own.phase[v], own.account[v]
        place, traded = by_kind[kind], vaults.status[v] == LIVE and not never[kind]
        allowed[v] = traded and vaults.supply[v] > 0 and vaults.awaits[v] == 0 and phase == 0
        there = traded and escrow != NONE
        whole[DESIGN, v] = place
        whole[IN_CASH, v] = balances[USD_ASSET, escrow] if there else 0
        whole[LOCKED, v] = balances[vaults.fraction[v], escrow] if there else 0
        whole[NEED, v] = whole[LEAST_STAKE, v] = whole[LEAST_BID, v] = 0
        parts[PRICE, v] = own.price[v] / USD
        parts[DAYS_LEFT, v] = (own.deadline[v] - tick) * days if own.deadline[v] != NONE else math.inf
        parts[VOTED, v], parts[STOOD, v] = 0.0, math.nan
        parts[THRESHOLD, v] = by_design[1, place] if traded else 0.0
        parts[WINDOW, v] = by_design[0, place] if traded else 0.0
        open_ones += phase != 0
        if traded:
            whole[ALIVE, live] = v
            live += 1
    return live, open_ones


def survey(house: "Buyouts", board: Board) -> None:
    """Fill a board but for what designs are asked."""
    terms = house.by_design_now
    for place, design in house.used_places:
        terms[0, place], terms[1, place] = design.window, design.threshold
    live, board.open = _survey(
        house.ledger.books.balances, house.stood, house.vaults.n, house.terms, house.by_kind, house.never, terms,
        house.clock.tick, house.clock.dt_days, board.allowed, board.whole, board.parts,
    )  # fmt: skip
    board.live, board.asked = board.whole[ALIVE, :live], False


def ask(house: "Buyouts", board: Board) -> None:
    """Let designs say how far votes have come and what who opens must bring, once for a board."""
    if board.asked:
        return
    board.asked = True
    columns = board.parts[VOTED], board.whole[LEAST_STAKE], board.whole[LEAST_BID]
    for design, own in house.by_design(board.live):
        design.stand(board.live[own], *columns)


def look(house: "Buyouts") -> BuyoutsView:
    """All columns of a morning."""
    board = house.morning
    survey(house, board)
    if board.open:
        for v in board.live[house.table.phase[board.live] != 0].tolist():
            design = house.design_of(v)
            board.whole[NEED, v], board.parts[STOOD, v] = design.need(v), design.stood(v)
    rows, cast = house.votes.shown()
    return BuyoutsView(board.open, house.places, house.params.notice, rows, cast, house.ask, *_shown(house))


SHOWN = BuyoutsView._fields[BuyoutsView._fields.index("design") :]


def _shown(house: "Buyouts") -> tuple[NDArray[Any], ...]:
    """Aliases of columns that stay, made anew once there are more vaults."""
    n, v, t = house.vaults.n, house.vaults.table, house.table
    if not house.shown or house.shown[0].size != n:
        columns = {"supply": v.supply, "holders": v.holders, "paused": house.vaults.paused, **house.morning.columns}
        columns |= {name: getattr(t, name) for name in ("phase", "opener", "share", "claim")}
        house.shown = tuple(frozen(columns[name][:n]) for name in SHOWN)
    return house.shown


class Figures(NamedTuple):
    """What metrics say of one moment.

    Attributes:
        open: buy-outs; ready: vaults whose votes have reached the quorum or threshold; paused: vaults
        escrow, unclaimed: in escrow, and owed to holders who were bought out [USD base units]
        locked: fractions in escrow over the supply, mean of vaults in circulation with an escrow, 0 without
        voted: part of the supply that has voted, mean of vaults that can be bought out, NaN without
        next: tick at which the next open buy-out is decided, -1 for none
    """

    open: int
    ready: int
    paused: int
    escrow: int
    unclaimed: int
    locked: float
    voted: float
    next: int


@kernel
def _measure(
    balances: Any, vaults: Stood, n: int, pot: Any, paused: Any, own: Terms, sold: Any, never: Any, live: Any, voted: Any
) -> Any:  # fmt: skip
    """Find vaults that can be bought out, and how much of their supply is locked.

    Args:
        vaults, pot, paused, own, sold: columns by vault, of which n are in use
        never: kinds of vaults that can never be bought out
        live: out, vaults that can be bought out; voted: out, zeros

    Returns:
        how many these are, and of `Figures` open, next, escrow, unclaimed, paused and locked
    """
    n_live, n_parts, open_ones, following, escrow, unclaimed, shut, parts = 0, 0, 0, NONE, 0, 0, 0, 0.0
    for v in range(own.account.size):
        account = own.account[v]
        shut += paused[v]
        if v < n:
            open_ones += own.phase[v] != 0
            if vaults.status[v] == LIVE and not never[vaults.kind[v]]:
                live[n_live], voted[v] = v, 0.0
                n_live += 1
        if account != NONE:
            escrow += balances[USD_ASSET, account]
            if vaults.status[v] == LIVE:
                parts += balances[vaults.fraction[v], account] / vaults.supply[v]
                n_parts += 1
        if sold[v] > 0:
            unclaimed += balances[USD_ASSET, pot[v]]
        if own.phase[v] != 0 and own.deadline[v] != NONE and (following == NONE or own.deadline[v] < following):
            following = own.deadline[v]
    return n_live, open_ones, following, escrow, unclaimed, shut, parts / n_parts if n_parts > 0 else 0.0


@kernel
def _turnout(voted: Any, live: Any, design: Any, kind: Any, thresholds: Any) -> Any:
    """Of vaults that can be bought out: mean part of the supply that voted, NaN without, and how many reached the threshold.

    Args:
        voted: part by vault; live: which vaults
        design: by kind of vaults; kind: by vault; thresholds: by design
    """
    ready, parts = 0, 0.0
    for v in live:
        parts += voted[v]
        ready += 0.0 < thresholds[design[kind[v]]] <= voted[v]
    return parts / live.size if live.size > 0 else math.nan, ready


def figures(house: "Buyouts") -> Figures:
    """Measure all there is now."""
    board = house.evening
    n, board.open, following, escrow, unclaimed, paused, locked = _measure(
        house.ledger.books.balances, house.stood, house.vaults.n, house.vaults.pot, house.vaults.paused, house.terms,
        house.table.sold, house.never, board.whole[ALIVE], board.parts[VOTED],
    )  # fmt: skip
    board.live, board.asked = board.whole[ALIVE, :n], False
    ask(house, board)
    thresholds = house.by_design_now[1]
    for place, design in house.used_places:
        thresholds[place] = design.threshold
    voted, ready = _turnout(board.parts[VOTED], board.live, house.by_kind, house.vaults.kind, thresholds)
    return Figures(board.open, ready, paused, escrow, unclaimed, locked, voted, following)
