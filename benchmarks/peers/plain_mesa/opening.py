"""The first morning: agents with their traits and acquaintances, vaults that are sold already, rigs dealt out."""

from itertools import accumulate
from math import exp, log
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.peers.plain_mesa.founders import ClubFounder
from benchmarks.peers.plain_mesa.miners import Miner, Rest
from benchmarks.peers.plain_mesa.offerings import add_vault, float_vault
from benchmarks.peers.plain_mesa.rigs import KWH, Rig, Site
from model.mechanisms.rigs.opening import quarter_of
from model.streams import uniforms


def agents_of(market: Any, table: Any, cls: Any) -> list[Any]:
    """Agents of one kind with the very traits that our market draws."""
    slots, kind = np.arange(table.count, dtype=np.int64), table.kind
    shared, names, columns = {}, [], []
    for name, drawn in table.traits.items():
        low, high = table.bounds[name]
        column = np.clip(drawn.sample(market.streams.key(f"trait {name}", kind), slots), low, high)
        if drawn.constant and table.count:
            shared[name] = float(column[0])  # one object for all
        else:
            names.append(name)
            columns.append(column)
    rows = np.column_stack(columns).tolist()  # an agent's numbers lie side by side in memory
    traits = ({**shared, **dict(zip(names, row, strict=True))} for row in rows)
    draws = uniforms(market.streams.key("strategy", kind), slots, 0).tolist()
    edges = list(accumulate(table.shares.values()))
    chosen = [list(table.shares)[sum(draw >= edge for edge in edges[:-1])] for draw in draws]
    if cls is Miner:
        return [Miner(market, own, chosen[slot] == "payback", slot) for slot, own in enumerate(traits)]
    return [
        (ClubFounder if name == "club_founder" else cls)(market, own) for name, own in zip(chosen, traits, strict=True)
    ]


def befriend(market: Any, social: Any) -> None:
    """Who knows whom; kinds mix."""
    if social.graph != "small_world":
        raise ValueError("the peer draws small worlds only")
    order = list(market.everybody)
    market.random.shuffle(order)
    graph = nx.watts_strogatz_graph(
        len(order), min(social.neighbours, len(order) - 1), social.rewire, seed=market.streams.seed
    )
    for node, agent in enumerate(order):
        agent.friends = [order[other] for other in graph.adj[node]]


def typical_of(investors: list[Any]) -> dict[str, float]:
    """Medians of traits stand for the typical investor."""
    names = (
        "drift_prior", "growth", "discount", "pull", "risk_aversion", "cap", "safe", "volatility",
        "least_volatility", "extrapolation", "wear",
    )  # fmt: skip
    return {name: float(np.median([getattr(a, name) for a in investors])) for name in names}


def furnish(market: Any) -> None:
    """Vaults that are sold already, with seeded pools."""
    o, rigs, n = market.p["offerings"], market.rig_market, len(market.miners)
    kinds = [kind for kind in o.initial_buyers if kind in market.by_kind]
    buyers = [agent for kind in kinds for agent in market.by_kind[kind]]
    means = [agent.cash for agent in buyers]
    spend, random, quarter = (
        o.initial_spending / (o.initial * o.initial_breadth),
        market.random.random,
        quarter_of(market.clock),
    )
    offered = market.supply * (1.0 - o.initial_keep_bps * 1e-4) / (1.0 + o.seed_bps * 1e-4)
    price = o.issue_multiple * rigs.price * o.th / market.supply
    for i in range(o.initial):
        creator = market.miners[i * n // o.initial]
        efficiency = rigs.shipping * o.initial_efficiency
        unit = KWH * o.initial_power_price * efficiency * market.rules.pue
        vault = add_vault(market, creator, [Rig(o.th, efficiency, 1.0, quarter, unit)], o.initial_power_price)
        joins = [j for j in range(len(buyers)) if random() < o.initial_breadth and buyers[j] is not creator]
        total, proceeds = sum(means[j] for j in joins), 0.0
        for j in joins:
            amount = min(offered * means[j] / total, means[j] * spend / price)
            if amount > 0.0 and buyers[j].cash >= amount * price:
                buyers[j].cash -= amount * price
                proceeds += amount * price
                vault.credit(buyers[j], amount)
        float_vault(market, vault, creator, proceeds, price, proceeds / price)
        vault.mark = price


def deal(market: Any, opening: Any) -> Rest:
    """The network's rigs: two vintages and a part of all orders to each miner by size, the rest by power price and vintage."""
    net, share, rules = opening.network, market.p["network"].simulated_share, market.rules
    running = (net.fleet * net.running).tolist()
    mix = [0.0] * net.efficiency.size
    for vintage, th in zip(net.vintage.tolist(), running, strict=True):
        mix[vintage] += th
    vintages, efficiency, quarters = range(len(mix)), net.efficiency.tolist(), opening.quarter.tolist()
    whole = share * opening.hashrate - sum(vault.th for vault in market.vaults)
    unit = max(0.0, whole) / sum(miner.size for miner in market.miners)
    log_net = log(net.hashprice * (1.0 - rules.pool_fee))
    shipments = [net.pipeline[(net.weeks.burn_in + w) % len(net.pipeline)] for w in range(market.lag)]
    for miner in market.miners:
        for _ in range(2):
            for _ in range(16):
                v = market.random.choices(vintages, mix)[0]
                cost = miner.site.unit * efficiency[v]
                part = 1.0 / (1.0 + exp(min(700.0, (log(cost) - log_net) / rules.switching_width)))
                if part > 0.5:
                    break
            th = unit * miner.size * 0.5 / max(part, 0.1)
            miner.rigs.append(Rig(th, efficiency[v], part, quarters[v], cost))
        part = unit * miner.size / net.hashrate
        miner.site.backlog = float(net.backlog.sum()) * part
        miner.site.pipeline = [float(week.sum()) * part for week in shipments]
    sites = []
    for s, power in enumerate(net.sites.power_price.tolist()):
        site = Site(power, rules.payback_limit, market.lag, rules)
        site.backlog = float(net.backlog[s]) * (1.0 - share)
        site.pipeline = [float(week[s]) * (1.0 - share) for week in shipments]
        for v in vintages:
            row = int(net.first_row[s]) + v
            th = float(net.fleet[row]) * (1.0 - share)
            if th > 0.0:
                rig = Rig(th, efficiency[v], float(net.running[row]), quarters[v], site.unit * efficiency[v])
                site.rigs.append(rig)
        sites.append(site)
    ordered = [*sites, *(miner.site for miner in market.miners)]
    market.rig_market.backlog = sum(site.backlog for site in ordered)
    market.rig_market.book.append([(site, site.backlog) for site in ordered])
    return Rest(sites, float(net.cash.sum()) * (1.0 - share))
