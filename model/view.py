"""What strategies see: the morning's market, read-only. Nothing moves while agents decide."""

from collections.abc import Callable
from datetime import date
from operator import is_not
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from model.ledger import USD_ASSET

if TYPE_CHECKING:
    from model.marketplace import Marketplace

Made = TypeVar("Made")


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only alias."""
    alias = array[...]
    alias.setflags(write=False)
    return alias


class Aliases:
    """Read-only aliases of columns, which stay until one of the columns is made anew.

    >>> aliases, column = Aliases(), np.zeros(2)
    >>> shown = aliases.of(column)
    >>> aliases.of(column) is shown, aliases.of(np.zeros(3))[0].size
    (True, 3)
    """

    def __init__(self) -> None:
        self._columns: tuple[NDArray[Any], ...] = ()
        self._shown: tuple[Any, ...] = ()

    def of(self, *columns: NDArray[Any]) -> tuple[Any, ...]:
        """An alias of each column."""
        if len(columns) != len(self._columns) or any(map(is_not, columns, self._columns)):
            self._columns, self._shown = columns, tuple(frozen(column) for column in columns)
        return self._shown


class MarketView:
    """The market as strategies see it; every mechanism's view is an attribute by its key, `market.amm.price`.

    Attributes:
        tick, day, date: where the run stands
        dt_days: length of a tick
        balances: all holdings, int64[asset, account], read-only
        has: whether the scenario has a mechanism with a key that shows something
    """

    tick: int
    day: int
    dt_days: float
    balances: NDArray[np.int64]

    def __init__(self, market: "Marketplace") -> None:
        self._market = market
        self._streams, self._aliases = market.streams, Aliases()
        self.dt_days = market.clock.dt_days
        self.names: list[str] = []
        self._keys: set[str] = set()
        self.has: Callable[[str], bool] = self._keys.__contains__
        self._made: dict[Callable[[MarketView], Any], Any] = {}

    def refresh(self) -> None:
        """Take a new look at every mechanism."""
        market = self._market
        self._made.clear()
        clock = market.clock
        self.tick, self.day, self.new_day, self.new_week = clock.tick, clock.day, clock.new_day, clock.new_week
        (self.balances,) = self._aliases.of(market.ledger.books.balances)
        for key, mechanism in market.mechanisms.items():
            seen = mechanism.view()
            if seen is not None:
                self._keys.add(key)
                setattr(self, key, seen)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the market has no '{name}' in this scenario")

    def once(self, make: Callable[["MarketView"], Made]) -> Made:
        """What a function makes of this view, made at its first call and kept until the next look at the market."""
        if make in self._made:
            return cast(Made, self._made[make])
        made = self._made[make] = make(self)
        return made

    def key(self, stream: str, population: str) -> np.uint64:
        """Key of this tick's draws of a stream, for `uniforms` and `normals`."""
        return self._streams.key(stream, population, self.tick)

    @property
    def date(self) -> date:
        """Calendar date of the running tick."""
        return self._market.clock.date

    @property
    def cash(self) -> NDArray[np.int64]:
        """USD holdings by account [base units]."""
        return self.balances[USD_ASSET]
