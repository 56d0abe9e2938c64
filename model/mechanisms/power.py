"""Electricity: what every site's own power price is multiplied by."""

from typing import NamedTuple

from model.mechanism import Mechanism, stage
from model.params import Params, param


class PowerParams(Params):
    """Parameters of electricity; the spread of prices across sites belongs to the sites."""

    level: float = param(
        1.0, "1", "factor on the power price of every site", ge=0.0, le=20.0, live=True, source="1: prices as drawn"
    )


class PowerView(NamedTuple):
    """What strategies see: today's factor on their own power price."""

    factor: float


class Power(Mechanism):
    """Today's factor on power prices: the scenario's level times shocks."""

    key = "power"
    Params = PowerParams
    channels = {"power_price": "every site's power price [USD/kWh]"}

    factor = 1.0

    @stage("environment")
    def set_prices(self) -> None:
        """Power prices of the day."""
        self.factor = self.params.level * self.market.shocks["power_price"]

    def view(self) -> PowerView:
        """Today's factor."""
        return PowerView(self.factor)
