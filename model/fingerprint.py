"""The fingerprint of a market: one hex digest of all that decides what happens next."""

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.marketplace import Marketplace


def fingerprint(market: "Marketplace") -> str:
    """Digest of balances, claims on income, parameters, and the state of every mechanism and population.

    Spare capacity is no part of it.
    """
    digest = hashlib.blake2b(digest_size=16)
    books, n, a = market.ledger.books, market.ledger.accounts, len(market.ledger.asset_names)
    names = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in market.ledger.sectors]
    sectors = np.frombuffer(b"".join(names), np.int64)[books.sector[:n]]  # by name: a new kind renumbers them
    parts: list[NDArray[Any]] = [books.balances[:a, :n], books.settled[:, :n], books.line_index, sectors]
    for mechanism in market.mechanisms.values():
        digest.update(repr(mechanism.params).encode())
        parts += list(mechanism.state())
    for population in market.populations.values():
        parts += list(population.state())
    digest.update(str(market.clock.tick).encode())
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()
