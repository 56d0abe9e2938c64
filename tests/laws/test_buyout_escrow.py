"""Escrow of buy-outs against the terms of each design, reckoned apart from it: who is owed what after every step.

The shadow knows the five rules as their papers state them and what was accepted, and nothing of the mechanism's books.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.mechanisms.buyouts import (
    BidBuyout,
    CounterBuyout,
    OpenBuyout,
    TenderFractions,
    VoteBuyout,
    designs,
)
from model.mechanisms.vaults import VaultStatus
from tests.buyout_house import COLLECTIBLE, RIGS, BuyoutHouse
from tests.vault_house import WHOLE

AGENTS = 5
SHOTGUNS = ("niftex_v1", "niftex_v2", "tender_pool")  # who opens locks fractions; the others are auctions
PIECEWISE = ("niftex_v2", "tender_pool")
TERMS = {"shotgun_days": 3.0, "timed_days": 2.0, "auction_days": 2.0, "tender_days": 1.0, "rejection_days": 2.0}
WHATS = ("open", "open", "answer", "answer", "answer", "all", "vote", "vote", "give", "night")
step = st.tuples(
    st.sampled_from(WHATS), st.integers(0, AGENTS - 1), st.sampled_from([RIGS, COLLECTIBLE]), st.floats(0.0, 1.0)
)


def up(product: int) -> int:
    """Base units of dollars for base units of fractions times a price of a whole one, rounded up."""
    return -(-product // WHOLE)


class Owed:
    """What the terms of a design say that escrow owes for one vault, to whom."""

    def __init__(self, design: str, supply: int) -> None:
        self.design, self.supply = design, supply
        self.opener, self.price, self.due = -1, 0, 0
        self.usd: dict[int, int] = {}
        self.fractions: dict[int, int] = {}

    def open(self, account: int, own: int, usd: int) -> None:
        """A shotgun prices all others' fractions, rounded down; an auction owes the bid."""
        self.opener = account
        if self.design in SHOTGUNS:
            rest = self.supply - own
            self.price, self.fractions = usd * WHOLE // rest, {account: own}
            self.due = -(-usd * own // rest)
        self.usd = {account: up(self.price * (self.supply - own)) if self.design in PIECEWISE else usd}

    def answer(self, account: int, usd: int, moved: int) -> None:
        """A counter pays in, or buys `moved` fractions out of escrow; a tender brings -`moved`; a bid replaces the last."""
        if self.design == "niftex_v1":
            self.usd[account] = self.usd.get(account, 0) + usd
            assert sum(self.usd.values()) - self.usd[self.opener] <= self.due
        elif self.design in PIECEWISE:
            self.fractions[self.opener] -= moved
            self.usd = {self.opener: up(self.price * (self.supply - self.fractions[self.opener]))}
        else:
            self.opener, self.usd = account, {account: usd}

    def end(self) -> None:
        self.opener, self.usd, self.fractions = -1, {}, {}


class Play:
    """A house and its shadow."""

    def __init__(self, design: str, hours: int) -> None:
        self.house = BuyoutHouse(design, hours=hours, quorum_bps=1_000, unlock_bps=3_000, win_bps=2_500, **TERMS)
        self.owed = {v: Owed(design, int(self.house.vaults.supply[v])) for v in (RIGS, COLLECTIBLE)}
        self.design, self.usd, self.ended = design, self.house.usd(), 0

    def do(self, what: str, who: int, v: int, part: float) -> None:
        h, owed, account = self.house, self.owed[v], self.house.agents[who]
        held = h.held(v, account)
        if what == "night":
            self.night()
        elif what == "give" and not h.vaults.paused[v]:
            h.give(v, who, (who + 1) % AGENTS, int(held * part))
        elif what == "vote":
            amount = int(part * (held if self.design == "unlock_vote" else 900 * WHOLE))
            status, _ = h.do(VoteBuyout(account, vault=v, amount=amount))
            if status is Status.DONE and self.design == "unlock_vote":
                owed.fractions[account] = amount
        elif what == "open":
            own = int(held * part) if self.design in SHOTGUNS else 0
            usd = h.buyouts.design_of(v).least_bid(v) + int(part * 800 * WHOLE) + 1
            if h.do(OpenBuyout(account, vault=v, fractions=own, usd=usd))[0] is Status.DONE:
                owed.open(account, own, usd)
        elif what in ("answer", "all"):
            self.answer(account, v, 1.0 if what == "all" else part)

    def answer(self, account: int, v: int, part: float) -> None:
        """Counter, bid or tender for a part of what is needed, or of what is there."""
        h, before = self.house, self.house.held(v, account)
        need = h.buyouts.design_of(v).need(v) if h.buyouts.is_open(v) else WHOLE
        tender = h.do(TenderFractions(account, vault=v, amount=max(1, int(before * part))))
        if tender[0] is Status.DONE:
            self.owed[v].answer(account, 0, h.held(v, account) - before)
            return
        auction = self.design not in SHOTGUNS
        usd = max(1, need + int(part * WHOLE) if auction else int(need * part))
        status, filled = h.do((BidBuyout if auction else CounterBuyout)(account, vault=v, usd=usd))
        if status is Status.DONE:
            self.owed[v].answer(account, filled, h.held(v, account) - before)

    def night(self) -> None:
        self.house.next_day()
        for v, owed in self.owed.items():
            over = owed.opener >= 0 and not self.house.buyouts.is_open(v)
            self.ended += over
            if over and (self.design != "unlock_vote" or self.house.vaults.status[v] != VaultStatus.LIVE):
                owed.end()

    def check(self) -> None:
        """Escrow and every claim on it are as the shadow says, and no dollar came or went."""
        h, table = self.house, self.house.buyouts.table
        for v, owed in self.owed.items():
            assert h.escrow(v) == (sum(owed.usd.values()), sum(owed.fractions.values()))
            for account in h.agents if table.account[v] >= 0 else ():
                assert h.buyouts.claimed(v, account) == owed.usd.get(account, 0)
                assert h.buyouts.locked_by(v, account) == owed.fractions.get(account, 0)
        assert h.usd() == self.usd


@pytest.mark.parametrize("design", sorted(designs()))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(step, min_size=15, max_size=45), hours=st.sampled_from([24, 4]))
def test_escrow_is_what_the_design_owes_after_every_step(
    design: str, steps: list[tuple[str, int, int, float]], hours: int
) -> None:
    play = Play(design, hours)
    for moves in steps:
        play.do(*moves)
        play.check()


@pytest.mark.parametrize("design", sorted(designs()))
def test_the_play_opens_answers_and_ends_buyouts(design: str) -> None:
    """The steps that the law above is played with do happen."""
    play = Play(design, 24)
    for who in range(AGENTS):
        play.do("vote", who, COLLECTIBLE, 0.5)
    play.do("open", 0, COLLECTIBLE, 0.25)
    opened = dict(play.owed[COLLECTIBLE].usd)
    play.check()
    if design == "tender_pool":
        play.do("answer", 1, COLLECTIBLE, 0.5)
        assert play.owed[COLLECTIBLE].usd != opened
        play.do("night", 0, COLLECTIBLE, 0.0)
        play.do("night", 0, COLLECTIBLE, 0.0)
    play.do("answer", 2, COLLECTIBLE, 0.5)
    play.check()
    assert opened != {} and play.owed[COLLECTIBLE].usd not in ({}, opened)
    for _ in range(5):
        play.do("night", 0, COLLECTIBLE, 0.0)
        play.check()
    assert play.ended == 1
