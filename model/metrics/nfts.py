"""NFTs: how many of each kind, what they are appraised at, what they earn, and what their artists get."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.metric import metric
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
IN_VAULTS, APPRAISAL, INDEX = range(len(NftKind), len(NftKind) + 3)  # places after those of kinds
FIGURES = len(NftKind) + 3


def _nfts(market: "Marketplace") -> Any:
    return market.mechanisms["nfts"]


@kernel
def _measure(kind: Any, owner: Any, vault: Any, appraisal: Any, first: Any, n: int, out: Any) -> None:
    """Count NFTs that have an owner, by kind, then those that vaults hold; then appraisals in all, and `index`."""
    out[:] = 0.0
    known, logs = 0, 0.0
    for i in range(n):
        out[IN_VAULTS] += vault[i] >= 0
        out[APPRAISAL] += appraisal[i]
        if owner[i] >= 0:
            out[kind[i]] += 1.0
        if appraisal[i] > 0.0 and first[i] > 0.0:
            known, logs = known + 1, logs + math.log(appraisal[i] / first[i])
    out[INDEX] = math.exp(logs / known) if known > 0 else math.nan


def _figures(market: "Marketplace") -> list[float]:
    """What is measured of all NFTs, by place."""
    nfts, out = _nfts(market), np.empty(FIGURES)
    _measure(nfts.kind, nfts.owner, nfts.vault, nfts.appraisal, nfts.first, nfts.n, out)
    found: list[float] = out.tolist()
    return found


@metric("NFTs", "last", NEEDS, of=_figures)
def art(found: list[float]) -> float:
    """Works of art that have an owner in the marketplace."""
    return found[ART]


@metric("NFTs", "last", NEEDS, of=_figures)
def collectibles(found: list[float]) -> float:
    """Collectibles that have an owner in the marketplace."""
    return found[COLLECTIBLE]


@metric("NFTs", "last", NEEDS, of=_figures)
def game_items(found: list[float]) -> float:
    """Game items that have an owner in the marketplace."""
    return found[GAME_ITEM]


@metric("NFTs", "last", NEEDS, of=_figures)
def land(found: list[float]) -> float:
    """Plots of virtual land that have an owner in the marketplace."""
    return found[METAVERSE_LAND]


@metric("NFTs", "last", NEEDS, of=_figures)
def mining_rights(found: list[float]) -> float:
    """Mining rights that have an owner in the marketplace."""
    return found[MINING_RIGHT]


@metric("NFTs", "last", NEEDS, of=_figures)
def infrastructure(found: list[float]) -> float:
    """Nodes that have an owner in the marketplace."""
    return found[INFRASTRUCTURE]


@metric("NFTs", "last", NEEDS, of=_figures)
def in_vaults(found: list[float]) -> float:
    """NFTs that vaults hold."""
    return found[IN_VAULTS]


@metric("USD", "last", NEEDS, headline=True, of=_figures)
def appraisal(found: list[float]) -> float:
    """Appraisals of all NFTs together."""
    return found[APPRAISAL]


@metric("1", "last", NEEDS, headline=True, of=_figures)
def index(found: list[float]) -> float:
    """Geometric mean of appraisal over appraisal at birth; NFTs appraised at nothing are left out."""
    return found[INDEX]


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
