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

from agents.holder_rows import NO_VOTES, VAULT, WIDTH, both_rows, held_rows, holders, reserve_votes
from agents.sheet import CLICK, NAV, sheet_of
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, BuyoutsView, CounterBuyout, Phase, TenderFractions, VoteBuyout
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
ENDED, NO_ASSET = int(VaultStatus.ENDED), np.int64(-1)
NO_VAULTS = np.zeros(0, np.int64)
ROOM = 512  # rows of a population for which there is room at first


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
        self.claims = self.name not in CLAIM_THEMSELVES

    def wake(self) -> None:
        """Let holders of vaults whose buy-out is open look with the chance that they are told."""
        if not self.house.restricted:
            return
        chance = self.house.params.notice * self.market.attention
        if chance <= 0.0:
            return
        population, balances = self.population, self.market.ledger.books.balances
        n = len(population)
        key = self.market.streams.key("notice of buy-outs", self.name, self.market.clock.tick)
        told = uniforms(key, np.arange(n, dtype=np.int64), 0) < self.market.clock.per_tick(min(1.0, chance))
        holds = np.zeros(n, np.bool_)
        for v in np.flatnonzero(self.house.table.phase):
            holds |= balances[self.house.vaults.fraction[v], population.account[:n]] > 0
        population.alert[:n] |= told & holds & population.alive[:n]

    def act(self, slots: NDArray[np.int64], view: MarketView) -> None:
        """Hand in what those who look want to do."""
        board = board_of(self.market).look(view)
        claims, votes = self._rows(slots, view, board)
        if claims.size:
            self.market.submit(Redeem.of_rows(claims))
        if board.opened:
            for action in self._answers(slots, view, board, votes):
                self.market.submit(action)
        elif votes.size:
            self.market.submit(VoteBuyout.of_rows(votes))

    def _rows(
        self, slots: NDArray[np.int64], view: MarketView, board: "Board"
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of claims on vaults that have ended, and of votes on reserves, vault by vault."""
        over = (board.ended, board.ended_assets) if self.claims else (NO_VAULTS, NO_VAULTS)
        space, votes, columns = board.space_of_claims, board.space_of_votes, self.population.columns
        if not (over[0].size or board.quiet.size):
            return NO_VOTES, NO_VOTES
        opinion = columns["opinion"][slots] if "opinion" in columns else np.zeros(slots.size)
        account, balances = self.population.account, view.balances
        n_claims, n_votes = both_rows(
            balances, slots, account, *over, opinion, self.opinions, *board.known, space, votes
        )
        if n_claims > ROOM or n_votes > ROOM:
            return held_rows(balances, slots, account, *over), reserve_votes(
                balances, slots, opinion, account, self.opinions, *board.known
            )
        return space[:n_claims].copy() if n_claims else NO_VOTES, votes[:n_votes].copy() if n_votes else NO_VOTES

    def _answers(
        self, slots: NDArray[np.int64], view: MarketView, board: "Board", votes: NDArray[np.int64]
    ) -> Iterable[Action]:
        """Votes on reserves and answers to what is open, vault by vault."""
        done = 0
        for v in board.opened:
            here = int(np.searchsorted(votes[:, VAULT], v)) if done < votes.shape[0] else done
            if here > done:
                yield VoteBuyout.of_rows(votes[done:here])
                done = here
            who = self._holders(slots, view, v)
            if who.size:
                yield from self._answer(Phase(int(view.buyouts.phase[v])), who, view, v, board)
        if votes.shape[0] > done:
            yield VoteBuyout.of_rows(votes[done:])

    def _holders(self, slots: NDArray[np.int64], view: MarketView, v: int) -> NDArray[np.int64]:
        """Of those who look, who has fractions at hand, staked, pledged or locked; not who opened the buy-out."""
        out, vaults, seen = np.empty(slots.size, np.int64), view.vaults, view.buyouts
        pledge = view.lending.pledge[v] if view.has("lending") else NO_ASSET
        n = holders(
            slots, self.population.account, view.balances, vaults.fraction[v], vaults.stake[v], seen.share[v], pledge,
            seen.opener[v], out,
        )  # fmt: skip
        return out[:n]

    def _worth(self, slots: NDArray[np.int64], value: float, v: int) -> NDArray[np.float64]:
        """What a fraction is worth to each [USD]: value times exp(spread x a lasting draw of his)."""
        columns = self.population.columns
        if "opinion" not in columns:
            return np.full(slots.size, value)
        draws = normals(self.opinions, slots, v)
        spread = columns["opinion"][slots]
        return np.array([value * math.exp(s * z) for s, z in zip(spread.tolist(), draws.tolist(), strict=True)])

    def _answer(
        self, phase: Phase, slots: NDArray[np.int64], view: MarketView, v: int, board: "Board"
    ) -> Iterable[Action]:
        """What holders do about an open buy-out."""
        seen, account, balances, click = view.buyouts, self.population.account[slots], view.balances, board.click
        worth = self._worth(slots, float(board.value[v]), v)
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


class Board:
    """What all who look see of buy-outs this morning; taken once for all populations.

    Attributes:
        ended, ended_assets: vaults whose fractions claim cash, and their fractions
        opened: vaults whose buy-out is open
        quiet: vaults whose holders vote on a reserve
        reserves: of these the numbers, fractions, value of a fraction [USD] and supply [base units]
        known: what else votes on reserves depend on, see `reserve_votes`
        value: of a fraction that all can see, by vault [USD]
        click: cost of a transaction [USD]
        space_of_claims, space_of_votes: work space for rows

    Args:
        market: whose
    """

    def __init__(self, market: Any) -> None:
        self.market = market
        self._seen: BuyoutsView | None = None
        self.ended = self.quiet = NO_VAULTS
        self.space_of_claims, self.space_of_votes = np.zeros((2, ROOM, WIDTH), np.int64)
        self.opened: list[int] = []
        self.known: tuple[Any, ...] = ()

    def look(self, view: MarketView) -> "Board":
        """Take the morning's figures, once for each view."""
        seen, vaults = view.buyouts, view.vaults
        if seen is self._seen:
            return self
        self._seen = seen
        self.ended = np.flatnonzero((vaults.status == ENDED) & (vaults.supply > 0))
        self.ended_assets = vaults.fraction[self.ended]
        self.opened = np.flatnonzero(seen.phase).tolist()
        by_reserve = seen.design == _place(seen, RESERVE)
        self.quiet = np.flatnonzero((seen.phase == 0) & seen.allowed & by_reserve)
        sheet = sheet_of(self.market).look()
        self.value, self.click = sheet.facts[NAV], float(sheet.scalars[CLICK])
        q = self.quiet
        self.reserves = (q, vaults.fraction[q], self.value[q], seen.supply[q])
        self.known = (*self.reserves, *seen.cast, self.click)
        return self


def board_of(market: Any) -> Board:
    """The market's one board, made at the first call."""
    board: Board | None = market.__dict__.get("buyout_board")
    if board is None:
        board = market.__dict__["buyout_board"] = Board(market)
    return board


def _place(seen: Any, design: str) -> int:
    """Place of a design among those of the market, -1 for none."""
    return seen.places.index(design) if design in seen.places else -1


def reactions_of(population: "Population") -> Reactions | None:
    """Reactions of a population whose market has buy-outs, and whose kind leaves them to this layer; None otherwise."""
    if "buyouts" not in population.market.mechanisms or not population.kind.reacts:
        return None
    return Reactions(population)
