"""Columns of the NFT table: one entry per NFT ever made."""

import math
from typing import Any, NamedTuple

import numpy as np

from model.nft_kind import NftKind

NONE = -1
KINDS = len(NftKind)


class NftTable(NamedTuple):
    """All NFTs; the order of an entry is the NFT's number."""

    kind: Any  # NftKind
    owner: Any  # account, -1 once it has left for the world
    artist: Any  # account that made it
    collection: Any  # of which it is a piece; collections are numbered as they come
    vault: Any  # vault that holds it, -1 for none
    royalty: Any  # artist's part of a sale [1e-4]
    income: Any  # paid to the owner this tick, negative for a standing charge [USD base units]
    appraisal: Any  # float64 [USD]
    anchor: Any  # float64, value by comparable sales or by its kind's usage [USD]
    first: Any  # float64, appraisal at birth [USD]
    gap: Any  # float64, own log gap to its kind
    since: Any  # float64, log index of its kind at its birth
    base: Any  # float64, appraisal at birth [USD], income at birth [USD/day] or power [kW], by kind
    rate: Any  # float64, licence fees over appraisal [1/year], or network fees at birth [USD a block]
    smoothed: Any  # float64, income [USD/day]
    days_left: Any  # float64, until its term ends, infinite without a term


FLOATS = frozenset(NftTable._fields[NftTable._fields.index("appraisal") :])
NOBODY = frozenset({"owner", "artist", "vault"})


def empty_table(capacity: int) -> NftTable:
    """A table without NFTs."""

    def column(name: str) -> Any:
        if name in FLOATS:
            return np.full(capacity, math.inf if name == "days_left" else 0.0)
        return np.full(capacity, NONE if name in NOBODY else 0, np.int64)

    return NftTable(*(column(name) for name in NftTable._fields))
