"""Parameters of offerings, and what strategies see of them."""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from model.mechanisms.offerings.forms import choices
from model.nft_kind import BY_WORD, NftKind
from model.params import Params, one_of, param

VENUES = ("amm", "curve", "weighted")
DUTCH = "dutch"  # the form whose price takes `dutch_days` to fall
SALE_KINDS = [word for word, kind in BY_WORD.items() if kind not in (NftKind.BASKET, NftKind.CLUB)]
OPENING_KINDS = [word for word, kind in BY_WORD.items() if kind != NftKind.BASKET]


FormName = Annotated[str, one_of(choices)]
SaleKind = Annotated[str, one_of(lambda: SALE_KINDS)]
OpeningKind = Annotated[str, one_of(lambda: OPENING_KINDS)]
Venue = Annotated[str, one_of(lambda: list(VENUES))]


class Opening(Params):
    """Vaults of one kind on the first morning: `{ kind = "art", count = 5, appraisal = 20_000 }`."""

    kind: OpeningKind = param("rig", "", "what the vaults hold; a club is founded, and orders rigs once all is pledged")
    count: int = param(1, "vaults", "how many", ge=1, le=5_000)
    th: float | None = param(None, "TH/s", "rigs of each, `offerings.th` if not given", gt=0, le=1e9, scales=True)
    appraisal: float | None = param(
        None, "USD", "appraisal of each NFT, `offerings.appraisal` if not given", gt=0, le=1e9, scales=True
    )
    term_days: float = param(
        0.0, "days", "time in circulation, `vaults.life_days` if 0; contracts need it", ge=0, le=36_500
    )
    keep_bps: int | None = param(
        None, "1e-4", "supply that creators keep, `offerings.initial_keep_bps` if not given", ge=0, le=9_999
    )
    issue_multiple: float | None = param(
        None, "1", "issue price over what the vault holds, `offerings.issue_multiple` if not given", gt=0, le=100
    )

    @model_validator(mode="after")
    def _ends(self) -> "Opening":
        if self.kind == "hashpower_contract" and self.term_days <= 0:
            raise ValueError("a hashpower contract needs term_days above 0")
        return self


class OfferingsParams(Params):
    """Parameters of offerings and of the vaults that exist from the start."""

    form: FormName = param(
        "fixed_price",
        "",
        "how fractions are priced and when a sale succeeds: fixed_price (all or nothing), fixed_price_keep, dutch, "
        "bonding_curve, editions",
    )
    forms: dict[SaleKind, FormName] = param({}, "", "forms by kind of vault, such as { art = 'dutch' }")
    days: float = param(14.0, "days", "time in which all must be sold", ge=0.1, le=365, live=True)
    dutch_start: float = param(1.5, "1", "first price of `dutch` over the reserve", ge=1, le=100, source="assumption")
    dutch_days: float = param(7.0, "days", "time in which the price of `dutch` falls to the reserve", ge=0.1, le=365)
    bonding_rise: float = param(
        1.0, "1", "last price of `bonding_curve` over the first, less 1: a slope of that over all that is offered",
        ge=0, le=100,
    )  # fmt: skip
    editions: int = param(100, "editions", "equal editions of a vault sold as `editions`", ge=1, le=1_000_000)
    seed_editions: bool = param(False, "", "whether editions open pools too")
    seed_bps: int = param(
        2_000, "1e-4", "part of proceeds that opens the pool beside fractions", ge=0, le=5_000, source="NIFTEX v2: .20"
    )
    seed_venues: dict[Venue, Annotated[float, "weight"]] = param(
        {"amm": 1.0}, "1", "venues that the seed opens, by weight; those absent are passed over"
    )
    lock_days: float = param(
        30.0, "days", "time for which the creator's pool shares are locked", ge=0, le=3_650, source="NIFTEX v2: 30 days"
    )
    grant_bps: int = param(
        0, "1e-4", "part of the supply that creators grant to those who bring liquidity", ge=0, le=5_000
    )
    grant_days: float = param(30.0, "days", "time over which grants are paid out", ge=1, le=3_650)
    fee_bps: int = param(
        250, "1e-4", "platform's part of proceeds", ge=0, le=5_000, live=True, source="fee of NFT markets, OpenSea 2022"
    )
    most_kept_bps: int = param(9_000, "1e-4", "most of the supply that a creator may keep", ge=0, le=9_999, live=True)
    least_ghs: int = param(1_000, "GH/s", "smallest vault", ge=1, le=10**12, live=True)
    initial: int = param(20, "vaults", "vaults that exist on the first morning", ge=0, le=5_000)
    opening: list[Opening] = param([], "", "further vaults of the first morning, of any kind; one row each")
    th: float = param(1_000.0, "TH/s", "rigs of each initial vault", gt=0, le=1e9, scales=True)
    appraisal: float = param(20_000.0, "USD", "appraisal of the NFT of each initial vault", gt=0, le=1e9, scales=True)
    issue_multiple: float = param(
        1.25, "1", "issue price over the price of its rigs", gt=0, le=100, source="makers charge .8 of a rig's value"
    )
    initial_efficiency: float = param(1.0, "1", "J/TH of initial rigs over those now shipping", gt=0, le=10)
    initial_power_price: float = param(
        0.05, "USD/kWh", "power price of initial vaults and of clubs", ge=0, le=1, source="GoMining 2024"
    )
    initial_keep_bps: int = param(1_000, "1e-4", "supply that creators of initial vaults keep", ge=0, le=9_999)
    initial_buyers: list[str] = param(
        ["retail_investor", "institution", "liquidity_provider", "arbitrageur", "miner"],
        "",
        "kinds that hold fractions on the first morning, in proportion to cash",
    )
    initial_spending: float = param(
        0.5, "1", "part of his cash spent on fractions by who holds as many vaults as expected", ge=0, le=1
    )
    initial_breadth: float = param(0.25, "1", "share of initial vaults that each of them holds", gt=0, le=1)

    @model_validator(mode="after")
    def _weights(self) -> "OfferingsParams":
        if any(weight < 0 for weight in self.seed_venues.values()):
            raise ValueError(f"seed_venues = {self.seed_venues}: weights are 0 or more")
        return self

    @model_validator(mode="after")
    def _falls_in_time(self) -> "OfferingsParams":
        if DUTCH in (self.form, *self.forms.values()) and self.days <= self.dutch_days:
            raise ValueError(
                f"days = {self.days:g}: a sale as '{DUTCH}' would end before its price has fallen to the reserve, after "
                f"dutch_days = {self.dutch_days:g}; make days longer or dutch_days shorter"
            )
        return self


class OfferingsView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        open: whether on offer
        price: USD per whole fraction; a limit that buys at least the next lot
        left: still for sale [base units]
        lot: sold at once [base units]
        days_left: until the deadline
        seller: account
        promised_th: TH per whole fraction that a club is to order, 0 for others
        any_open: whether any is on offer
        room: vaults that can still be made
        least_ghs: smallest vault
        supply: whole fractions of a new vault of rigs
        supplies: whole fractions of a new vault, by `NftKind`
    """

    open: NDArray[np.bool_]
    price: NDArray[np.float64]
    left: NDArray[np.int64]
    lot: NDArray[np.int64]
    days_left: NDArray[np.float64]
    seller: NDArray[np.int64]
    promised_th: NDArray[np.float64]
    any_open: bool
    room: int
    least_ghs: int
    supply: int
    supplies: NDArray[np.int64]
