"""What an NFT stands for, and so what the vault that holds it earns."""

from enum import IntEnum


class NftKind(IntEnum):
    """Kind of a vault's holding; tables of scenarios name them in lower case."""

    RIG = 0  # rigs that mine for the vault
    HASHPOWER_CONTRACT = 1  # rigs lent for a term, given back at its end
    MINING_RIGHT = 2  # a site's power contract, let to miners
    INFRASTRUCTURE = 3  # a node: part of network fees or usage
    ART = 4
    COLLECTIBLE = 5
    GAME_ITEM = 6
    METAVERSE_LAND = 7
    BASKET = 8  # fractions of other vaults
    CLUB = 9  # rigs that buyers order together


WORDS = {kind: kind.name.lower() for kind in NftKind}
BY_WORD = {word: kind for kind, word in WORDS.items()}
WITH_RIGS = frozenset({NftKind.RIG, NftKind.HASHPOWER_CONTRACT, NftKind.CLUB})
WITH_NFT = frozenset(
    {
        NftKind.MINING_RIGHT,
        NftKind.INFRASTRUCTURE,
        NftKind.ART,
        NftKind.COLLECTIBLE,
        NftKind.GAME_ITEM,
        NftKind.METAVERSE_LAND,
    }
)
