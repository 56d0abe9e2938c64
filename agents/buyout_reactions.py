"""How holders of fractions answer a buy-out once they look: counter, tender, vote, outbid, or let it pass.

One layer for all kinds of agents, beside their strategies. A holder takes a fraction to be worth what all can see,
times a lasting opinion of his own. He defends what is offered for less, with all his cash if need be: what he pays
for at the offered price is worth more to him. He gives in to what is offered for more. Who does not look does nothing,
and that is how most buy-outs succeed.
"""

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.holder_rows import KINDS, LOOKER_WIDTH, WIDTH, survey, tell, wanted
from agents.sheet import CLICK, NAV
from agents.standing_bids import taken_back
from agents.vault_sheet import sheet_of
from model.actions import Action
from model.mechanisms.buyouts import BidBuyout, BuyoutsView, CounterBuyout, TenderFractions, VoteBuyout
from model.view import MarketView

if TYPE_CHECKING:
    from agents.population import Population

RESERVE = "reserve_auction"
HANDED_IN: tuple[type[Action], ...] = (VoteBuyout, CounterBuyout, TenderFractions, BidBuyout)
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
        population, n = self.population, len(self.population)
        tell(
            self.market.streams.key("notice of buy-outs", self.name, self.market.clock.tick),
            float(self.market.clock.per_tick(min(1.0, chance))), self.house.table.phase, self.house.vaults.fraction,
            self.market.ledger.books.balances, population.account, population.alive[:n], population.alert,
        )  # fmt: skip

    def act(self, slots: NDArray[np.int64], view: MarketView) -> None:
        """Let those who look wait for the others; hand in what all want to do if no more can come."""
        board = self.board.look(view)
        if board.busy:
            board.add(self.place, slots)
            for action in taken_back(view.buyouts, self.population.account[slots]):
                self.market.submit(action)
        if self.place >= board.last:
            board.hand_in()


class Board:
    """What all who look see of buy-outs this morning, and who they are; one for all populations.

    What they want is worked out at once, when the last population has looked.

    Attributes:
        asked: vaults whose buy-out is open, or whose holders vote on a reserve
        busy: whether there are any
        known: what all rows depend on besides who looks, see `wanted`
        agents: of all, as of this morning: where each population's begin, accounts, spreads of their values [log]; then
            by population the keys of their draws
        last: place of the last population that there is anybody of, as of this morning

    Args:
        market: whose
    """

    def __init__(self, market: Any) -> None:
        self.market = market
        self._seen: BuyoutsView | None = None
        self.asked = np.zeros(0, np.int64)
        self.busy = False
        self.known: tuple[Any, ...] = ()
        self.last = 0
        self._reactions: list[Reactions] = []
        self._keys = np.zeros(0, np.uint64)
        self._sizes: list[int] = []
        self.agents: tuple[NDArray[Any], ...] = ()
        self._places: list[int] = []
        self._slots: list[NDArray[np.int64]] = []
        self._space = np.empty((ROOM, LOOKER_WIDTH), np.int64), np.empty(ROOM)
        self._rows = np.empty((KINDS, ROOM, WIDTH), np.int64)
        self._found = np.empty(0, np.int64)

    def enter(self, reactions: Reactions) -> int:
        """Take in a further population; its place."""
        self._reactions.append(reactions)
        self._keys = np.append(self._keys, self.market.streams.key("opinion of buy-outs", reactions.name))
        return len(self._reactions) - 1

    def add(self, place: int, slots: NDArray[np.int64]) -> None:
        """Let some of a population wait."""
        self._places.append(place)
        self._slots.append(slots)

    def hand_in(self) -> None:
        """Hand in what all who wait want."""
        if self._slots:
            for action, rows in self.wanted():
                self.market.submit(action.of_rows(rows))

    def wanted(self) -> list[tuple[type[Action], NDArray[np.int64]]]:
        """Rows of votes, counters, tenders and bids of all who wait, who then wait no more."""
        slots, end = np.concatenate(self._slots), np.array(list(accumulate(map(len, self._slots))), np.int64)
        place = np.array(self._places, np.int64)
        self._places, self._slots = [], []
        if self._space[1].size < slots.size:
            self._space = np.empty((2 * slots.size, LOOKER_WIDTH), np.int64), np.empty(2 * slots.size)
        seen = self.market.view.balances, slots, end, place, self.agents, *self.known, self._space
        found = wanted(*seen, self._rows)
        if max(found) > self._rows.shape[1]:
            self._rows = np.empty((KINDS, 2 * max(found), WIDTH), np.int64)
            wanted(*seen, self._rows)
        return [(HANDED_IN[kind], self._rows[kind, :n].copy()) for kind, n in enumerate(found) if n]

    def _count(self) -> None:
        """Take in who has come: where each population's agents begin, and of all their accounts and spreads, which last."""
        populations = [one.population for one in self._reactions]
        sizes = [population.size for population in populations]
        if sizes == self._sizes:
            return
        self._sizes, self.last = sizes, max((place for place, size in enumerate(sizes) if size), default=0)
        spreads = [p.columns["opinion"][: p.size] if "opinion" in p.columns else np.zeros(p.size) for p in populations]
        accounts = np.concatenate([p.account[: p.size] for p in populations])
        first = np.array([0, *accumulate(sizes)], np.int64)
        self.agents = first, accounts, np.concatenate(spreads), self._keys

    def look(self, view: MarketView) -> "Board":
        """Take the morning's figures, once for each view."""
        seen, vaults = view.buyouts, view.vaults
        if seen is self._seen:
            return self
        self._seen = seen
        if self._found.size < seen.phase.size:
            self._found = np.empty(seen.phase.size, np.int64)
        asks = seen.places.index(RESERVE) if RESERVE in seen.places else -1
        n = survey(seen.phase, seen.allowed, seen.design, asks, self._found)
        self.asked, self.busy = self._found[:n], n > 0
        sheet = sheet_of(self.market).look()
        self.known = (
            self.asked, (vaults.fraction, vaults.stake, sheet.pledge, seen.share, sheet.facts[NAV], seen.supply),
            (seen.phase, seen.price, seen.need, seen.opener), seen.cast, sheet.scalars.item(CLICK),
        )  # fmt: skip
        self._count()
        return self


def board_of(market: Any) -> Board:
    """The market's one board, made at the first call."""
    board: Board | None = market.__dict__.get("buyout_board")
    if board is None:
        board = market.__dict__["buyout_board"] = Board(market)
    return board


def reactions_of(population: "Population") -> Reactions | None:
    """Reactions of a population whose market has buy-outs, and whose kind leaves them to this layer; None otherwise."""
    if "buyouts" not in population.market.mechanisms or not population.kind.reacts:
        return None
    return Reactions(population)
