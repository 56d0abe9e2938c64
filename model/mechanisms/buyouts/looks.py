"""What strategies see of buy-outs."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.ledger import USD_ASSET
from model.mechanisms.buyouts.public import BuyoutsView
from model.mechanisms.buyouts.table import NONE
from model.mechanisms.buyouts.votes import Chains
from model.units import USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.buyouts.rules import Buyouts


def look(house: "Buyouts") -> BuyoutsView:
    """All columns of a morning."""
    v, t, n, balances = house.vaults.table, house.table, house.vaults.n, house.ledger.books.balances
    whole = {name: np.zeros(n, np.int64) for name in ("usd", "locked", "need", "least_stake", "least_bid")}
    parts = {name: np.zeros(n) for name in ("voted", "threshold", "window")}
    live, standing, threshold = house.standing()
    parts["voted"][live], parts["threshold"][live] = standing.voted, threshold
    whole["least_stake"][live], whole["least_bid"][live] = standing.least_stake, standing.least_bid
    for design, own in house.by_design(live):
        parts["window"][live[own]] = design.window
    there = live[t.account[live] != NONE]
    whole["usd"][there] = balances[USD_ASSET, t.account[there]]
    whole["locked"][there] = balances[v.fraction[there], t.account[there]]
    for u in live[t.phase[live] != 0].tolist():
        whole["need"][u] = house.design_of(u).need(u)
    days = np.where(t.deadline[:n] != NONE, (t.deadline[:n] - house.clock.tick) * house.clock.dt_days, math.inf)
    return BuyoutsView(
        n_open=int(np.count_nonzero(t.phase)),
        places=tuple(house.places),
        design=frozen(house.by_kind[v.kind[:n]]),
        allowed=frozen(house.allowed()[:n]),
        price=frozen(t.price[:n] / USD),
        days_left=frozen(days),
        votes=frozen(house.votes.rows),
        cast=Chains(*(frozen(column) for column in house.votes.chains)),
        notice=house.params.notice,
        **_live(house),
        **{name: frozen(column) for name, column in (*whole.items(), *parts.items())},
    )


def _live(house: "Buyouts") -> dict[str, NDArray[Any]]:
    """Aliases of columns that others keep, made anew once there are more vaults."""
    n, v, t = house.vaults.n, house.vaults.table, house.table
    if not house.shown or house.shown["phase"].size != n:
        shown = {"supply": v.supply, "holders": v.holders, "paused": house.vaults.paused}
        shown |= {name: getattr(t, name) for name in ("phase", "opener", "share", "claim")}
        house.shown = {name: frozen(column[:n]) for name, column in shown.items()}
    return house.shown
