"""One account of a market, as the inspector shows it: balance sheet, loans, neighbours, and how to find an account."""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from app.health import loans
from app.log import events_of, named
from app.thin import short
from model.flows import Group
from model.marketplace import Marketplace
from model.units import BTC, GHS_PER_TH, TOKEN, USD

MOST_NEIGHBOURS = 12
DOLLARS = (USD, "USD")
UNIT_OF = {
    Group.USD: DOLLARS,
    Group.BTC: (BTC, "BTC"),
    Group.PAYABLE: DOLLARS,
    Group.DEBT: DOLLARS,
    Group.DEPOSIT: DOLLARS,
}
INDEXED = (Group.DEBT, Group.DEPOSIT)  # their units grow with interest, so that their worth is what is owed
LEAST_USD = 0.005  # smaller holdings are not listed


def people(market: Marketplace) -> dict[str, list[int]]:
    """Accounts by kind of agent, in their own order: the third miner is `people(market)["miner"][2]`."""
    return {kind: p.account[: p.size].tolist() for kind, p in market.populations.items()}


def account(market: Marketplace, number: int, why: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Everything about one account now.

    Args:
        market: at the end of a tick
        number: of the account
        why: further reasons of events, see `app.log.Reasons`

    Returns:
        name, kind, strategy, place (which of its kind), alive, wealth, rows of its balance sheet (what, amount, unit,
        USD), traits, loans (with health), neighbours (from, to, USD, what) and its own events
    """
    ledger = market.ledger
    kind, place = _who(market, number)
    rows = balance_sheet(market, number)
    found: dict[str, Any] = {
        "account": number,
        "name": named(market, number),
        "kind": ledger.sectors[int(ledger.books.sector[number])].replace("_", " "),
        "place": place,
        "rows": rows,
        "wealth": short(math.fsum(row["usd"] or 0.0 for row in rows)),
        "strategy": "",
        "alive": True,
        "traits": {},
        "loans": _loans(market, number),
        "neighbours": _neighbours(market, number),
        "events": events_of(market, number, why or {}),
    }
    if kind is not None:
        population = market.populations[kind]
        slot = place - 1
        found["strategy"] = type(population.strategies[int(population.strategy[slot])]).name.replace("_", " ")
        found["alive"] = bool(population.alive[slot])
        found["traits"] = {name: short(float(population.columns[name][slot])) for name in population.table.traits}
    return found


def _who(market: Marketplace, number: int) -> tuple[str | None, int]:
    """Kind of agent, and which of its kind counted from 1; None for an institution's account."""
    for kind, population in market.populations.items():
        hit = np.flatnonzero(population.account[: population.size] == number)
        if hit.size:
            return kind, int(hit[0]) + 1
    return None, 0


def balance_sheet(market: Marketplace, number: int) -> list[dict[str, Any]]:
    """What an account has and owes, the largest first; rigs at resale value, NFTs at appraisal."""
    ledger, found = market.ledger, []
    for asset, name in enumerate(ledger.asset_names):
        held, value = ledger.balance(asset, number), float(ledger.value[asset])
        usd = held * value
        if not held or abs(usd) < LEAST_USD:
            continue
        group = Group(int(ledger.books.group[asset]))
        scale, unit = UNIT_OF.get(group, (TOKEN, ""))
        amount = usd if group in INDEXED else held / scale
        what = re.sub(r"^pledge (\d+)$", r"fraction \1, pledged", name)
        found.append({"what": what, "amount": short(amount), "unit": unit, "usd": short(usd)})
    rigs: Any = market.mechanisms.get("rigs")
    if rigs is not None and rigs.held(number) > 0:
        hashrate = short(rigs.held(number) / GHS_PER_TH)
        what = f"rigs: {rigs.machines(number)}"
        found.append({"what": what, "amount": hashrate, "unit": "TH/s", "usd": short(float(rigs.mark(number)))})
    nfts: Any = market.mechanisms.get("nfts")
    if nfts is not None:
        own = np.flatnonzero(nfts.table.owner[: nfts.n] == number)
        if own.size:
            worth = short(float(nfts.table.appraisal[own].sum()))
            found.append({"what": "NFTs at appraisal", "amount": float(own.size), "unit": "NFTs", "usd": worth})
    return sorted(found, key=lambda row: -abs(row["usd"] or 0.0))


def _loans(market: Marketplace, number: int) -> list[dict[str, Any]]:
    accounts, factors, debts = loans(market)
    own = np.flatnonzero(accounts == number)
    return [{"health": short(float(factors[i])), "debt": short(float(debts[i]))} for i in own]


def _neighbours(market: Marketplace, number: int) -> list[dict[str, Any]]:
    """Vaults it owns part of, and acquaintances by number, the largest first."""
    ledger, vaults = market.ledger, market.mechanisms.get("vaults")
    found: list[dict[str, Any]] = []
    if vaults is not None:
        for v in np.flatnonzero(vaults.live[: vaults.n]).tolist():
            usd = ledger.balance(int(vaults.fraction[v]), number) * float(ledger.value[int(vaults.fraction[v])])
            if usd >= LEAST_USD:
                home = int(vaults.account[v])
                found.append({"account": home, "name": named(market, home), "usd": short(usd), "what": "owns part of"})
    for friend in acquaintances(market, number)[:MOST_NEIGHBOURS]:
        found.append({"account": friend, "name": named(market, friend), "usd": None, "what": "acquaintance"})
    return sorted(found, key=lambda row: -(row["usd"] or 0.0))[: 2 * MOST_NEIGHBOURS]


def acquaintances(market: Marketplace, number: int) -> list[int]:
    """Accounts of an agent's acquaintances in the social network."""
    social: Any = market.mechanisms.get("social")
    if social is None or number + 1 >= social.indptr.size:
        return []
    return [int(i) for i in social.indices[social.indptr[number] : social.indptr[number + 1]]]
