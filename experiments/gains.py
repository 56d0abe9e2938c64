"""Who gained and who lost: net worth of each sector at the start and the end, what was paid in and taken out, the gain.

python -m experiments.gains baseline --seeds 5 --set clock.ticks=180

Every claim is somebody's debt, so claims cancel. Coins count for those who hold them and against nobody: who makes or
takes them out of the marketplace (the protocol, the world) is credited and charged at the price of the day. The gains
of all sectors then sum to what only things can bring about: coins held while their price moves, and the change in the
worth of rigs and NFTs, new ones included [GodleyLavoie2007, chapter 2]. Vaults owe their fractions at market price, so
they lose what holders gain by a rising premium.
"""

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments import console, runs
from experiments.disk import unwritable
from experiments.figures.style import three_digits
from experiments.gains_picture import draw
from experiments.replicates import Estimate
from experiments.script import Options, Words, script
from experiments.statistics import estimated
from model import Marketplace, Scenario
from model.flows import Group
from model.gains import PAID_IN
from model.ledger import BTC_ASSET
from model.units import INDEX, USD

KIND, GROUP, FROM, TO, AMOUNT = range(5)  # columns of the journal's flows
NET_WORTH = "net worth"  # row of a balance sheet
COINS, ROUNDING = "coins: price change", "rounding"
SMALLEST = 1.0  # USD; sectors without any such figure are not shown, and have no return


class Account(NamedTuple):
    """One sector over a run [USD]: net worth at the start, what the world paid in and took out, net worth at the end."""

    start: float
    paid_in: float
    taken_out: float
    end: float

    @property
    def gain(self) -> float:
        """What is there at the end beyond what was brought in.

        >>> Account(100.0, 50.0, 30.0, 150.0).gain
        30.0
        """
        return self.end + self.taken_out - self.start - self.paid_in

    @property
    def rate(self) -> float:
        """Gain over all that was brought in, not by year; NaN where that is less than a dollar.

        >>> Account(100.0, 50.0, 30.0, 150.0).rate
        0.2
        """
        brought = self.start + self.paid_in
        return self.gain / brought if brought >= SMALLEST else math.nan


class Gains(NamedTuple):
    """Accounts of all sectors over one run, and what their gains must sum to, by reason [USD]."""

    accounts: dict[str, Account]
    reasons: dict[str, float]

    @property
    def rounding(self) -> float:
        """Sum of all gains less all reasons: nothing but the rounding of floats."""
        return math.fsum([a.gain for a in self.accounts.values()] + [-usd for usd in self.reasons.values()])


def claims(market: Marketplace) -> NDArray[np.float64]:
    """Income that was shared out and not yet collected, owed to each sector less owed by it [USD]."""
    ledger, found = market.ledger, np.zeros(len(market.ledger.sectors))
    books, n = ledger.books, ledger.accounts
    for asset in range(len(ledger.asset_names)):
        for line in books.line[asset][books.line[asset] >= 0]:
            gap = (books.line_index[line] - books.settled[line, :n]).astype(float)
            worth = np.maximum(0, books.balances[asset, :n]) * gap * (ledger.value[books.line_paid[line]] / INDEX)
            found += np.bincount(books.sector[:n], worth, found.size)
            found[books.sector[books.line_payer[line]]] -= math.fsum(worth)
    return found


def worth(market: Marketplace) -> tuple[NDArray[np.float64], dict[str, float]]:
    """Net worth by sector, coins not counted against their issuers; and the worth of rigs and of NFTs [USD]."""
    ledger, sheet = market.ledger, market.balance_sheet()
    net = -sheet.loc[NET_WORTH, ledger.sectors].to_numpy(float) + claims(market)
    for issuer in ledger.books.issuer[BTC_ASSET]:
        net[ledger.books.sector[issuer]] -= ledger.balance(BTC_ASSET, issuer) * ledger.value[BTC_ASSET]
    real = [name for name in sheet.index if name != NET_WORTH and name not in {g.name.lower() for g in Group}]
    return net, {name: float(sheet.loc[name, "sum"]) for name in real}


class Follower:
    """Follows a market to its end.

    Args:
        market: freshly made
    """

    def __init__(self, market: Marketplace) -> None:
        self.market, self.sectors = market, market.ledger.sectors
        self.start, self.real = worth(market)
        self.paid_in, self.taken_out = np.zeros(len(self.sectors)), np.zeros(len(self.sectors))
        self.issued = np.zeros(len(self.sectors))  # coins made or taken out, at the price of the day, by sector
        self.coins = 0.0
        ledger = market.ledger
        self.world = self.sectors.index("world")
        self.issuers = {int(ledger.books.sector[i]) for i in ledger.books.issuer[BTC_ASSET]}
        self.price, self.held = self._coins()

    def _coins(self) -> tuple[float, int]:
        """USD per satoshi, and the satoshi that others than their issuers hold."""
        ledger = self.market.ledger
        return float(ledger.value[BTC_ASSET]), -sum(
            ledger.balance(BTC_ASSET, i) for i in ledger.books.issuer[BTC_ASSET]
        )

    def step(self) -> None:
        """A tick, and what moved in it."""
        self.market.step()
        price, held = self._coins()
        self.coins += self.held * (price - self.price)
        self.price, self.held = price, held
        for kind, group, giver, taker, amount in self.market.journal.flows[-1].tolist():
            if group == Group.BTC:
                self.issued[giver] -= amount * price * (giver in self.issuers)
                self.issued[taker] += amount * price * (taker in self.issuers)
            if (
                kind not in PAID_IN
                or group not in (Group.USD, Group.BTC)
                or (giver == self.world) == (taker == self.world)
            ):
                continue
            usd = amount / USD if group == Group.USD else amount * price
            self.paid_in[taker] += usd
            self.taken_out[giver] += usd

    def gains(self) -> Gains:
        """The run in figures."""
        end, real = worth(self.market)
        columns = (self.start, self.paid_in, self.taken_out, end + self.issued)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        accounts = {name: Account(*row) for name, row in zip(self.sectors, rows, strict=True)}
        changes = {f"{name}: new less worn": usd - self.real.get(name, 0.0) for name, usd in real.items()}
        shown = {name: a for name, a in accounts.items() if max(map(abs, a)) >= SMALLEST}
        return Gains(shown, {**changes, COINS: self.coins})


def follow(scenario: Scenario, seed: int) -> Gains:
    """Run a scenario under one seed."""
    with Marketplace(scenario, rng=seed) as market:
        follower = Follower(market)
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            follower.step()
        return follower.gains()


class Sector(NamedTuple):
    """One sector over several seeds: means of its account, gain [USD] and return with their intervals."""

    account: Account
    gain: Estimate
    rate: Estimate


def over_seeds(found: Sequence[Gains]) -> dict[str, Sector]:
    """Sectors over all runs, agents first and the world last, as in the ledger."""
    names = list(dict.fromkeys(name for gains in found for name in gains.accounts))
    sectors = {}
    for name in names:
        accounts = [gains.accounts.get(name, Account(0.0, 0.0, 0.0, 0.0)) for gains in found]
        means = Account(*(math.fsum(column) / len(found) for column in zip(*accounts, strict=True)))
        gain, rate = ([getattr(a, what) for a in accounts] for what in ("gain", "rate"))
        sectors[name] = Sector(means, estimated(gain, f"gain {name}"), estimated(rate, f"rate {name}"))
    return sectors


def dollars(usd: float) -> str:
    """Dollars in three digits, none below one.

    >>> dollars(-1_234_567.0), dollars(0.2)
    ('-1.23M', '0')
    """
    return three_digits(usd) if abs(usd) >= SMALLEST else "0"


def percent(share: float) -> str:
    """A share in per cent, whole ones above 100 %.

    >>> percent(0.1234), percent(-12.34)
    ('12.3%', '-1,234%')
    """
    return f"{share:.1%}" if abs(share) < 1.0 else f"{share:,.0%}"


def interval(e: Estimate, form: Callable[[float], str]) -> str:
    """Mean, and its interval where there is one.

    >>> interval(Estimate(1, 0.5, math.nan, math.nan, math.nan), percent)
    '50.0%'
    """
    if math.isnan(e.mean):
        return "–"
    return form(e.mean) + ("" if math.isnan(e.low) else f" [{form(e.low)}, {form(e.high)}]")


def show(found: Sequence[Gains], scenario: Scenario, seeds: Sequence[int]) -> None:
    """Print a row for each sector, their sum, and what it must be."""
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"means over seeds {seeds[0]} to {seeds[-1]}"
    title = f"{scenario.name}, {scenario.clock.ticks:,} ticks, {which}; USD, 95 % intervals in brackets"
    columns = ("sector", "start", "paid in", "taken out", "end", "gain", "return")
    table = console.grid(title, *columns, numbers=range(1, len(columns)))
    for name, sector in over_seeds(found).items():
        cells = map(dollars, sector.account)
        console.fill(
            table,
            name.replace("_", " "),
            *cells,
            interval(sector.gain, dollars),
            interval(sector.rate, percent),
        )
    table.section()
    totals = [math.fsum(a.gain for a in gains.accounts.values()) for gains in found]
    console.fill(table, "all", "", "", "", "", interval(estimated(totals, "gain"), dollars), "")
    for reason in found[0].reasons:
        usd = estimated([gains.reasons[reason] for gains in found], reason)
        console.fill(table, f"  {reason}", "", "", "", "", interval(usd, dollars), "")
    usd = estimated([gains.rounding for gains in found], ROUNDING)
    console.fill(table, f"  {ROUNDING}", "", "", "", "", f"{usd.mean:.2g}", "")
    console.printer().print(table)


@script
def main(arguments: Words = None) -> None:
    """Run, print and draw."""
    options = Options("gains", __doc__)
    options.add_argument("scenario", help="a name from `run.py list`, or a path")
    options.whole("--seeds", 1, "so many seeds, from the scenario's own on")
    options.add_argument("--set", action="append", metavar="KEY=VALUE", help="a parameter; repeatable")
    options.path("--out", default=Path("gains.png"), help="picture to write")
    given = options.parse_args(arguments)
    scenario = runs.prepare(given.scenario, runs.settings(given.set))
    seeds = range(scenario.clock.seed, scenario.clock.seed + given.seeds)
    found = [follow(scenario, seed) for seed in seeds]
    show(found, scenario, seeds)
    try:
        draw(over_seeds(found), scenario, len(seeds), given.out)
    except OSError as error:
        raise unwritable(given.out, error) from None
    print(given.out)


if __name__ == "__main__":
    sys.exit(main())
