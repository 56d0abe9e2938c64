"""Keepers of a peg: they redeem what trades below a dollar and make what trades above it, in one bundle each.

Redeeming pays ratio dollars and (1 - ratio) / mean new reward tokens, sold at once:

    gain of q pegged dollars = q (1 - fee) ratio + tokens sold - what q cost at its pool.

The more a keeper gains, the more tokens are made and sold: what holds the peg is what ruins the token [IRON Finance 2021].
"""

from collections.abc import Iterable
from typing import Any

from agents.base import Cohort, Strategy, Traits, trait
from agents.farming import BUY, PEG, REWARD, SELL, cash_of
from agents.sheet import CLICK, sheet_of
from model.actions import Action, Bundle
from model.mechanisms.farms import MintPeg, RedeemPeg, TradeToken
from model.units import USD
from model.view import MarketView

CUSHION = 0.01
STEPS = 12  # sizes tried, each half of the one before


class KeeperTraits(Traits):
    """Further columns of keepers."""

    least: Any = trait(5.0, "USD", "least gain of a bundle", low=0.0, high=1e9)


class PegKeeper(Strategy):
    """Buys, redeems and sells, or buys, makes and sells, where it pays; the size that gains most of a few."""

    serves = "yield_farmer"
    name = "peg_keeper"
    Traits = KeeperTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One bundle for each who finds a gain."""
        if not market.has("farms") or market.farms.peg < 0:
            return
        click = float(sheet_of(self.population.market).look().scalars[CLICK])
        cash = cash_of(market, cohort.account)
        for k, account in enumerate(cohort.account.tolist()):
            redeem = market.farms.peg_price < 1.0
            best, size = 0.0, 0
            usd = int(min(cash[k] * 0.9, market.farms.peg_usd / USD * 0.5) * USD)
            for _ in range(STEPS):
                gain = (self._redeemed(market, usd)[0] if redeem else self._made(market, usd)[0]) / USD - 3.0 * click
                if gain > best:
                    best, size = gain, usd
                usd //= 2
            if size and best > cohort.least[k]:
                parts = self._redeemed(market, size)[1] if redeem else self._made(market, size)[1]
                yield Bundle([action(account, **columns) for action, columns in parts])

    @staticmethod
    def _out(give: int, take: int, amount: int, fee: float) -> int:
        """What a swap brings, less a cushion for those who come before."""
        net = amount * (1.0 - fee)
        return max(0, int(take * net / (give + net) * (1.0 - CUSHION)))

    def _redeemed(self, market: MarketView, usd: int) -> tuple[float, list[tuple[type[Action], dict[str, int]]]]:
        """Gain of buying pegged dollars for so many real ones, redeeming them and selling the tokens; its parts."""
        v = market.farms
        got = self._out(v.peg_usd, v.peg_depth, usd, v.fee)
        kept = got * (1.0 - v.peg_fee)
        back, tokens = int(kept * v.peg_ratio), int(kept * (1.0 - v.peg_ratio) / max(v.token_mean, 1e-12)) - 1
        if got <= 0 or tokens <= 0 or back > v.peg_cash:
            return 0.0, []
        sold = self._out(v.token_depth, v.token_usd, tokens, v.fee)
        return float(back + sold - usd), [
            (TradeToken, {"token": PEG, "side": BUY, "amount": usd, "limit": got}),
            (RedeemPeg, {"amount": got, "limit": max(0, back - 1)}),
            (TradeToken, {"token": REWARD, "side": SELL, "amount": tokens, "limit": max(1, usd - back)}),
        ]

    def _made(self, market: MarketView, usd: int) -> tuple[float, list[tuple[type[Action], dict[str, int]]]]:
        """Gain of making pegged dollars for about so many real ones and selling them; its parts."""
        v = market.farms
        amount = usd
        tokens = int(amount * (1.0 - v.peg_ratio) / max(v.token_mean, 1e-12)) + 2
        if amount <= 0 or tokens >= v.token_depth // 2:
            return 0.0, []
        cost = int(v.token_usd * tokens / (v.token_depth - tokens) / (1.0 - v.fee) * 1.01) + 1
        sold = self._out(v.peg_depth, v.peg_usd, amount, v.fee)
        return float(sold - cost - amount * v.peg_ratio), [
            (TradeToken, {"token": REWARD, "side": BUY, "amount": cost, "limit": tokens}),
            (MintPeg, {"amount": amount}),
            (
                TradeToken,
                {"token": PEG, "side": SELL, "amount": amount, "limit": max(1, int(cost + amount * v.peg_ratio))},
            ),
        ]
