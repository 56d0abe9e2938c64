"""Sheaves: many columns that kernels take as one argument, by where they lie in memory.

numba works out the type of a named tuple at every call, name by name, and unpacks it array by array: 1.5 microseconds for
the ledger's fourteen. A sheaf is a small array of addresses and sizes instead, made once; its dtype tells its type.
"""

from collections.abc import Iterator
from operator import is_not
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.core.typing.typeof import typeof_impl
from numba.extending import NativeValue, models, register_model, unbox

from model.jit import INTERPRETED

DTYPES: dict[str, np.dtype[Any]] = {}  # of all sheaves by their type, so that numba finds the same one again


class SheafType(types.Type):  # type: ignore[misc]
    """What kernels know of a sheaf.

    Args:
        name: of its class
        fields: names and types of its columns
    """

    def __init__(self, name: str, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        super().__init__(f"{name}({', '.join(f'{field}: {kind}' for field, kind in fields)})")

    @property
    def key(self) -> Any:
        """Types with equal keys are one."""
        return self.name


class Sheaf(np.ndarray[Any, np.dtype[Any]]):
    """Columns by name: a subclass names them, kernels read them as attributes. Numbers may be among them.

    >>> class Point(Sheaf):
    ...     x: Any
    ...     weight: Any
    >>> heavy = Point(x=np.arange(3), weight=2.0)
    >>> heavy.x.tolist(), heavy.weight, heavy._replace(weight=3.0).weight
    ([0, 1, 2], 2.0, 3.0)
    """

    __numba_array_subtype_dispatch__ = True  # asks numba to tell a sheaf from other arrays, by its dtype
    _fields: ClassVar[tuple[str, ...]] = ()
    _kind: SheafType

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)
        if taken := set(cls._fields) & set(dir(Sheaf)):
            raise TypeError(f"{cls.__name__}: an array has attributes named {', '.join(sorted(taken))} of its own")

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """A sheaf of these columns, in the order of their names or by name."""
        named = dict(zip(cls._fields, values, strict=False)) | named
        if len(values) > len(cls._fields) or tuple(sorted(named)) != tuple(sorted(cls._fields)):
            raise TypeError(f"{cls.__name__} has the columns {', '.join(cls._fields)}")
        columns = {name: named[name] for name in cls._fields}
        if INTERPRETED:
            made = np.zeros(0).view(cls)
        else:
            kind = cls.typed(**{name: _type_of(value) for name, value in columns.items()})
            for name, of in kind.fields:
                if not isinstance(of, types.Array) and of not in (types.int64, types.float64):
                    raise TypeError(f"{cls.__name__}.{name} is {columns[name]!r}: an array, a whole number or a float")
            dtype = DTYPES.setdefault(kind.name, np.dtype([(kind.name, np.int64)]))
            words = np.array([word for value in columns.values() for word in _words(value)], np.int64)
            made = words.view(dtype).view(cls)
            made.__dict__["_kind"] = kind
        made.__dict__.update(columns)
        made.flags.writeable = False  # else a stray assignment would make addresses of it
        return made

    @classmethod
    def typed(cls, **kinds: Any) -> SheafType:
        """The type of a sheaf whose columns have these types, for signatures."""
        return SheafType(cls.__name__, tuple((name, kinds[name]) for name in cls._fields))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"kernels would not see another `{name}` in this sheaf; `_replace` makes a new one")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

    def __iter__(self) -> Iterator[Any]:
        return iter([self.__dict__[name] for name in self._fields])

    def __len__(self) -> int:
        return len(self._fields)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def _asdict(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self._fields}

    def _replace(self, **columns: Any) -> Self:
        return type(self)(**self._asdict() | columns)


Part = TypeVar("Part", bound=Sheaf)


def sheaf(name: str, fields: str) -> type[Sheaf]:
    """A class of sheaves by the names of its columns, as `collections.namedtuple` makes one."""
    return type(name, (Sheaf,), {"__annotations__": dict.fromkeys(fields.split(), Any)})


def part_of(table: Any, kind: type[Part]) -> Part:
    """A sheaf of some columns of a table: those that it names."""
    return kind(*(getattr(table, name) for name in kind._fields))


class Lasting(Generic[Part]):
    """A sheaf that lasts until one of its columns is another.

    >>> class Point(Sheaf):
    ...     x: Any
    >>> lasting, x = Lasting(Point), np.arange(3)
    >>> point = lasting.of(x)
    >>> lasting.of(x) is point, lasting.of(np.arange(3)) is point
    (True, False)
    """

    def __init__(self, kind: type[Part]) -> None:
        self._kind = kind
        self._columns: tuple[Any, ...] = ()

    def of(self, *columns: Any) -> Part:
        """The sheaf of these columns, in the order of their names."""
        if not self._columns or any(map(is_not, columns, self._columns)):
            self._columns, self._made = columns, self._kind(*columns)
        return self._made


def _type_of(value: Any) -> Any:
    """A column of a table stays one that has gaps, though a single element has none; of none numpy gives no steps."""
    kind = typeof(value)
    gaps = isinstance(value, np.ndarray) and value.ndim == 1 and value.strides[0] not in (0, value.itemsize)
    return kind.copy(layout="A") if gaps else kind


def _words(value: Any) -> list[int]:
    """A column or a number as numba lays it out in memory."""
    if isinstance(value, np.ndarray):
        return [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
    return [int(np.array(value, np.float64).view(np.int64)) if isinstance(value, float) else int(value)]


@typeof_impl.register(Sheaf)
def _typeof(value: Sheaf, _: Any) -> SheafType:
    return value._kind


@register_model(SheafType)
class _Model(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: SheafType) -> None:
        super().__init__(manager, kind, list(kind.fields))


@unbox(SheafType)
def _unbox(kind: SheafType, sheaf: Any, c: Any) -> Any:
    """Load what the words say."""
    words = c.context.make_array(types.Array(types.int64, 1, "C"))(c.context, c.builder)
    adapt = ir.FunctionType(ir.IntType(32), [c.pyapi.pyobj, c.pyapi.voidptr])
    function = cgutils.get_or_insert_function(c.builder.module, adapt, "numba_adapt_ndarray")
    failed = c.builder.call(function, (sheaf, c.builder.bitcast(words._getpointer(), c.pyapi.voidptr)))
    place = c.builder.bitcast(words.data, c.context.get_value_type(kind).as_pointer())
    return NativeValue(c.builder.load(place), is_error=cgutils.is_not_null(c.builder, failed))


@infer_getattr
class _Columns(AttributeTemplate):  # type: ignore[misc]
    key = SheafType

    def generic_resolve(self, kind: SheafType, name: str) -> Any:  # type: ignore[override]
        return dict(kind.fields).get(name)


@lower_getattr_generic(SheafType)  # type: ignore[untyped-decorator]
def _column(context: Any, builder: Any, kind: SheafType, sheaf: Any, name: str) -> Any:
    place = [field for field, _ in kind.fields].index(name)
    return impl_ret_borrowed(context, builder, kind.fields[place][1], builder.extract_value(sheaf, place))
