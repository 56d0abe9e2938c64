"""Buy-outs: they are opened, answered and decided by the design of their vault."""

import math
from collections.abc import Iterable
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
from model.mechanisms.buyouts.ending import Ending
from model.mechanisms.buyouts.params import NEVER, BuyoutsParams
from model.mechanisms.buyouts.public import (
    ACTIONS,
    BidBuyout,
    BuyoutsView,
    CounterBuyout,
    OpenBuyout,
    TenderFractions,
    VoteBuyout,
)
from model.mechanisms.buyouts.table import LIVE, NONE, Phase
from model.nft_kind import NftKind
from model.pass_through import pass_through, state_of
from model.units import LARGEST_POSTING, USD
from model.view import frozen

WITH_SUPPLY = ("Redeem",)  # would change the number of fractions that an offer counts on


class Buyouts(Ending):
    """All buy-outs; see also `Escrow` and `Ending`."""

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
        self.places = list(self.designs)
        by_kind = [params.designs.get(NftKind(kind).name.lower(), params.design) for kind in range(len(NftKind))]
        self.by_kind = np.array([self.places.index(name) for name in by_kind], np.int64)
        self.used = [self.designs[name] for name in sorted(set(by_kind))]

    def design_of(self, v: int) -> Design:
        """The design by which a vault is bought out."""
        return self.designs[self.places[self.by_kind[self.vaults.kind[v]]]]

    def allowed(self) -> NDArray[np.bool_]:
        """Vaults of which somebody may open a buy-out now: in circulation, all rigs there, none open."""
        v = self.vaults
        may: NDArray[np.bool_] = (
            (v.status == LIVE) & (v.supply > 0) & (v.awaits == 0) & (self.table.phase == Phase.NONE)
        )
        return may & ~np.isin(v.kind, NEVER)

    # -- the day

    @stage("accrual")
    def pass_income(self) -> None:
        """Income on fractions in escrow goes to those who locked them; curators get their fee."""
        if (self.table.account >= 0).any():
            pass_through(self.ledger, self.passing, self.vaults.fraction)
        for design in self.used:
            if type(design).follow is not Design.follow:
                for v in np.flatnonzero(self.vaults.status == LIVE):
                    if self.design_of(int(v)) is design and self.vaults.kind[v] != NftKind.BASKET:
                        design.follow(int(v))

    @stage("clear")
    def decide(self) -> None:
        """Buy-outs whose time has come are won or lost; those of vaults that have ended are taken back."""
        t, status = self.table, self.vaults.status
        for v in np.flatnonzero((t.account != NONE) & (status != LIVE)):
            if self.is_open(int(v)) or self.locked(int(v)) > 0:
                self.cancel(int(v))
        for v in np.flatnonzero(t.phase != Phase.NONE):
            late = t.deadline[v] != NONE and self.clock.tick >= t.deadline[v]
            self.design_of(int(v)).settle(int(v), bool(late))
        if self.votes.size:
            self.votes = self.votes[status[self.votes[:, 0]] == LIVE]
        self.show()

    @stage("record")
    def mark(self) -> None:
        """A locked fraction is worth a fraction."""
        there = np.flatnonzero(self.table.share != NONE)
        if there.size:
            self.ledger.value[self.table.share[there]] = self.ledger.value[self.vaults.fraction[there]]

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

    @settles(VoteBuyout)
    def take_votes(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Holders vote, or take their votes back; nothing moves meanwhile, so that a design may add up only once."""
        for design in self.used:
            design.count_anew()
        self._answer(rows, order, self._vote)

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

    def _vote(self, v: int, row: Any) -> Answer:
        account, amount = int(row["account"]), int(row["amount"])
        if not 0 <= amount < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if not self.may_ever(v):
            return REFUSED
        self.furnish(v)
        return self.design_of(v).vote(v, account, amount)

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

    # -- pauses

    def screen(self, action: type[Action], rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Refuse rows that would move paused fractions, or change the supply that an offer counts on."""
        shut = self.vaults.paused
        if action in ACTIONS:
            return order
        if action.__name__ in WITH_SUPPLY:
            shut = shut | (self.table.phase != Phase.NONE)
        if not shut.any():
            return order
        vault = self._vaults_of(action, rows)
        if vault is None:
            return order
        vault = vault[order]
        there = (vault >= 0) & (vault < shut.size)
        no = there & self._with_baskets(shut)[np.where(there, vault, 0)]
        rows["status"][order[no]] = Status.CLOSED
        return order[~no]

    def _vaults_of(self, action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
        """Vaults whose fractions rows would move: their own column, or what the mechanism that settles them says."""
        if "vault" in action.fields:
            named: NDArray[np.int64] = rows["vault"]
            return named
        for mechanism in self.market.mechanisms.values():
            moved = mechanism.vaults_moved(action, rows)
            if moved is not None:
                return moved
        return None

    def _with_baskets(self, shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Baskets give and take the fractions of their members, so a pause of one stops them."""
        shut = shut.copy()
        for basket, recipe in self.vaults.recipes.items():
            shut[basket] |= any(self.vaults.paused[m] for m, _ in recipe)
        return shut

    # -- looks and laws

    def view(self) -> BuyoutsView:
        """What strategies see."""
        v, t, n = self.vaults, self.table, self.vaults.n
        live = [u for u in range(n) if v.status[u] == LIVE and self.may_ever(u)]
        columns = {name: np.zeros(n, np.int64) for name in ("usd", "locked", "need", "least_stake", "least_bid")}
        voted, threshold, window = np.zeros(n), np.zeros(n), np.zeros(n)
        for u in live:
            design = self.design_of(u)
            columns["usd"][u], columns["locked"][u] = self.cash(u), self.locked(u)
            columns["least_stake"][u], columns["least_bid"][u] = design.least_stake(u), design.least_bid(u)
            columns["need"][u] = design.need(u) if self.is_open(u) else 0
            voted[u], threshold[u], window[u] = design.voted(u), design.threshold(u), design.window
        days = np.where(t.deadline[:n] != NONE, (t.deadline[:n] - self.clock.tick) * self.clock.dt_days, math.inf)
        return BuyoutsView(
            n_open=int(np.count_nonzero(t.phase)),
            places=tuple(self.places),
            design=frozen(self.by_kind[v.kind[:n]]),
            allowed=frozen(self.allowed()[:n]),
            phase=frozen(t.phase[:n]),
            opener=frozen(t.opener[:n]),
            price=frozen(t.price[:n] / USD),
            days_left=frozen(days),
            voted=frozen(voted),
            threshold=frozen(threshold),
            supply=frozen(v.supply[:n]),
            holders=frozen(v.holders[:n]),
            share=frozen(t.share[:n]),
            claim=frozen(t.claim[:n]),
            paused=frozen(v.paused[:n]),
            window=frozen(window),
            votes=frozen(self.votes),
            notice=self.params.notice,
            **{name: frozen(column) for name, column in columns.items()},
        )

    def state(self) -> Iterable[NDArray[Any]]:
        """All that later days depend on."""
        return (*self.table, self.votes, self.vaults.paused, self.vaults.halted, self.counts, *state_of(self.passing))

    def idle(self) -> Iterable[type[Action]]:
        """Actions that none of the scenario's designs answers."""
        asks = {CounterBuyout: "counter", VoteBuyout: "vote", TenderFractions: "tender", BidBuyout: "bid"}
        for action, name in asks.items():
            if all(getattr(type(design), name) is getattr(Design, name) for design in self.used):
                yield action

    def check(self) -> None:
        """Escrow holds what each design owes, claims are covered, and who was bought out keeps his claim."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(f"buyouts: {fault}")
