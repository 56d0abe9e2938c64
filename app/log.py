"""The event log of a market: the last events of each kind, who, and why."""

import math
from collections.abc import Mapping
from typing import Any

from app.thin import short
from model.marketplace import Marketplace
from model.units import TOKEN

OF_A_KIND, LOOKED_AT = 40, 4_000  # events shown of each kind, and looked at from the last on
EXPLAINED = ("liquidation", "default", "bad_debt", "bad debt", "pledge_ended", "redeemed", "vault_ended")
WEEK = 7.0  # days over which prices are compared


def words(kind: str) -> str:
    """Kind of an event in words."""
    return kind.replace("_", " ")


def named(market: Marketplace, account: int) -> str:
    """What to call an account."""
    return market.ledger.name(account).replace("_", " ")


def events(market: Marketplace, why: Mapping[int, str]) -> list[dict[str, Any]]:
    """The last events, the newest first.

    Args:
        market: whose journal is read
        why: further reasons by place in the journal
    """
    rows, seen, found = market.journal.events, {}, []  # type: ignore[var-annotated]
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - LOOKED_AT), -1):
        tick, kind, account, vault, amount, text = rows[place]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > OF_A_KIND:
            continue
        found.append(_row(market, place, tick, kind, account, vault, amount, text, why.get(place, "")))
    return found


def events_of(market: Marketplace, account: int, why: Mapping[int, str], most: int = OF_A_KIND) -> list[dict[str, Any]]:
    """The last events of one account."""
    rows = market.journal.events
    found = [i for i in range(len(rows) - 1, -1, -1) if rows[i][2] == account][:most]
    return [_row(market, i, *rows[i], why.get(i, "")) for i in found]


def _row(
    market: Any, place: int, tick: int, kind: str, account: int, vault: int, amount: float, text: str, why: str
) -> dict[str, Any]:
    return {
        "place": place,
        "day": max(0.0, tick * market.clock.dt_days),  # on which the tick begins, as shocks and changes are dated
        "kind": words(kind),
        "account": account,
        "who": named(market, account) if account >= 0 else (f"vault {vault}" if vault >= 0 else "market"),
        "vault": vault,
        "amount": short(amount),
        "text": text.replace("->", "→"),
        "why": why,
    }


class Reasons:
    """What prices did before an event, noted on the tick it happens.

    Attributes:
        why: reasons in words by place in the journal
    """

    def __init__(self, market: Marketplace) -> None:
        self.market = market
        self.why: dict[int, str] = {}
        self.seen = len(market.journal.events)
        self.prices: list[Any] = []
        self.back = market.clock.ticks_of(WEEK)

    def note(self) -> None:
        """Explain the events of the tick that has just ended."""
        market = self.market
        vaults: Any = market.mechanisms.get("vaults")
        if vaults is not None:
            self.prices.append(market.ledger.value[vaults.fraction[: vaults.n]] * TOKEN)
            del self.prices[: -self.back - 1]
        rows = market.journal.events
        for place in range(self.seen, len(rows)):
            if rows[place][1] in EXPLAINED:
                self.why[place] = self.reason(rows[place][2], rows[place][3])
        self.seen = len(rows)

    def reason(self, account: int, vault: int) -> str:
        """What the coin, the vault's fraction and power have done in a week."""
        market, parts = self.market, []
        for name, label in (("bitcoin.price", "coin"), ("nft_market.floor_of_collectibles", "floor")):
            if name in market.recorder.latest:
                parts += moved(label, market.recorder.path(name)[-self.back - 1 :])
        if vault >= 0 and self.prices:
            path = [float(row[vault]) for row in self.prices if vault < row.size]
            parts += moved("its fraction", path)
        rigs: Any = market.mechanisms.get("rigs")
        if rigs is not None and account >= 0 and rigs.held(account) > 0:
            parts.append(f"power {rigs.tariff.paid(rigs.power_price(account)):.3f} USD/kWh")
        return ", ".join(parts) + (" in a week" if parts else "")


def moved(label: str, path: list[float]) -> list[str]:
    """How far a price has moved over a path, as a part of a sentence.

    >>> moved("coin", [100.0, 96.0])
    ['coin −4.0 %']
    """
    if len(path) < 2 or not all(math.isfinite(x) and x > 0.0 for x in (path[0], path[-1])):
        return []
    change = 100.0 * (path[-1] / path[0] - 1.0)
    return [f"{label} {'+' if change >= 0 else '−'}{abs(change):.1f} %"]
