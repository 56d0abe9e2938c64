"""The marketplace as one Mesa model: its first morning and the order of a day."""

from math import ceil, exp, inf, log
from typing import Any

import mesa

from benchmarks.peers.plain_mesa import metrics
from benchmarks.peers.plain_mesa.chain import Chain, Coin, MiningPools
from benchmarks.peers.plain_mesa.miners import Holder, Miner
from benchmarks.peers.plain_mesa.offerings import close_offerings
from benchmarks.peers.plain_mesa.opening import agents_of, befriend, deal, furnish, typical_of
from benchmarks.peers.plain_mesa.retail import RetailInvestor
from benchmarks.peers.plain_mesa.rigs import RigMarket, run_rows
from benchmarks.peers.plain_mesa.traders import Arbitrageur, LiquidityProvider
from benchmarks.peers.plain_mesa.valuation import look
from benchmarks.peers.plain_mesa.vaults import OFFERED, Vault
from model.clock import Clock
from model.mechanisms.rigs.catalogue import best_rig
from model.mechanisms.rigs.opening import burn_in, quarter_of
from model.mechanisms.rigs.rules import InvestmentRules
from model.streams import Streams

TRADERS = {"retail_investor": RetailInvestor, "liquidity_provider": LiquidityProvider, "arbitrageur": Arbitrageur}
KINDS = {"miner": Miner, **TRADERS}
HALVING_DAYS = 210_000 * 600.0 / 86_400.0


def lower_median(values: list[float]) -> float:
    """The lower of the two in the middle; 0 of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0.0


class Market(mesa.Model):
    """Vaults, pools, miners and traders as Python objects; a tick is a day.

    Args:
        scenario: the same `Scenario` that our market runs
        seed: of the traits (the same draws as ours) and of the run (Python's own random numbers)
    """

    def __init__(self, scenario: Any, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.p = p = scenario.mechanisms
        if (
            scenario.clock.hours_per_tick != 24
            or "offerings" not in p
            or p["network"].rest != "elastic"
            or p["rigs"].miners_start != "drawn"
            or p["power"].indexed + p["power"].interruptible > 0.0
        ):
            raise ValueError("the peer knows daily ticks, offerings, drawn rigs, an elastic rest, fixed tariffs")
        self.streams, self.clock, self.day = Streams(seed), Clock(scenario.clock), -1
        self.awake = self.acting = self.handed_in = self.done = self.handed_in_trades = 0
        self.world = self.operator = 0.0  # USD that went to the outside; to the vaults' operator
        self.rules = rules = InvestmentRules.of(p["rigs"])
        self.haircut = p["rigs"].haircut
        opening = burn_in(self.clock, rules, p["rigs"].bins, p["rigs"].burn_in_weeks)
        self.rig_market = RigMarket(rules, opening, self.haircut)
        self.coin, self.chain = (
            Coin(p["bitcoin"], self.clock, self.random),
            Chain(p["network"], self.clock, self.random),
        )
        self.pools = MiningPools(p["payout"], self.random)
        self.hashprice = self.yesterday = self.chain.hashprice(self.coin.price)
        self._hoist(p)
        self.by_kind = {kind: agents_of(self, scenario.agents[kind], cls) for kind, cls in KINDS.items()}
        self.miners, investors = self.by_kind["miner"], self.by_kind["retail_investor"]
        self.everybody = [agent for agents in self.by_kind.values() for agent in agents]
        self.typical, self.least_startle = typical_of(investors), min(agent.startle for agent in investors)
        befriend(self, p["social"])
        self.vaults: list[Vault] = []
        self.clubs: list[Vault] = []  # those that order rigs
        furnish(self)
        self.rest = deal(self, opening)
        self.recorder = metrics.Recorder(self)

    def _hoist(self, p: Any) -> None:
        """Parameters and figures that agents read, as attributes."""
        self.lag, self.leak = round(self.rules.lag_weeks), 1.0 - exp(-self.rules.leak / 365.0)
        self.committed = 1.0 - exp(-1.0 / self.rules.spending_weeks)
        self.days_to_default, self.power_level = p["power"].days_to_default, p["power"].level
        fees = p["fees"]
        self.click = (fees.layer2_fee if fees.layer2 else fees.transaction_fee) + fees.market_fee
        self.fee, self.keeps = p["amm"].fee_bps * 1e-4, 1.0 - p["amm"].fee_bps * 1e-4
        self.twap_ticks, self.kept_return = ceil(p["amm"].twap_hours / 24.0), 0.5 ** (1.0 / p["amm"].return_half_life)
        vaults, social = p["vaults"], p["social"]
        self.life_days, self.supply, self.service_fee = vaults.life_days, float(vaults.supply), vaults.service_fee
        self.in_kind, self.waits = vaults.redemption == "in_kind", vaults.redemption != "in_kind"
        self.smoothing = min(1.0, 1.0 / vaults.smoothing_days)
        self.imitation, self.elation, self.sentiment_days = social.imitation, social.elation, social.sentiment_days
        self.trend_days, self.fitness_days = social.trend_days, social.fitness_days
        self.log_silent = log(1.0 - social.word_of_mouth) if social.word_of_mouth else -1e-9
        self.least_th = p["offerings"].least_ghs / 1_000.0
        self.moods, self.chartists, self.moves = 0.0, 0, 0
        self.profits: tuple[float, ...] = (0.0, 0.0)  # of the rules of expectation
        self.heard: dict[Any, bool] = {}  # who will look tomorrow
        self.pace = 1.0 - 0.5 ** (1.0 / 7.0 / self.rules.switching_weeks)
        self.hashprice_pace = 1.0 - (1.0 - 1.0 / max(1.0, self.rules.hashprice_weeks)) ** (1.0 / 7.0)
        self.price_per_th = self.cost_of_th = self.level = 0.0
        self.offered, self.succeeded, self.failed, self.ended = 0, 0, 0, 0
        self.raised = self.refunded = self.sold = self.days_to_sell = 0.0
        self.brought = self.taken = 0.0  # USD that the world has put into miners, and got from them
        self.bid = self.coin.price * (1.0 - p["bitcoin"].spread)

    # -- transactions

    def buy_rigs(self, agent: Holder) -> None:
        """The rest of the network buys used rigs at resale value."""
        if self.charge(agent):
            paid = sum(rig.th * self.rig_market.resale(rig.efficiency) for rig in agent.rigs)
            self.rest.take(agent.rigs, 1.0)
            agent.rigs.clear()
            self.rest.cash -= paid
            agent.cash += paid
            self.world -= paid
            self.done += 1

    def charge(self, agent: Holder) -> bool:
        """Take the fee of a transaction; whether it could be paid."""
        self.handed_in += 1
        if agent.cash < self.click:
            return False
        agent.cash -= self.click
        self.world += self.click
        return True

    # -- the day

    def step(self) -> None:
        """Price, production, income, the morning's figures, decisions and trades, makers and offerings, metrics."""
        self.day += 1
        self.clock.tick = self.day
        self.awake = self.acting = self.moves = 0
        self.coin.move()
        self.bid = self.coin.price * (1.0 - self.p["bitcoin"].spread)
        self.rig_market.improve(best_rig(f"{self.clock.date:%Y-%m}"))
        if self.day % 7 == 0:
            self._ship()
        self.rig_market.reprice()
        self._mine()
        for vault in self.vaults:
            vault.accrue(self.rates[vault.mining_pool], self.bid, self.service_fee, self.smoothing)
        self.yesterday, self.hashprice = self.hashprice, self.chain.hashprice(self.coin.price)
        self.rig_market.hashprice += (self.yesterday - self.rig_market.hashprice) * self.hashprice_pace
        self.rig_market.reckon()
        self._look()
        self._trade()
        for miner in self.miners:
            miner.step()
        self.rest.step(self, self.rest_mined)
        close_offerings(self)
        for vault in self.vaults:
            vault.measure_return(self.kept_return, self.coin.price)
        self.recorder.record()

    def _mine(self) -> None:
        """All rigs run; blocks are found; pools say what a TH earned."""
        r = self.rules
        log_net, width = log(self.hashprice * (1.0 - r.pool_fee) / self.power_level), r.switching_width
        members, failures, scrapping = [0.0] * self.pools.size, r.failures / 365.0, r.scrapping / 365.0
        for miner in self.miners:
            site = miner.site
            site.th, site.on, site.bill = run_rows(site.rigs, log_net, self.pace, width, failures, scrapping)
            members[miner.mining_pool] += site.on
        for vault in self.vaults:
            _, vault.on, vault.bill = run_rows(vault.rigs, log_net, self.pace, width, 0.0, 0.0)
            members[vault.mining_pool] += vault.on
        rest = self.rest
        for site in rest.sites:
            site.th, site.on, site.bill = run_rows(site.rigs, log_net, self.pace, width, failures, scrapping)
        rest.th, rest.on = sum(site.th for site in rest.sites), sum(site.on for site in rest.sites)
        self.network = rest.on + sum(members)
        segments = self.chain.mine(self.network * 1e12)
        self.rates, self.rest_mined = self.pools.pay(segments, members, self.network, self.chain.fee_ratio)

    def _look(self) -> None:
        """What everybody sees this morning: quotes, values, trends, and which rule has paid."""
        self.cuts = self._halvings()
        earned = [look(vault, self) for vault in self.vaults]
        traded = max(1, sum(vault.price > 0.0 for vault in self.vaults))
        kept = exp(-1.0 / self.fitness_days)
        self.profits = tuple(
            kept * old + (1.0 - kept) * sum(e[i] for e in earned) / traded * 365.0 for i, old in enumerate(self.profits)
        )
        live = [vault for vault in self.vaults if vault.price > 0.0]
        self.on_offer = [vault for vault in self.vaults if vault.status == OFFERED]
        self.open_vaults, self.room = live + self.on_offer, self.p["vaults"].capacity > len(self.vaults)
        ratios = [vault.price / vault.nav for vault in live if vault.nav > 0.0]
        self.level = lower_median(ratios) if len(ratios) > 2 else 0.0
        with_rigs = [vault for vault in live if vault.th > 0.0]
        self.price_per_th = lower_median([vault.price * vault.supply / vault.th for vault in with_rigs])
        self.cost_of_th = lower_median([vault.cost_per_th for vault in with_rigs])
        self.pool_offers = self.pools.offers(self.chain.fee_ratio)
        self.blocks_per_th = 86_400.0 * 1e12 / (2.0**32 * self.chain.difficulty)
        coin = self.coin.price
        gap = self.profits[1] - self.profits[0]
        self.morning = (float(self.day), coin, log(coin), self.fee, self.click, gap, self.cuts, self.waits)

    def _halvings(self) -> list[tuple[float, float, float]]:
        """Days to the next halvings, and what each leaves of income."""
        subsidy, day, cuts = self.chain.subsidy_share(), self.chain.to_halving() * 600.0 / 86_400.0, []
        while day < self.life_days:
            cut = 1.0 - 0.5 * subsidy
            cuts.append((day, cut, log(cut)))
            subsidy, day = 0.5 * subsidy / cut, day + HALVING_DAYS
        return [*cuts, (inf, 1.0, 0.0)]

    def _trade(self) -> None:
        """Those whose attention fires, then those who were startled or heard of trades, in random order."""
        random, heard, self.heard = self.random.random, self.heard, {}
        awake = [agent for kind in TRADERS for agent in self.by_kind[kind] if random() < agent.attention]
        investors = self.by_kind["retail_investor"]
        for vault in self.vaults:
            move = abs(vault.move)
            if move >= self.least_startle:
                heard.update((agent, True) for agent in investors if move >= agent.startle and vault in agent.held)
        if heard:
            woken = set(awake)
            awake += [agent for agent in heard if agent.kind in TRADERS and agent not in woken]
        self.random.shuffle(awake)
        before = self.handed_in
        for agent in awake:
            agent.step()
            if self.handed_in != before:
                self.acting += 1
                before = self.handed_in
        self.awake += len(awake)

    def _ship(self) -> None:
        """Once a week makers ship last week's orders, and what was shipped weeks ago starts to run."""
        market, quarter, week = self.rig_market, quarter_of(self.clock), self.day // 7
        if week:
            market.ship(week - 1)
        for miner in self.miners:
            miner.site.receive(week, market, quarter)
        for site in self.rest.sites:
            site.receive(week, market, quarter)
        for club in self.clubs:
            if club.coming > 0.0 and club.status != OFFERED:
                club.site.receive(week, market, quarter)
                club.count_rigs()
                club.coming = (club.site.backlog + sum(club.site.pipeline)) / market.shipping
        market.unshipped = market.backlog
