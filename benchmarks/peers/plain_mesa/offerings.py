"""How vaults come: of a miner's rigs, for good or for a term, or of pledges; sold at a fixed price, or refunded."""

from math import ceil, sqrt
from typing import Any

from benchmarks.peers.plain_mesa.rigs import Site, take_share
from benchmarks.peers.plain_mesa.vaults import OFFERED, Vault


def add_vault(market: Any, creator: Any, rigs: list[Any], power_price: float) -> Vault:
    """A vault with a pool drawn for its rigs."""
    vault = Vault(market, creator, rigs, market.pools.draw(), power_price)
    market.vaults.append(vault)
    return vault


def put_on_offer(market: Any, vault: Vault, price: float, offered: float) -> None:
    """Fractions can be had from tomorrow on."""
    vault.status, vault.offer, vault.mark = OFFERED, price, price
    vault.left = vault.offered = offered
    vault.deadline = market.day + ceil(market.p["offerings"].days)
    market.offered += 1
    market.done += 1


def offer(market: Any, miner: Any, th: float, price: float, lent_days: float = 0.0) -> None:
    """Part of a miner's rigs becomes a vault on offer, for some days or for good, if there is room for one."""
    if len(market.vaults) >= market.p["vaults"].capacity:
        return
    rigs, o = take_share(miner.rigs, th / miner.site.th), market.p["offerings"]
    vault = add_vault(market, miner, rigs, miner.power_price)
    miner.site.th -= th
    if lent_days > 0.0:
        vault.lent, vault.term = True, lent_days
    put_on_offer(market, vault, price, market.supply * (1.0 - miner.keep) / (1.0 + o.seed_bps * 1e-4))


def found_club(market: Any, founder: Any, th: float, price: float) -> None:
    """A vault without rigs asks for pledges."""
    if len(market.vaults) >= market.p["vaults"].capacity:
        return
    rules, power_price = market.rules, market.p["offerings"].initial_power_price
    site = Site(power_price, rules.payback_limit, market.lag, rules)
    vault = add_vault(market, founder, site.rigs, power_price)
    vault.site, vault.promised, vault.coming = site, th, th
    market.clubs.append(vault)
    put_on_offer(market, vault, price, market.supply)


def float_vault(market: Any, vault: Vault, creator: Any, proceeds: float, price: float, sold: float) -> None:
    """Proceeds to the creator, the platform's part, the unsold to the creator, part of both into the pool."""
    o = market.p["offerings"]
    fee, usd = proceeds * o.fee_bps * 1e-4, proceeds * o.seed_bps * 1e-4
    creator.cash += proceeds - fee - usd
    market.world += fee
    vault.credit(creator, market.supply - sold - usd / price)
    vault.usd, vault.fractions = usd, usd / price
    vault.change_shares(creator, sqrt(usd * usd / price))


def order_rigs(market: Any, club: Vault) -> None:
    """All that was pledged, less the platform's part, goes to the makers."""
    purse = club.escrow * (1.0 - market.p["offerings"].fee_bps * 1e-4)
    market.world += club.escrow
    club.site.order(purse, market.rig_market)
    club.coming = purse / market.rig_market.all_in


def affordable(market: Any, vault: Vault) -> bool:
    """Whether pledges buy what a club promised at today's price of rigs; true of all other vaults."""
    purse = vault.escrow * (1.0 - market.p["offerings"].fee_bps * 1e-4)
    return vault.site is None or purse >= vault.promised * market.rig_market.all_in


def close_offerings(market: Any) -> None:
    """Sold out: deliver; late: refund."""
    for vault in [v for v in market.vaults if v.status == OFFERED]:
        creator = vault.creator
        if vault.left <= 0.0 and affordable(market, vault):
            for agent, amount in vault.receipts.items():
                vault.credit(agent, amount)
            vault.release(market.day)
            if vault.site is None:
                float_vault(market, vault, creator, vault.escrow, vault.offer, vault.offered)
            else:
                order_rigs(market, vault)
            market.succeeded, market.raised = market.succeeded + 1, market.raised + vault.escrow
            market.sold += vault.offered
            market.days_to_sell += market.day - vault.opened
        elif market.day >= vault.deadline:
            for agent, amount in vault.receipts.items():
                agent.cash += amount * vault.offer
            creator.rigs += vault.rigs
            repaid = min(creator.cash, max(0.0, vault.debt))
            creator.cash -= repaid
            market.operator += repaid
            market.vaults.remove(vault)
            if vault.site is not None:
                market.clubs.remove(vault)
            market.failed, market.refunded = market.failed + 1, market.refunded + vault.escrow
        else:
            continue
        vault.escrow, vault.offer, vault.left, vault.receipts = 0.0, 0.0, 0.0, {}
