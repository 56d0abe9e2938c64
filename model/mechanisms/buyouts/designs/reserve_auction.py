"""The reserve auction of fractional.art: holders vote on a reserve, and whoever bids it starts an auction of the NFT.

The reserve is the mean of voters' prices weighted by the fractions that they hold at that moment. A vote must lie within
.2 to 5 times the mean of the others'. A bid of at least the reserve starts the auction once voters hold the quorum;
others outbid by a step, late bids make it longer, and the winner's dollars are shared by all fractions, his own
included. A curator's fee is paid in new fractions all the time.                                  [fractional.art, 2021]
"""

from typing import TYPE_CHECKING

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import REFUSED, SHUT, Answer, Design
from model.mechanisms.buyouts.table import Phase

if TYPE_CHECKING:
    from model.mechanisms.buyouts.rules import Buyouts

MINUTES_PER_DAY = 1_440.0
BPS = 10_000


class Count:
    """Votes of one vault, added up while a batch of votes is taken.

    Args:
        held: fractions of each voter [base units]
        prices: what each votes for the whole NFT [USD base units]
    """

    def __init__(self, held: dict[int, int], prices: dict[int, int]) -> None:
        self.held, self.prices = held, prices
        self.fractions = sum(held.values())
        self.worth = sum(held[who] * price for who, price in prices.items())

    def others(self, account: int) -> float:
        """Mean of all votes but one account's, weighted by fractions; 0 where there is none."""
        own = self.held.get(account, 0)
        rest = self.fractions - own
        return (self.worth - own * self.prices.get(account, 0)) / rest if rest > 0 else 0.0

    def note(self, account: int, held: int, price: int) -> None:
        """A vote in place of the account's older one; 0 takes it back."""
        before = self.held.pop(account, 0)
        self.fractions -= before
        self.worth -= before * self.prices.pop(account, 0)
        if price > 0 and held > 0:
            self.held[account], self.prices[account] = held, price
            self.fractions += held
            self.worth += held * price


class ReserveAuction(Design):
    """Votes on a reserve, then an English auction."""

    name = "reserve_auction"

    def __init__(self, house: "Buyouts") -> None:
        super().__init__(house)
        self.counts: dict[int, Count] = {}

    @property
    def window(self) -> float:
        """Days of the auction."""
        return float(self.house.params.auction_days)

    def reserve(self, v: int) -> float:
        """Mean of all votes [USD base units], weighted by fractions."""
        return formulas.weighted_reserve(*self._votes(v)[1:])

    def voters_hold(self, v: int) -> int:
        """Fractions of those who voted [base units]."""
        h = self.house
        who = h.votes[h.votes[:, 0] == v, 1]
        return int(h.ledger.books.balances[int(h.vaults.fraction[v]), who].sum())

    def _votes(self, v: int) -> tuple[list[int], list[int], list[int]]:
        """Accounts that voted and still hold fractions, their fractions, and their prices."""
        h = self.house
        votes = h.votes[h.votes[:, 0] == v]
        held = h.ledger.books.balances[int(h.vaults.fraction[v]), votes[:, 1]]
        there = held > 0
        return votes[there, 1].tolist(), held[there].tolist(), votes[there, 2].tolist()

    def count_anew(self) -> None:
        """What was added up holds for one batch."""
        self.counts = {}

    def count(self, v: int) -> Count:
        """All votes of a vault, added up once in a batch."""
        if v not in self.counts:
            who, held, prices = self._votes(v)
            self.counts[v] = Count(dict(zip(who, held, strict=True)), dict(zip(who, prices, strict=True)))
        return self.counts[v]

    def quorum(self, v: int) -> bool:
        """Whether enough fractions have voted."""
        held = self.voters_hold(v)
        return held > 0 and held * BPS >= int(self.house.vaults.supply[v]) * self.house.params.quorum_bps

    def least_bid(self, v: int) -> int:
        """The reserve, rounded up; 0 without a quorum, when nobody may bid."""
        return max(1, -int(-self.reserve(v) // 1)) if self.quorum(v) else 0

    def vote(self, v: int, account: int, amount: int) -> Answer:
        """Name a price for the whole NFT; not while an auction runs."""
        h, p = self.house, self.house.params
        if h.is_open(v):
            return SHUT
        if amount > 0:
            if h.at_hand(v, account) <= 0:
                return Status.FUNDS, 0
            if not formulas.vote_in_range(amount, self.count(v).others(account), p.vote_low, p.vote_high):
                return Status.LIMIT, 0
        self.count(v).note(account, h.ledger.balance(int(h.vaults.fraction[v]), account), amount)
        h.note_vote(v, account, amount)
        return Status.DONE, amount

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Bid the reserve or more."""
        h, least = self.house, self.least_bid(v)
        if least == 0 or fractions != 0:
            return REFUSED
        if usd < least:
            return Status.LIMIT, 0
        price = formulas.price_of(usd, int(h.vaults.supply[v]))
        h.begin(v, account, price, 0, Phase.AUCTION, days=self.window)
        h.pay_in(v, account, account, usd)
        return Status.DONE, usd

    def need(self, v: int) -> int:
        """The live bid and a step."""
        return formulas.least_raise(self.house.cash(v), int(self.house.params.raise_bps))

    def bid(self, v: int, account: int, usd: int) -> Answer:
        """Outbid; the one before is paid back at once, and a late bid makes the auction last longer."""
        h, t = self.house, self.house.table
        if usd < self.need(v):
            return Status.LIMIT, 0
        h.replace_bid(v, account, usd)
        if h.params.extension_minutes > 0:
            longer = h.clock.ticks_of(h.params.extension_minutes / MINUTES_PER_DAY)
            if t.deadline[v] - max(0, h.clock.tick) < longer:
                t.deadline[v] += longer
        return Status.DONE, usd

    def settle(self, v: int, late: bool) -> None:
        """At the deadline the NFT is the best bidder's."""
        h = self.house
        if late:
            h.win(v, int(h.table.opener[v]), cash=h.cash(v), retired=0)

    def follow(self, v: int) -> None:
        """The curator's fee: new fractions for the creator."""
        h, fee = self.house, float(self.house.params.curator_fee)
        if fee > 0.0:
            h.vaults.dilute(v, int(int(h.vaults.supply[v]) * fee * h.clock.dt_years))

    def voted(self, v: int) -> float:
        """Part of the supply that voters hold."""
        supply = int(self.house.vaults.supply[v])
        return self.voters_hold(v) / supply if supply else 0.0

    def threshold(self, v: int) -> float:
        """The quorum."""
        return float(self.house.params.quorum_bps / BPS)

    def owes(self, v: int) -> tuple[int, int]:
        """The live bid, and no fractions."""
        return int(self.house.table.offer[v]), 0
