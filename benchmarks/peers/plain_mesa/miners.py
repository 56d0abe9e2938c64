"""Miners: sale of coins, choice of pools, power, investment by payback, offers; and the rest of the network."""

from math import inf, log, sqrt
from typing import Any

import mesa

from benchmarks.peers.plain_mesa.offerings import offer
from benchmarks.peers.plain_mesa.rigs import MONTH, Rig, Site, take_share
from benchmarks.peers.plain_mesa.vaults import LIVE

MOST = 0.01  # part of a pool's fractions sold at a look


class Holder(mesa.Agent):
    """Anybody with cash, coins, fractions and pool shares."""

    kind = "holder"
    __slots__ = ("cash", "coins", "friends", "held", "mood", "paid", "rigs", "shares", "shares_paid", "wealth")

    def __init__(self, model: Any, traits: dict[str, float]) -> None:
        super().__init__(model)
        for name, value in traits.items():
            setattr(self, name, value)
        self.coins = 0.0
        self.held: dict[Any, float] = {}  # fractions by vault
        self.paid: dict[Any, float] = {}  # index of income up to which they were paid
        self.shares: dict[Any, float] = {}  # of pools, by vault
        self.shares_paid: dict[Any, float] = {}
        self.rigs: list[Rig] = []
        self.wealth = self.cash
        self.mood = 0.0
        self.friends: list[Holder] = []

    def sell_coins(self, coins: float) -> None:
        """Coins for dollars at the day's bid."""
        model = self.model
        if model.charge(self):
            self.coins -= coins
            self.cash += coins * model.bid
            model.world -= coins * model.bid
            model.done += 1


class Miner(Holder):
    """Runs rigs; once a week sells coins by a policy, looks at pools, orders rigs by payback, and tokenises.

    He also looks whenever fractions of his own vaults fetch what he asks.
    """

    kind = "miner"

    def __init__(self, model: Any, traits: dict[str, float], invests: bool, slot: int) -> None:
        super().__init__(model, traits)
        self.invests, self.slot = invests, slot
        self.site = Site(self.power_price, self.payback_limit, model.lag, model.rules)
        self.rigs = self.site.rigs
        self.mining_pool, self.kept = model.pools.draw(), 0.0  # coins held back
        expovariate = model.random.expovariate
        self.tastes = [-self.pool_taste * log(max(expovariate(1.0), 1e-300)) for _ in range(model.pools.size)]
        self.arrears, self.days_overdue = 0.0, 0

    def step(self) -> None:
        """A day after the rigs have run: coins in, outside money, sale of coins, investment, power bill."""
        model, site = self.model, self.site
        rules, market = model.rules, model.rig_market
        self.coins += site.on * model.rates[self.mining_pool]
        cost, revenue = site.bill * rules.overhead, site.on * model.yesterday
        profit = revenue * (1.0 - rules.pool_fee) - cost
        flow = rules.outside_capital * market.attraction * revenue - (1.0 - rules.reinvested) * profit
        if flow > 0.0:
            model.brought += flow
        else:
            flow = max(flow, -self.cash)
            model.taken -= flow
        leak = (self.cash + flow) * model.leak
        model.taken += leak
        self.cash += flow - leak
        model.world -= flow - leak
        own_day = (self.slot + model.day) % 7 == 0
        dear = any(vault.creator is self and vault.price > self.asked(vault) for vault in self.held)
        if own_day or dear or (self.attention > 0.0 and model.random.random() < self.attention):
            model.awake += 1
            before = model.handed_in
            sold = self.coins if self.treasury == 0.0 else 0.0
            if self.treasury == 1.0:
                sold = (self.coins - min(self.coins, self.kept)) * (1.0 - self.hold_share)
                self.kept = self.coins - sold
            if sold > 0.0:
                self.sell_coins(sold)
            if self.held:
                self.sell_kept()
            if self.pool_review >= 1.0 and (self.slot + model.day) % int(self.pool_review) == 0 and site.th > 0.0:
                self.choose_pool()
            if self.invests and own_day:
                self.review()
            model.acting += model.handed_in > before
        self.pay(cost)

    def asked(self, vault: Any) -> float:
        """Price from which on he sells."""
        return float(self.asks * max(0.0, vault.nav) / (1.0 - self.model.fee))

    def sell_kept(self) -> None:
        """Fractions where they fetch what he asks, no more at once than the pool bears."""
        model = self.model
        kept, click = 1.0 - model.fee, model.morning[4]
        for vault, held in list(self.held.items()):
            asked, depth = self.asked(vault), vault.depth
            if vault.status != LIVE or vault.price <= asked:
                continue
            most = min(held, MOST * depth)
            if asked > 0.0:
                most = min(most, depth * (sqrt(vault.price / asked) - 1.0))
            if vault.depth_usd * most * kept / (depth + most * kept) > click:
                vault.sell(self, most, most * asked * kept)

    def pay(self, cost: float) -> None:
        """Power from cash, then by selling coins; what is unpaid for a month costs the rigs."""
        model = self.model
        due = self.arrears + cost
        lack = due - self.cash
        if lack > 0.0 and self.coins > 0.0:
            sold = min(self.coins, (lack + model.morning[4]) / model.bid)
            self.coins -= sold
            self.cash += sold * model.bid
            model.world -= sold * model.bid
        paid = min(due, self.cash)
        self.cash -= paid
        model.world += paid
        self.arrears = due - paid
        self.days_overdue = self.days_overdue + 1 if self.arrears > 1e-6 else 0
        if self.days_overdue > model.days_to_default:
            worth = sum(rig.th * model.rig_market.resale(rig.efficiency) for rig in self.rigs)
            part = min(1.0, self.arrears / worth) if worth > 0.0 else 1.0
            model.rest.take(self.rigs, part)
            self.arrears, self.days_overdue = 0.0, 0

    def review(self) -> None:
        """Commit cash to rigs by the payback rule; offer fractions where they fetch more or cash is short."""
        model, site = self.model, self.site
        market, random = model.rig_market, model.random.random
        eager = site.eagerness(market)
        usd = self.cash * model.committed * eager
        if usd > market.all_in * 0.1 and model.charge(self) and self.cash >= usd:
            self.cash -= usd
            model.world += usd
            site.order(usd, market)
            model.done += 1
        th = site.th * self.tokenise_share
        if not model.room or th < model.least_th or site.on <= 0.0 or random() >= self.tokenise_rate:
            return
        months, hashprice = self.payback_limit * MONTH, market.hashprice
        cost, new_cost = site.bill * market.overhead / site.on, site.unit * market.overhead * market.shipping
        worth, new = months * (hashprice - cost), months * (hashprice - new_cost)
        worth_or_resale = max(worth, market.resale(market.shipping) * min(1.0, worth / new) if new > 0.0 else 0.0)
        asked = worth_or_resale * self.markup
        fetched = asked
        if model.price_per_th > 0.0:  # for rigs of the usual cost: dearer ones fetch less
            fetched = (model.price_per_th - months * (cost - model.cost_of_th)) * (1.0 - self.undercut)
        short = self.cash < self.working_cash * site.th * market.all_in
        if asked <= 0.0 or not (fetched > asked or (short and eager > 0.5 and fetched >= worth_or_resale)):
            return
        if worth > 0.0 and random() < self.contract_share:
            net = (hashprice - cost) * self.contract_days * self.contract_price
            if model.charge(self):
                offer(model, self, th, th * net / model.supply, self.contract_days)
        elif model.charge(self):
            offer(model, self, th, th * fetched / model.supply)

    def choose_pool(self) -> None:
        """Go to the pool whose fee and luck, by mean and variance, and own taste suit best, if the gain is worth it."""
        model, here, most, best, stay = self.model, self.mining_pool, -inf, self.mining_pool, -inf
        blocks, th = model.blocks_per_th * int(self.pool_review), self.site.th
        for k, (fee, passed, lucky, size) in enumerate(model.pool_offers):
            kept = 1.0 - fee
            worth = kept * passed + self.tastes[k]
            if lucky > 0.0:
                sharing = size if k == here else size + th
                worth -= 0.5 * self.pool_risk_aversion * (kept * lucky) ** 2 / max(sharing * blocks, 1e-300)
            if k == here:
                stay = worth
            if worth > most:
                best, most = k, worth
        if best != here and most > stay + self.pool_inertia and model.charge(self):
            self.mining_pool = best
            model.moves += 1
            model.done += 1


class Rest:
    """The rest of the network: sites at the quantiles of the power price with one purse; the world in the accounts."""

    def __init__(self, sites: list[Site], purse: float) -> None:
        self.sites, self.cash, self.coins = sites, purse, 0.0
        self.th = self.on = 0.0

    def take(self, rigs: list[Rig], part: float) -> None:
        """Rigs that others sell or lose."""
        self.sites[len(self.sites) // 2].rigs += take_share(rigs, part)

    def step(self, model: Any, mined: float) -> None:
        """Coins in and sold, outside money, once a week orders for every site."""
        rules, market = model.rules, model.rig_market
        cost = sum(site.bill for site in self.sites) * rules.overhead
        revenue = self.on * model.yesterday
        profit = revenue * (1.0 - rules.pool_fee) - cost
        flow = rules.outside_capital * market.attraction * revenue - (1.0 - rules.reinvested) * profit
        self.cash = max(0.0, self.cash + flow) * (1.0 - model.leak) + mined * model.bid
        model.handed_in, model.done, model.acting, model.awake = (
            model.handed_in + 1, model.done + 1, model.acting + 1, model.awake + 1,
        )  # fmt: skip
        if model.day % 7 == 0:
            share, purse = model.committed / len(self.sites), self.cash
            for site in self.sites:
                usd = purse * share * site.eagerness(market)
                if usd > 0.0:
                    self.cash -= usd
                    site.order(usd, market)
                    model.handed_in, model.done = model.handed_in + 1, model.done + 1
        self.cash = max(0.0, self.cash - cost)
