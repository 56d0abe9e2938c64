"""The study for radCAD: state update blocks over arrays, with one entry for each borrower.

Needs `pip install radcad`; nothing else here does.
"""

from pathlib import Path
from typing import Any

import numpy as np
from radcad import Backend, Engine, Experiment, Model, Simulation

from benchmarks.peers.credit_study import draws, rules
from benchmarks.peers.credit_study.rules import Result

State = dict[str, Any]
NAMES = {
    "coin": "bitcoin.price",
    "price_now": "amm.price_median",
    "volume": "amm.volume",
    "debt": "lending.debt",
    "utilisation": "lending.utilisation",
    "borrow_rate": "lending.borrow_rate",
    "health_min": "lending.health_min",
    "liquidations": "lending.liquidations",
    "liquidated": "lending.liquidated_debt",
    "reserve": "lending.reserve",
    "bad_debt": "lending.bad_debt",
}  # recorded metrics by state variable


def morning(params: State, substep: int, history: Any, state: State) -> State:
    """The coin moves, interest accrues, and the pool's price of the morning is noted."""
    drawn, day = params["draws"], state["timestep"]
    loan, debt = drawn.loan, state["debt"]
    rate = rules.rate(state["cash"], debt, state["reserve"], loan)[1] / rules.DAYS_PER_YEAR
    return {
        "coin": float(drawn.coin[day]),
        "index": state["index"] * (1.0 + rate),
        "reserve": state["reserve"] + loan.reserve_factor * debt * rate,
        "price": state["usd"] / state["fractions"],
    }


def trade(params: State, substep: int, history: Any, state: State) -> State:
    """The arbitrageur closes the gap, then the liquidator sells what he seized yesterday."""
    sizes, volume = params["draws"].sizes, 0.0
    usd, fractions = state["usd"], state["fractions"]
    buys, sells = rules.gap(usd, fractions, sizes.backing * state["coin"], sizes.fee)
    if buys > 0.0:
        got = rules.swap(buys, usd, fractions, sizes.fee)
        usd, fractions, volume = usd + buys, fractions - got, buys
    for sold in (sells if buys <= 0.0 else 0.0, state["seized"]):
        if sold > 0.0:
            got = rules.swap(sold, fractions, usd, sizes.fee)
            usd, fractions, volume = usd - got, fractions + sold, volume + got
    return {"usd": usd, "fractions": fractions, "volume": volume}


def look(params: State, substep: int, history: Any, state: State) -> State:
    """Borrowers who look repay part of what is too much, or borrow up to the wanted debt."""
    drawn, day, cash = params["draws"], state["day"], state["cash"]
    if day == 0:
        return {"scaled": state["scaled"], "wallet": state["wallet"], "cash": drawn.sizes.deposit}
    loan, band, index, price = drawn.loan, drawn.sizes.band, state["index"], state["price"]
    who = np.flatnonzero(drawn.awake[day])
    debt, worth, wallet = state["scaled"][who] * index, state["pledged"][who] * price, state["wallet"][who]
    wanted = loan.threshold * worth / drawn.target[who]
    paid = np.minimum(drawn.prudence[who] * (debt - wanted), wallet)
    moved = np.where(debt > wanted * (1.0 + band), -paid, 0.0)
    cash -= float(moved.sum())
    wish = np.where(debt < wanted * (1.0 - band), wanted - debt, 0.0)
    wish[debt + wish > loan.loan_to_value * worth] = 0.0
    if float(wish.sum()) > cash:
        for i in np.flatnonzero(wish):
            if wish[i] > cash:
                wish[i] = 0.0
            cash -= float(wish[i])
    else:
        cash -= float(wish.sum())
    moved += wish
    scaled, wallets = state["scaled"].copy(), state["wallet"].copy()
    scaled[who] += moved / index
    wallets[who] += moved
    return {"scaled": scaled, "wallet": wallets, "cash": cash}


def clear(params: State, substep: int, history: Any, state: State) -> State:
    """Unsound debts are liquidated; those without collateral are written off."""
    loan, index, price = params["draws"].loan, state["index"], state["price"]
    pledged, scaled = state["pledged"], state["scaled"]
    cash, reserve, bad, seized, count, repaid = state["cash"], state["reserve"], state["bad_debt"], 0.0, 0, 0.0
    below = np.flatnonzero(pledged * (price * loan.threshold) < scaled * index)
    if below.size:
        pledged, scaled = pledged.copy(), scaled.copy()
    for i in below:
        debt = float(scaled[i]) * index
        paid, taken, times = rules.liquidate(float(pledged[i]), debt, price, loan)
        pledged[i] -= taken
        debt -= paid
        cash, seized, count, repaid = cash + paid, seized + taken, count + times, repaid + paid
        worth = float(pledged[i]) * price
        if debt > loan.threshold * worth and worth <= loan.rest_usd:
            reserve -= min(debt, reserve)
            bad += debt
            pledged[i] = debt = 0.0
        scaled[i] = debt / index
    return {
        "pledged": pledged,
        "scaled": scaled,
        "cash": cash,
        "reserve": reserve,
        "bad_debt": bad,
        "seized": seized,
        "liquidations": count,
        "liquidated": repaid,
    }


def measure(params: State, substep: int, history: Any, state: State) -> State:
    """Numbers of the day."""
    loan, scaled, index = params["draws"].loan, state["scaled"], state["index"]
    debt, owing = float(scaled.sum()) * index, scaled > 0.0
    used, rate = rules.rate(state["cash"], debt, state["reserve"], loan)
    health = float("nan")
    if owing.any():
        health = float((state["pledged"][owing] / scaled[owing]).min()) * loan.threshold * state["price"] / index
    return {
        "price_now": state["usd"] / state["fractions"],
        "debt": debt,
        "utilisation": used,
        "borrow_rate": rate,
        "health_min": health,
        "day": state["day"] + 1,
    }


def put(name: str) -> Any:
    """State update function that takes a variable from the policies' signal."""

    def update(params: State, substep: int, history: Any, state: State, signal: State) -> tuple[str, Any]:
        return name, signal[name]

    return update


def block(*policies: Any, variables: str) -> State:
    """A state update block."""
    return {
        "policies": {policy.__name__: policy for policy in policies},
        "variables": {name: put(name) for name in variables.split()},
    }


BLOCKS = [
    block(morning, variables="coin index reserve price"),
    block(trade, look, variables="usd fractions volume scaled wallet cash"),
    block(clear, variables="pledged scaled cash reserve bad_debt seized liquidations liquidated"),
    block(measure, variables="price_now debt utilisation borrow_rate health_min day"),
]


def simulation(drawn: draws.Draws, days: int) -> Any:
    """One run from its draws."""
    n, sizes = drawn.pledge.size, drawn.sizes
    numbers = "coin price price_now volume seized cash debt reserve utilisation borrow_rate liquidated bad_debt"
    state: State = dict.fromkeys(numbers.split(), 0.0)
    state |= {"usd": sizes.usd, "fractions": sizes.fractions, "index": 1.0, "liquidations": 0, "day": 0}
    state |= {"pledged": drawn.pledge.copy(), "scaled": np.zeros(n), "wallet": np.zeros(n), "health_min": float("nan")}
    model = Model(initial_state=state, state_update_blocks=BLOCKS, params={"draws": [drawn]})
    return Simulation(model=model, timesteps=days, runs=1)


def run_all(folder: Path, seeds: list[int], days: int, **options: Any) -> list[Result]:
    """All runs as one experiment.

    Args:
        folder: of the draws
        seeds: one for each run
        days: length of a run
        options: of `radcad.Engine`; none for its defaults
    """
    experiment = Experiment([simulation(draws.load(folder, seed), days) for seed in seeds])
    experiment.engine = Engine(**options)
    rows: list[list[State]] = [[] for _ in seeds]
    for state in experiment.run():
        if state["timestep"] > 0 and state["substep"] == len(BLOCKS):
            rows[state["simulation"]].append({name: state[key] for key, name in NAMES.items()})
    return [rules.result_of(row) for row in rows]


SINGLE = {"backend": Backend.SINGLE_PROCESS}
FASTEST = {"backend": Backend.SINGLE_PROCESS, "deepcopy": False, "drop_substeps": True}
