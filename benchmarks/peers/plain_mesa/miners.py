"""Miners: sale of coins, power bills, investment by payback, offers of fractions; and the rest of the network."""

from typing import Any

import mesa

from benchmarks.peers.plain_mesa.offerings import offer
from benchmarks.peers.plain_mesa.rigs import MONTH, Rig, Site, take_share


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
    """Runs rigs, sells coins by a policy, orders rigs by payback once a week, and tokenises."""

    kind = "miner"

    def __init__(self, model: Any, traits: dict[str, float], invests: bool, slot: int) -> None:
        super().__init__(model, traits)
        self.invests, self.slot = invests, slot
        self.site = Site(self.power_price, self.payback_limit, model.lag, model.rules)
        self.rigs = self.site.rigs
        self.mining_pool = model.pools.draw()
        self.arrears, self.days_overdue = 0.0, 0

    def step(self) -> None:
        """A day after the rigs have run: coins in, outside money, sale of coins, investment, power bill."""
        model, site = self.model, self.site
        rules, market = model.rules, model.rig_market
        mined = site.on * model.rates[self.mining_pool]
        self.coins += mined
        cost, revenue = site.bill * rules.overhead, site.on * model.yesterday
        profit = revenue * (1.0 - rules.pool_fee) - cost
        flow = rules.outside_capital * market.attraction * revenue - (1.0 - rules.reinvested) * profit
        flow = max(flow, -self.cash)
        flow -= (self.cash + flow) * model.leak
        self.cash += flow
        model.world -= flow
        if self.attention >= 1.0 or model.random.random() < self.attention:
            model.awake += 1
            before = model.handed_in
            if self.treasury == 0.0:
                if self.coins > 0.0:
                    self.sell_coins(self.coins)
            elif self.treasury == 1.0:
                sold = min(self.coins, mined * (1.0 - self.hold_share))
                if sold > 0.0:
                    self.sell_coins(sold)
            if self.invests and (self.slot + model.day) % 7 == 0:
                self.review()
            model.acting += model.handed_in > before
        self.pay(cost)

    def pay(self, cost: float) -> None:
        """Power from cash, then by selling coins; what is unpaid for a month costs the rigs."""
        model = self.model
        due = self.arrears + cost
        lack = due - self.cash
        if lack > 0.0 and self.coins > 0.0:
            sold = min(self.coins, lack / model.bid)
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
        if not model.room or random() >= self.tokenise_rate or th < model.least_th:
            return
        own = self.payback_limit * MONTH * (market.hashprice - site.unit * market.overhead * market.shipping)
        asked = max(market.resale(market.shipping), own) * self.markup
        fetched = model.price_per_th * (1.0 - self.undercut)
        short = self.cash < self.working_cash * site.th * market.all_in
        if (fetched > asked or (short and eager > 0.5)) and model.charge(self):
            offer(model, self, th, th * max(asked, fetched) / model.supply)


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
