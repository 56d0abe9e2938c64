"""Parameters of vaults and of the baskets of their fractions."""

from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from model.errors import nearest
from model.params import Params, param

MEMBERS, PER_FRACTION = "vaults by number, baskets by name", "whole fractions of each in a whole basket fraction"


class BasketParams(Params):
    """A row of `[[vaults.baskets]]`: fractions of several vaults behind one; made once all members circulate."""

    name: str = param("basket", "", "what to call it")
    members: list[int | str] = param([], "", MEMBERS)
    per_fraction: list[Annotated[float, Field(ge=1e-6, le=1e6)]] = param([], "1", PER_FRACTION)

    @model_validator(mode="after")
    def _matches(self) -> "BasketParams":
        if not self.members or len(self.members) != len(self.per_fraction):
            raise ValueError(
                f"basket '{self.name}' has {len(self.members)} members and {len(self.per_fraction)} entries of "
                "per_fraction; write at least one member and one number for each"
            )
        if any(isinstance(member, int) and member < 0 for member in self.members):
            raise ValueError(f"basket '{self.name}': vaults are numbered from 0; name members by such numbers")
        if len(set(self.members)) < len(self.members):
            raise ValueError(f"basket '{self.name}' names a member twice; write each once")
        return self


class VaultsParams(Params):
    """Parameters of vaults."""

    capacity: int = param(40, "vaults", "most vaults in a run; slots of failed offerings are used again", ge=1, le=5000)
    supply: int = param(
        10_000, "fractions", "whole fractions of a vault", ge=1, le=100_000_000, scales=True, source="fractional.art"
    )
    service_fee: float = param(
        0.0089, "USD/TH/day", "operator's fee for rigs that run", ge=0, le=1, live=True, source="GoMining 2024"
    )
    discount: float = param(
        0.0, "1", "on power and service, borne by the operator", ge=0, le=0.2, live=True, source="GoMining 2024: <= .20"
    )
    eligibility: Literal["all_holders", "staked_only", "lp_passthrough"] = param(
        "all_holders",
        "",
        "which fractions earn: all, staked ones, or staked ones and those in pools",
        source="BTCST, pBTC35A",
    )
    unstaked_to: Literal["stakers", "operator", "treasury", "providers"] = param(
        "operator",
        "",
        "who gets what the other fractions would earn; the operator where there are no stakers or providers",
        live=True,
    )
    shortfall: Literal["curtail", "operator_absorbs", "carry_debt", "terminate_after_days"] = param(
        "curtail",
        "",
        "an unlucky day is advanced by the operator and netted first; borne by him; owed by the vault to utilities and "
        "operator and netted first; or advanced until it has lasted too long and the vault ends",
        live=True,
    )
    terminate_days: float = param(
        21.0,
        "days",
        "time at a loss without a break after which a vault ends, where the rule is terminate_after_days",
        ge=1,
        le=3_650,
        live=True,
        source="cloud-mining contracts: 21 days of negative income",
    )
    redemption: Literal["none", "whole", "in_kind"] = param(
        "none", "", "a living vault's fractions bring nothing, the whole vault, or their TH", live=True
    )
    whole_bps: int = param(
        9_999, "1e-4", "share of supply that takes the whole vault", ge=5_001, le=10_000, source="99.99 %, Unicly"
    )
    life_days: float = param(
        1_460.0,
        "days",
        "rigs and NFTs are sold after this time in circulation",
        ge=1,
        le=36_500,
        source="4 years of makers' life",
    )
    operator_capital: float = param(
        20_000.0,
        "USD",
        "operator's cash for advances; more of it leaves",
        ge=0,
        le=1e8,
        scales=True,
        source="30 days' cost",
    )
    smoothing_days: float = param(14.0, "days", "time constant of shown income", ge=1, le=365)
    baskets: list[BasketParams] = param([], "", "baskets of fractions: name, members, per_fraction")

    @field_validator("baskets")
    @classmethod
    def _no_circles(cls, baskets: list[BasketParams]) -> list[BasketParams]:
        names = [row.name for row in baskets]
        if len(set(names)) < len(names):
            raise ValueError(f"two are called '{next(n for n in names if names.count(n) > 1)}'; rename one")
        graph = {row.name: [m for m in row.members if isinstance(m, str)] for row in baskets}
        for name, members in graph.items():
            for other in members:
                if other not in graph:
                    raise ValueError(f"basket '{name}': no basket is called '{other}'{nearest(other, names)}")
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise ValueError(f"baskets hold one another in a circle: {circle}; take one member out") from None
        return baskets

    @model_validator(mode="after")
    def _has_room(self) -> "VaultsParams":
        if len(self.baskets) >= self.capacity:
            raise ValueError(f"{len(self.baskets)} baskets leave no room for their members; raise vaults.capacity")
        return self
