"""A snapshot on its way to the page: read like a dictionary, equal only to itself.

Solara looks through every list and dictionary that components are given, each time it draws; a frame is closed to it,
and charts and tables travel as JSON text for the same reason. That is most of what a frame would cost otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any


class Frame(Mapping[str, Any]):
    """Plain data behind the face of a mapping.

    >>> frame = Frame({"tick": 3})
    >>> frame["tick"], frame == Frame({"tick": 3})
    (3, False)
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def plain(self) -> dict[str, Any]:
        """The data as dictionaries throughout."""
        return {key: value.plain() if isinstance(value, Frame) else value for key, value in self._data.items()}
