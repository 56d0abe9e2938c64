"""NFTs: how many of each kind, what they are appraised at, what they earn, and what their artists get."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.metric import metric, shared
from model.nft_kind import NftKind
from model.units import USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("nfts",)
ART, COLLECTIBLE, GAME_ITEM, METAVERSE_LAND, MINING_RIGHT, INFRASTRUCTURE = (
    int(kind)
    for kind in (
        NftKind.ART,
        NftKind.COLLECTIBLE,
        NftKind.GAME_ITEM,
        NftKind.METAVERSE_LAND,
        NftKind.MINING_RIGHT,
        NftKind.INFRASTRUCTURE,
    )
)


@kernel
def _count_all(kind: Any, owner: Any, vault: Any, n: int, counts: Any) -> None:
    """Count NFTs that have an owner, by kind, and after those that vaults hold."""
    counts[:] = 0
    for i in range(n):
        counts[-1] += vault[i] >= 0
        if owner[i] >= 0:
            counts[kind[i]] += 1


@shared
def _counts(market: "Marketplace") -> list[int]:
    nfts, counts = market.mechanisms["nfts"], np.empty(len(NftKind) + 1, np.int64)
    _count_all(nfts.kind, nfts.owner, nfts.vault, nfts.n, counts)
    found: list[int] = counts.tolist()
    return found


def _nfts(market: "Marketplace") -> Any:
    return market.mechanisms["nfts"]


@metric("NFTs", "last", NEEDS, of=_counts)
def art(counted: list[int]) -> float:
    """Works of art that have an owner in the marketplace."""
    return float(counted[ART])


@metric("NFTs", "last", NEEDS, of=_counts)
def collectibles(counted: list[int]) -> float:
    """Collectibles that have an owner in the marketplace."""
    return float(counted[COLLECTIBLE])


@metric("NFTs", "last", NEEDS, of=_counts)
def game_items(counted: list[int]) -> float:
    """Game items that have an owner in the marketplace."""
    return float(counted[GAME_ITEM])


@metric("NFTs", "last", NEEDS, of=_counts)
def land(counted: list[int]) -> float:
    """Plots of virtual land that have an owner in the marketplace."""
    return float(counted[METAVERSE_LAND])


@metric("NFTs", "last", NEEDS, of=_counts)
def mining_rights(counted: list[int]) -> float:
    """Mining rights that have an owner in the marketplace."""
    return float(counted[MINING_RIGHT])


@metric("NFTs", "last", NEEDS, of=_counts)
def infrastructure(counted: list[int]) -> float:
    """Nodes that have an owner in the marketplace."""
    return float(counted[INFRASTRUCTURE])


@metric("NFTs", "last", NEEDS, of=_counts)
def in_vaults(counted: list[int]) -> float:
    """NFTs that vaults hold."""
    return float(counted[-1])


@metric("USD", "last", NEEDS, headline=True)
def appraisal(market: "Marketplace") -> float:
    """Appraisals of all NFTs together."""
    nfts: Any = market.mechanisms["nfts"]
    return math.fsum(nfts.appraisal[: nfts.n].tolist())


@metric("1", "last", NEEDS, headline=True)
def index(market: "Marketplace") -> float:
    """Geometric mean of appraisal over appraisal at birth; NFTs appraised at nothing are left out."""
    nfts: Any = market.mechanisms["nfts"]
    now, first = nfts.appraisal[: nfts.n], nfts.first[: nfts.n]
    logs = [math.log(a / b) for a, b in zip(now.tolist(), first.tolist(), strict=True) if a > 0.0 and b > 0.0]
    return math.exp(math.fsum(logs) / len(logs)) if logs else math.nan


@metric("USD", "sum", NEEDS, headline=True, of=_nfts)
def rent(nfts: Any) -> float:
    """Rents, usage and licence fees paid to owners of NFTs."""
    return nfts.rent / USD


@metric("USD", "sum", NEEDS, of=_nfts)
def charges(nfts: Any) -> float:
    """Power of mining rights that must be paid for though nobody wants it."""
    return nfts.charges / USD


@metric("USD", "sum", NEEDS, of=_nfts)
def royalties(nfts: Any) -> float:
    """Royalties to artists from sales of NFTs to the world."""
    return nfts.royalties / USD


@metric("USD", "sum", NEEDS, of=_nfts)
def sales(nfts: Any) -> float:
    """Paid by the world for whole NFTs."""
    return nfts.sales / USD


@metric("NFTs", "sum", NEEDS)
def minted(market: "Marketplace") -> float:
    """NFTs made."""
    return float(market.mechanisms["nfts"].minted)
