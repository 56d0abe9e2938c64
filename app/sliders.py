"""Which parameters a student may turn in a scenario, over which range, and in which unit he reads them.

Meaning, unit and whether a parameter is live come from where it was born; here are only sensible ranges, which are
narrower than what the model allows, and the order of preference.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from app.address import AGENTS, Setup
from experiments.console import readable
from model.params import facts
from model.scenario import Scenario

MOST = 7  # sliders of a scenario
WALKS = ("gbm", "garch", "jump_diffusion", "regimes", "bootstrap")  # processes of the coin that have a drift


class Row(NamedTuple):
    """One line of the table of sliders.

    Attributes:
        path: of the parameter
        label: what a student reads
        low, high, step: range and grid in the unit shown
        factor: unit shown over unit of the parameter
        unit: as shown
        when: whether the parameter does anything in a scenario
    """

    path: str
    label: str
    low: float
    high: float
    step: float
    factor: float = 1.0
    unit: str = ""
    when: Callable[[Scenario], bool] = lambda scenario: True


def _walks(scenario: Scenario) -> bool:
    return getattr(scenario.mechanisms["bitcoin"], "process", "") in WALKS


def _by_size(scenario: Scenario) -> bool:
    return getattr(scenario.mechanisms["payout"], "fees", "") == "by_size"


def _cooks(scenario: Scenario) -> bool:
    return any(row.design == "master_chef" for row in getattr(scenario.mechanisms["farms"], "farm", ()))


def _bought_out_by(design: str) -> Callable[[Scenario], bool]:
    def used(scenario: Scenario) -> bool:
        params: Any = scenario.mechanisms["buyouts"]
        return design in {params.design, *params.designs.values()}

    return used


PERCENT, BASIS_POINTS = 100.0, 0.01  # a share, and 1e-4, in percent
TABLE = (  # in order of preference
    Row("lending.loan_to_value", "Most that is lent on collateral", 5, 80, 1, PERCENT, "%"),
    Row("lending.threshold", "Debt at which loans are liquidated", 20, 95, 1, PERCENT, "%"),
    Row("lending.bonus", "Liquidators' bonus", 0, 40, 1, PERCENT, "%"),
    Row("buyouts.notice", "Holders told of a buy-out, each day", 0, 100, 1, PERCENT, "%"),
    Row("buyouts.shotgun_days", "Time to counter a buy-out", 1, 60, 1, 1.0, "days", _bought_out_by("niftex_v1")),
    Row("buyouts.timed_days", "Time to counter a buy-out", 1, 60, 1, 1.0, "days", _bought_out_by("niftex_v2")),
    Row("farms.chef.rate", "Emission of the farms", 0, 5_000, 50, 1.0, "tokens/day", _cooks),
    Row("rental.fee", "Fee on hashpower for rent", 0, 20, 0.5, PERCENT, "%"),
    Row("rental.vault_share", "Vaults' rigs for rent", 0, 100, 5, PERCENT, "%"),
    Row("nft_loans.loan_to_value", "Most that is lent on an NFT", 5, 80, 1, PERCENT, "%"),
    Row("nft_loans.threshold", "Debt at which NFTs are auctioned", 45, 100, 1, PERCENT, "%"),
    Row("nft_loans.auction_hours", "Length of an auction", 4, 168, 4, 1.0, "hours"),
    Row("nft_loans.bid_floor_share", "Least first bid, over the floor", 0, 120, 5, PERCENT, "%"),
    Row("regulation.retail_cap_share", "Most of his wealth a retail investor may hold", 1, 100, 1, PERCENT, "%"),
    Row("adoption.imitation", "Pull of members on newcomers", 0, 5, 0.05, 1.0, "1/year"),
    Row("payout.luck_fee_high", "Fee of large pools that pass luck on", 0.1, 10, 0.1, PERCENT, "%", _by_size),
    Row("payout.work_fee_high", "Fee of large pools that pay by work", 2.5, 10, 0.1, PERCENT, "%", _by_size),
    Row("bitcoin.drift", "Drift of the coin's price", -3, 3, 0.05, 1.0, "per year", _walks),
    Row("bitcoin.volatility", "Volatility of the coin's price", 5, 200, 5, PERCENT, "% a year", _walks),
    Row("power.level", "Price of power, relative", 0.2, 4, 0.1, 1.0, "×"),
    Row("amm.fee_bps", "Fee of a swap", 0, 5, 0.05, BASIS_POINTS, "%"),
    Row("weighted.fee_bps", "Fee of weighted pools", 0, 5, 0.05, BASIS_POINTS, "%"),
    Row("curve.lp_bps", "Providers' fee on curves", 0, 5, 0.05, BASIS_POINTS, "%"),
    Row("vaults.service_fee", "Operator's fee", 0, 5, 0.05, 100.0, "cents/TH/day"),
    Row("nfts.weekly_sd", "Weekly change of appraisals", 20, 100, 1, PERCENT, "%"),
    Row("nft_market.fee_bps", "Fee of the NFT market", 0, 10, 0.1, BASIS_POINTS, "%"),
    Row("fees.transaction_fee", "Fee of a transaction", 0, 50, 0.5, 1.0, "USD"),
    Row("rigs.haircut", "Lost when rigs are resold", 0, 60, 1, PERCENT, "%"),
    Row("offerings.initial", "Vaults at the start", 1, 60, 1, 1.0, "vaults"),
)
LABELS = {row.path: row.label for row in TABLE}
FEWEST = 3  # agents for each kind at least
AGENTS_STEP, USUAL_AGENTS = 50, 5_000  # grid and end of the slider of agents
AGENTS_LABEL, AGENTS_MEANING = "Agents", "all agents together; other sizes of the market in proportion"


class Slider(NamedTuple):
    """One slider of one scenario, in the unit shown.

    Attributes:
        path, label, unit, meaning: of the parameter
        low, high, step: range and grid
        default, value: of the scenario, and in this run
        live: acts from the next tick on; another restarts the run
        factor, integer: how to get back to the parameter's own value
    """

    path: str
    label: str
    unit: str
    meaning: str
    low: float
    high: float
    step: float
    default: float
    value: float
    live: bool
    factor: float
    integer: bool

    def own(self, shown: float) -> float | int:
        """The parameter's value for a place of the slider."""
        value = shown / self.factor
        return round(value) if self.integer else float(f"{value:.10g}")

    def text(self, shown: float) -> str:
        """A place of the slider in words."""
        return f"{readable(shown)} {self.unit}".strip()


def label(path: str) -> str:
    """What a student knows a parameter by.

    >>> label("lending.bonus"), label("amm.unknown")
    ("Liquidators' bonus", 'amm.unknown')
    """
    return LABELS.get(path, path)


def sliders(scenario: Scenario, setup: Setup) -> list[Slider]:
    """Five to seven sliders, chosen by the scenario's mechanisms; fewer where it has few.

    Args:
        scenario: as it ships
        setup: the run, whose parameters in force tell where sliders stand
    """
    set_to = setup.in_force()
    found = [_slider(row, scenario, set_to) for row in TABLE if _present(row, scenario)][: MOST - 1]
    return [*found, _agents(scenario, set_to)]


def _present(row: Row, scenario: Scenario) -> bool:
    if row.path.partition(".")[0] not in scenario.mechanisms:
        return False
    table, name = _place(row, scenario)
    return isinstance(getattr(table, name), int | float) and row.when(scenario)


def _place(row: Row, scenario: Scenario) -> tuple[Any, str]:
    """The table that a parameter is in, a mechanism's own or one within it, and its name there."""
    key, *within, name = row.path.split(".")
    table: Any = scenario.mechanisms[key]
    for part in within:
        table = getattr(table, part)
    return table, name


def _slider(row: Row, scenario: Scenario, set_to: dict[str, Any]) -> Slider:
    table, name = _place(row, scenario)
    known, plain = facts(type(table).model_fields[name]), getattr(table, name)
    default, value = plain * row.factor, set_to.get(row.path, plain) * row.factor
    low, high = min(row.low, default, value), max(row.high, default, value)
    meaning, whole = known["meaning"], isinstance(known["default"], int)
    return Slider(
        *(row.path, row.label, row.unit, meaning, low, high, row.step, default, value, known["live"], row.factor, whole)
    )


def _agents(scenario: Scenario, set_to: dict[str, Any]) -> Slider:
    now = sum(table.count for table in scenario.agents.values())
    least = max(AGENTS_STEP, FEWEST * len(scenario.agents))
    low = now - AGENTS_STEP * max(0, (now - least) // AGENTS_STEP)  # so that the scenario's own number is on the grid
    high = low + AGENTS_STEP * ((max(USUAL_AGENTS, now) - low) // AGENTS_STEP)
    value = float(set_to.get(AGENTS, now))
    low, high = min(low, int(value)), max(high, int(value))
    place = (AGENTS, AGENTS_LABEL, "", AGENTS_MEANING, low, high, AGENTS_STEP)
    return Slider(*place, float(now), value, False, 1.0, True)
