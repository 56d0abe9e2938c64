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

from agents.holder_rows import LOOKER_WIDTH, NO_VOTES, VAULT, WIDTH, both_rows, gather, holders, survey
from agents.sheet import CLICK, NAV, sheet_of
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, BuyoutsView, CounterBuyout, Phase, TenderFractions, VoteBuyout
from model.mechanisms.vaults import Redeem
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
NO_ASSET = np.int64(-1)
NO_VAULTS = np.zeros(0, np.int64)
NO_SPREAD = np.zeros((2, 2))[:, 0]  # laid out as columns are
ROOM = 512  # of those who look, and of their rows, for which there is room at first


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
        self.board = board_of(self.market)
        self.place = self.board.enter(self)

    def wake(self) -> None:
        """Let holders of vaults whose buy-out is open look with the chance that they are told."""
        if self.place >= self.board.last:
            self.board.hand_in()
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
        """Hand in what those who look want to do, with what others wait for if no more can come."""
        board = self.board.look(view)
        if board.busy:
            board.add(self, slots)
        if board.opened:
            for action in self._answers(slots, view, board, board.hand_in_claims()):
                self.market.submit(action)
        elif self.place >= board.last:
            board.hand_in()

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
    """What all who look see of buy-outs this morning, and who they are; one for all populations.

    Where no buy-out is open, what they want is worked out at once, when the last population has looked.

    Attributes:
        ended: vaults whose fractions claim cash
        opened: vaults whose buy-out is open
        quiet: vaults whose holders vote on a reserve
        busy: whether there are any of all these
        known: what all rows depend on besides who looks, see `both_rows`
        value: of a fraction that all can see, by vault [USD]
        click: cost of a transaction [USD]
        last: place of the last population that there is anybody of, as of this morning
        waiting: how many look whose rows are not handed in yet

    Args:
        market: whose
    """

    def __init__(self, market: Any) -> None:
        self.market = market
        self._seen: BuyoutsView | None = None
        self.ended = self.quiet = NO_VAULTS
        self.opened: list[int] = []
        self.busy = False
        self.known: tuple[Any, ...] = ()
        self.last = 0
        self.waiting = 0
        self._reactions: list[Reactions] = []
        self._claiming, self._keys = np.zeros(0, np.bool_), np.zeros(0, np.uint64)
        self._lookers, self._spreads = np.empty((ROOM, LOOKER_WIDTH), np.int64), np.empty(ROOM)
        self._claims, self._votes = np.zeros((2, ROOM, WIDTH), np.int64)
        self._found = np.empty((3, 0), np.int64)

    def enter(self, reactions: Reactions) -> int:
        """Take in a further population; its place."""
        self._reactions.append(reactions)
        self._claiming = np.append(self._claiming, reactions.name not in CLAIM_THEMSELVES)
        self._keys = np.append(self._keys, reactions.opinions)
        return len(self._reactions) - 1

    def add(self, reactions: Reactions, slots: NDArray[np.int64]) -> None:
        """Let some of a population wait."""
        population, need = reactions.population, self.waiting + slots.size
        if need > self._spreads.size:
            more = ((0, need), (0, 0))
            self._lookers, self._spreads = np.pad(self._lookers, more), np.pad(self._spreads, (0, need))
        differ = "opinion" in population.columns
        spread = population.columns["opinion"] if differ else NO_SPREAD
        self.waiting = gather(
            slots, population.account, differ, spread, reactions.place, self.waiting, self._lookers, self._spreads
        )

    def hand_in(self) -> None:
        """Hand in claims and votes of all who wait."""
        if self.waiting:
            votes = self.hand_in_claims()
            if votes.size:
                self.market.submit(VoteBuyout.of_rows(votes))

    def hand_in_claims(self) -> NDArray[np.int64]:
        """Hand in claims of all who wait on vaults that have ended; their votes on reserves, vault by vault."""
        n, self.waiting = self.waiting, 0
        if n == 0:
            return NO_VOTES
        seen = self.market.view.balances, self._lookers, self._spreads, n, self._claiming, self._keys, *self.known
        n_claims, n_votes = both_rows(*seen, self._claims, self._votes)
        most = max(n_claims, n_votes)
        if most > self._votes.shape[0]:
            self._claims, self._votes = np.zeros((2, 2 * most, WIDTH), np.int64)
            both_rows(*seen, self._claims, self._votes)
        if n_claims:
            self.market.submit(Redeem.of_rows(self._claims[:n_claims].copy()))
        return self._votes[:n_votes].copy() if n_votes else NO_VOTES

    def look(self, view: MarketView) -> "Board":
        """Take the morning's figures, once for each view."""
        seen, vaults = view.buyouts, view.vaults
        if seen is self._seen:
            return self
        self._seen = seen
        if self._found.shape[1] < vaults.n:
            self._found = np.empty((3, vaults.n), np.int64)
        by_vault = vaults.status, vaults.supply, seen.phase, seen.allowed, seen.design
        n_ended, n_open, n_quiet = survey(*by_vault, _place(seen, RESERVE), self._found)
        self.ended, self.quiet = self._found[0, :n_ended], self._found[2, :n_quiet]
        self.opened = self._found[1, :n_open].tolist() if n_open else []
        sheet = sheet_of(self.market).look()
        self.value, self.click = sheet.facts[NAV], sheet.scalars.item(CLICK)
        self.known = self.ended, self.quiet, vaults.fraction, self.value, seen.supply, *seen.cast, self.click
        self.busy = n_ended + n_open + n_quiet > 0
        self.last = next((one.place for one in reversed(self._reactions) if one.population.size), 0)
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
