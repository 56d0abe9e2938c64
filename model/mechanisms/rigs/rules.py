"""Parameters of the investment rules: each number with unit, range, meaning and reason, in one place."""

from model.params import Params, param
from model.sheaf import Sheaf

LOWEST_PRICE = 0.01  # USD/TH of a new rig; prices move in logs, which a price of nothing has not
TRIAL = "trial of the rules on the real network 2015-2025"


class RuleParams(Params):
    """Parameters shared by every site that invests: miners and the rest of the network."""

    payback_limit: float = param(
        10.0,
        "months",
        "longest static payback at which a rig is bought, X",
        ge=1,
        le=60,
        source="sourced 10-30; 15 and more starves 2018",
    )
    price_share: float = param(
        0.8, "1", "part of the median site's value that makers charge, theta", ge=0, le=2, source=TRIAL
    )
    scarcity_cap: float = param(
        3.0, "1", "most that a full order book multiplies that value by", ge=1, le=10, source=TRIAL
    )
    price_floor: float = param(
        0.6,
        "USD/W",
        "makers' cost, the floor of the rig price, kappa",
        ge=0,
        le=5,
        source="trough prices .63 (2014-12), .46 (2022-12), .93 (2023-07)",
    )
    site_cost: float = param(0.10, "USD/W", "building the site around a rig, i", ge=0, le=2, source=TRIAL)
    reinvested: float = param(
        0.8, "1", "share of operating profit that stays in the purse for rigs, s", ge=0, le=1, source=TRIAL
    )
    outside_capital: float = param(
        1.0,
        "1",
        "outside money per unit of own revenue and log point of attractiveness, omega",
        ge=0,
        le=10,
        source=TRIAL,
    )
    outside_payback: float = param(
        15.0, "months", "outside money comes while the reference payback is shorter, PBmax", ge=1, le=60, source=TRIAL
    )
    outside_cap: float = param(2.0, "1", "most log points of attractiveness", ge=0, le=10, source=TRIAL)
    outside_power_price: float = param(
        0.05, "USD/kWh", "power price in that reference payback", ge=0.001, le=1, source=TRIAL
    )
    leak: float = param(
        0.7,
        "1/year",
        "rate at which idle cash leaves; hoarded cash would explode at the next peak",
        ge=0,
        le=10,
        source=TRIAL,
    )
    spending_weeks: float = param(
        8.0, "weeks", "time constant of committing cash, phi", gt=0, le=104, source="order to running takes 2-6 months"
    )
    lag_weeks: float = param(
        6.0, "weeks", "shipment to running", ge=1, le=52, source="order to running takes 2-6 months"
    )
    backlog_weeks: float = param(
        6.0, "weeks", "order book that makers work through, oldest orders first, tau", gt=0, le=52, source=TRIAL
    )
    price_weeks: float = param(6.0, "weeks", "time constant of the log rig price", gt=0, le=52, source=TRIAL)
    hashprice_weeks: float = param(
        2.0, "weeks", "mean of hashprice by which rigs are valued", ge=1, le=52, source=TRIAL
    )
    frontier_weeks: float = param(
        6.0, "weeks", "half-life with which the best rig on sale comes to ship in volume", gt=0, le=104, source=TRIAL
    )
    frontier_markup: float = param(
        1.10, "1", "J/TH of volume shipments over the diffused best rig", ge=1, le=3, source=TRIAL
    )
    switching_width: float = param(0.05, "log", "spread of break-evens among like rigs", gt=0, le=1, source=TRIAL)
    switching_weeks: float = param(1.0, "weeks", "half-life of switching on and off", gt=0, le=26, source=TRIAL)
    failures: float = param(0.08, "1/year", "rigs that die", ge=0, le=1, source=TRIAL)
    scrapping: float = param(1.0, "1/year", "idle rigs that are scrapped", ge=0, le=10, source=TRIAL)
    willingness_slope: float = param(4.0, "1", "slope of the choice in log(value / cost)", gt=0, le=50, source=TRIAL)
    capacity_rise: float = param(1.2, "log/year", "fastest growth of makers' capacity", ge=0, le=10, source=TRIAL)
    capacity_fall: float = param(0.7, "log/year", "fastest decline of makers' capacity", ge=0, le=10, source=TRIAL)
    power_median: float = param(
        0.045,
        "USD/kWh",
        "median of the lognormal power price across sites",
        gt=0,
        le=1,
        source="Cambridge Digital Mining Industry Report 2025",
    )
    power_sigma: float = param(
        0.35, "log", "its spread", ge=0, le=2, source="surveys up to .45, which scores the same and halves the 2020 dip"
    )
    overhead: float = param(
        1.23,
        "1",
        "all-in operating cost over power cost",
        ge=1,
        le=3,
        source="all-in .0555 over power .045 USD/kWh, Cambridge 2025",
    )
    pue: float = param(1.05, "1", "power drawn by the site over power of its rigs", ge=1, le=2, source=TRIAL)
    pool_fee: float = param(0.02, "1", "share of revenue that miners expect pools to keep", ge=0, le=0.2, source=TRIAL)


class InvestmentRules(Sheaf):
    """The same numbers as compiled code can read them; `of` takes them from parameters."""

    payback_limit: float
    price_share: float
    scarcity_cap: float
    price_floor: float
    site_cost: float
    reinvested: float
    outside_capital: float
    outside_payback: float
    outside_cap: float
    outside_power_price: float
    leak: float
    spending_weeks: float
    lag_weeks: float
    backlog_weeks: float
    price_weeks: float
    hashprice_weeks: float
    frontier_weeks: float
    frontier_markup: float
    switching_width: float
    switching_weeks: float
    failures: float
    scrapping: float
    willingness_slope: float
    capacity_rise: float
    capacity_fall: float
    power_median: float
    power_sigma: float
    overhead: float
    pue: float
    pool_fee: float

    @classmethod
    def of(cls, params: RuleParams | None = None) -> "InvestmentRules":
        """The rules of a scenario, or the defaults."""
        values = params or RuleParams()
        return cls(*(float(getattr(values, name)) for name in cls._fields))
