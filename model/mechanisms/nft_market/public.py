"""What agents may ask of the market of whole NFTs, its parameters, and what strategies see of it."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

from model.actions import Action
from model.params import Params, param


class ListNft(Action):
    """Ask `price` USD base units for an own NFT; a further listing replaces the first."""

    fields = ("nft", "price")
    phase = "offers"


class Delist(Action):
    """Take an own NFT off the market."""

    fields = ("nft",)
    phase = "withdraw"


class OfferFor(Action):
    """Bid `price` USD base units for NFT `nft`, or for any of a `collection` where `nft` is -1; `filled` is the offer's number."""

    fields = ("collection", "nft", "price")
    phase = "offers"


class CancelOffer(Action):
    """Take an own offer back; `filled` is what comes back [USD base units]."""

    fields = ("offer",)
    phase = "withdraw"


class BuyNft(Action):
    """Buy a listed NFT for at most `limit` USD base units; `filled` is the price."""

    fields = ("nft", "limit")


class AcceptOffer(Action):
    """Sell an own NFT to the best offer, if the seller keeps at least `limit` USD base units; `filled` is what he kept."""

    fields = ("nft", "limit")


class NftMarketParams(Params):
    """Parameters of the market of whole NFTs."""

    fee_bps: int = param(
        250, "1e-4", "part of a price that the platform keeps", ge=0, le=2_000, live=True, source="OpenSea 2022: 2.5 %"
    )
    royalties: bool = param(
        True, "", "whether the artist's royalty is part of every sale", live=True,
        source="OpenSea 2022: yes; optional on others",
    )  # fmt: skip
    offer_days: float = param(7.0, "days", "time after which an offer lapses", gt=0, le=3_650)
    most_offers: int = param(1_000, "offers", "most offers open at a time", ge=1, le=1_000_000)


class NftMarketView(NamedTuple):
    """What strategies see; columns read-only.

    Attributes:
        price: asked for each NFT [USD], NaN where it is not listed
        offered: best offer for each NFT, its collection's included [USD], NaN for none
        floor: lowest price asked by collection [USD], NaN for none
        last: price of the last sale by collection [USD], NaN for none
        fee_bps: the platform's part [1e-4]
        offers: number, bidder, collection, NFT (-1 any), price [USD base units] of each open offer
    """

    price: NDArray[Any]
    offered: NDArray[Any]
    floor: NDArray[Any]
    last: NDArray[Any]
    fee_bps: int
    offers: NDArray[Any]
