"""Who has which rigs where: sites (owner, power price) and fleet rows (site, vintage), as columns that grow.

Rigs are whole GH/s and no ledger asset; a row's wear is drawn down in whole GH/s with the rest carried, so that moving
rigs between owners loses nothing.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.mechanisms.rigs.order_book import OrderBook
from model.sheaf import Sheaf

NONE = -1


class Sites(Sheaf):
    """Columns by site; a site belongs to one owner and has one power price."""

    owner: Any  # account
    power_price: Any  # USD/kWh, before shocks
    maintained: Any  # the operator repairs: rigs neither fail nor are scrapped (vaults)
    virtual: Any  # rigs that arrive vanish: their hashrate is given from outside
    funded: Any  # outside investors put money in and take profit out (miners, rest of the network)
    weight: Any  # share of the owner's purse that is placed here, sums to 1 by owner
    payback_limit: Any  # months
    region: Any  # place in the table of regions, -1 everywhere
    cooling: Any  # PUE of the site over that of the rules
    indexed: Any  # share of its power bought at the index
    interruptible: Any  # share of its power that utilities may take back
    factor: Any  # on its power price today, by its contract
    curtailed: Any  # share of the tick for which utilities take its power back
    banned: Any  # share of its rigs that the law keeps still
    backlog: Any  # W ordered and not yet shipped, as in the order book
    first_row: Any  # newest fleet row, -1 for none
    next_site: Any  # next site of the same owner, -1 for none


class Rows(Sheaf):
    """Columns by fleet row: rigs of one vintage at one site."""

    site: Any
    ghs: Any  # int64 GH/s registered
    running: Any  # share of them that runs
    efficiency: Any  # J/TH
    vintage: Any  # quarter
    worn: Any  # GH/s of wear not yet taken off
    next_row: Any  # next older row of the same site, -1 for none


def _columns(kind: type, types: dict[str, Any], n: int) -> Any:
    return kind(**{name: np.zeros(n, types.get(name, np.float64)) for name in kind.__annotations__})


SITE_TYPES = {
    "owner": np.int64,
    "maintained": np.bool_,
    "virtual": np.bool_,
    "funded": np.bool_,
    "region": np.int64,
    "first_row": np.int64,
    "next_site": np.int64,
}
LIKE = ("power_price", "region", "cooling", "indexed", "interruptible")  # what makes two sites one
TODAY = ("factor", "curtailed", "banned")
ROW_TYPES = {"site": np.int64, "ghs": np.int64, "vintage": np.int64, "next_row": np.int64}


class Fleet:
    """All sites and rows.

    Attributes:
        sites, rows: columns with room to grow; `n_sites` and `n_rows` are in use
        first_site: newest site by account, -1 for none
        book: orders that makers have not shipped
        pipeline: watts shipped and not yet running, [week, site]
    """

    def __init__(self, weeks: int) -> None:
        self.sites: Sites = _columns(Sites, SITE_TYPES, 64)
        self.rows: Rows = _columns(Rows, ROW_TYPES, 256)
        self.n_sites = self.n_rows = 0
        self.book = OrderBook()
        self.first_site = np.full(0, NONE, np.int64)
        self.pipeline = np.zeros((max(1, weeks), 64))

    def reserve_accounts(self, capacity: int) -> None:
        """Make room for accounts up to a ledger's capacity."""
        if capacity > self.first_site.size:
            more = np.full(capacity - self.first_site.size, NONE, np.int64)
            self.first_site = np.concatenate([self.first_site, more])

    def _reserve(self, sites: int, rows: int) -> None:
        size = self.sites.owner.size
        if sites > size:
            more = max(sites, 2 * size) - size
            self.sites = Sites(*(np.concatenate([c, np.zeros(more, c.dtype)]) for c in self.sites))
            self.pipeline = np.concatenate([self.pipeline, np.zeros((self.pipeline.shape[0], more))], axis=1)
        size = self.rows.site.size
        if rows > size:
            more = max(rows, 2 * size) - size
            self.rows = Rows(*(np.concatenate([c, np.zeros(more, c.dtype)]) for c in self.rows))

    def add_sites(
        self,
        owners: NDArray[np.int64],
        power_price: NDArray[np.float64],
        *,
        maintained: bool = False,
        virtual: bool = False,
        funded: bool = False,
        weight: NDArray[np.float64] | float = 1.0,
        payback_limit: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.int64]:
        """Open one site per entry; their numbers."""
        n = owners.size
        self._reserve(self.n_sites + n, 0)
        new = np.arange(self.n_sites, self.n_sites + n, dtype=np.int64)
        s, own = self.sites, slice(self.n_sites, self.n_sites + n)
        s.owner[own], s.power_price[own] = owners, power_price
        s.maintained[own], s.virtual[own], s.funded[own] = maintained, virtual, funded
        s.weight[own], s.payback_limit[own], s.backlog[own], s.first_row[own] = weight, payback_limit, 0.0, NONE
        s.region[own], s.cooling[own], s.factor[own] = NONE, 1.0, 1.0
        for column in (s.indexed, s.interruptible, s.curtailed, s.banned):
            column[own] = 0.0
        _link(new, owners, self.first_site, s.next_site)
        self.n_sites += n
        return new

    def site_of(self, owner: int, power_price: float, *, maintained: bool = False) -> int:
        """The owner's site with this power price, opened if there is none."""
        site = int(self.first_site[owner])
        while site != NONE:
            if self.sites.power_price[site] == power_price and bool(self.sites.maintained[site]) == maintained:
                return site
            site = int(self.sites.next_site[site])
        return int(self.add_sites(np.array([owner]), np.array([power_price]), maintained=maintained)[0])

    def twin(self, owner: int, site: int, *, maintained: bool) -> int:
        """The owner's site with the region and power contract of another site, opened if there is none."""
        s, own = self.sites, int(self.first_site[owner])
        while own != NONE:
            alike = all(getattr(s, name)[own] == getattr(s, name)[site] for name in LIKE)
            if alike and bool(s.maintained[own]) == maintained:
                return own
            own = int(s.next_site[own])
        power = self.sites.power_price[site : site + 1].copy()
        own = int(self.add_sites(np.array([owner]), power, maintained=maintained)[0])
        for name in (*LIKE, *TODAY):
            getattr(self.sites, name)[own] = getattr(self.sites, name)[site]
        return own

    def sites_of(self, owner: int) -> list[int]:
        """All sites of an account, newest first."""
        found, site = [], self.first_site.item(owner) if owner < self.first_site.size else NONE
        while site != NONE:
            found.append(site)
            site = self.sites.next_site.item(site)
        return found

    def rows_of(self, owner: int) -> list[int]:
        """All fleet rows of an account that still have rigs."""
        found, ghs, following = [], self.rows.ghs, self.rows.next_row
        for site in self.sites_of(owner):
            row = self.sites.first_row.item(site)
            while row != NONE:
                if ghs.item(row) > 0:
                    found.append(row)
                row = following.item(row)
        return found

    def held(self, owner: int) -> int:
        """GH/s registered to an account."""
        return sum(map(self.rows.ghs.item, self.rows_of(owner)))

    def mean_efficiency(self, owner: int) -> float:
        """Mean J/TH of an account's rigs, NaN if it has none."""
        rows, own = self.rows, self.rows_of(owner)
        held = sum(map(rows.ghs.item, own))
        return math.fsum(rows.efficiency.item(r) * rows.ghs.item(r) for r in own) / held if held else math.nan

    def mean_power_price(self, owner: int, *, today: bool = False) -> float:
        """Mean USD/kWh of an account's rigs before shocks, NaN if it has none; `today` by the contracts' factor."""
        rows, own, total = self.rows, self.rows_of(owner), []
        for r in own:
            site = rows.site.item(r)
            price = self.sites.power_price.item(site) * (self.sites.factor.item(site) if today else 1.0)
            total.append(price * rows.ghs.item(r))
        held = sum(map(rows.ghs.item, own))
        return math.fsum(total) / held if held else math.nan

    def put(self, site: int, ghs: int, efficiency: float, quarter: int, running: float) -> None:
        """Put rigs on one site: into its row of that vintage, if there is one, so that rigs that come back do not add rows."""
        rows, row = self.rows, int(self.sites.first_row[site])
        while row != NONE and not (rows.vintage[row] == quarter and rows.ghs[row] > 0):
            row = int(rows.next_row[row])
        if row != NONE:
            old = float(rows.ghs[row])
            rows.efficiency[row] = (rows.efficiency[row] * old + efficiency * ghs) / (old + ghs)
            rows.running[row] = (rows.running[row] * old + running * ghs) / (old + ghs)
            rows.ghs[row] += ghs
            return
        whole = np.int64
        self.add_rows(
            np.array([site], whole),
            np.array([ghs], whole),
            np.array([efficiency]),
            np.array([quarter], whole),
            np.array([running]),
        )

    def take(self, owner: int, ghs: int) -> list[tuple[int, int]]:
        """Take GH/s pro rata off an account's rows; (row, GH/s taken) of each."""
        rows = self.rows_of(owner)
        held = sum(map(self.rows.ghs.item, rows))
        left = whole = min(ghs, held)
        taken: list[tuple[int, int]] = []
        for row in rows:
            own = self.rows.ghs.item(row)
            part = min(own, left, -(-own * whole // held))
            if part > 0:
                self.rows.ghs[row] = own - part
                left -= part
                taken.append((row, part))
        return taken

    def transfer(self, source: int, target: int, ghs: int, *, maintained: bool) -> int:
        """Move GH/s pro rata to another account with their J/TH, vintage, region and power contract; GH/s moved."""
        moved = 0
        for row, part in self.take(source, ghs):
            efficiency, quarter = float(self.rows.efficiency[row]), int(self.rows.vintage[row])
            running, site = float(self.rows.running[row]), int(self.rows.site[row])
            self.put(self.twin(target, site, maintained=maintained), part, efficiency, quarter, running)
            moved += part
        return moved

    def add_rows(
        self,
        sites: NDArray[np.int64],
        ghs: NDArray[np.int64],
        efficiency: NDArray[np.float64],
        vintage: NDArray[np.int64],
        running: NDArray[np.float64],
    ) -> None:
        """Put rigs on sites: into the site's newest row if it is of the same vintage, else into a new one."""
        self._reserve(0, self.n_rows + sites.size)
        self.n_rows = int(_install(self.sites, self.rows, self.n_rows, sites, ghs, efficiency, vintage, running))

    def compact(self) -> None:
        """Forget empty rows; links are made anew, oldest row first."""
        n = self.n_rows
        kept = np.flatnonzero(self.rows.ghs[:n] > 0)
        if kept.size == n:
            return
        for column in self.rows:
            column[: kept.size] = column[kept]
        self.n_rows = int(kept.size)
        self.sites.first_row[: self.n_sites] = NONE
        _link(
            np.arange(kept.size, dtype=np.int64), self.rows.site[: kept.size], self.sites.first_row, self.rows.next_row
        )


@kernel
def _link(new: Any, owner: Any, head: Any, following: Any) -> None:
    """Push new entries onto their owner's chain."""
    for i in range(new.size):
        following[new[i]] = head[owner[i]]
        head[owner[i]] = new[i]


@kernel
def _install(sites: Any, rows: Any, n: int, site: Any, ghs: Any, efficiency: Any, vintage: Any, running: Any) -> int:
    for i in range(site.size):
        if ghs[i] <= 0:
            continue
        s = site[i]
        row = sites.first_row[s]
        if row >= 0 and rows.vintage[row] == vintage[i] and rows.ghs[row] > 0:
            old, new = float(rows.ghs[row]), float(ghs[i])
            rows.efficiency[row] = (rows.efficiency[row] * old + efficiency[i] * new) / (old + new)
            rows.running[row] = (rows.running[row] * old + running[i] * new) / (old + new)
            rows.ghs[row] += ghs[i]
            continue
        rows.site[n], rows.ghs[n], rows.running[n] = s, ghs[i], running[i]
        rows.efficiency[n], rows.vintage[n], rows.worn[n] = efficiency[i], vintage[i], 0.0
        rows.next_row[n] = sites.first_row[s]
        sites.first_row[s] = n
        n += 1
    return n
