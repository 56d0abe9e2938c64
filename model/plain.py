"""A rule's own text as plain Python, in a process that also compiles: the same as `RIGSHARE_JIT=0`, rule by rule."""

import builtins
from collections.abc import Callable, Iterator
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

from numba.core.dispatcher import Dispatcher

from model.jit import PLAIN

_twins: dict[int, Callable[..., Any]] = {}


def plain(rule: Any) -> Callable[..., Any]:
    """The rule interpreted; every rule that it calls is interpreted too."""
    twin = _twins.get(id(rule))
    if twin is None:
        text = PLAIN.get(id(rule)) or rule.py_func
        names: dict[str, Any] = {"__builtins__": builtins}
        cells = tuple(CellType(_plain_value(cell.cell_contents)) for cell in text.__closure__ or ())
        twin = _twins[id(rule)] = FunctionType(text.__code__, names, text.__name__, text.__defaults__, cells)
        there = text.__globals__
        names.update({name: _plain_value(there[name]) for name in _names(text.__code__) if name in there})
    return twin


def _plain_value(value: Any) -> Any:
    """What a name of a rule's file stands for when it is interpreted."""
    if isinstance(value, Dispatcher) or id(value) in PLAIN:
        return plain(value)
    if isinstance(value, ModuleType) and any(isinstance(one, Dispatcher) for one in vars(value).values()):
        return _PlainModule(value)
    if type(value) is tuple:
        return tuple(map(_plain_value, value))
    return value


def _names(code: CodeType) -> Iterator[str]:
    """All names that a function and those written inside it may look up."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


class _PlainModule:
    """A file of rules whose rules are interpreted."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = _plain_value(getattr(self._module, name))
        setattr(self, name, value)
        return value
