"""Keepers of a peg: they redeem what trades below a dollar and make what trades above it, in one bundle each.

Redeeming pays ratio dollars and (1 - ratio) / mean new reward tokens, sold at once:

    gain of q pegged dollars = q (1 - fee) ratio + tokens sold - what q cost at its pool.

Where ratio is 1, there are no tokens to make or to sell.

The more a keeper gains, the more tokens are made and sold: what holds the peg is what ruins the token [IRON Finance 2021].
"""

from collections.abc import Iterable
from typing import Any

from agents.base import Cohort, Strategy, Traits, trait
from agents.farming import BUY, PEG, REWARD, SELL, cash_of
from agents.quotes import amount_out
from agents.sheet import CLICK
from agents.vault_sheet import sheet_of
from model.actions import Action, Bundle
from model.mechanisms.farms import MintPeg, RedeemPeg, TradeToken
from model.units import USD
from model.view import MarketView

CUSHION = 0.01
STEPS = 12  # sizes tried, each half of the one before
Parts = list[tuple[type[Action], dict[str, int]]]  # of a bundle: actions and their columns
NO_PARTS: Parts = []


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
            best, bundle = 0.0, NO_PARTS
            usd = int(min(cash[k] * 0.9, market.farms.peg_usd / USD * 0.5) * USD)
            for _ in range(STEPS):
                gain, parts = self._redeemed(market, usd) if redeem else self._made(market, usd)
                gain = gain / USD - len(parts) * click
                if gain > best:
                    best, bundle = gain, parts
                usd //= 2
            if best > cohort.least[k]:
                yield Bundle([action(account, **columns) for action, columns in bundle])

    @staticmethod
    def _out(give: int, take: int, amount: int, fee: float) -> int:
        """What a swap brings, less a cushion for those who come before."""
        return max(0, int(amount_out(float(amount), float(give), float(take), fee) * (1.0 - CUSHION)))

    def _redeemed(self, market: MarketView, usd: int) -> tuple[float, Parts]:
        """Gain of buying pegged dollars for so many real ones, redeeming them and selling the tokens; its parts."""
        v = market.farms
        got = self._out(v.peg_usd, v.peg_depth, usd, v.fee)
        kept = got * (1.0 - v.peg_fee)
        back, tokens = int(kept * v.peg_ratio), self._tokens(v, kept) - 1
        if got <= 0 or back > v.peg_cash:
            return 0.0, NO_PARTS
        parts: Parts = [
            (TradeToken, {"token": PEG, "side": BUY, "amount": usd, "limit": got}),
            (RedeemPeg, {"amount": got, "limit": max(0, back - 1)}),
        ]
        if tokens <= 0:
            return float(back - usd), parts
        sold = self._out(v.token_depth, v.token_usd, tokens, v.fee)
        sale = {"token": REWARD, "side": SELL, "amount": tokens, "limit": max(1, usd - back)}
        return float(back + sold - usd), [*parts, (TradeToken, sale)]

    def _made(self, market: MarketView, usd: int) -> tuple[float, Parts]:
        """Gain of making pegged dollars for about so many real ones and selling them; its parts."""
        v = market.farms
        amount = usd
        if amount <= 0:
            return 0.0, NO_PARTS
        cost, bought = 0, NO_PARTS
        if v.peg_ratio < 1.0:
            tokens = self._tokens(v, amount) + 2
            if tokens >= v.token_depth // 2:
                return 0.0, NO_PARTS
            cost = int(v.token_usd * tokens / (v.token_depth - tokens) / (1.0 - v.fee) * 1.01) + 1
            bought = [(TradeToken, {"token": REWARD, "side": BUY, "amount": cost, "limit": tokens})]
        sold, paid = self._out(v.peg_depth, v.peg_usd, amount, v.fee), cost + amount * v.peg_ratio
        return float(sold - paid), [
            *bought,
            (MintPeg, {"amount": amount}),
            (TradeToken, {"token": PEG, "side": SELL, "amount": amount, "limit": max(1, int(paid))}),
        ]

    @staticmethod
    def _tokens(farms: Any, dollars: float) -> int:
        """Reward tokens that stand for the part of pegged dollars which real ones do not cover [base units]."""
        return int(dollars * (1.0 - farms.peg_ratio) / max(farms.token_mean, 1e-12))
