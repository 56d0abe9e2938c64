"""A vault of rigs with its fractions, their income, its constant-product pool and, before that, its offering."""

from math import nan, sqrt
from typing import Any

from benchmarks.peers.plain_mesa.rigs import take_share

OFFERED, LIVE = "offered", "live"


class Vault:
    """Rigs behind fractions; dictionaries of holdings are the holders' own, the vault keeps the sums."""

    __slots__ = (
        "asked", "bill", "born", "by_trend", "by_value", "coming", "cost", "cost_per_th", "creator", "deadline", "debt", "depth",
        "depth_usd", "edge", "efficiency", "escrow", "fractions", "holders", "income", "index",
        "last_fractions", "last_shares", "last_usd", "left", "lent", "life", "log_last", "lp_return", "mark",
        "middle", "mined", "mining_pool", "model", "move", "nav", "net_income", "offer", "offered", "on", "opened", "past",
        "pool_income", "power_price", "price", "promised", "receipts", "rigs", "salvage", "share_index",
        "shares", "site", "smooth", "status", "supply", "term", "th", "trades", "trend", "twap", "usd", "variance", "volume", "weekday", "worth_of_share",
    )  # fmt: skip

    def __init__(self, model: Any, creator: Any, rigs: list[Any], mining_pool: int, power_price: float) -> None:
        self.model, self.creator, self.rigs, self.mining_pool = model, creator, rigs, mining_pool
        self.supply, self.power_price, self.term = model.supply, power_price, model.life_days
        self.status, self.born, self.opened = LIVE, 0, model.day
        self.lent = False  # rigs go back to the creator at the end of the term
        self.site: Any = None  # of a club, which orders its rigs
        self.promised = self.coming = 0.0  # TH/s that a club is to order; that or those under way
        self.th = self.efficiency = self.cost_per_th = 0.0
        self.count_rigs()
        self.net_income = self.on = self.bill = self.mined = 0.0  # TH/s, USD and BTC of today; BTC after costs
        self.debt = 0.0  # USD that the operator advanced
        self.index = self.share_index = 0.0  # BTC so far for a whole fraction, for a pool share
        self.holders = 0
        self.smooth = nan
        # pool
        self.usd = self.fractions = self.shares = 0.0
        self.volume, self.trades, self.pool_income = 0.0, 0, 0.0
        self.last_usd = self.last_fractions = self.last_shares = self.lp_return = 0.0
        self.worth_of_share = self.twap = self.mark = 0.0
        self.past: list[float] = []
        # offering
        self.offer = self.left = self.offered = self.escrow = 0.0
        self.deadline = 0
        self.receipts: dict[Any, float] = {}
        # the morning's look
        self.price = self.income = self.cost = self.edge = self.life = self.salvage = self.nav = 0.0
        self.depth_usd = self.depth = self.move = self.trend = 0.0
        self.variance = model.typical["volatility"] ** 2
        self.log_last = nan
        self.by_value = self.by_trend = 0.0
        # whose value is the reference
        self.middle: Any = None
        self.asked, self.weekday = False, len(getattr(model, "vaults", ())) % 7

    def count_rigs(self) -> None:
        """Hash rate, efficiency and, before they have run, cost of the rigs that are there."""
        self.th = sum(rig.th for rig in self.rigs)
        if self.th > 0.0:
            self.efficiency = sum(rig.th * rig.efficiency for rig in self.rigs) / self.th
            if not self.cost_per_th:
                self.cost_per_th = sum(rig.th * rig.unit_cost for rig in self.rigs) / self.th
        else:
            self.efficiency = self.model.rig_market.shipping

    # -- holdings: income is settled whenever one changes

    def credit(self, agent: Any, amount: float) -> None:
        """Give fractions."""
        held = agent.held
        had = held.get(self)
        if had is None:
            held[self] = amount
            self.holders += 1
        else:
            agent.coins += had * (self.index - agent.paid[self])
            held[self] = had + amount
        agent.paid[self] = self.index

    def debit(self, agent: Any, amount: float) -> None:
        """Take fractions that are there."""
        had = agent.held[self]
        agent.coins += had * (self.index - agent.paid[self])
        if amount >= had:
            del agent.held[self], agent.paid[self]
            self.holders -= 1
        else:
            agent.held[self] = had - amount
            agent.paid[self] = self.index

    def change_shares(self, agent: Any, amount: float) -> None:
        """Give pool shares, or take them where negative."""
        had = agent.shares.get(self, 0.0)
        if had:
            agent.coins += had * (self.share_index - agent.shares_paid[self])
        self.shares += amount
        if had + amount > 0.0:
            agent.shares[self] = had + amount
            agent.shares_paid[self] = self.share_index
        else:
            del agent.shares[self], agent.shares_paid[self]

    # -- transactions: each costs a fee even if it fails, as on a chain

    def buy(self, agent: Any, spend: float, least: float) -> float:
        """Dollars into the pool for at least so many fractions; fractions bought."""
        if not self.model.charge(agent) or agent.cash < spend or spend <= 0.0:
            return 0.0
        net = spend * self.model.keeps
        got = self.fractions * net / (self.usd + net)
        if got < least or self.status != LIVE:
            return 0.0
        agent.cash -= spend
        self.usd += spend
        self.fractions -= got
        self.credit(agent, got)
        self.volume += spend
        self.trades += 1
        self.model.done += 1
        return got

    def sell(self, agent: Any, amount: float, least: float) -> float:
        """Fractions into the pool for at least so many dollars; dollars received."""
        held = agent.held.get(self, 0.0)
        if not self.model.charge(agent) or held < amount or amount <= 0.0:
            return 0.0
        net = amount * self.model.keeps
        got = self.usd * net / (self.fractions + net)
        if got < least or self.status != LIVE:
            return 0.0
        self.debit(agent, amount)
        self.fractions += amount
        self.usd -= got
        agent.cash += got
        self.volume += got
        self.trades += 1
        self.model.done += 1
        return got

    def deposit(self, agent: Any, usd: float, fractions: float, least: float) -> None:
        """Both assets into the pool at its ratio for at least so many shares."""
        if not self.model.charge(agent):
            return
        usd = min(usd, fractions * self.usd / self.fractions)
        fractions = usd * self.fractions / self.usd
        made = self.shares * usd / self.usd
        if usd <= 0.0 or agent.cash < usd or agent.held.get(self, 0.0) < fractions or made < least:
            return
        agent.cash -= usd
        self.debit(agent, fractions)
        self.usd += usd
        self.fractions += fractions
        self.change_shares(agent, made)
        self.model.done += 1

    def open_pool(self, agent: Any, usd: float, fractions: float) -> None:
        """The first deposit of both assets."""
        if not self.model.charge(agent) or agent.cash < usd or agent.held.get(self, 0.0) < fractions:
            return
        agent.cash -= usd
        self.debit(agent, fractions)
        self.usd, self.fractions = usd, fractions
        self.change_shares(agent, sqrt(usd * fractions))
        self.model.done += 1

    def withdraw(self, agent: Any, shares: float, least: float) -> None:
        """Shares for their part of both assets, at least so many dollars."""
        if not self.model.charge(agent):
            return
        part = shares / self.shares
        usd, fractions = self.usd * part, self.fractions * part
        if usd < least:
            return
        self.usd -= usd
        self.fractions -= fractions
        agent.cash += usd
        self.change_shares(agent, -shares)
        self.credit(agent, fractions)
        self.model.done += 1

    def subscribe(self, agent: Any, wanted: float) -> None:
        """Dollars into escrow for fractions on offer."""
        amount = min(wanted, self.left)
        cost = amount * self.offer
        if not self.model.charge(agent) or amount <= 0.0 or agent.cash < cost:
            return
        agent.cash -= cost
        self.escrow += cost
        self.left -= amount
        self.receipts[agent] = self.receipts.get(agent, 0.0) + amount
        self.model.done += 1

    def redeem(self, agent: Any, amount: float) -> None:
        """Fractions for their part of the rigs, with their part of what the vault owes."""
        held, part = agent.held.get(self, 0.0), amount / self.supply
        if not self.model.charge(agent) or held < amount or agent.cash < self.debt * part:
            return
        agent.cash -= self.debt * part
        self.model.operator += self.debt * part
        self.debt -= self.debt * part
        self.debit(agent, amount)
        self.supply -= amount
        agent.rigs += take_share(self.rigs, part)
        self.th *= 1.0 - part
        self.model.done += 1

    def release(self, day: int) -> None:
        """Fractions circulate; the vault's life begins."""
        self.status, self.born = LIVE, day

    # -- the day

    def accrue(self, rate: float, bid: float, fee: float, weight: float) -> None:
        """Mined coins pay power, operator and advances; what is left belongs to fractions. `rate` is BTC per TH."""
        model = self.model
        self.mined = coins = self.on * rate
        charged = self.bill + fee * self.on
        if self.on > 0.0:
            self.cost_per_th = charged / self.on
        model.world += charged
        self.debt += charged
        sold = min(coins, self.debt / bid)
        self.debt -= sold * bid
        model.world -= sold * bid
        model.operator += sold * bid - charged
        coins -= sold
        self.net_income = coins
        self.pool_income = 0.0
        if self.status == OFFERED:
            self.creator.coins += coins
        else:
            step = coins / self.supply
            self.index += step
            if self.shares > 1.0:
                self.pool_income = self.fractions * step
                self.share_index += self.pool_income / self.shares
        earned = (self.mined * bid - charged) / self.supply
        self.smooth = earned if self.smooth != self.smooth else self.smooth + (earned - self.smooth) * weight

    def measure_return(self, keep: float, coin: float) -> None:
        """Mark fractions and shares at the day's end, and what a share earned over holding."""
        if self.shares <= 0.0:
            self.mark = self.offer or self.mark
            return
        self.mark = self.usd / self.fractions
        worth = 2.0 * self.usd
        self.worth_of_share = worth / self.shares
        if self.last_shares > 0.0:
            held = (self.last_usd + self.last_fractions * self.mark) / self.last_shares
            earned = self.worth_of_share - held + self.pool_income * coin / self.shares
            self.lp_return = keep * self.lp_return + (1.0 - keep) * earned / held
        self.last_usd, self.last_fractions, self.last_shares = self.usd, self.fractions, self.shares
