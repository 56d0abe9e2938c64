"""Liquidity providers and arbitrageurs."""

from math import exp, sqrt

from benchmarks.peers.plain_mesa.miners import Holder
from benchmarks.peers.plain_mesa.vaults import LIVE

YEAR = 365.0


class LiquidityProvider(Holder):
    """Enters the best of some pools if its measured return beats the own hurdle, leaves those below it."""

    kind = "liquidity_provider"
    looked = -1.0

    def step(self) -> None:
        """Review positions, then compare some pools."""
        model = self.model
        day, coin, _, fee = model.morning[:4]
        self.looked, random, worst = day, model.random.random, 1.0 - self.slippage
        cash = self.cash
        if self.coins > 0.0 and self.coins * coin >= self.harvest:
            self.sell_coins(self.coins)
        best, best_return = None, self.hurdle
        vaults, n = model.vaults, len(model.vaults)
        for _ in range(int(self.considered)):
            vault = vaults[int(random() * n)]
            if vault.price > 0.0:
                earns = vault.lp_return * YEAR - fee / self.stay
                if earns > best_return:
                    best, best_return = vault, earns
        least = self.hurdle - self.hysteresis
        for vault in [v for v in self.shares if v.lp_return * YEAR < least]:
            mine = self.shares[vault]
            vault.withdraw(self, mine, vault.depth_usd * mine / vault.shares * worst)
            model.heard[self] = True
        for vault, held in list(self.held.items()):
            if vault.lp_return * YEAR >= least or vault is best or vault.price <= 0.0:
                continue
            if vault.price * (1.0 - fee) >= vault.nav:
                amount = min(held, vault.depth * 0.5 * self.slippage)
                if amount * vault.price >= self.smallest or amount == held:
                    net = amount * (1.0 - fee)
                    vault.sell(self, amount, vault.depth_usd * net / (vault.depth + net) * worst)
                    if amount < held:
                        model.heard[self] = True
        if best is None:
            return
        usd, depth, price = best.depth_usd, best.depth, best.price
        eager = min(1.0, (best_return - self.hurdle) / self.appetite)
        half = 0.5 * min(self.commitment * cash * eager, 2.0 * usd * self.largest_share)
        half = min(half, 0.25 * depth * price)
        if 2.0 * half < self.smallest:
            return
        wanted, held = half / price, self.held.get(best, 0.0)
        short = max(0.0, wanted - held)
        paid = usd * short / (depth - short) / (1.0 - fee)
        shares = best.shares
        if short > 0.0:
            best.buy(self, paid, short * worst)
        put = min(half, cash - paid)
        if put > 0.0:
            least = shares * min(put / usd, wanted / depth) * worst * worst
            best.deposit(self, put, min(held, wanted) + short * worst, least)


class Arbitrageur(Holder):
    """Trades redemption, offerings and pools against one another until the gaps are as wide as costs."""

    kind = "arbitrageur"
    looked = -1.0

    def step(self) -> None:
        """Look at every gap."""
        model = self.model
        self.looked, coin, _, fee, click = model.morning[:5]
        random, haste, keep, worst = model.random.random, self.haste, 1.0 - self.margin, 1.0 - self.slippage
        cash, keeps, level, least = self.cash, 1.0 - fee, model.level, self.least_profit + click
        widest = exp(self.belief)
        held = self.held
        if self.coins > 0.0 and self.coins * coin >= self.harvest:
            self.sell_coins(self.coins)
        if self.rigs:
            model.buy_rigs(self)
        for vault in model.on_offer:
            fair, offer = level * vault.nav, vault.offer
            if vault.left > 0.0 and fair * keeps * keep > offer:
                spend = min(self.stake * cash, vault.left * offer)
                if spend * (fair * keeps / offer - 1.0) >= least:
                    vault.subscribe(self, spend / offer)
                    cash -= spend + click
        for vault in model.vaults:
            if random() >= haste or vault.price <= 0.0 or cash < click:
                continue
            usd, depth, fair = vault.depth_usd, vault.depth, min(level * vault.nav, vault.price * widest)
            redeem = vault.salvage * keep if model.in_kind else 0.0
            worth = max(redeem, fair * keeps * keep)
            paid = (sqrt(usd * depth * keeps * worth) - usd) / keeps if worth > 0.0 else 0.0
            paid = min(paid, self.stake * cash, cash - 2.0 * click)
            if paid > 0.0:
                got = depth * paid * keeps / (usd + paid * keeps)
                if got * worth / keep - paid >= least:
                    bought = vault.buy(self, paid, got * worst)
                    cash -= paid + click
                    if redeem >= worth and bought > 0.0:
                        vault.redeem(self, held[vault])
            elif vault in held:
                believed = max(fair, vault.price / widest)
                floor = max(redeem, believed) if fair > 0.0 else vault.price * keep
                sold = min((sqrt(usd * depth * keeps / floor) - depth) / keeps, held[vault])
                if sold * vault.price >= least and vault.status == LIVE:
                    got = usd * sold * keeps / (depth + sold * keeps)
                    vault.sell(self, sold, got * worst)
