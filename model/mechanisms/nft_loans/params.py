"""Parameters of loans against whole NFTs and rigs; the defaults are BendDAO's before its reform of August 2022."""

from typing import Literal

from pydantic import model_validator

from model.params import Params, param

BEND = "BendDAO, documentation of 2022"
BIP9 = "BendDAO, BIP#9 of 2022-08-22, names the old value"


class NftLoansParams(Params):
    """Parameters of loans against NFTs and rigs."""

    # peer to pool
    loan_to_value: float = param(
        0.40, "1", "most that is lent over the floor", gt=0, lt=1, live=True, source=BEND
    )  # fmt: skip
    threshold: float = param(
        0.90, "1", "debt over floor at which a loan is up for auction", gt=0, le=1, live=True, source=BIP9
    )  # fmt: skip
    base_rate: float = param(0.03, "1/year", "borrowers' rate of an unused pool", ge=0, le=10, live=True, source=BIP9)
    slope1: float = param(0.08, "1/year", "added up to the kink", ge=0, le=10, live=True, source=BEND)
    slope2: float = param(1.00, "1/year", "added from the kink to full use", ge=0, le=10, live=True, source=BEND)
    kink: float = param(0.65, "1", "utilisation at the kink", gt=0, lt=1, live=True, source=BEND)
    reserve_factor: float = param(0.30, "1", "part of interest kept as a reserve", ge=0, le=1, live=True, source=BEND)
    # auctions
    bid_debt_share: float = param(
        1.0, "1", "part of the debt that a first bid must cover", ge=0, le=2, live=True, source=BEND
    )
    bid_floor_share: float = param(
        0.95, "1", "part of the floor that a first bid must reach; 0 for no such rule", ge=0, le=2, live=True, source=BIP9
    )  # fmt: skip
    bid_step: float = param(0.01, "1", "part of the debt by which a bid must beat another", ge=0, le=1, source=BEND)
    auction_hours: float = param(
        48.0, "hours", "from the first bid to the end; the borrower may redeem until then", gt=0, le=8_760, live=True,
        source=BIP9,
    )  # fmt: skip
    redeem_low: float = param(0.50, "1", "least part of the debt that redeems", ge=0, le=1, live=True, source=BEND)
    redeem_high: float = param(0.90, "1", "most part of the debt that redeems", ge=0, le=1, live=True, source=BEND)
    fine_share: float = param(
        0.05, "1", "part of the debt that the first bidder gets of a borrower who redeems", ge=0, le=1, live=True,
        source=BEND,
    )  # fmt: skip
    fine_least: float = param(
        320.0, "USD", "least such fine", ge=0, le=1e6, live=True, source="BendDAO, BIP#6: .2 ETH, at 1,600 USD"
    )
    # floor
    floor: Literal["comparables", "market"] = param(
        "comparables",
        "",
        "what the floor of a collection follows: comparable sales of its cheapest piece, or listings of nft_market, as far "
        "as comparable sales bear them out",
    )
    floor_hours: float = param(
        6.0, "hours", "window over which the reported floor is a mean", gt=0, le=720, source="BendDAO's oracle: a TWAP"
    )
    most_move: float = param(
        0.20, "1", "largest move of the reported floor in a tick", gt=0, le=10, live=True,
        source="20 % guard of BendDAO's oracle",
    )  # fmt: skip
    # peer to peer
    most_offers: int = param(1_000, "offers", "most offers of fixed-term loans open at a time", ge=1, le=1_000_000)
    offer_days: float = param(7.0, "days", "time after which an offer to lend lapses", gt=0, le=3_650)
    # rigs
    rig_loan_to_value: float = param(
        0.60, "1", "most that is lent over the resale value of rigs", gt=0, lt=1, live=True,
        source="lenders to miners 2021-22 (Bloomberg, Luxor): 4 bn USD, rigs alone as collateral",
    )  # fmt: skip
    rig_rate: float = param(
        0.13, "1/year", "rate of loans against rigs", ge=0, le=10, live=True, source="NYDIG, Foundry 2021: 12-16 %"
    )
    rig_days: float = param(540.0, "days", "term of a loan against rigs", gt=0, le=3_650, source="18 to 24 months")
    rig_form: Literal["equal_parts", "bullet"] = param(
        "equal_parts", "", "paid off in equal parts, or interest alone until all is due at the end"
    )
    grace_days: float = param(
        30.0, "days", "behind schedule for this long is default", gt=0, le=3_650, live=True
    )  # fmt: skip

    @model_validator(mode="after")
    def _sensible(self) -> "NftLoansParams":
        if self.threshold <= self.loan_to_value:
            raise ValueError(
                f"threshold = {self.threshold:g} is not above loan_to_value = {self.loan_to_value:g}: a new loan "
                "would be up for auction at once; raise the one or lower the other"
            )
        if self.redeem_low > self.redeem_high:
            raise ValueError(f"redeem_low = {self.redeem_low:g} is above redeem_high = {self.redeem_high:g}; lower it")
        return self
