"""Settlement: batches in the declared order, row after row, each whole or not at all; bundles cut in between."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import PHASES, Action, Bundle, Status, order_of, stray
from model.bundles import Bundles
from model.credit_bundles import CreditBundles
from model.desk import NOTHING, Desk, count_rows
from model.errors import InvariantViolated, nearest
from model.mechanism import Mechanism, handlers
from model.ordering import FEE_PRIORITY, RANDOM, Words, bundle_tips, places, tips_of

if TYPE_CHECKING:
    from model.marketplace import Marketplace

Handler = Callable[[NDArray[Any], NDArray[Any]], None]
BUNDLE_PHASE = "swaps"
NEVER = -1
ANYBODY = -1
NOBODY: tuple[NDArray[np.int64], Words] = NOTHING[2], NOTHING[3]


class Settlement:
    """The inbox of one tick and the rules that empty it.

    Args:
        market: whose mechanisms settle

    Attributes:
        tally: rows in all ticks so far, by place of the action in `order` and by status
        outcomes: the rows of `tally` by action
        accepted: rows carried out in all ticks so far, by sector
        acting: accounts that handed in rows in this tick
    """

    def __init__(self, market: "Marketplace") -> None:
        self.market = market
        self.handlers: dict[type[Action], Handler] = {}
        self.owners: dict[type[Action], Mechanism] = {}
        for mechanism in market.mechanisms.values():
            for action, handler in handlers(mechanism).items():
                if action in self.owners:
                    raise InvariantViolated(
                        f"{action.__name__} is settled by both [{self.owners[action].key}] and [{mechanism.key}]"
                    )
                self.handlers[action], self.owners[action] = handler, mechanism
        self.order = sorted(self.handlers, key=lambda a: (PHASES.index(a.phase), a.__name__))
        everyone = market.mechanisms.values()
        self.screening = [m for m in everyone if type(m).screen is not Mechanism.screen]
        self.screens = [m.screen for m in self.screening]
        self.fees = market.mechanisms.get("fees")
        charging = [m for m in everyone if type(m).charge is not Mechanism.charge]
        ending = [m for m in everyone if type(m).whole is not Mechanism.whole]
        self.charges, self.wholes = [m.charge for m in charging], [m.whole for m in ending]
        self.till = self.fees if charging == [self.fees] else None  # where nobody else charges anything
        self.closers = [*charging, *ending]
        self.inbox: dict[type[Action], list[Action]] = defaultdict(list)
        self.desk = Desk(self.order)
        self.bundles: list[Bundle] = []
        self.tally = np.zeros((len(self.order), len(Status)), np.int64)
        self.outcomes = dict(zip(self.order, self.tally, strict=True))
        self.accepted = np.zeros(len(market.ledger.sectors), np.int64)
        self.acting = 0
        self._last = np.zeros(0, np.int64)
        self.credit = CreditBundles(self)

    def submit(self, action: Action | Bundle, sector: int = ANYBODY) -> None:
        """Take a batch or bundle for this tick.

        Args:
            sector: whose accounts alone may act, if any

        Raises:
            TypeError: no mechanism of this scenario settles it
            ValueError: a row is of an account that is not there or may not act, or on neither side of a trade
        """
        if isinstance(action, Bundle):
            for part in action.actions:
                if len(part):
                    self._admit(self._settled(part), part.flat, part.width, part.side_at, sector)
            self._admit(Bundle, np.ascontiguousarray(action.accounts), 1, 0, sector)
            self.bundles.append(action)
        else:
            self._admit(self._settled(action), action.flat, action.width, action.side_at, sector)
            if len(action):
                self.inbox[type(action)].append(action)

    def _settled(self, action: Action) -> type[Action]:
        """The type of a batch, if that is settled here."""
        kind = type(action)
        if kind not in self.handlers:
            known = nearest(kind.__name__, [each.__name__ for each in self.order])
            raise TypeError(f"no mechanism of this scenario settles {kind.__name__}{known}")
        return kind

    def _admit(
        self, kind: type[Action | Bundle], flat: NDArray[np.int64], width: int, side_at: int, sector: int
    ) -> None:
        """Refuse rows of accounts that may not act; no kernel looks whether an account is there before it reads columns."""
        ledger = self.market.ledger
        row = stray(flat, width, side_at, ledger.books.sector, ledger.accounts, sector)
        if row < 0:
            return
        numbers = flat[row * width :]
        account, what = int(numbers[0]), f"{kind.__name__} of account {numbers[0]}"
        if not 0 <= account < ledger.accounts:
            raise ValueError(f"{what}: there is no such account; there are {ledger.accounts:,}, numbered from 0")
        what += f" ({ledger.name(account)})"
        if sector != ANYBODY and ledger.books.sector[account] != sector:
            raise ValueError(f"{what}: a {ledger.sectors[sector]} acts with his own account; give agent.account")
        raise ValueError(f"{what}: side = {numbers[side_at]}; give 0 to pay dollars, 1 to pay fractions")

    def lines(self) -> list[tuple[str, str, Callable[[], None]]]:
        """Lines of the plan, one per type of action; in the end rows are counted."""
        found: list[tuple[str, str, Callable[[], None]]] = []
        bundled = False
        for action in self.order:
            if action.phase == BUNDLE_PHASE and not bundled:
                bundled = True
                found.append(
                    (
                        self.owners[action].key,
                        f"{action.phase}: {action.__name__}, cut at bundles",
                        partial(self.settle, action, True),
                    )
                )
            else:
                found.append(
                    (
                        self.owners[action].key,
                        f"{action.phase}: {action.__name__}",
                        partial(self.settle, action, False),
                    )
                )
        found.append(("settlement", "rows are counted by what became of them", self.count))
        return found

    @property
    def executed(self) -> int:
        """Rows carried out in all ticks so far."""
        return sum(int(tally[Status.DONE]) for tally in self.outcomes.values())

    def settle(self, action: type[Action], with_bundles: bool) -> None:
        """Settle all rows of one type of action, and the bundles among them."""
        if self.inbox:
            self.desk.lay(self.inbox, self._key(), self.market.ledger.uid)
        bundles, part = self.bundles if with_bundles else (), self.desk.take(action)
        if part is None and not bundles:
            return
        batches, flat, order, words = part or NOTHING
        rows: NDArray[Any] = np.ndarray(flat.size // action.width, action.dtype, flat)
        rule, handler = self.rule, self.handlers[action]
        queue, heads = self._queue(bundles) if bundles else NOBODY
        if rule == RANDOM and self.till is not None:
            order = order[: self.till.admit(flat, action.width, order)]
        else:
            tips = None
            if rule != RANDOM:
                tips = tips_of(batches)
                words, heads = places(rule, words, heads, tips, bundle_tips(bundles))
                order, queue = np.argsort(words, kind="stable"), np.argsort(heads, kind="stable")
                tips = tips if rule == FEE_PRIORITY else None
            for charge in self.charges:
                order = charge(rows, order) if tips is None else charge(rows, order, tips)
        for screen in self.screens if batches else ():
            order = screen(action, rows, order)
        if bundles:
            self._interleave(handler, rows, order, words, queue, heads)
        elif order.size:
            handler(rows, order)

    def _key(self) -> np.uint64:
        """Key of the tick's random order."""
        return self.market.streams.key("ordering", "", self.market.clock.tick)

    def count(self) -> None:
        """Count the tick's rows by what became of them, and those who act."""
        for flat, parts in self.desk.sheets():
            self._count(flat, parts)

    @property
    def rule(self) -> str:
        """How rows are ordered, as `fees.ordering` says."""
        return RANDOM if self.fees is None else str(self.fees.params.ordering)

    def _queue(self, bundles: Sequence[Bundle]) -> tuple[NDArray[np.int64], Words]:
        """Order of bundles, and their random words, by the same draw as rows."""
        accounts = bundles[0].accounts if len(bundles) == 1 else np.concatenate([b.accounts for b in bundles])
        return order_of(self._key(), self.market.ledger.uid, np.ascontiguousarray(accounts), 1)

    def _interleave(
        self,
        handler: Handler,
        rows: NDArray[Any],
        order: NDArray[np.int64],
        words: Words,
        queue: NDArray[np.int64],
        heads: Words,
    ) -> None:
        """Kernel, bundles, kernel: bundles take their place by the same rule as rows."""
        if order.size == 0 and len(self.bundles) == 1:
            self._run(self.bundles[0], queue)
            self.bundles = []
            return
        sizes = [len(b) for b in self.bundles]
        whose, place = np.repeat(np.arange(len(sizes)), sizes), np.concatenate([np.arange(n) for n in sizes])
        cuts = np.searchsorted(words[order], heads[queue], side="right")
        breaks = np.flatnonzero((np.diff(cuts) != 0) | (np.diff(whose[queue]) != 0)) + 1
        start = 0
        for first, end in zip([0, *breaks], [*breaks, queue.size], strict=True):
            if cuts[first] > start:
                handler(rows, order[start : cuts[first]].copy())
                start = cuts[first]
            self._run(self.bundles[whose[queue[first]]], place[queue[first:end]])
        if order.size > start:
            handler(rows, order[start:].copy())
        self.bundles = []

    def _run(self, bundle: Bundle, order: NDArray[np.int64]) -> None:
        """A bundle, or those of a table in order: in one compiled loop as far as that can settle them."""
        if not isinstance(bundle, Bundles):
            self._run_bundle(bundle)
            return
        quick = self.credit.takes(bundle)[order]
        if quick.all():
            self.acting += self.credit.settle(bundle, order, self.seen())
            return
        breaks = np.flatnonzero(np.diff(quick)) + 1
        for first, end in zip([0, *breaks], [*breaks, order.size], strict=True):
            if quick[first]:
                self.acting += self.credit.settle(bundle, order[first:end], self.seen())
            else:
                for b in order[first:end]:
                    self._run_bundle(bundle.bundle(b))

    def _run_bundle(self, bundle: Bundle) -> None:
        """All actions of a bundle, or none: one fee for the whole, then the same kernels under an undo log."""
        first, one = bundle.actions[0], np.zeros(1, np.int64)
        tips = tips_of(bundle.actions[:1]) if self.rule == FEE_PRIORITY else None
        for charge in self.charges:
            if (charge(first.rows, one) if tips is None else charge(first.rows, one, tips)).size == 0:
                self._undo(bundle, first)
                return
        ledger = self.market.ledger
        columns = [(c, c.copy()) for m in self.market.mechanisms.values() for c in m.undo_columns()]
        ledger.begin()
        for action in bundle.actions:
            order = one
            for screen in self.screens:
                order = screen(type(action), action.rows, order)
            if order.size:
                self.handlers[type(action)](action.rows, order)
            if action is bundle.actions[-1] and not all(whole() for whole in self.wholes):
                action.rows["status"], action.rows["filled"] = Status.NOT_ALLOWED, 0
            if action.rows["status"][0] != Status.DONE:
                ledger.roll_back()
                for column, before in columns:
                    column[:] = before
                self._undo(bundle, action)
                return
        ledger.commit()
        bundle.status = Status.DONE
        for action in bundle.actions:
            self._count(*self.desk.one(action))

    def _undo(self, bundle: Bundle, culprit: Action) -> None:
        bundle.status = Status(int(culprit.rows["status"][0]))
        for action in bundle.actions:
            if action is not culprit:
                action.rows["status"], action.rows["filled"] = Status.UNDONE, 0
            self._count(*self.desk.one(action))

    def seen(self) -> NDArray[np.int64]:
        """Tick in which each account acted last."""
        size = self.market.ledger.books.sector.size
        if self._last.size < size:
            self._last = np.concatenate([self._last, np.full(size - self._last.size, NEVER)])
        return self._last

    def _count(self, flat: NDArray[np.int64], parts: NDArray[np.int64]) -> None:
        tick, sector = self.market.clock.tick, self.market.ledger.books.sector
        self.acting += int(count_rows(flat, parts, tick, self.tally, self.seen(), sector, self.accepted))
