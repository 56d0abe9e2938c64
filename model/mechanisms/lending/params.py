"""Parameters of the lending pool, and why some of them do not go together."""

from typing import Literal

from pydantic import field_validator, model_validator

from model.params import Params, param

AAVE = "Aave v2 and v3 risk parameters"


class LendingParams(Params):
    """Reserved table `[lending]`: one pool of USD lent against fractions of all vaults."""

    capacity: int = param(
        40, "vaults", "vaults whose fractions may be pledged; at least vaults.capacity", ge=1, le=10_000
    )
    loan_to_value: float = param(
        0.38, "1", "most that may be borrowed, over the collateral's worth", live=True, gt=0, lt=1,
        source="loan to value of volatile NFT collateral, .30-.40: BendDAO 2022",
    )  # fmt: skip
    threshold: float = param(
        0.60,
        "1",
        "debt over the collateral's worth above which anybody may liquidate; at least loan_to_value",
        live=True,
        gt=0,
        lt=1,
    )
    bonus: float = param(
        0.12, "1", "liquidators' bonus over what they repay", live=True, ge=0, le=1, source=f"{AAVE}: .05-.15"
    )
    fund_share: float = param(0.10, "1", "part of the bonus that goes to the insurance fund", live=True, ge=0, le=1)
    fund_capital: float = param(0.0, "USD", "capital of the insurance fund at the start", ge=0, le=1e9)
    reserve_factor: float = param(
        0.20, "1", "part of the interest that the reserve keeps", live=True, ge=0, le=1, source=AAVE
    )
    close_factor: float = param(
        0.50, "1", "part of a debt that one liquidation may repay", live=True, gt=0, le=1, source="Compound v2, Aave v2"
    )
    full_below: float = param(
        0.95, "1", "health below which one liquidation may repay all; 0: never", live=True, ge=0, le=1, source="Aave v3"
    )
    whole_usd: float = param(
        1.0, "USD", "debt that is repaid whole, whatever the close factor", live=True, ge=0, le=1e6,
        source="assumption; 2,000 USD in Aave v3.3",
    )  # fmt: skip
    rest_usd: float = param(
        25.0,
        "USD",
        "collateral of an unsound loan worth no more than this is not liquidated: the loan is written off",
        ge=0,
        le=1e6,
        live=True,
        source="assumption: about what a liquidation costs",
    )
    rates: Literal["kinked", "jump"] = param(
        "kinked", "", "slopes over each part of the way (kinked), or per unit of utilisation (jump)", live=True,
        source="Aave; Compound",
    )  # fmt: skip
    base: float = param(0.0, "1/year", "borrowing rate of an idle pool", live=True, ge=0, le=5)
    kink: float = param(0.80, "1", "utilisation above which rates turn steep", live=True, ge=0, le=1, source=AAVE)
    slope1: float = param(0.10, "1/year", "kinked: what the rate rises by up to the kink", live=True, ge=0, le=5)
    slope2: float = param(
        1.00, "1/year", "kinked: what it rises by above the kink", live=True, ge=0, le=10, source=AAVE
    )
    multiplier: float = param(
        0.20, "1/year", "jump: rise of the rate per unit of utilisation up to the kink", live=True, ge=0, le=5,
        source="Compound's JumpRateModel",
    )  # fmt: skip
    jump: float = param(
        1.00, "1/year", "jump: the same above the kink", live=True, ge=0, le=10, source="Compound's JumpRateModel"
    )
    cap_share: float | None = param(
        None, "1",
        "fractions of a vault that may be pledged, over the fewest in its pools and in its last batch in the oracle's window; "
        "unset: as many as a liquidator can sell in a pool without a loss, at the venue's fee, and of a batch so few that "
        "feigning its trade does not pay; without venues none, or, where the oracle appraises, any number", ge=0, le=1e6,
    )  # fmt: skip
    flash_bps: int = param(
        9, "1e-4", "fee of a loan that lasts one bundle", live=True, ge=0, le=1_000, source="Aave v2: 9 bps"
    )

    @field_validator("kink")
    @classmethod
    def _between(cls, kink: float) -> float:
        if not 0.0 < kink < 1.0:
            raise ValueError(
                "rates rise by slope1 over `kink` and by slope2 over `1 - kink`, so neither may be 0; take e.g. 0.8"
            )
        return kink

    @model_validator(mode="after")
    def _sound(self) -> "LendingParams":
        if self.threshold < self.loan_to_value:
            raise ValueError(
                f"threshold {self.threshold:g} is below loan_to_value {self.loan_to_value:g}: a loan could be liquidated the moment it is "
                "taken; raise threshold or lower loan_to_value"
            )
        if (1.0 + self.bonus) * self.threshold >= 1.0:
            raise ValueError(
                f"(1 + bonus) threshold = {(1.0 + self.bonus) * self.threshold:.4g} is 1 or more: a loan just below "
                "health 1 would lack the collateral to pay the bonus, and every liquidation would leave bad debt; "
                f"keep threshold below {1.0 / (1.0 + self.bonus):.4g} or lower bonus"
            )
        return self
