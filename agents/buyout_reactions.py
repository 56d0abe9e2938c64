"""How holders of fractions answer a buy-out once they look: counter, tender, vote, outbid, or let it pass.

One layer for all kinds of agents, beside their strategies. A holder takes a fraction to be worth what all can see,
times a lasting opinion of his own. He defends what is offered for less, with all his cash if need be: what he pays
for at the offered price is worth more to him. He gives in to what is offered for more. Who does not look does nothing,
and that is how most buy-outs succeed.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.sheet import CLICK, NAV, sheet_of
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, CounterBuyout, Phase, TenderFractions, VoteBuyout
from model.mechanisms.vaults import Redeem, VaultStatus
from model.streams import normals, uniforms
from model.units import TOKEN, USD
from model.view import MarketView

if TYPE_CHECKING:
    from agents.population import Population

RESERVE = "reserve_auction"
CLAIM_THEMSELVES = (  # by their own strategies
    "arbitrageur",
    "creator",
    "institution",
    "liquidator",
    "liquidity_provider",
    "retail_investor",
)
NEW_VOTE = 1.25  # a vote is cast again once own value has moved by this factor; assumption


class Reactions:
    """What the holders of one population do about buy-outs.

    Args:
        population: whose
    """

    def __init__(self, population: "Population") -> None:
        self.population, self.market = population, population.market
        self.name = population.table.kind
        self.house: Any = population.market.mechanisms["buyouts"]
        self.opinions = population.market.streams.key("opinion of buy-outs", self.name)

    def wake(self) -> None:
        """Let holders of vaults whose buy-out is open look with the chance that they are told."""
        chance = self.house.params.notice * self.market.attention
        open_ones = np.flatnonzero(self.house.table.phase != Phase.NONE)
        if chance <= 0.0 or open_ones.size == 0:
            return
        population, balances = self.population, self.market.ledger.books.balances
        n = len(population)
        key = self.market.streams.key("notice of buy-outs", self.name, self.market.clock.tick)
        told = uniforms(key, np.arange(n, dtype=np.int64), 0) < self.market.clock.per_tick(min(1.0, chance))
        holds = np.zeros(n, np.bool_)
        for v in open_ones:
            holds |= balances[self.house.vaults.fraction[v], population.account[:n]] > 0
        population.alert[:n] |= told & holds & population.alive[:n]

    def act(self, slots: NDArray[np.int64], view: MarketView) -> None:
        """Hand in what those who look want to do."""
        seen = view.buyouts
        if self.name not in CLAIM_THEMSELVES:
            self._claim(slots, view)
        voting = RESERVE in {seen.places[i] for i in np.unique(seen.design)}
        if seen.n_open == 0 and not voting:
            return
        for action in self._answers(slots, view):
            self.market.submit(action)

    def _claim(self, slots: NDArray[np.int64], view: MarketView) -> None:
        """Claim the cash of vaults that have ended."""
        account = self.population.account[slots]
        for v in np.flatnonzero(view.vaults.status == VaultStatus.ENDED):
            held = view.balances[view.vaults.fraction[v], account]
            if held.any():
                self.market.submit(Redeem(account[held > 0], vault=v, amount=held[held > 0]))

    def _answers(self, slots: NDArray[np.int64], view: MarketView) -> Iterable[Action]:
        seen, sheet = view.buyouts, sheet_of(self.market).look()
        click = float(sheet.scalars[CLICK])
        quiet = np.flatnonzero((seen.phase == Phase.NONE) & seen.allowed & (seen.design == _place(seen, RESERVE)))
        at_hand = view.balances[np.ix_(view.vaults.fraction[quiet], self.population.account[slots])] > 0
        voting = set(quiet[at_hand.any(axis=1)].tolist())
        for v in sorted({*np.flatnonzero(seen.phase != Phase.NONE).tolist(), *voting}):
            phase, votes = Phase(int(seen.phase[v])), v in voting
            who = self._holders(slots, view, v)
            if who.size == 0:
                continue
            worth = self._worth(who, float(sheet.facts[NAV, v]), v)
            if votes:
                yield from self._vote_reserve(who, worth, view, v, click)
            else:
                yield from self._answer(phase, who, worth, view, v, click)

    def _holders(self, slots: NDArray[np.int64], view: MarketView, v: int) -> NDArray[np.int64]:
        """Of those who look, who has fractions at hand, staked, pledged or locked; not who opened the buy-out."""
        account, balances = self.population.account[slots], view.balances
        held = balances[view.vaults.fraction[v], account]
        pledge = int(view.lending.pledge[v]) if view.has("lending") else -1
        for asset in (int(view.vaults.stake[v]), int(view.buyouts.share[v]), pledge):
            if asset >= 0:
                held = held + balances[asset, account]
        return slots[(held > 0) & (account != view.buyouts.opener[v])]

    def _worth(self, slots: NDArray[np.int64], value: float, v: int) -> NDArray[np.float64]:
        """What a fraction is worth to each [USD]: value times exp(spread x a lasting draw of his)."""
        columns = self.population.columns
        if "opinion" not in columns:
            return np.full(slots.size, value)
        draws = normals(self.opinions, slots, v)
        spread = columns["opinion"][slots]
        return np.array([value * math.exp(s * z) for s, z in zip(spread.tolist(), draws.tolist(), strict=True)])

    def _answer(
        self, phase: Phase, slots: NDArray[np.int64], worth: NDArray[np.float64], view: MarketView, v: int, click: float
    ) -> Iterable[Action]:
        """What holders do about an open buy-out."""
        seen, account, balances = view.buyouts, self.population.account[slots], view.balances
        price, need = float(seen.price[v]), int(seen.need[v])
        cash = balances[USD_ASSET, account] - math.ceil(click * USD)
        held = balances[view.vaults.fraction[v], account]
        locked = balances[seen.share[v], account] if seen.share[v] >= 0 else np.zeros(held.size, np.int64)
        gain = np.abs(worth - price) * (held + locked) / TOKEN
        low, high = (price < worth) & (gain > click), (price > worth) & (gain > click)
        if phase in (Phase.COUNTER, Phase.REJECTION):
            pays = low & (cash > 0)
            if pays.any() and need > 0:
                yield CounterBuyout(account[pays], vault=v, usd=np.minimum(cash[pays], need))
        elif phase == Phase.TENDER:
            sells = high & (held > 0)
            if sells.any():
                yield TenderFractions(account[sells], vault=v, amount=held[sells])
        else:
            whole = worth * (float(seen.supply[v]) / TOKEN) * USD
            bids = low & (cash >= need) & (whole > need)
            if bids.any():
                yield BidBuyout(account[bids], vault=v, usd=need)
            if phase == Phase.BIDDING:
                back, gives = low & (locked > 0), high & (held > 0)
                if back.any():
                    yield VoteBuyout(account[back], vault=v, amount=0)
                if gives.any():
                    yield VoteBuyout(account[gives], vault=v, amount=(held + locked)[gives])

    def _vote_reserve(
        self, slots: NDArray[np.int64], worth: NDArray[np.float64], view: MarketView, v: int, click: float
    ) -> Iterable[Action]:
        """Holders name what the whole is worth to them, and again when that has moved."""
        seen, account = view.buyouts, self.population.account[slots]
        whole = worth * (float(seen.supply[v]) / TOKEN) * USD
        old = _looked_up(seen.votes[seen.votes[:, 0] == v], account)
        held = view.balances[view.vaults.fraction[v], account]
        moved = (whole > NEW_VOTE * old) | (whole * NEW_VOTE < old)
        votes = moved & (held > 0) & (whole >= 1.0) & (worth * held / TOKEN > click)
        if votes.any():
            yield VoteBuyout(account[votes], vault=v, amount=whole[votes].astype(np.int64))


def _looked_up(votes: NDArray[np.int64], account: NDArray[np.int64]) -> NDArray[np.float64]:
    """What accounts have voted before, 0 for nothing; rows of one vault's votes."""
    if votes.shape[0] == 0:
        return np.zeros(account.size)
    order = np.argsort(votes[:, 1])
    place = order[np.minimum(np.searchsorted(votes[order, 1], account), order.size - 1)]
    return np.where(votes[place, 1] == account, votes[place, 2], 0).astype(np.float64)


def _place(seen: Any, design: str) -> int:
    """Place of a design among those of the market, -1 for none."""
    return seen.places.index(design) if design in seen.places else -1


def reactions_of(population: "Population") -> Reactions | None:
    """Reactions of a population whose market has buy-outs, and whose kind leaves them to this layer; None otherwise."""
    if "buyouts" not in population.market.mechanisms or not population.kind.reacts:
        return None
    return Reactions(population)
