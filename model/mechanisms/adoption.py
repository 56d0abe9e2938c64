"""Adoption: investors arrive with cash by a Bass curve, most of them invited by acquaintances on the social graph.

Of M people who may ever come, N have. Each of the others comes within a day with the hazard

    h = p + q T / M                                                                                    [Bass1969]

p is innovation, q imitation, T counts members who recommend the market: those still in it whose sentiment is not
negative. So a wave of arrivals rises on gains and breaks on fear. Whoever comes by imitation is linked to the member
who invited him and to some of that member's acquaintances [JacksonRogers2007]; innovators know anybody.
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError, nearest
from model.flows import Flow
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.streams import uniforms
from model.units import DAYS_PER_YEAR, USD

ANYBODY = -1
META_ANALYSIS = "Sultan, Farley & Lehmann 1990: mean of 213 Bass curves p .03, q .38 a year"


class AdoptionParams(Params):
    """Parameters of arrivals and departures."""

    kind: str = param("retail_investor", "", "kind of agent that arrives, with the traits of its table")
    potential: int = param(
        2_000, "agents", "members ever, those of the first morning among them", ge=0, le=10_000_000, scales=True
    )
    innovation: float = param(
        0.03, "1/year", "p, hazard of coming without a recommendation", ge=0, le=100, live=True, source=META_ANALYSIS
    )
    imitation: float = param(
        0.38, "1/year", "q, hazard if everybody recommended the market", ge=0, le=1_000, live=True, source=META_ANALYSIS
    )
    start_day: int = param(0, "days", "first day on which anybody arrives", ge=0, le=36_500)
    friends: float = param(
        0.5, "1", "share of an invited newcomer's links that go to acquaintances of his host", ge=0, le=1,
        source="Jackson & Rogers 2007 estimate .3-.9 for social networks",
    )  # fmt: skip
    churn: float = param(
        0.0, "1/year", "hazard of leaving for good, with all cash, of members in fear who hold no fractions",
        ge=0, le=100, live=True, source="assumption; 0: nobody leaves",
    )  # fmt: skip


class AdoptionView(NamedTuple):
    """What strategies see.

    Attributes:
        members: who have come so far and not left
        arrived, left: since the start
    """

    members: int
    arrived: int
    left: int


class Adoption(Mechanism):
    """Newcomers and those who give up.

    Attributes:
        arrived, left: agents since the start
        today: arrivals of the last day
        invited: of all arrivals, those by imitation
    """

    key = "adoption"
    wants = ("social",)
    channels = {"demand": "hazard of arriving"}
    Params = AdoptionParams
    social: Any

    @classmethod
    def room(cls, params: AdoptionParams) -> tuple[int, int, int]:
        """An account for everybody who may come."""
        return 0, 0, params.potential

    def __init__(self, market: Any, params: AdoptionParams) -> None:
        super().__init__(market, params)
        self.arrived = self.left = self.today = self.invited = 0

    @property
    def population(self) -> Any:
        """The kind that grows."""
        return self.market.populations[self.params.kind]

    def open(self) -> None:
        """Know who grows.

        Raises:
            ScenarioError: the scenario has no agents of that kind
        """
        kinds = self.market.populations
        if self.params.kind not in kinds:
            raise ScenarioError(
                f"adoption.kind = '{self.params.kind}': the scenario has no [agents.{self.params.kind}]"
                f"{nearest(self.params.kind, kinds)}"
            )

    @stage("environment")
    def arrive_and_leave(self) -> None:
        """Newcomers arrive with cash, invited or on their own; the fearful leave."""
        if not self.clock.new_day:
            return
        self.today = 0
        if self.clock.day >= self.params.start_day:
            self._arrive()
        if self.params.churn > 0.0 and self.clock.new_week:
            self._leave()

    def recommending(self) -> NDArray[np.int64]:
        """Accounts of members who are not in fear."""
        population = self.population
        accounts = population.account[: len(population)][population.alive[: len(population)]]
        if self.social is None:
            return np.asarray(accounts)
        self.social.reserve()
        return np.asarray(accounts[self.social.sentiment[accounts] >= 0.0])

    def _arrive(self) -> None:
        p, population, tick = self.params, self.population, self.clock.tick
        outside = np.arange(len(population), p.potential, dtype=np.int64)
        if outside.size == 0:
            return
        hosts = self.recommending()
        spread = p.imitation * hosts.size / p.potential
        hazard = (p.innovation + spread) * self.market.shocks.of_day("demand") / DAYS_PER_YEAR
        draws = uniforms(self.streams.key("adoption", p.kind, tick), outside, 0)
        comes = int(np.count_nonzero(draws < -math.expm1(-hazard)))
        if comes == 0:
            return
        slots = population.arrive(comes, Flow.ARRIVAL)
        alone = p.innovation / (p.innovation + spread)
        how = uniforms(self.streams.key("invitation", p.kind, tick), slots, 0)
        which = uniforms(self.streams.key("invitation", p.kind, tick), slots, 1)
        invited = how >= alone
        inviters = np.full(comes, ANYBODY, np.int64)
        inviters[invited] = hosts[(which[invited] * hosts.size).astype(np.int64)]
        self.arrived += comes
        self.today = comes
        self.invited += int(np.count_nonzero(invited))
        if self.social is not None:
            self.social.welcome(population.account[slots], inviters, p.friends)

    def _leave(self) -> None:
        """Members in fear without fractions go, each with the week's hazard."""
        population, market = self.population, self.market
        if self.social is None:
            return
        known = np.flatnonzero(population.alive[: len(population)])
        accounts = population.account[known]
        books = self.ledger.books
        worth = market.wealth[np.minimum(accounts, market.wealth.size - 1)]
        liquid = books.balances[0, accounts] / USD + books.balances[1, accounts] * self.ledger.value[1]
        goes = (self.social.sentiment[accounts] < 0.0) & (worth - liquid < 1.0) & (accounts < market.wealth.size)
        chance = -math.expm1(-self.params.churn * 7.0 / DAYS_PER_YEAR)
        key = self.streams.key("departure", self.params.kind, self.clock.tick)
        goers = known[goes & (uniforms(key, known, 0) < chance)]
        for slot in goers:
            population.agents[int(slot)].remove()
        self.left += goers.size

    def view(self) -> AdoptionView:
        """Members and movements."""
        return AdoptionView(len(self.population) - self.left, self.arrived, self.left)

    def state(self) -> Iterable[NDArray[Any]]:
        """Counts."""
        return (np.array([self.arrived, self.left, self.invited]),)
