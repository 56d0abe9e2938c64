"""Who comes first in a day: rules that give every row and bundle of one phase its place."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Bundle
from model.bundles import Bundles

RANDOM, FEE_PRIORITY, ARRIVAL = "random", "fee_priority", "arrival"
Words = NDArray[np.uint64]


def tips_of(batches: Sequence[Action]) -> NDArray[np.int64]:
    """What each row of several batches bids for an early place [USD base units]."""
    if not batches:
        return np.zeros(0, np.int64)
    none = [
        np.zeros(len(b), np.int64) if b.tip is None else np.maximum(np.asarray(b.tip, np.int64), 0) for b in batches
    ]
    return np.concatenate([np.broadcast_to(tip, len(b)) for tip, b in zip(none, batches, strict=True)])


def bundle_tips(bundles: Sequence[Bundle]) -> NDArray[np.int64]:
    """What each bundle bids as a whole: the tip of its first action [USD base units]; those of a table bid nothing."""
    none = np.zeros(0, np.int64)
    return np.concatenate(
        [none, *(np.zeros(len(b), np.int64) if isinstance(b, Bundles) else tips_of(b.actions[:1]) for b in bundles)]
    )


def places(
    rule: str, words: Words, bundle_words: Words, tips: NDArray[np.int64], bundle_tips: NDArray[np.int64]
) -> tuple[Words, Words]:
    """Places of rows and of bundles among one another, lowest first.

    `random`: the words themselves. `fee_priority`: by tip from the highest, equal tips by word, as miners and builders
    choose transactions [Daian et al. 2020]. `arrival`: as handed in, bundles last.

    Args:
        rule: one of the three
        words, bundle_words: random words by account
        tips, bundle_tips: USD base units

    >>> w = np.array([5, 3, 9], np.uint64)
    >>> places("fee_priority", w, w[:1], np.array([0, 0, 7]), np.array([8]))[0].tolist()
    [3, 2, 1]
    """
    if rule == RANDOM:
        return words, bundle_words
    n, both = words.size, np.concatenate([words, bundle_words])
    if rule == ARRIVAL:
        place = np.arange(both.size, dtype=np.uint64)
    else:
        place = np.empty(both.size, np.uint64)
        place[np.lexsort((both, -np.concatenate([tips, bundle_tips])))] = np.arange(both.size, dtype=np.uint64)
    return place[:n], place[n:]
