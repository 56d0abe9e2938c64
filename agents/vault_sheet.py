"""The market's one sheet of figures of all vaults, measured once a tick for all kinds of agents."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.appraisal import fraction_values
from agents.beliefs import NOBODY
from agents.costs import click_of
from agents.sheet import (
    BEFORE,
    CLICK,
    COIN,
    HALVING,
    LOG_LAST,
    MOVE,
    OFFER,
    PRICE,
    ROWS,
    SCALARS,
    SUBSIDY_SHARE,
    VARIANCE,
    WAITS,
    Seen,
    look,
)
from agents.venues import Venues, listed
from model.mechanisms.rigs.investment import running_cost
from model.mechanisms.social import SocialParams
from model.sheaf import Lasting
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR, TH_PER_PH
from model.view import frozen


class VaultSheet:
    """What anybody can see of all vaults this morning, measured once a tick for all kinds.

    Attributes:
        facts: float64[ROWS, vaults.capacity], rows named above
        scalars: float64[SCALARS], coin price, days to the halving, subsidy's share, profits of both rules, cost of a
            transaction [USD], 1 where rigs cannot be had for fractions
        fraction, receipt, stake, pledge: asset by vault, the last three of those in escrow, staked, pledged; -1 for none
        seen: all of these for kernels
        venues: where they are traded
        typical: the typical investor, by whose traits the rules are compared
        open_vaults, on_offer: vaults that are traded or on offer, and those of them on offer, which are advertised
        moved: largest absolute log return of a fraction since the last morning
    """

    def __init__(self, market: Any) -> None:
        self.market = market
        social = market.mechanisms.get("social")
        self.params = social.params if social is not None else SocialParams()
        self.venues = Venues(market)
        self.facts, self.scalars = np.zeros((ROWS, 0)), np.zeros(SCALARS)
        self.typical = NOBODY
        self.fraction = self.receipt = self.stake = self.pledge = np.zeros(0, np.int64)
        self.open_vaults = self.on_offer = self.fraction
        self._seen: Lasting[Seen] = Lasting(Seen)
        self.seen = self._seen.of(*4 * [self.fraction], self.facts, self.scalars)
        self.tick, self.moved = -2, 0.0
        self._blank(0)

    def _blank(self, size: int) -> None:
        """Columns that say nothing, for vaults of this number."""
        self._never = frozen(np.zeros(size, np.bool_))
        self._nothing, self._zero = frozen(np.zeros(size)), frozen(np.zeros(size, np.int64))
        self._nothing_known, self._no_asset = frozen(np.full(size, math.nan)), frozen(np.full(size, -1, np.int64))

    def look(self) -> "VaultSheet":
        """Take the morning's figures, once a tick."""
        market = self.market
        if self.tick == market.clock.tick:
            return self
        self.tick, view = market.clock.tick, market.view
        if not view.has("vaults"):
            return self
        vaults, size = view.vaults, view.vaults.fraction.size
        if self.facts.shape[1] == 0:
            self.facts = np.zeros((ROWS, market.mechanisms["vaults"].params.capacity))
            self.facts[VARIANCE] = self.typical.variance
            self.facts[LOG_LAST] = math.nan
        if self._never.size != size:
            self._blank(size)
        self.fraction, self.receipt, self.stake = vaults.fraction, vaults.receipts, vaults.stake
        pledge = view.lending.pledge if view.has("lending") else self._no_asset
        self.pledge = pledge[:size]
        self.seen = self._seen.of(self.fraction, self.receipt, self.stake, pledge, self.facts, self.scalars)
        on_offer, offer, left = self._never, self._nothing, self._zero
        th, rigs, cost = self._with_coming(view)
        if view.has("offerings"):
            on_offer, offer, left = (
                column[:size] for column in (view.offerings.open, view.offerings.price, view.offerings.left)
            )
        self.scalars[WAITS] = 0.0 if vaults.redemption == "in_kind" else 1.0
        self.scalars[CLICK] = click_of(view)
        hashprice = self._coin(view)
        worth = self._nothing_known
        if view.has("nfts"):
            worth = frozen(fraction_values(vaults.nft, vaults.supply, view.nfts))
        since = market.clock.tick % market.clock.per_day or market.clock.per_day
        self.moved = look(
            vaults.status,
            vaults.kind,
            worth,
            th,
            rigs,
            cost,
            vaults.life_left,
            vaults.income,
            self.venues.look(view, size),
            on_offer,
            offer,
            left,
            hashprice,
            vaults.efficiency,
            self._resale(view),
            self.facts,
            self.scalars,
            self.typical,
            since * market.clock.dt_days,
            since == 1,
            market.clock.new_day,
            self.params.trend_days,
            self.params.fitness_days,
        )
        self.open_vaults, self.on_offer = listed(self.facts[PRICE], self.facts[OFFER])
        return self

    def _with_coming(self, view: Any) -> tuple[NDArray[np.float64], ...]:
        """TH that earn, TH of rigs, and running cost of a whole fraction, with what a club has ordered or promises to order.

        These rigs run once makers have worked through their book and shipped them. Until then income falls and the typical
        investor waits, who counts a dollar of income then as e^(-(r + delta) t) of one now, and one of cost as e^(-r t).
        """
        vaults = view.vaults
        coming = vaults.th_coming
        if view.has("offerings") and view.offerings.any_open:
            coming = coming + view.offerings.promised_th[: coming.size]
        if np.count_nonzero(coming) == 0:
            return vaults.th_per_fraction, vaults.th_per_fraction, vaults.cost
        r, who = view.rigs.rules, self.typical
        years = (r.backlog_weeks + r.lag_weeks) * DAYS_PER_WEEK / DAYS_PER_YEAR
        later = math.exp(-who.discount * years)
        fallen = math.exp(-(who.growth - who.drift) * years)
        new = running_cost(view.rigs.median_power, view.rigs.efficiency, r.overhead * r.pue)
        per_th = np.where(vaults.cost_per_th > 0.0, vaults.cost_per_th, new)
        there = vaults.th_per_fraction
        earns, costs = there + coming * later * fallen, vaults.cost + coming * later * per_th
        return frozen(earns), frozen(there + coming), frozen(costs)

    def moves(self, least: float) -> Iterator[tuple[int, float, float]]:
        """Vaults whose fractions moved by at least so much since the last morning [log]: how far a tick ago, and now."""
        before, size = np.abs(self.facts[BEFORE, : self.fraction.size]), np.abs(self.facts[MOVE, : self.fraction.size])
        for v in np.flatnonzero((size >= least) & (size > before)):
            yield int(v), float(before[v]), float(size[v])

    def _resale(self, view: Any) -> NDArray[np.float64]:
        """Figures of the rule of used rigs: mark of new ones, power price, overhead, hashprice, payback, new J/TH."""
        out = np.zeros(6)
        if view.has("rigs"):
            rigs, r = view.rigs, view.rigs.rules
            out[:] = (
                rigs.mark, rigs.median_power, r.overhead * r.pue, rigs.hashprice_mean, r.payback_limit, rigs.efficiency,
            )  # fmt: skip
        return out

    def _coin(self, view: Any) -> float:
        """Coin price, halving and subsidy; hashprice [USD/TH/day]."""
        scalars = self.scalars
        scalars[COIN] = view.bitcoin.price if view.has("bitcoin") else 0.0
        scalars[HALVING], scalars[SUBSIDY_SHARE] = math.inf, 1.0
        if not view.has("network"):
            return float(view.rigs.hashprice) if view.has("rigs") else 0.0
        network = view.network
        scalars[HALVING] = network.days_to_halving
        scalars[SUBSIDY_SHARE] = network.split[0]
        return float(network.hashprice) / TH_PER_PH


def sheet_of(market: Any) -> VaultSheet:
    """The market's one sheet, made at the first call."""
    sheet = market.__dict__.get("vault_sheet")
    if sheet is None:
        sheet = market.__dict__["vault_sheet"] = VaultSheet(market)
    return sheet
