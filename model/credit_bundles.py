"""Bundles of loans and swaps, such as leverage loops, one after another in one compiled loop.

The loop calls the same rules as a bundle that is settled action by action, under the same undo log; only what surrounds
them is compiled too: the fee of the whole, who comes next, taking back, and counting.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status, columns_of
from model.books import Books, can_pay, post, undo
from model.bundles import Bundles
from model.flows import Flow
from model.jit import kernel
from model.ledger import NONE, UNDO_CAPACITY, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.amm.kernels import bring_holding, settle_swaps
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release, Repay
from model.mechanisms.lending.kernels import bring, settle_debts, settle_flash, settle_pledges
from model.mechanisms.lending.table import FLASH, SUMS
from model.prefetch import prefetch
from model.sheaf import Sheaf

if TYPE_CHECKING:
    from model.settlement import Settlement

STEPS: tuple[type[Action], ...] = (Pledge, Release, Borrow, Repay, FlashBorrow, FlashRepay, Swap)
PLACES = {kind: place for place, kind in enumerate(STEPS)}
NOTHING = [columns_of(np.zeros(0, kind.dtype)) for kind in STEPS]
NO_SWAPS = np.zeros(0, Swap.dtype)
PLEDGE, RELEASE, BORROW, REPAY, FLASH_BORROW, FLASH_REPAY, SWAP = range(len(STEPS))
DONE, FEE, NOT_ALLOWED, UNDONE = int(Status.DONE), int(Status.FEE), int(Status.NOT_ALLOWED), int(Status.UNDONE)
TRANSACTION_FEE, MARKET_FEE = int(Flow.TRANSACTION_FEE), int(Flow.MARKET_FEE)
VAULT, VOLUME, TRADES = range(3)
LONG = 256  # steps of a table before more space is made


class Counts(Sheaf):
    """What settlement counts, see there, and who is paid fees."""

    place: Any  # of each kind of step in the tally
    tally: Any
    accepted: Any
    world: Any  # account that the network's fee is paid to
    platform: Any  # account that the market's fee is paid to


class Space(Sheaf):
    """Work space."""

    one: Any  # for a row's number
    sums: Any  # of the desk
    moved: Any  # three numbers for each step


@kernel
def run(
    books: Books, desk: Any, pools: Any, fraction: Any, live: Any, ltv: float, flash_bps: int, swap_bps: int,
    network_fee: int, market_fee: int, rows: Any, swaps: Any, kinds: Any, steps: Any, first: Any, order: Any,
    counts: Counts, last: Any, tick: int, space: Space,
) -> int:  # fmt: skip
    """Settle bundles whole or not at all, in order.

    Args:
        desk: of the lending pool; pools: of the constant-product venue
        fraction, live: asset and status by vault
        ltv: of the lending pool [1]
        flash_bps, swap_bps: fees of a flash loan and of the pools [1e-4]
        network_fee, market_fee: of a bundle [USD base units]
        rows: of each kind of step as their int64 columns, in the order of `STEPS`
        swaps: rows of swaps once more, as records
        kinds: place in `STEPS` of each batch
        steps: int64[step, 2], batch and row; first: of each bundle, see `Bundles`
        order: bundles to settle
        last: tick in which each account acted last

    Returns:
        accounts that act for the first time in the tick; -1 if a bundle is too long to be taken back
    """
    pledges, releases, borrows, repays, flash_borrows, flash_repays, swap_rows = rows
    one, sums, moved = space.one, space.sums, space.moved
    acting, fees = 0, network_fee + market_fee
    for j in range(order.size):
        if j + 1 < order.size:
            start, end = first[order[j + 1]], first[order[j + 1] + 1]
            who = rows[kinds[steps[start, 0]]][steps[start, 1], 0]
            bring(books, desk.pledge, desk.known[who], who)
            prefetch(books.balances, (USD_ASSET, who))
            prefetch(books.balances, (desk.debt, who))
            for s in range(start, end):
                kind = kinds[steps[s, 0]]
                if kind in (PLEDGE, RELEASE, SWAP):
                    bring_holding(books, fraction, rows[kind][steps[s, 1], 1], who)
        start, end = first[order[j]], first[order[j] + 1]
        who = rows[kinds[steps[start, 0]]][steps[start, 1], 0]
        culprit, swapped = -1, 0
        if fees > 0 and not can_pay(books, USD_ASSET, who, fees):
            culprit, reason = start, FEE
        else:
            post(books, USD_ASSET, who, counts.world, network_fee, TRANSACTION_FEE)
            post(books, USD_ASSET, who, counts.platform, market_fee, MARKET_FEE)
            touched, principal, known = books.touched[0], desk.principal[who], desk.known[who]
            for k in range(sums.size):
                sums[k] = desk.sums[k]
            books.logging[0], books.logging[1] = 1, 0
            for s in range(start, end):
                kind, one[0] = kinds[steps[s, 0]], steps[s, 1]
                if kind == PLEDGE:
                    settle_pledges(books, desk, fraction, True, ltv, pledges, one)
                elif kind == RELEASE:
                    settle_pledges(books, desk, fraction, False, ltv, releases, one)
                elif kind == BORROW:
                    settle_debts(books, desk, True, ltv, borrows, one)
                elif kind == REPAY:
                    settle_debts(books, desk, False, ltv, repays, one)
                elif kind == FLASH_BORROW:
                    settle_flash(books, desk, True, flash_bps, flash_borrows, one)
                elif kind == FLASH_REPAY:
                    settle_flash(books, desk, False, flash_bps, flash_repays, one)
                else:
                    v = swap_rows[one[0], 1]
                    if v >= 0 and v < fraction.size:
                        moved[swapped, VAULT] = v
                        moved[swapped, VOLUME], moved[swapped, TRADES] = pools.volume[v], pools.trades[v]
                        swapped += 1
                    settle_swaps(books, pools, fraction, live, swap_bps, swaps, one)
                reason = rows[kind][one[0], rows[kind].shape[1] - 2]
                if s == end - 1 and desk.sums[FLASH] != 0:
                    reason = NOT_ALLOWED
                if reason != DONE:
                    culprit = s
                    break
            if culprit >= 0:
                if books.logging[1] > UNDO_CAPACITY:
                    return -1
                undo(books, 0)
                books.touched[0], desk.principal[who], desk.known[who] = touched, principal, known
                for k in range(sums.size):
                    desk.sums[k] = sums[k]
                for k in range(swapped - 1, -1, -1):
                    v = moved[k, VAULT]
                    pools.volume[v], pools.trades[v] = moved[k, VOLUME], moved[k, TRADES]
            books.logging[:] = 0
        for s in range(start, end):
            kind, i = kinds[steps[s, 0]], steps[s, 1]
            table = rows[kind]
            if culprit >= 0:
                table[i, table.shape[1] - 2], table[i, table.shape[1] - 1] = reason if s == culprit else UNDONE, 0
            status = table[i, table.shape[1] - 2]
            counts.tally[counts.place[kind], status] += 1
            if status == DONE:
                counts.accepted[books.sector[who]] += 1
        if last[who] != tick:
            last[who] = tick
            acting += 1
    return acting


class CreditBundles:
    """Settles what it can of tables of bundles.

    Args:
        settlement: whose order of actions, screens and counts apply
    """

    def __init__(self, settlement: "Settlement") -> None:
        mechanisms = settlement.market.mechanisms
        self.lending: Any = mechanisms.get("lending")
        self.amm: Any = mechanisms.get("amm")
        self.fees, self.screening = settlement.fees, settlement.screening
        self.able = self.lending is not None and self.amm is not None
        self.able = self.able and all(owner in (self.lending, self.fees) for owner in settlement.closers)
        places = [settlement.order.index(kind) for kind in STEPS] if self.able else []
        ends = settlement.market.ledger.world, settlement.market.platform
        self.counts = Counts(np.array(places, np.int64), settlement.tally, settlement.accepted, *ends)
        self._all = np.zeros(0, np.bool_)
        self._space = _space(LONG)
        self._kinds: dict[tuple[type[Action], ...], NDArray[np.int64]] = {}

    def takes(self, table: Bundles) -> NDArray[np.bool_]:
        """Which bundles of a table consist of steps that are known here, with nothing to look at in between."""
        if not self.able or self.lending.oracle.instant:
            return np.zeros(len(table), np.bool_)
        if all(self._takes(type(batch)) for batch in table.actions if batch.rows.size):
            if self._all.size < len(table):
                self._all = np.ones(2 * len(table), np.bool_)
            return self._all[: len(table)]
        taken = np.array([self._takes(type(batch)) for batch in table.actions])
        all_taken: NDArray[np.bool_] = np.logical_and.reduceat(taken[table.steps[:, 0]], table.first[:-1])
        return all_taken

    def _takes(self, kind: type[Action]) -> bool:
        if kind not in PLACES:
            return False
        return not self.screening or not any(mechanism.may_refuse(kind) for mechanism in self.screening)

    def settle(self, table: Bundles, order: NDArray[np.int64], last: NDArray[np.int64]) -> int:
        """Settle bundles of a table in order; accounts that act for the first time in the tick.

        Args:
            last: tick in which each account acted last, brought up to date
        """
        lending, amm, fees = self.lending, self.amm, self.fees
        ledger, vaults, p = lending.ledger, lending.vaults, lending.params
        matrices, swaps, types = NOTHING.copy(), NO_SWAPS, tuple(map(type, table.actions))
        kinds = self._kinds.get(types)
        if kinds is None:
            kinds = self._kinds[types] = np.array([PLACES.get(kind, NONE) for kind in types])
        for kind, batch in zip(types, table.actions, strict=True):
            if batch.rows.size and (place := PLACES.get(kind, NONE)) != NONE:
                matrices[place] = columns_of(batch.rows)
                swaps = batch.rows if place == SWAP else swaps
        costs = (0, 0) if fees is None else fees.costs()
        if fees is not None:
            fees.load += order.size
        if len(table.steps) > len(self._space.moved):
            self._space = _space(2 * len(table.steps))
        lending.grow()
        acting = run(
            ledger.books, lending.desk, amm.pools, vaults.fraction, vaults.status, p.loan_to_value, p.flash_bps, amm.params.fee_bps,
            *costs, tuple(matrices), swaps, kinds, table.steps, table.first, order, self.counts, last, lending.clock.tick,
            self._space,
        )  # fmt: skip
        if acting < 0:
            ledger.roll_back()  # says why it cannot
        return int(acting)


def _space(steps: int) -> Space:
    return Space(np.empty(1, np.int64), np.empty(SUMS, np.int64), np.empty((steps, 3), np.int64))
