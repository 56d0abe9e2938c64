"""One vault's income for a month, to the last unit: who received what, by each rule of eligibility.

python -m experiments.income_page        # writes docs/explanation/one_vaults_income.md
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.reference import table
from experiments.script import Options, Words, script
from model import Marketplace, Scenario
from model.actions import Action
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.offerings import Fractionalise, Subscribe, Tokenise
from model.mechanisms.vaults import Stake, VaultStatus
from model.nft_kind import NftKind
from model.plan import PlanLine

MADE = "<!-- Made by `python -m experiments.income_page`; edits here are lost. -->"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "one_vaults_income.md"
SEED, DAYS, BUYERS, STAKERS = 1, 30, 6, 4
BUY, REST, STAKE = 2, 4, 5  # days on which fractions are subscribed, the rest is taken, and half of them is staked
GHS, RIG_PRICE, APPRAISAL, ART_PRICE = 200_000, 320_000, 1_500.0, 240_000  # GH/s, USD, USD base units a fraction
RULES = {  # eligibility: who gets what the unstaked fractions would have earned
    "all_holders": "operator",
    "staked_only": "treasury",
    "lp_passthrough": "providers",
}
PARTS = ("seller, on offer", "holders", "stakers", "liquidity providers", "taker of the unstaked part")
WAITING = "waits: parts of a unit, and dust"


class Day(NamedTuple):
    """A day's income of one vault [base units of its currency]."""

    arrived: int  # from mining pools, or from those who pay for the NFT
    costs: int  # spent on power and service
    parts: tuple[int, ...]  # as in PARTS
    waiting: int  # in all pots at the end of the day


class Follower:
    """Follows one vault's income through a market.

    Right after the day's income is shared, everybody is paid what he is owed, so that each payment is seen.

    Args:
        market: freshly made
        v: vault
        asset: currency of its income

    Attributes:
        days: one for each tick
        received: satoshi or USD base units by (part of PARTS, account)
        names: what to call those accounts
    """

    def __init__(self, market: Marketplace, v: int, asset: int) -> None:
        self.market, self.v, self.asset = market, v, asset
        self.vaults: Any = market.mechanisms["vaults"]
        self.venue: Any = market.mechanisms["amm"].passing
        self.days: list[Day] = []
        self.received: dict[tuple[int, int], int] = {}
        self.names: dict[int, str] = {}
        line = PlanLine("accrual", "income page", "everybody is paid what one vault owes him", self.look)
        last = max(i for i, planned in enumerate(market.plan) if planned.stage == "accrual")
        market.plan.insert(last + 1, line)

    def look(self) -> None:
        """Collect and count what the vault's income brought to whom today."""
        vaults, v, ledger = self.vaults, self.v, self.market.ledger
        coins = self.asset == BTC_ASSET
        net = int((vaults.net_income if coins else vaults.usd_income)[v])
        account = int(vaults.account[v])
        arrived = int(self.market.mechanisms["payout"].gross[account]) if coins else net
        parts = [0] * len(PARTS)
        if vaults.status[v] == VaultStatus.OFFERED:
            parts[0] = net
            self._note(0, int(vaults.creator[v]), net)
        parked = {int(a) for a in (vaults.stakes[v], self.venue.account[v], account) if a >= 0}
        everybody = np.array([a for a in range(ledger.accounts) if a not in parked])
        for part, claim in ((1, vaults.fraction[v]), (2, vaults.stake[v]), (3, self.venue.share[v])):
            if claim >= 0:
                parts[part] = self._collect(part, int(claim), everybody)
        parts[4] = int(vaults.taken[v, 0 if coins else 1])
        self._note(4, self.market.platform, parts[4])
        pots = {int(a) for a in (vaults.pot[v] if coins else vaults.usd_pot[v], vaults.stakes[v], self.venue.pot[v])}
        waiting = sum(ledger.balance(self.asset, pot) for pot in pots if pot >= 0)
        self.days.append(Day(arrived, arrived - net, tuple(parts), waiting))

    def _collect(self, part: int, claim: int, accounts: NDArray[np.int64]) -> int:
        ledger = self.market.ledger
        before = ledger.books.balances[self.asset, accounts].copy()
        ledger.collect(claim, accounts)
        got = ledger.books.balances[self.asset, accounts] - before
        for i in np.flatnonzero(got > 0):
            self._note(part, int(accounts[i]), int(got[i]))
        return int(got[got > 0].sum())

    def _note(self, part: int, account: int, amount: int) -> None:
        if amount:
            self.received[part, account] = self.received.get((part, account), 0) + amount
            self.names[account] = self.market.ledger.name(account)

    def totals(self) -> dict[str, int]:
        """The month in one column: what arrived, and all that became of it."""
        found = {"arrived": sum(day.arrived for day in self.days), "power and service": sum(d.costs for d in self.days)}
        for k, name in enumerate(PARTS):
            found[name] = sum(day.parts[k] for day in self.days)
        found[WAITING] = self.days[-1].waiting
        return found


def offer(market: Marketplace, creator: int) -> None:
    """Hand in the offer of rigs and of a work of art, all fractions but a tenth."""
    nfts: Any = market.mechanisms["nfts"]
    nft = nfts.mint(creator, NftKind.ART, APPRAISAL)
    market.submit(Tokenise(creator, ghs=GHS, price=RIG_PRICE, keep_bps=1_000))
    market.submit(Fractionalise(creator, nft=nft, price=ART_PRICE, keep_bps=1_000))


def actions(market: Marketplace, followed: Iterable[int], buyers: NDArray[np.int64]) -> Iterable[Action]:
    """What the page's own buyers do today: they subscribe, take the rest, and some stake half of what they hold."""
    vaults, offerings, day = market.mechanisms["vaults"], market.mechanisms["offerings"], market.clock.day + 1
    for v in followed:
        left = int(offerings.view().left[v])
        if day == BUY:
            yield Subscribe(buyers, vault=v, fractions=left // BUYERS, limit=RIG_PRICE)
        elif day == REST and left > 0:
            yield Subscribe(buyers[0], vault=v, fractions=left, limit=RIG_PRICE)
        elif day == STAKE:
            who = buyers[:STAKERS]
            yield Stake(who, vault=v, amount=market.ledger.books.balances[vaults.fraction[v], who] // 2)


def follow(eligibility: str) -> tuple[Follower, Follower]:
    """A month of two vaults that are offered, bought, traded and staked, by a rule of eligibility: rigs, and art."""
    rules = {"vaults.eligibility": eligibility, "vaults.unstaked_to": RULES[eligibility], "nfts.capacity": 20}
    scenario = Scenario.load("smoke").override({**rules, "clock.ticks": DAYS, "offerings.least_ghs": 1_000})
    with Marketplace(scenario, rng=SEED) as market:
        vaults: Any = market.mechanisms["vaults"]
        first, registered = vaults.n, market.mechanisms["rigs"].registered
        miners, investors = (market.populations[kind].account for kind in ("miner", "retail_investor"))
        cash = market.ledger.books.balances[USD_ASSET, investors]
        buyers = investors[np.argsort(-cash, kind="stable")[:BUYERS]]
        offer(market, int(miners[np.argmax(registered[miners])]))
        market.step()
        art, rigs = (first + int(np.flatnonzero(vaults.kind[first:] == kind)[0]) for kind in (NftKind.ART, NftKind.RIG))
        followers = Follower(market, rigs, BTC_ASSET), Follower(market, art, USD_ASSET)
        while market.running:
            for action in actions(market, (rigs, art), buyers):
                market.submit(action)
            market.step()
    return followers


def by_rule(months: dict[str, Follower]) -> str:
    """A column for each rule: what arrived, what became of it, and the difference, which is zero."""
    totals = {rule: follower.totals() for rule, follower in months.items()}
    rows: list[dict[str, object]] = []
    for name in next(iter(totals.values())):
        rows.append({"": name, **{f"`{rule}`": f"{total[name]:,}" for rule, total in totals.items()}})
    gap = {f"`{rule}`": f"{2 * total['arrived'] - sum(total.values()):,}" for rule, total in totals.items()}
    return table([*rows, {"": "arrived less all the rest", **gap}], ["", *gap])


def by_account(follower: Follower, names: dict[int, str]) -> str:
    """A row for each account and a column for each reason why it was paid."""
    accounts = sorted({account for _, account in follower.received})
    used = [k for k in range(len(PARTS)) if any((k, account) in follower.received for account in accounts)]
    rows: list[dict[str, object]] = []
    for account in accounts:
        got = [follower.received.get((k, account), 0) for k in used]
        cells = {PARTS[k]: f"{amount:,}" for k, amount in zip(used, got, strict=True)}
        rows.append({"account": names[account], **cells, "sum": f"{sum(got):,}"})
    sums = {PARTS[k]: sum(n for (part, _), n in follower.received.items() if part == k) for k in used}
    rows.append({"account": "sum", **{k: f"{n:,}" for k, n in sums.items()}, "sum": f"{sum(sums.values()):,}"})
    return table(rows, ["account", *sums, "sum"])


def by_day(follower: Follower) -> str:
    """A row for each day."""
    rows: list[dict[str, object]] = [
        {
            "day": i + 2,  # nothing is offered before the first day is over
            "arrived": f"{day.arrived:,}",
            "power and service": f"{day.costs:,}",
            **{name: f"{part:,}" for name, part in zip(PARTS[:4], day.parts, strict=False)},
            "waits": f"{day.waiting:,}",
        }
        for i, day in enumerate(follower.days)
    ]
    return table(rows, rows[0])


def page() -> str:
    """The whole page."""
    months = {rule: follow(rule) for rule in RULES}
    rigs, art = ({rule: month[k] for rule, month in months.items()} for k in (0, 1))
    names = rigs["all_holders"].names
    rest = ", ".join(f"under `{rule}` to the {taker}" for rule, taker in RULES.items() if rule != "all_holders")
    return f"""{MADE}

# One vault's income, to the last unit

Every unit that a vault earns has exactly one owner. Here two vaults of `smoke`, seed {SEED}, are followed for {DAYS}
days: one with rigs, which earns coins and pays for power and service, and one with a work of art, which earns dollars.
On the first day a miner puts both on offer and keeps a tenth of the fractions. {BUYERS} investors subscribe on day
{BUY + 1} and may take what is left on day {REST + 1}; a fifth of the proceeds opens a pool. On day {STAKE + 1}
{STAKERS} of the investors stake half of what they hold. Otherwise everybody in the market does as he likes.

The month is run three times, by each rule of `vaults.eligibility`. What fractions that do not earn would have earned goes
{rest}. A test runs the months again and adds the columns up.

## The vault with rigs [satoshi]

{by_rule(rigs)}
While fractions are on offer and in escrow, what they earn is the seller's. The pool's fractions earn for those who
provide it, by their pool shares, and never enter its reserves. What waits is less than a unit for each who is owed, and
the dust of a division, which joins the next day's income. Costs differ between the rules because the runs differ: who
is paid trades on.

Who was paid, where all holders earn:

{by_account(rigs["all_holders"], names)}
Who was paid, where staked fractions alone earn:

{by_account(rigs["staked_only"], rigs["staked_only"].names)}
Day by day, where all holders earn:

{by_day(rigs["all_holders"])}
## The vault with a work of art [millionths of a dollar]

{by_rule(art)}
Who was paid, where stakes and pools alone earn:

{by_account(art["lp_passthrough"], art["lp_passthrough"].names)}"""


@script
def main(arguments: Words = None) -> None:
    """Write the page."""
    Options("income_page", __doc__).parse_args(arguments)
    PAGE.write_text(page().rstrip() + "\n", encoding="utf-8")
    print(f"docs/explanation/{PAGE.name}")


if __name__ == "__main__":
    sys.exit(main())
