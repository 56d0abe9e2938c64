"""Parameters of `[network]`."""

from collections.abc import Mapping, Sized
from typing import Literal

from pydantic import model_validator

from model.errors import ScenarioError
from model.params import Params, param

FIT = "Gaussian quasi-likelihood on ln(fees/subsidy) by day, 2018-2024 (docs/explanation/fits.md)"


class NetworkParams(Params):
    """The coin's network: who else mines, how blocks come, what fees they carry."""

    blocks: Literal["poisson", "expected"] = param("poisson", "", "blocks come by chance, or at their expected times")
    rest: Literal["fixed", "history", "elastic"] = param(
        "fixed",
        "",
        "hash rate of the rest of the network: stays, follows the real series, or is the agent rest_of_network",
    )
    simulated_share: float = param(
        0.0005,
        "1",
        "part of the network's hash rate at the start that the marketplace's miners own; 1: they are the whole network",
        source="about 130,000 TH/s in 2023-01 for 1,000 agents",
        scales=True,
        gt=0,
        le=1,
    )
    difficulty: float | None = param(
        None, "1", "difficulty at the start; left out, the real one; given, the network at the start has the hash rate that it implies, its makers the capacity",
        ge=1, le=1e20,
    )  # fmt: skip
    height: int | None = param(
        None, "blocks", "height of the last block at the start; left out, the real one", ge=0, le=100_000_000
    )
    halvings: bool = param(
        True, "", "the subsidy halves every 210,000 blocks; false holds that of the start, for studies of steady growth"
    )
    fees: Literal["process", "history", "constant"] = param(
        "process", "", "fees of a block: fitted process, real months, or a constant share of subsidy"
    )
    fee_ratio: float = param(
        0.0313, "1", "constant: fees over subsidy", source="median of the fitted process", live=True, ge=0, le=100
    )
    fee_mean: float = param(-3.465, "log", "process: mean of ln(fees/subsidy)", source=FIT, ge=-20, le=5)
    slow_persistence: float = param(
        0.9889, "1/day", "process: what is left of a congestion regime after a day", source=FIT, ge=0, lt=1
    )
    slow_sd: float = param(0.948, "log", "process: stationary spread of congestion regimes", source=FIT, ge=0, le=5)
    fast_persistence: float = param(
        0.589, "1/day", "process: what is left of a spike after a day", source=FIT, ge=0, lt=1
    )
    fast_sd: float = param(0.252, "log", "process: size of daily news", source=FIT, ge=0, le=5)
    fee_nu: float = param(4.9, "1", "process: degrees of freedom of daily news (Student t)", source=FIT, gt=2, le=200)
    fee_cap: float = param(
        3.0,
        "1",
        "process: most that fees are of the subsidy",
        source="largest observed 2.97, 2024-04-20",
        gt=0,
        le=1000,
    )

    @model_validator(mode="after")
    def _together(self) -> "NetworkParams":
        if self.rest == "history" and self.difficulty is not None:
            raise ValueError(
                'rest = "history" plays the real hash rate, which a difficulty of yours contradicts; leave difficulty out, or '
                'take rest = "fixed" or "elastic"'
            )
        return self

    def need_a_rest(self, scenario: str, populations: Mapping[str, Sized]) -> None:
        """Raise `ScenarioError` if the rest of the network is elastic and nobody is there to be it."""
        if self.rest == "elastic" and self.simulated_share < 1.0 and not len(populations.get("rest_of_network", ())):
            raise ScenarioError(
                f"{scenario}: network.rest = 'elastic' needs somebody to be the rest of the network; "
                "add [agents.rest_of_network] with count = 1, or set network.rest = 'fixed'"
            )
