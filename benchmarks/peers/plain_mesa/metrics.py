"""The same metrics under the same names as our market's, worked out once a tick and kept by Mesa's DataCollector."""

from math import log, nan, sqrt
from operator import itemgetter, mul
from typing import Any

from mesa.datacollection import DataCollector

from benchmarks.peers.plain_mesa.rigs import KWH
from benchmarks.peers.plain_mesa.valuation import net_asset_value
from benchmarks.peers.plain_mesa.vaults import LIVE
from benchmarks.peers.plain_mesa.weekly import WEEKLY, Weekly, gini

HOLDERS, PROBES = 64, 512  # asked for the reference value of one vault, and agents looked at for them
WEALTH = {
    "miner": "agents.miner_wealth",
    "retail_investor": "agents.retail_wealth",
    "liquidity_provider": "agents.provider_wealth",
    "arbitrageur": "agents.arbitrageur_wealth",
}
NAMES = (
    "agents.gini", "agents.awake", "agents.acting", "agents.rejections", *WEALTH.values(), "agents.chartists",
    "agents.sentiment", "amm.price_median", "amm.volume", "amm.trades", "amm.depth", "amm.traded_share",
    "amm.lp_share_others", "amm.lp_return", "bitcoin.price", "bitcoin.realised_volatility", "fractions.vaults",
    "fractions.ended", "fractions.supply", "fractions.hashrate", "fractions.holders", "fractions.income",
    "fractions.maintenance", "fractions.income_yield", "fractions.premium", "fractions.mispricing", "fractions.reference_value",
    "fractions.fair_share", "fractions.near_nav", "fractions.advances", "network.hashrate", "network.difficulty",
    "network.hashprice", "network.fee_share", "network.blocks", "offerings.on_offer", "offerings.offered",
    "offerings.succeeded", "offerings.failed", "offerings.sold", "offerings.raised", "offerings.refunded",
    "offerings.days_to_sell", "offerings.escrow", "payout.paid", "payout.reserve", "payout.herfindahl",
    "payout.largest", "payout.fee", "payout.moves", "payout.earned", "payout.earned_least", "payout.earned_most",
    "power.drawn", "rigs.price", "rigs.efficiency", "rigs.breakeven_hashprice", "rigs.running", "rigs.backlog",
    "rigs.miners", "vaults.income", "vaults.income_providers", *WEEKLY,
)  # fmt: skip
ALWAYS = {  # of what the peer leaves out
    "power.index": 1.0,
    **dict.fromkeys(
        ("payout.ruined", "payout.hopping_gain", "offerings.granted", "power.interrupted", "power.credits_paid",
         "power.credits_owed", "power.tax", "vaults.income_dollars", "vaults.income_stakers", "vaults.income_taken",
         "vaults.staked_share", "vaults.wound_up", "vaults.terminated", "vaults.taken_out"), 0.0,
    ),
}  # fmt: skip
LOG_FAIR, LOG_NEAR = log(3.0), log(2.0)


class Recorder:
    """Figures of the tick, by name.

    Args:
        model: the market
    """

    def __init__(self, model: Any) -> None:
        self.model, self.before = model, (0, 0)
        self.figures: dict[str, float] = {**dict.fromkeys(NAMES, nan), **ALWAYS}
        figures = self.figures
        model.datacollector = DataCollector({name: (lambda _, name=name: figures[name]) for name in figures})
        self.weekly = Weekly(model, figures)
        self.survey()

    def record(self) -> None:
        """Measure everything and collect it."""
        self.survey()
        self.pools()
        self.fractions()
        self.mining()
        if self.model.day % 7 == 0:
            self.weekly.measure()
        m, f = self.model, self.figures
        handed_in, done = m.handed_in - self.before[0], m.done - self.before[1]
        self.before = (m.handed_in, m.done)
        n = len(m.everybody)
        f["agents.awake"], f["agents.acting"] = m.awake / (n + 1), m.acting / (n + 1)  # the rest of the network, too
        f["agents.rejections"] = 1.0 - done / handed_in if handed_in else nan
        f["agents.chartists"] = m.chartists / max(1, len(m.by_kind["retail_investor"]))
        f["agents.sentiment"] = m.moods / n
        f["bitcoin.price"], f["bitcoin.realised_volatility"] = m.coin.price, sqrt(m.coin.variance)
        f["offerings.on_offer"] = len(m.vaults) - f["fractions.vaults"]
        f["offerings.offered"], f["offerings.succeeded"], f["offerings.failed"] = m.offered, m.succeeded, m.failed
        f["offerings.sold"], f["offerings.raised"], f["offerings.refunded"] = m.sold, m.raised, m.refunded
        f["offerings.days_to_sell"] = m.days_to_sell / m.succeeded if m.succeeded else nan
        f["offerings.escrow"] = sum(vault.escrow for vault in m.vaults)
        m.datacollector.collect(m)

    def survey(self) -> None:
        """Everybody's wealth at the day's prices, by kind, and how unequal it is."""
        m, by_kind = self.model, {}
        wealth: list[float] = []
        coin = m.coin.price
        for kind, agents in m.by_kind.items():
            before = len(wealth)
            for agent in agents:
                worth = agent.cash + agent.coins * coin
                for vault, amount in agent.held.items():
                    worth += amount * vault.mark
                if agent.shares:
                    for vault, amount in agent.shares.items():
                        worth += amount * vault.worth_of_share
                agent.wealth = worth
                wealth.append(worth)
            by_kind[kind] = sum(wealth[before:])
        for vault in m.vaults:
            for agent, amount in vault.receipts.items():
                agent.wealth += amount * vault.offer
        total = sum(by_kind.values())
        for kind, name in WEALTH.items():
            self.figures[name] = by_kind[kind] / total
        self.figures["agents.gini"] = gini(wealth)

    def pools(self) -> None:
        """Trade, depth and return of the pools."""
        f, live = self.figures, [vault for vault in self.model.vaults if vault.status == LIVE and vault.shares > 0.0]
        prices = sorted(vault.mark for vault in live)
        middle = len(prices) // 2
        f["amm.price_median"] = 0.5 * (prices[middle] + prices[-middle - 1]) if prices else nan
        f["amm.volume"], f["amm.trades"] = sum(v.volume for v in live), sum(v.trades for v in live)
        f["amm.depth"] = depth = sum(vault.usd for vault in live)
        f["amm.traded_share"] = sum(vault.trades > 0 for vault in live) / max(1, len(live))
        others = sum((v.shares - v.creator.shares.get(v, 0.0)) * v.worth_of_share for v in live)
        f["amm.lp_share_others"] = others / (2.0 * depth) if depth else nan
        f["amm.lp_return"] = sum(v.lp_return * v.usd for v in live) / depth if depth else nan
        for vault in live:
            vault.volume, vault.trades = 0.0, 0

    def fractions(self) -> None:
        """Vaults, their income, and how far prices are from what holders find them worth."""
        m, f = self.model, self.figures
        live = [vault for vault in m.vaults if vault.status == LIVE]
        n = max(1, len(live))
        known = [(v, nav) for v in live if v.shares > 0.0 for nav in (self.reference(v),) if nav > 0.0 < v.mark]
        gaps, worths = [log(v.mark / nav) for v, nav in known], [nav * v.supply for v, nav in known]
        f["fractions.vaults"], f["fractions.ended"] = len(live), m.ended
        f["fractions.supply"], f["fractions.hashrate"] = sum(v.supply for v in live), sum(v.th for v in live)
        f["fractions.holders"] = sum(v.holders for v in live) / n
        f["fractions.income"] = income = sum(v.smooth for v in live if v.smooth == v.smooth) / n
        f["fractions.maintenance"] = sum(v.cost_per_th for v in live) / n
        worth = sum(v.mark for v in live)
        f["fractions.income_yield"] = income * n * 365.0 / worth if worth else nan
        widths, value = [abs(gap) for gap in gaps], sum(worths)
        f["fractions.reference_value"] = value
        f["fractions.premium"] = sum(map(mul, worths, gaps)) / value if value else nan
        f["fractions.mispricing"] = sum(map(mul, worths, widths)) / value if value else nan
        pooled = sum(v.shares > 0.0 < v.mark for v in live)
        f["fractions.fair_share"] = sum(width <= LOG_FAIR for width in widths) / pooled if pooled else nan
        f["fractions.near_nav"] = sum(width <= LOG_NEAR for width in widths) / pooled if pooled else nan
        f["vaults.income"] = sum(v.net_income for v in m.vaults) * m.coin.price
        f["vaults.income_providers"] = sum(v.pool_income for v in m.vaults) * m.coin.price
        f["fractions.advances"] = sum(v.debt for v in m.vaults)

    def reference(self, vault: Any) -> float:
        """Value of the holder in the middle, by wealth, of those asked; asked anew on the vault's day and when he has sold."""
        m = self.model
        sold = vault.middle is not None and vault not in vault.middle.held
        if sold or not vault.asked or m.day % 7 == vault.weekday:
            vault.middle, vault.asked = self.middle_of(vault), True
        return self.own_value(vault.middle, vault) if vault.middle is not None else 0.0

    def middle_of(self, vault: Any) -> Any:
        """The holder whose value is the median by wealth of some from anywhere in the population; None without any."""
        m, found = self.model, []
        agents = m.by_kind["retail_investor"]
        start, probes = int(m.random.random() * len(agents)), min(len(agents), PROBES)
        step = len(agents) // probes
        for j in range(probes):
            agent = agents[(start + j * step) % len(agents)]
            if vault in agent.held:
                found.append((self.own_value(agent, vault), agent.wealth, agent))
                if len(found) == HOLDERS:
                    break
        found.sort(key=itemgetter(0))
        half, below = 0.5 * sum(weight for _, weight, _ in found), 0.0
        for _, weight, agent in found:
            below += weight
            if below >= half:
                return agent
        return None

    def own_value(self, agent: Any, vault: Any) -> float:
        """What a fraction is worth to a holder."""
        m = self.model
        decay = (agent.growth - agent.drift_prior - agent.drift_weight * agent.drift_seen) / 365.0
        view = agent.views.get(vault) or agent.opinion_of(vault)
        return net_asset_value(vault, decay, agent.rate, agent.wear_daily, m.cuts, m.waits) * view

    def mining(self) -> None:
        """Network, rigs and miners."""
        m, f, market = self.model, self.figures, self.model.rig_market
        f["network.hashrate"], f["network.difficulty"] = m.chain.hashrate / 1e18, m.chain.difficulty
        f["network.hashprice"], f["network.blocks"] = m.hashprice * 1_000.0, m.chain.found
        f["network.fee_share"] = 1.0 - m.chain.subsidy_share()
        f["payout.paid"], f["payout.reserve"] = m.pools.paid, sum(m.pools.reserve)
        pools, shares = m.pools, m.pools.shares
        f["payout.herfindahl"], f["payout.largest"] = sum(share * share for share in shares), max(shares)
        f["payout.moves"] = m.moves
        whole = sum(shares)
        f["payout.fee"] = sum(s * p.fee for s, p in zip(shares, pools.pools, strict=True)) / whole if whole else nan
        luck = [paid / work for paid, work in zip(pools.earned, pools.worked, strict=True) if work > 0.0]
        f["payout.earned_least"], f["payout.earned_most"] = min(luck, default=nan), max(luck, default=nan)
        f["payout.earned"] = sum(pools.earned) / sum(pools.worked) if luck else nan
        f["rigs.price"], f["rigs.efficiency"], f["rigs.backlog"] = market.price, market.shipping, market.backlog / 1e6
        f["rigs.breakeven_hashprice"] = 1_000.0 * KWH * m.rules.power_median * market.shipping * m.rules.pue
        sites = [miner.site for miner in m.miners]
        running = sum([site.on for site in sites])
        whole = m.rest.th + sum([site.th for site in sites]) + sum(v.th for v in m.vaults)
        f["rigs.miners"], f["rigs.running"] = running, m.network / whole
        kwh = sum([site.bill / site.power_price for site in sites + m.rest.sites])
        f["power.drawn"] = (kwh + sum(v.bill / v.power_price for v in m.vaults)) / 1_000.0
