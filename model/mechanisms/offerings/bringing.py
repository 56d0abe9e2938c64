"""What is brought to sale: own rigs, rigs for a term, an NFT, or the promise of a club."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.nft_kind import WORDS, NftKind
from model.units import GHS_PER_TH, LARGEST_RESERVE, TOKEN

if TYPE_CHECKING:
    from model.mechanisms.offerings.mechanism import Offerings

NOBODYS = -1


class Lot(NamedTuple):
    """What a creator brings, on which terms; `status` says why not."""

    kind: int
    price: int  # USD base units per whole fraction
    keep_bps: int = 0
    status: Status = Status.DONE
    ghs: int = 0
    nft: int = NOBODYS
    term_days: float = 0.0


def rigs(o: "Offerings", row: Any) -> Lot:
    """Rigs of one's own."""
    ghs = int(row["ghs"])
    return Lot(NftKind.RIG, int(row["price"]), int(row["keep_bps"]), _rigs_there(o, row), ghs)


def contract(o: "Offerings", row: Any) -> Lot:
    """Rigs of one's own for a time."""
    ghs, days = int(row["ghs"]), int(row["days"])
    status = _rigs_there(o, row) if 0 < days <= o.vaults.params.life_days else Status.AMOUNT
    terms = int(row["price"]), int(row["keep_bps"])
    return Lot(NftKind.HASHPOWER_CONTRACT, *terms, status=status, ghs=ghs, term_days=float(days))


def _rigs_there(o: "Offerings", row: Any) -> Status:
    if row["ghs"] < o.params.least_ghs:
        return Status.AMOUNT
    return Status.DONE if o.rigs.registered[row["account"]] >= row["ghs"] else Status.FUNDS


def nft(o: "Offerings", row: Any) -> Lot:
    """An NFT that its owner holds outside any vault."""
    n, price, keep = int(row["nft"]), int(row["price"]), int(row["keep_bps"])
    if o.nfts is None or not 0 <= n < o.nfts.n:
        return Lot(NftKind.ART, price, keep, Status.UNKNOWN)
    status = Status.DONE if o.nfts.owner[n] == row["account"] else Status.FUNDS
    return Lot(int(o.nfts.kind[n]), price, keep, status, nft=n)


def club(o: "Offerings", row: Any) -> Lot:
    """Rigs that are to be ordered."""
    status = Status.DONE if row["ghs"] >= o.params.least_ghs else Status.AMOUNT
    return Lot(NftKind.CLUB, int(row["price"]), status=status, ghs=int(row["ghs"]))


def bring(
    o: "Offerings", what: Callable[["Offerings", Any], Lot], rows: NDArray[Any], order: NDArray[np.int64]
) -> None:
    """Put on offer what each row brings; filled is its first field: GH/s, or the number of the NFT."""
    field = (rows.dtype.names or ())[1]
    for i in order:
        status = offer(o, int(rows[i]["account"]), what(o, rows[i]))
        rows[i]["status"], rows[i]["filled"] = status, rows[i][field] if status == Status.DONE else 0


def offer(o: "Offerings", account: int, lot: Lot) -> Status:
    """Make the vault and open its sale; done, or why not."""
    p, vaults, form = o.params, o.vaults, o.form_for(lot.kind)
    supply = form.supply() * TOKEN
    if o.ledger.books.logging[0] != 0:  # a vault cannot be taken back from a bundle
        return Status.NOT_ALLOWED
    if not 0 <= lot.keep_bps <= p.most_kept_bps:
        return Status.NOT_ALLOWED
    if not 0 < lot.price < LARGEST_RESERVE or form.highest(lot.price) * supply // TOKEN >= LARGEST_RESERVE:
        return Status.AMOUNT
    parts = form.parts(supply, lot.keep_bps)
    if lot.status != Status.DONE or parts.offered <= 0:
        return lot.status if lot.status != Status.DONE else Status.AMOUNT
    brought = 0 if lot.kind == NftKind.CLUB else lot.ghs
    v = vaults.create(
        account, brought, supply, offered=True, kind=NftKind(lot.kind), nft=lot.nft, term_days=lot.term_days
    )
    if v < 0:
        return Status.DEPTH
    if lot.kind == NftKind.CLUB:
        o.promised[v], o.promised_th[v] = lot.ghs, lot.ghs / GHS_PER_TH / form.supply()
    o.put_on_offer(v, form, lot.price, parts.offered)
    text = f"{described(o, v)} on offer at {o.price_usd[v]:.4g} USD a fraction"
    o.journal.event("offering", text, account=account, vault=v, amount=float(o.price_usd[v]))
    return Status.DONE


def described(o: "Offerings", v: int) -> str:
    """What a vault holds, in words."""
    vaults, kind = o.vaults, int(o.vaults.kind[v])
    if vaults.nft[v] != NOBODYS:
        worth = o.nfts.appraised(int(vaults.nft[v]))
        return f"{WORDS[NftKind(kind)].replace('_', ' ')} {vaults.nft[v]}, appraised at {worth:,.0f} USD,"
    if kind == NftKind.CLUB:
        return f"a club for {o.promised[v] / GHS_PER_TH:,.1f} TH/s,"
    machines = o.rigs.machines(int(vaults.account[v]))
    term = f" for {vaults.life_left[v]:,.0f} days" if kind == NftKind.HASHPOWER_CONTRACT else ""
    return f"{machines}, {int(vaults.ghs[v]) / GHS_PER_TH:,.1f} TH/s{term},"
