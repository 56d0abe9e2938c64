"""Units that a parameter, trait or metric may be given in: a closed list, so that one thing is written in one way.

No unit is a choice, a name, a table or a switch; "1" is a share or another plain number; `log` is a difference of natural
logarithms; `path` is a file of the user's, whose content is part of a run's identity.
"""

from model.errors import nearest

PLAIN = ("", "1", "1e-4", "log", "log/year", "log^2", "path", "tenths")
TIME = ("date", "days", "days, 1", "hours", "minutes", "months", "seconds", "ticks", "weeks", "years")
RATES = (
    "1/day",
    "1/hour",
    "1/sqrt(year)",
    "1/week",
    "1/year",
    "agents/day",
    "blocks/tick",
    "tokens/day",
    "transactions/tick",
)
MONEY = ("BTC", "USD", "USD/BTC", "USD/day", "1/(1000 BTC)", "coins")
MINING = (
    "EH/s", "PH/s", "TH/s", "GH/s", "MH/s", "J/MH", "J/TH", "MW", "MWh", "USD/(MH/s)", "USD/GH/day", "USD/PH/day", "USD/TH",
    "USD/TH/day", "USD/W", "USD/kW", "USD/kWh", "blocks",
)  # fmt: skip
COUNTS = (
    "NFTs", "accounts", "agents", "attempts", "bids", "buy-outs", "calls", "companies", "contracts", "editions", "fractions",
    "liquidations", "loans", "miners", "offerings", "offers", "orders", "pieces", "points", "pools", "rounds", "sellers",
    "series", "shares", "sites", "swaps", "tokens", "transactions", "vaults",
)  # fmt: skip
UNITS = frozenset((*PLAIN, *TIME, *RATES, *MONEY, *MINING, *COUNTS))


def known_unit(unit: str, *, of: object = None) -> str:
    """The unit, if it is on the list and fits a value of that kind.

    Raises:
        ValueError: it is not, or a switch has one

    >>> known_unit("1/sqrt year")
    Traceback (most recent call last):
    ValueError: no unit '1/sqrt year' in model/unit_names.py, did you mean '1/sqrt(year)'?
    """
    if unit not in UNITS:
        raise ValueError(f"no unit '{unit}' in model/unit_names.py{nearest(unit, UNITS)}")
    if unit and isinstance(of, (bool, str)) and unit not in ("date", "path"):
        raise ValueError(f"{of!r} has no unit, and not '{unit}': a switch, a choice or a name is written with \"\"")
    return unit


def unit_of(unit: str) -> str:
    """Unit as shown; plain numbers and shares have none."""
    return "" if unit == "1" else unit
