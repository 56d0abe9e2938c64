"""How buy-outs stand: what strategies see of it in the morning, and what metrics measure in the evening."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts.public import BuyoutsView
from model.mechanisms.buyouts.table import LIVE, NONE, Terms
from model.mechanisms.buyouts.votes import Chains
from model.units import USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.buyouts.rules import Buyouts


class Stood(NamedTuple):
    """Columns of vaults that are looked at."""

    status: Any
    kind: Any
    awaits: Any
    fraction: Any
    supply: Any


class Board(NamedTuple):
    """Columns by vault as in `BuyoutsView`, with room for all vaults there may be."""

    design: Any
    allowed: Any
    price: Any
    usd: Any
    locked: Any
    need: Any
    days_left: Any
    least_stake: Any
    least_bid: Any
    voted: Any
    threshold: Any
    window: Any
    live: Any  # vaults in circulation that can be bought out, as many as there are


FLOATS = ("price", "days_left", "voted", "threshold", "window")


def empty_board(capacity: int) -> Board:
    """A board without vaults."""
    kinds: dict[str, Any] = {"allowed": np.bool_, **dict.fromkeys(FLOATS, np.float64)}
    return Board(*(np.zeros(capacity, kinds.get(name, np.int64)) for name in Board._fields))


@kernel
def _survey(
    balances: Any, vaults: Stood, n: int, own: Terms, by_kind: Any, never: Any, by_design: Any, tick: int, days: float,
    board: Board,
) -> Any:  # fmt: skip
    """Fill all columns but votes and what a design asks for; how many vaults can be bought out, and open buy-outs.

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
        board.design[v] = place
        board.allowed[v] = traded and vaults.supply[v] > 0 and vaults.awaits[v] == 0 and phase == 0
        board.price[v] = own.price[v] / USD
        board.days_left[v] = (own.deadline[v] - tick) * days if own.deadline[v] != NONE else math.inf
        board.need[v] = board.least_stake[v] = board.least_bid[v] = 0
        board.voted[v] = 0.0
        board.window[v] = by_design[0, place] if traded else 0.0
        board.threshold[v] = by_design[1, place] if traded else 0.0
        there = traded and escrow != NONE
        board.usd[v] = balances[USD_ASSET, escrow] if there else 0
        board.locked[v] = balances[vaults.fraction[v], escrow] if there else 0
        open_ones += phase != 0
        if traded:
            board.live[live] = v
            live += 1
    return live, open_ones


def survey(house: "Buyouts", board: Board) -> tuple[NDArray[np.int64], int]:
    """Fill a board but for `need`; vaults that can be bought out, and how many buy-outs are open."""
    terms = house.by_design_now
    for design in house.used:
        place = house.places.index(design.name)
        terms[0, place], terms[1, place] = design.window, design.threshold
    count, open_ones = _survey(
        house.ledger.books.balances, house.stood, house.vaults.n, house.terms, house.by_kind, house.never, terms,
        house.clock.tick, house.clock.dt_days, board,
    )  # fmt: skip
    live: NDArray[np.int64] = board.live[:count]
    for design, own in house.by_design(live):
        design.stand(live if len(house.used) == 1 else live[own], board.voted, board.least_stake, board.least_bid)
    return live, open_ones


def look(house: "Buyouts") -> BuyoutsView:
    """All columns of a morning."""
    live, open_ones = survey(house, house.morning)
    if open_ones:
        for v in live[house.table.phase[live] != 0].tolist():
            house.morning.need[v] = house.design_of(v).need(v)
    return BuyoutsView(
        n_open=open_ones,
        places=house.places,
        votes=frozen(house.votes.rows),
        cast=Chains(*(frozen(column) for column in house.votes.chains)),
        notice=house.params.notice,
        **_live(house),
    )


def _live(house: "Buyouts") -> dict[str, NDArray[Any]]:
    """Aliases of columns that stay, made anew once there are more vaults."""
    n, v, t = house.vaults.n, house.vaults.table, house.table
    if not house.shown or house.shown["phase"].size != n:
        shown = {"supply": v.supply, "holders": v.holders, "paused": house.vaults.paused}
        shown |= {name: getattr(t, name) for name in ("phase", "opener", "share", "claim")}
        shown |= {name: getattr(house.morning, name) for name in Board._fields[:-1]}
        house.shown = {name: frozen(column[:n]) for name, column in shown.items()}
    return house.shown


class Figures(NamedTuple):
    """What metrics say of one moment.

    Attributes:
        open: buy-outs; ready: vaults whose votes have reached the quorum or threshold; paused: vaults
        escrow, unclaimed: in escrow, and owed to holders who were bought out [USD base units]
        locked: fractions in escrow over the supply, of each vault in circulation with an escrow
        voted: part of the supply that has voted, of each vault that can be bought out
        next: tick at which the next open buy-out is decided, -1 for none
    """

    open: int
    ready: int
    paused: int
    escrow: int
    unclaimed: int
    locked: list[float]
    voted: list[float]
    next: int


@kernel
def _measure(
    balances: Any, vaults: Stood, pot: Any, paused: Any, own: Terms, sold: Any, board: Board, parts: Any
) -> Any:
    """Fill parts of supply that are locked; how many, and of `Figures` next, escrow, unclaimed, ready and paused."""
    n, following, escrow, unclaimed, ready, shut = 0, NONE, 0, 0, 0, 0
    for v in range(own.account.size):
        account = own.account[v]
        shut += paused[v]
        if account != NONE:
            escrow += balances[USD_ASSET, account]
            if vaults.status[v] == LIVE:
                parts[n] = balances[vaults.fraction[v], account] / vaults.supply[v]
                n += 1
        if sold[v] > 0:
            unclaimed += balances[USD_ASSET, pot[v]]
        if own.phase[v] != 0 and own.deadline[v] != NONE and (following == NONE or own.deadline[v] < following):
            following = own.deadline[v]
        ready += board.threshold[v] > 0.0 and board.threshold[v] <= board.voted[v]
    return n, following, escrow, unclaimed, ready, shut


def figures(house: "Buyouts") -> Figures:
    """Measure all there is now."""
    live, open_ones = survey(house, house.evening)
    parts = np.empty(house.table.account.size)
    n, following, escrow, unclaimed, ready, paused = _measure(
        house.ledger.books.balances, house.stood, house.vaults.pot, house.vaults.paused, house.terms, house.table.sold,
        house.evening, parts,
    )  # fmt: skip
    voted = house.evening.voted[live].tolist()
    return Figures(open_ones, ready, paused, escrow, unclaimed, parts[:n].tolist(), voted, following)
