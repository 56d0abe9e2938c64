"""The law: it refuses purchases, stops rigs, taxes power and makes people look."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.clock import parse_start
from model.errors import ScenarioError, nearest
from model.mechanism import Mechanism, stage
from model.mechanisms.regulation.formulas import still_share
from model.mechanisms.regulation.holdings import held_by
from model.mechanisms.regulation.params import WHOLE, RegulationParams
from model.nft_kind import BY_WORD, NftKind
from model.units import USD
from model.view import frozen

RETAIL, INSTITUTION = 1, 2


class RegulationView(NamedTuple):
    """What strategies see.

    Attributes:
        clear: whether institutions may buy
        allowed: kinds of vaults that they may buy then, by `NftKind`
        retail_allowed: kinds that a retail account without accreditation may buy, by `NftKind`
        retail_cap: most that it may hold in fractions [USD], infinite without a cap
        retail_cap_share: the same over its wealth
    """

    clear: bool
    allowed: NDArray[np.bool_]
    retail_allowed: NDArray[np.bool_]
    retail_cap: float
    retail_cap_share: float


class Regulation(Mechanism):
    """Rules on holders are kept by refusing rows before they are settled, all others act on the world.

    Attributes:
        clear: whether institutions may buy
        ban: day of the run on which rigs begin to be stopped, None without a ban
        still: share of the banned rigs that stand still today
        bids: USD by account that wait in auctions of this tick
        by_kind: whether any kind is closed to some; all_open: whether institutions may buy every kind
        refused: rows refused in this tick: because of their kind of vault, of the cap, of missing clarity
    """

    key = "regulation"
    wants = ("network", "power", "rigs", "vaults")
    Params = RegulationParams

    def __init__(self, market: Any, params: RegulationParams) -> None:
        super().__init__(market, params)
        if params.ban_region and params.ban_region not in (known := self.power.regions if self.power else ()):
            raise ScenarioError(
                f"regulation.ban_region = {params.ban_region!r}: no such region{nearest(params.ban_region, known)}; "
                "choose power.region_map so that it has it"
            )
        self.clarity = parse_start(params.clarity_date) if params.clarity_date else self.clock.start
        self.ban = (parse_start(params.ban_date) - self.clock.start).days if params.ban_date else None
        self.clear = self.clarity <= self.clock.start
        self.still, self.refused = 0.0, np.zeros(3, np.int64)
        self.bids: dict[int, float] = {}
        self.role = np.zeros(len(self.ledger.sectors), np.int64)
        for kinds, role in ((params.institutions, INSTITUTION), (params.retail, RETAIL)):
            self.role[[i for i, name in enumerate(self.ledger.sectors) if name in kinds]] = role
        self.closed, self.accredited, self.open_to_institutions = (
            np.isin(np.arange(len(NftKind)), [BY_WORD[word] for word in words])
            for words in (params.closed_kinds, params.accredited_only, params.institution_kinds)
        )
        self.by_kind = bool(self.closed.any() or self.accredited.any())
        self.all_open = bool(self.open_to_institutions.all())

    def open(self) -> None:
        """Levy the tax."""
        self.changed()

    def changed(self) -> None:
        """Levy the tax at its present rate."""
        if self.power is not None:
            self.power.levy(self.params.power_tax, self.params.power_tax_share)

    # -- the day

    @stage("environment")
    def enforce(self) -> None:
        """Institutions may enter from the clarity date; a ban stops rigs, which return elsewhere."""
        self.refused[:] = 0
        self.bids.clear()
        if not self.clear and self.clock.date >= self.clarity:
            self.clear = True
            self.journal.event("clarity", "rules are clear: institutions may buy fractions")
        if self.ban is not None and self.clock.day >= self.ban:
            self._stop_rigs(self.clock.tick * self.clock.dt_days - self.ban)

    def _stop_rigs(self, days: float) -> None:
        """Let the banned share of sites stand still, so many days after the ban began."""
        p = self.params
        if self.still == 0.0 and days < self.clock.dt_days:
            self.journal.event("ban", f"sites of {p.ban_region} must stop" if p.ban_region else
                               f"{p.ban_share:.0%} of every site must stop", amount=p.ban_share)  # fmt: skip
        self.still = still_share(days, p.ban_days, p.relocation_delay, p.relocation_days)
        share = self.share_banned
        if self.rigs is not None:
            sites, n = self.rigs.fleet.sites, self.rigs.fleet.n_sites
            if p.ban_region:
                place = self.power.regions.index(p.ban_region)
                inside = np.where(sites.region[:n] < 0, share, sites.region[:n] == place)
                sites.banned[:n] = inside * self.still
            else:
                sites.banned[:n] = share * self.still
        if self.network is not None and self.network.params.rest == "fixed":
            self.network.rest_hashrate *= 1.0 - share * self.still

    @property
    def share_banned(self) -> float:
        """Part of the network that the ban concerns."""
        if not self.params.ban_region:
            return self.params.ban_share
        return self.power.places.regions[self.power.regions.index(self.params.ban_region)].share

    @stage("observe")
    def make_known(self) -> None:
        """Disclosure makes everybody look more often."""
        self.market.attention *= self.params.disclosure

    # -- who may buy

    @property
    def capped(self) -> bool:
        """Whether there is a cap."""
        return self.params.retail_cap is not None or self.params.retail_cap_share < WHOLE

    def may_refuse(self, action: type[Action]) -> bool:
        """Whether there is a law on who may buy."""
        if self.vaults is None:
            return False
        return self.capped or self.by_kind or self._barred

    def screen(self, action: type[Action], rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Refuse purchases of fractions that the law does not allow to their account."""
        if not self.may_refuse(action):
            return order
        spent = action.spent(rows)
        if spent is None:
            return order
        vault, account = rows["vault"][order], rows["account"][order]
        buys = (spent[order] > 0.0) & (vault >= 0) & (vault < self.vaults.n)
        role = self.role[self.ledger.books.sector[account]]
        kind = self.vaults.kind[np.where(buys, vault, 0)]
        wealth = self._wealth(account)
        protected = buys & (role == RETAIL) & (wealth < self.params.accredited_wealth)
        wrong_kind = protected & (self.closed | self.accredited)[kind]
        wrong_kind |= buys & (role == RETAIL) & self.closed[kind]
        unclear = buys & (role == INSTITUTION) & ~(self.open_to_institutions[kind] & self.clear)
        over = self._over_cap(account, wealth, spent[order], protected & ~wrong_kind, action.waits)
        no = wrong_kind | over | unclear
        self.refused += np.array([wrong_kind.sum(), over.sum(), unclear.sum()])
        rows["status"][order[no]] = Status.NOT_ALLOWED
        return order[~no]

    @property
    def _barred(self) -> bool:
        return not self.clear or not self.all_open

    def _wealth(self, account: NDArray[np.int64]) -> NDArray[np.float64]:
        """Wealth as of the last survey; none for accounts opened since [USD]."""
        known: NDArray[np.float64] = self.market.wealth
        return np.where(account < known.size, known[np.minimum(account, known.size - 1)], 0.0)

    def _over_cap(
        self,
        account: NDArray[np.int64],
        wealth: NDArray[np.float64],
        spent: NDArray[np.float64],
        asked: NDArray[np.bool_],
        waits: bool,
    ) -> NDArray[np.bool_]:
        """Which purchases would lift an account's fractions, at this morning's values, above its cap.

        Bids of an auction wait in escrow, so they count until the end of the tick.
        """
        over = np.zeros(account.size, np.bool_)
        if not self.capped or not asked.any():
            return over
        p, table = self.params, self.vaults
        cap = np.full(account.size, np.inf if p.retail_cap is None else p.retail_cap)
        if p.retail_cap_share < WHOLE:
            cap = np.minimum(cap, p.retail_cap_share * np.maximum(wealth, 0.0))
        held = held_by(self.ledger.books, self.ledger.value, self._assets(table), account)
        pledged = self.bids if waits else dict(self.bids)
        for i in np.flatnonzero(asked).tolist():
            who, before = int(account[i]), pledged.get(int(account[i]), 0.0)
            if held[i] + before + spent[i] / USD > cap[i]:
                over[i] = True
            else:
                pledged[who] = before + spent[i] / USD
        return over

    def _assets(self, table: Any) -> Iterable[int]:
        """Fractions, receipts for them, stakes and pledges, of every vault."""
        for name in ("fraction", "receipts", "stake"):
            column = getattr(table, name, None)
            if column is not None:
                yield from (int(asset) for asset in column[: table.n] if asset >= 0)
        lending = self.market.mechanisms.get("lending")
        if lending is not None:
            yield from (int(asset) for asset in lending.pledge if asset >= 0)

    # -- looks

    def view(self) -> RegulationView:
        """What is allowed today."""
        p = self.params
        cap = float("inf") if p.retail_cap is None else p.retail_cap
        allowed = frozen(self.open_to_institutions & self.clear)
        return RegulationView(self.clear, allowed, frozen(~(self.closed | self.accredited)), cap, p.retail_cap_share)

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """Counts of rows refused."""
        return (self.refused,)

    def state(self) -> Iterable[NDArray[Any]]:
        """Whether rules are clear, and the ban."""
        return (np.array([float(self.clear), self.still]),)
