"""Parameters of buy-outs."""

from typing import Annotated, Literal

from pydantic import model_validator

from model.mechanisms.buyouts.designs import choices
from model.nft_kind import BY_WORD, NftKind
from model.params import Params, one_of, param

NEVER = (NftKind.BASKET, NftKind.HASHPOWER_CONTRACT)  # members are divisible, and lent rigs go home
KINDS = [word for word, kind in BY_WORD.items() if kind not in NEVER]


DesignName = Annotated[str, one_of(choices)]
Kind = Annotated[str, one_of(lambda: KINDS)]


class BuyoutsParams(Params):
    """Reserved table `[buyouts]`."""

    design: DesignName = param(
        "niftex_v2",
        "",
        "how a vault is bought out: niftex_v1, niftex_v2, reserve_auction (fractional.art), tender_pool (Tessera), "
        "unlock_vote (Unicly)",
    )
    designs: dict[Kind, DesignName] = param({}, "", "designs by kind of vault, such as { art = 'reserve_auction' }")
    capacity: int = param(40, "vaults", "vaults that may exist in a run; at least vaults.capacity", ge=1, le=5_000)
    pauses: Literal["design", "always", "never"] = param(
        "design", "", "whether a vault's fractions may not move meanwhile: as the design has it, always, or never",
        source="NIFTEX v1 pauses transfers, all others do not",
    )  # fmt: skip
    pause_blocks_liquidation: bool = param(
        False, "", "whether fractions that may not move cannot be seized by liquidators either", live=True,
        source="a paused token refuses every transfer, liquidations included",
    )  # fmt: skip
    notice: float = param(
        0.0, "1/day", "chance that a holder is told of an open buy-out and looks, on top of his attention; moves with the "
        "channel attention", ge=0, le=1, live=True, source="no design tells holders; marketplaces that do: assumption",
    )  # fmt: skip
    shotgun_days: float = param(14.0, "days", "time to counter in niftex_v1", gt=0, le=3_650, source="NIFTEX v1")
    timed_days: float = param(5.0, "days", "time to counter in niftex_v2", gt=0, le=3_650, source="NIFTEX v2")
    stake_bps: int = param(
        100, "1e-4", "least part of supply that a proposer locks in niftex_v2", ge=0, le=9_999, source="NIFTEX v2: .01"
    )
    quorum_bps: int = param(
        2_500, "1e-4", "part of supply that must have voted on the reserve before an auction", ge=0, le=10_000,
        live=True, source="fractional.art: .25",
    )  # fmt: skip
    auction_days: float = param(3.0, "days", "length of the auction", gt=0, le=3_650, source="fractional.art: 3 days")
    raise_bps: int = param(
        500, "1e-4", "step from one bid to the next", ge=0, le=100_000, live=True, source="fractional.art: .05"
    )
    extension_minutes: float = param(
        15.0, "minutes", "a bid so near the end makes the auction last so much longer; rounded up to ticks", ge=0,
        le=100_000, source="fractional.art: 15 minutes",
    )  # fmt: skip
    vote_low: float = param(
        0.2, "1", "least vote over the mean of the others'", ge=0, le=1, live=True, source="fractional.art: 20 %"
    )
    vote_high: float = param(
        5.0, "1", "largest vote over the mean of the others'", ge=1, le=1e6, live=True, source="fractional.art: 500 %"
    )
    curator_fee: float = param(
        0.0, "1/year", "new fractions for the creator over the supply, under reserve_auction", ge=0, le=0.1, live=True,
        source="fractional.art: at most .10 a year",
    )  # fmt: skip
    tender_days: float = param(2.0, "days", "time to tender", gt=0, le=3_650, source="Tessera: 2 days")
    rejection_days: float = param(
        4.0,
        "days",
        "time to buy back, from the opening on; at least tender_days",
        gt=0,
        le=3_650,
        source="Tessera: 4 days",
    )
    win_bps: int = param(
        5_000, "1e-4", "part of supply that tendered fractions must exceed", ge=0, le=9_999, source="Tessera: .50"
    )
    unlock_bps: int = param(
        5_000, "1e-4", "part of supply whose locked votes unlock the NFT", ge=1, le=10_000,
        source="assumption; Unicly lets each creator choose",
    )  # fmt: skip
    unlock_delay_hours: float = param(
        0.0, "hours", "time for which the threshold must be held; 0 unlocks at once", ge=0, le=87_600,
        source="none in the wild",
    )  # fmt: skip

    bid_lock_days: float = param(
        3.0, "days", "for which the best bid may not be taken back, under unlock_vote", ge=0, le=3_650,
        source="Unicly, Converter.sol: 3 days",
    )  # fmt: skip

    @model_validator(mode="after")
    def _votes(self) -> "BuyoutsParams":
        if self.vote_low >= self.vote_high:
            raise ValueError(f"vote_low = {self.vote_low:g} is not below vote_high = {self.vote_high:g}; lower it")
        return self

    @model_validator(mode="after")
    def _tender(self) -> "BuyoutsParams":
        if self.rejection_days < self.tender_days:
            raise ValueError(
                f"rejection_days = {self.rejection_days:g} is below tender_days = {self.tender_days:g}, and both begin with the "
                "opening; raise it"
            )
        return self
