"""How vaults come: made of a miner's rigs, offered at a fixed price, delivered with a pool, or refunded."""

from math import ceil, sqrt
from typing import Any

from benchmarks.peers.plain_mesa.rigs import take_share
from benchmarks.peers.plain_mesa.vaults import OFFERED, Vault


def add_vault(market: Any, creator: Any, rigs: list[Any]) -> Vault:
    """A vault with a pool drawn for its rigs."""
    vault = Vault(market, creator, rigs, market.supply, market.pools.draw())
    market.vaults.append(vault)
    return vault


def offer(market: Any, miner: Any, th: float, price: float) -> None:
    """Part of a miner's rigs becomes a vault on offer, if there is room for one."""
    if len(market.vaults) >= market.p["vaults"].capacity:
        return
    vault, o = add_vault(market, miner, take_share(miner.rigs, th / miner.site.th)), market.p["offerings"]
    miner.site.th -= th
    vault.status, vault.offer, vault.mark = OFFERED, price, price
    vault.left = vault.offered = market.supply * (1.0 - miner.keep) / (1.0 + o.seed_bps * 1e-4)
    vault.deadline = market.day + ceil(o.days)
    market.done += 1


def float_vault(market: Any, vault: Vault, creator: Any, proceeds: float, price: float, sold: float) -> None:
    """Proceeds to the creator, the platform's part, the unsold to the creator, part of both into the pool."""
    o = market.p["offerings"]
    fee, usd = proceeds * o.fee_bps * 1e-4, proceeds * o.seed_bps * 1e-4
    creator.cash += proceeds - fee - usd
    market.world += fee
    vault.credit(creator, market.supply - sold - usd / price)
    vault.usd, vault.fractions = usd, usd / price
    vault.change_shares(creator, sqrt(usd * usd / price))


def close_offerings(market: Any) -> None:
    """Sold out: deliver; late: refund."""
    for vault in [v for v in market.vaults if v.status == OFFERED]:
        creator = vault.creator
        if vault.left <= 0.0:
            for agent, amount in vault.receipts.items():
                vault.credit(agent, amount)
            vault.release(market.day)
            float_vault(market, vault, creator, vault.escrow, vault.offer, vault.offered)
            market.succeeded, market.raised = market.succeeded + 1, market.raised + vault.escrow
        elif market.day >= vault.deadline:
            for agent, amount in vault.receipts.items():
                agent.cash += amount * vault.offer
            creator.rigs += vault.rigs
            repaid = min(creator.cash, max(0.0, vault.debt))
            creator.cash -= repaid
            market.operator += repaid
            market.vaults.remove(vault)
            market.failed += 1
        else:
            continue
        vault.escrow, vault.offer, vault.left, vault.receipts = 0.0, 0.0, 0.0, {}
