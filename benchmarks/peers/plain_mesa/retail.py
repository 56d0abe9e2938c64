"""Retail investors: beliefs, mood, choice between rules, panic, word of mouth."""

from math import exp, log
from typing import Any

from agents.retail.traits import RetailTraits
from benchmarks.peers.plain_mesa.miners import Holder
from benchmarks.peers.plain_mesa.valuation import net_asset_value

YEAR = 365.0


class RetailInvestor(Holder):
    """Beliefs, mood and rule; panic, or a look at one holding and some vaults he has heard of."""

    kind = "retail_investor"
    __slots__ = (
        *(name for name in RetailTraits.model_fields if name != "cash"), "looked", "drift_seen", "coin_seen", "wealth_seen",
        "peak", "chartist", "views", "wear_daily", "rate", "premium", "least_variance",
    )  # fmt: skip

    def __init__(self, model: Any, traits: dict[str, float]) -> None:
        super().__init__(model, traits)
        self.looked, self.drift_seen, self.coin_seen = -1.0, 0.0, 0.0
        self.wealth_seen = self.peak = 0.0
        self.chartist = False
        self.views: dict[Any, float] = {}  # own lasting opinion of a vault, 0 of one he has not heard of
        self.wear_daily = self.wear / YEAR
        self.rate = self.discount / YEAR
        self.premium = self.discount - self.safe
        self.least_variance = self.least_volatility**2

    def opinion_of(self, vault: Any) -> float:
        """Draw what he thinks of a vault for good."""
        view = self.views[vault] = exp(self.opinion * self.model.random.gauss(0.0, 1.0))
        return view

    def step(self) -> None:
        """Look at the market."""
        model = self.model
        day, coin, log_coin, fee, click, gap_of_rules, cuts, waits = model.morning
        random = model.random.random
        cash, worth, elapsed = self.cash, self.wealth, 0.0
        if cash > worth:
            worth = cash
        # drift and mood
        if self.looked >= 0.0:
            elapsed = day - self.looked
            if elapsed > 0.0:
                kept = exp(-elapsed / self.drift_memory)
                self.drift_seen = kept * self.drift_seen + (1.0 - kept) * (log_coin - self.coin_seen) * YEAR / elapsed
        mood, seen = self.mood, self.wealth_seen
        if self.friends:
            around = self.friends[int(random() * len(self.friends))].mood
            imitation, kept = model.imitation, exp(-elapsed / model.sentiment_days)
            felt = model.elation * log(worth / seen) if seen > 0.0 < worth else 0.0
            new = kept * mood + (1.0 - imitation) * felt + imitation * (1.0 - kept) * (around - mood)
            new = -1.0 if new < -1.0 else 1.0 if new > 1.0 else new
            model.moods += new - mood
            self.mood = mood = new
        # rule
        x = self.intensity * gap_of_rules
        p = 1.0 / (1.0 + exp(-x)) if x > -700.0 else 0.0
        leaning = random()
        if (leaning < p) != self.chartist:
            self.chartist = not self.chartist
            model.chartists += 1 if self.chartist else -1
        self.coin_seen, self.looked, self.wealth_seen = log_coin, day, worth
        if worth > self.peak:
            self.peak = worth
        if cash < click:
            return
        if self.coins * coin >= self.harvest + click:
            self.sell_coins(self.coins)
        held = self.held
        if worth < self.peak * (1.0 - self.tolerance):
            self.panic(int(self.considered))
            return
        open_vaults, n_open = model.open_vaults, len(model.open_vaults)
        if not n_open:
            return
        decay = (self.growth - self.drift_prior - self.drift_weight * self.drift_seen) / YEAR
        rate, wear, risk, views = self.rate, self.wear_daily, self.risk_aversion, self.views
        horizon, pace, smallest, slippage = self.horizon, self.pace, self.smallest, self.slippage
        herding, before, first, second = self.herding * mood, model.handed_in_trades, None, None
        looks, on_offer = int(self.considered), model.on_offer
        for j in range(looks):
            if j == 0 and held:
                first = vault = next(iter(held))  # holdings take turns
                held[vault] = held.pop(vault)
                view = views.get(vault) or self.opinion_of(vault)
            elif on_offer and j == looks - 1:  # offerings are advertised
                vault = on_offer[int(random() * len(on_offer))]
                if vault is first or vault is second:
                    continue
                view = views.get(vault) or self.opinion_of(vault)
            else:
                vault = open_vaults[int(random() * n_open)]
                if vault is first or vault is second:
                    continue
                known = views.get(vault)
                if not known:
                    if known is None and random() >= self.awareness:
                        known = views[vault] = 0.0
                    if known == 0.0 and vault not in held:
                        continue
                view = known or self.opinion_of(vault)
                second = vault
            price = vault.price
            offer = vault.offer if vault.left > 0.0 else 0.0
            primary = offer > 0.0 and price <= 0.0
            value = net_asset_value(vault, decay, rate, wear, cuts, waits) * view
            amount = held.get(vault, 0.0)
            if primary:
                if value <= offer:
                    continue
                price = offer
                amount += vault.receipts.get(self, 0.0)
            elif price <= 0.0:
                continue
            if value > 0.0:
                deviation = log(value / price)
                excess = self.pull * deviation + self.premium
                if leaning < p and not primary and leaning < p * exp(-deviation * deviation / self.sobriety):
                    excess = self.extrapolation * vault.trend - self.safe
            else:
                excess = -self.pull
            excess += herding
            variance = vault.variance
            if variance < self.least_variance:
                variance = self.least_variance
            risk_now = risk * variance
            target = excess / risk_now
            target = 0.0 if target < 0.0 else self.cap if target > self.cap else target
            has = amount * price
            gap = target * worth - has
            gain = horizon * abs(excess - (risk_now * has / worth if worth > 0.0 else 0.0))
            if gap > 0.0:
                spend = pace * gap
                if spend > cash - 2.0 * click:
                    spend = cash - 2.0 * click
                if primary:
                    spend = min(spend, vault.left * offer)
                    if spend >= smallest and gain * spend > click:
                        model.handed_in_trades += 1
                        vault.subscribe(self, spend / offer)
                        cash -= spend + click
                    continue
                spare = gain - fee
                if spare <= 0.0:
                    continue
                depth, slip = vault.depth_usd, spare if spare < self.impact else self.impact
                if spend > depth * slip / (1.0 - slip):
                    spend = depth * slip / (1.0 - slip)
                if spend < smallest or spare * spend <= click:
                    continue
                net = spend * (1.0 - fee)
                model.handed_in_trades += 1
                vault.buy(self, spend, vault.depth * net / (depth + net) * (1.0 - slippage))
                cash -= spend + click
            elif amount > 0.0:
                spare = gain - fee
                if spare <= 0.0:
                    continue
                depth, slip = vault.depth, spare if spare < self.impact else self.impact
                sold = min(pace * -gap / price, amount, depth * slip / (1.0 - slip))
                if has <= 2.0 * smallest and target == 0.0:
                    sold = amount
                if spare * sold * price <= click or (sold * price < smallest and sold < amount):
                    continue
                net = sold * (1.0 - fee)
                model.handed_in_trades += 1
                vault.sell(self, sold, vault.depth_usd * net / (depth + net) * (1.0 - slippage))
        if model.handed_in_trades > before:
            self.tell()

    def panic(self, most: int) -> None:
        """Sell holdings, as many as he looks at in a day; lose heart once nothing is left."""
        fee, model = self.model.fee, self.model
        before = model.handed_in_trades
        for vault in list(self.held)[:most]:
            if vault.price > 0.0:
                amount = self.held[vault]
                quote = vault.price * (1.0 - fee) * amount * vault.depth / (vault.depth + amount)
                model.handed_in_trades += 1
                vault.sell(self, amount, quote * (1.0 - 2.0 * self.slippage))
        if self.held:
            model.heard[self] = True
        else:
            self.peak = self.wealth_seen
            self.attention *= 1.0 - self.discouragement
        if model.handed_in_trades > before:
            self.tell()

    def tell(self) -> None:
        """Word of mouth: each acquaintance may look tomorrow; the next who listens is drawn at once."""
        model = self.model
        random, silent = model.random.random, model.log_silent
        place = int(log(1.0 - random()) / silent)
        while place < len(self.friends):
            model.heard[self.friends[place]] = True
            place += 1 + int(log(1.0 - random()) / silent)
