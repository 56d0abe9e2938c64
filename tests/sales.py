"""A sale of fractions by some form, in a house of four agents; agent 0 sells."""

from typing import Any

from model.mechanisms.offerings import FoundClub, Subscribe, Tokenise
from model.units import USD
from tests.vault_house import WHOLE, House

DAYS = 14


class Sale:
    """One offering and what its agents had before it.

    Args:
        form: by which the fractions are sold
        price: USD base units a whole fraction
        given: further parameters of offerings
    """

    def __init__(self, form: str = "fixed_price", hours: int = 24, price: int = 5 * USD, **given: Any) -> None:
        chosen = {} if form == "club" else {"form": form}
        self.house = House(
            hours=hours, vaults={"service_fee": 0.0}, offerings={**chosen, "days": DAYS, "editions": 50, **given}
        )
        self.agents, self.price = self.house.agents, price
        self.before = [self.house.cash(a) for a in self.agents]
        if form == "club":
            self.action = FoundClub(self.agents[0], ghs=50_000, price=price)
        else:
            self.action = Tokenise(self.agents[0], ghs=50_000, price=price, keep_bps=1_000)
        self.house.act(self.action)
        self.first_price = int(self.offers.price[0])
        self.house.day()

    @property
    def offers(self) -> Any:
        """The mechanism."""
        return self.house.offerings

    def buy(self, who: int, whole: float, limit: int = 1_000 * USD) -> Any:
        """Subscribe for so many whole fractions; the row."""
        action = Subscribe(self.agents[who], vault=0, fractions=round(whole * WHOLE), limit=limit)
        self.house.act(action)
        self.house.check()
        return action.rows[0]

    def nights(self, n: int) -> None:
        """Let ticks pass."""
        for _ in range(n):
            self.house.day()

    def spent(self, who: int) -> int:
        """USD base units that an agent has less than before."""
        return self.before[who] - self.house.cash(self.agents[who])

    def held(self, who: int) -> float:
        """Whole fractions."""
        return self.house.held(0, self.agents[who]) / WHOLE
