"""Hashpower contracts at a loss."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import events, value
from experiments.presets.spec import Answer, Numbers
from model.mechanisms.vaults import VaultStatus
from model.nft_kind import NftKind

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """How many ended, and when."""
    vaults = market.mechanisms["vaults"]
    contract = vaults.kind[: vaults.n] == NftKind.HASHPOWER_CONTRACT
    ended = contract & (vaults.status[: vaults.n] == VaultStatus.ENDED)
    days = [tick * market.clock.dt_days for tick, _ in events(market, "vault_ended")]
    return {
        "part of contracts that ended": float(ended.sum() / contract.sum()),
        "day of the first": days[0] if days else np.nan,
        "income of a fraction": value(market, "fractions.income"),
        "gain of investors": value(market, "holders.retail_return"),
    }


def tell(found: "Found") -> str:
    """How many, when, and what is left."""
    return (
        f"{found.mean('part of contracts that ended')} of the contracts end within nine months of April 2018, the first on day "
        f"{found.mean('day of the first')}. Investors' gain on all they brought in is {found.mean('gain of investors')}."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "part of contracts that ended": "%",
        "day of the first": "",
        "income of a fraction": "USD/day",
        "gain of investors": "%",
    },
    real="HashFlare ended all its SHA-256 contracts on 2018-07-20, day 110, after 28 days at a loss",
    source="Cointelegraph 2018-07-28",
)
