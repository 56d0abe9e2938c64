"""Buy-outs: they are opened, answered and decided by the design of their vault."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.errors import InvariantViolated, ScenarioError
from model.ledger import USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.buyouts import laws
from model.mechanisms.buyouts.design import REFUSED, SHUT, Answer, Design
from model.mechanisms.buyouts.designs import designs
from model.mechanisms.buyouts.escrow import LEAST_SHARE
from model.mechanisms.buyouts.hearing import hear
from model.mechanisms.buyouts.looks import LEAST_BID, LEAST_STAKE, VOTED, Board, Stood, ask, look
from model.mechanisms.buyouts.params import NEVER, BuyoutsParams
from model.mechanisms.buyouts.pausing import Pausing
from model.mechanisms.buyouts.public import (
    Asked,
    BidBuyout,
    BuyoutsView,
    CounterBuyout,
    OpenBuyout,
    TenderFractions,
    VoteBuyout,
    WithdrawBid,
)
from model.mechanisms.buyouts.table import NONE, Judged, Terms, circulating, due
from model.nft_kind import NftKind
from model.pass_through import mark_parked, pass_through, state_of
from model.sheaf import part_of
from model.units import LARGEST_POSTING
from model.vault_status import LIVE
from model.view import frozen


class Buyouts(Pausing):
    """Buy-outs of whole vaults by five designs: offers, auctions, votes on reserves, buy-out prices."""

    key = "buyouts"
    needs = ("vaults",)
    wants = ("nfts", "oracle", "auction")

    def __init__(self, market: Any, params: BuyoutsParams) -> None:
        super().__init__(market, params)
        if params.capacity < self.vaults.status.size:
            raise ScenarioError(
                f"buyouts.capacity = {params.capacity}: there may be {self.vaults.status.size} vaults; "
                "set it to vaults.capacity or more"
            )
        self.designs: dict[str, Design] = {name: design(self) for name, design in designs().items()}
        self.places = tuple(self.designs)
        by_kind = [params.designs.get(NftKind(kind).name.lower(), params.design) for kind in range(len(NftKind))]
        self.by_kind = np.array([self.places.index(name) for name in by_kind], np.int64)
        self.used = [self.designs[name] for name in sorted(set(by_kind))]
        self.following = any(type(design).follow is not Design.follow for design in self.used)
        self.shown: tuple[NDArray[Any], ...] = ()  # columns of the view that stay
        self.never = np.isin(np.arange(len(NftKind)), NEVER)
        self.by_design_now = np.zeros((2, len(self.places)))  # days to act, threshold
        self.used_places = [(self.places.index(design.name), design) for design in self.used]
        self.space = np.zeros((2, self.vaults.status.size), np.int64)
        self.morning, self.evening = (Board(self.vaults.status.size) for _ in range(2))
        self.stood = part_of(self.vaults.table, Stood)
        self.terms, self.judged = part_of(self.table, Terms), part_of(self.table, Judged)
        self.held = part_of(self.vaults.table, laws.Held)

    def design_of(self, v: int) -> Design:
        """The design by which a vault is bought out."""
        return self.designs[self.places[self.by_kind[self.vaults.kind[v]]]]

    def allowed(self) -> NDArray[np.bool_]:
        """Vaults of which somebody may open a buy-out now: in circulation, all rigs there, none open."""
        v = self.vaults.table
        may: NDArray[np.bool_] = (v.status == LIVE) & (v.supply > 0) & (v.awaits == 0) & (self.table.phase == 0)
        return may & ~self.never[v.kind]

    def by_design(self, vaults: NDArray[np.int64]) -> Iterator[tuple[Design, Any]]:
        """Designs in use, and which of some vaults are theirs: marks, or a slice of all."""
        if len(self.used) == 1:
            yield self.used[0], slice(None)
            return
        place = self.by_kind[self.vaults.table.kind[vaults]]
        for design in self.used:
            yield design, place == self.places.index(design.name)

    # -- the day

    @stage("accrual")
    def pass_income(self) -> None:
        """Income on fractions in escrow goes to those who locked them; curators get their fee."""
        pass_through(self.ledger, self.passing, self.vaults.fraction)
        if self.following:
            live, v = self.space[0], self.vaults.table
            live = live[: circulating(v.status, v.kind, live)]
            for design, own in self.by_design(live):
                design.follow(live[own])

    @stage("clear")
    def decide(self) -> None:
        """Buy-outs whose time has come are won or lost; those of vaults that have ended are taken back."""
        t, vaults, books = self.table, self.vaults.table, self.ledger.books
        seen = books.balances, self.terms, vaults.fraction, vaults.status, self.votes.count, *self.space
        over, open_ones, voted = due(*seen)
        for v in self.space[0, :over].tolist():
            self.cancel(v)
        for v in [v for v in self.space[1, :open_ones].tolist() if t.phase[v] != 0]:
            late = t.deadline[v] != NONE and self.clock.tick >= t.deadline[v]
            self.design_of(v).settle(v, bool(late))
        if voted or ((over or open_ones) and due(*seen)[2]):
            self.votes.forget(vaults.status != LIVE)
        self.show()

    @stage("record")
    def mark(self) -> None:
        """A locked fraction is worth a fraction."""
        mark_parked(self.ledger.value, self.table.share, self.vaults.fraction)

    # -- the counter

    @settles(OpenBuyout)
    def open_buyouts(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Proposers lock fractions and dollars."""
        self._answer(rows, order, self._open)

    @settles(CounterBuyout)
    def counter_buyouts(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Others pay for what a proposer has locked."""
        self._answer(rows, order, lambda v, row: self._paid(v, row, self.design_of(v).counter))

    @settles(BidBuyout)
    def outbid(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Bidders outbid one another."""
        self._answer(rows, order, lambda v, row: self._paid(v, row, self.design_of(v).bid))

    @settles(WithdrawBid)
    def take_back(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Bidders take their best bids back."""
        self._answer(rows, order, self._withdrawn)

    @settles(VoteBuyout)
    def take_votes(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Holders vote, or take their votes back; fractions of a vault of which votes are counted do not move meanwhile."""
        v, t, heard = self.vaults.table, self.table, np.empty(order.size, np.int64)
        bundled = bool(self.ledger.books.logging[0])
        left, missing = hear(
            v.status, v.kind, self.never, self.vaults.n, bundled, t.account, v.supply, LEAST_SHARE, t.least, rows, order, heard
        )  # fmt: skip
        order = heard[:left]
        if missing:
            for one in dict.fromkeys(rows["vault"][order].tolist()):
                self.furnish(one)
        if left and len(self.used) == 1:
            self.used[0].vote(rows, order)
        elif left:
            for design, own in self.by_design(rows["vault"][order]):
                if own.any():
                    design.vote(rows, order[own])
        self.show()

    @settles(TenderFractions)
    def take_tenders(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Holders sell into open tenders."""
        self._answer(rows, order, self._tender)

    def _answer(self, rows: NDArray[Any], order: NDArray[np.int64], rule: Any) -> None:
        for i in order:
            v = int(rows[i]["vault"])
            if self.ledger.books.logging[0] != 0:  # accounts and votes cannot be taken back from a bundle
                status, filled = REFUSED
            elif not 0 <= v < self.vaults.n or self.vaults.status[v] == 0:
                status, filled = Status.UNKNOWN, 0
            elif self.vaults.status[v] != LIVE:
                status, filled = SHUT
            else:
                status, filled = rule(v, rows[i])
            rows[i]["status"], rows[i]["filled"] = status, filled
        self.show()

    def _open(self, v: int, row: Any) -> Answer:
        account, fractions, usd = (int(row[name]) for name in ("account", "fractions", "usd"))
        if self.is_open(v):
            return SHUT
        if not self.allowed()[v]:
            return REFUSED
        if not (0 < usd < LARGEST_POSTING and 0 <= fractions < LARGEST_POSTING):
            return Status.AMOUNT, 0
        if self.ledger.balance(USD_ASSET, account) < usd or self.at_hand(v, account) < fractions:
            return Status.FUNDS, 0
        self.furnish(v)
        return self.design_of(v).open(v, account, fractions, usd)

    def _paid(self, v: int, row: Any, rule: Any) -> Answer:
        """A row that pays towards an open buy-out."""
        account, usd = int(row["account"]), int(row["usd"])
        if not self.is_open(v):
            return SHUT
        if not 0 < usd < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if self.ledger.balance(USD_ASSET, account) < usd:
            return Status.FUNDS, 0
        answer: Answer = rule(v, account, usd)
        return answer

    def _withdrawn(self, v: int, row: Any) -> Answer:
        return self.design_of(v).withdraw(v, int(row["account"])) if self.is_open(v) else SHUT

    def _tender(self, v: int, row: Any) -> Answer:
        account, amount = int(row["account"]), int(row["amount"])
        if not self.is_open(v):
            return SHUT
        if not 0 < amount < LARGEST_POSTING:
            return Status.AMOUNT, 0
        return self.design_of(v).tender(v, account, amount)

    def may_ever(self, v: int) -> bool:
        """Whether a vault is of a kind that can be bought out."""
        return int(self.vaults.kind[v]) not in NEVER

    # -- looks and laws

    def view(self) -> BuyoutsView:
        """What strategies see."""
        return look(self)

    def ask(self) -> Asked:
        """Least stakes, least bids and votes of this morning."""
        n, board = self.vaults.n, self.morning
        ask(self, board)
        return (
            frozen(board.whole[LEAST_STAKE, :n]), frozen(board.whole[LEAST_BID, :n]), frozen(board.parts[VOTED, :n])
        )  # fmt: skip

    def state(self) -> Iterable[NDArray[Any]]:
        """All that later days depend on."""
        return (
            *self.table,
            self.votes.rows,
            self.vaults.paused,
            self.vaults.halted,
            self.counts,
            *state_of(self.passing),
        )

    def idle(self) -> Iterable[type[Action]]:
        """Actions that none of the scenario's designs answers."""
        asks = {
            CounterBuyout: "counter", VoteBuyout: "vote", TenderFractions: "tender", BidBuyout: "bid", WithdrawBid: "withdraw",
        }  # fmt: skip
        for action, name in asks.items():
            if all(getattr(type(design), name) is getattr(Design, name) for design in self.used):
                yield action

    def check(self) -> None:
        """Escrow holds what each design owes, claims are covered, and who was bought out keeps his claim."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(f"buyouts: {fault}")
