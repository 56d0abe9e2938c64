"""Asking memory for what a loop will need a few rows later, so that it has come when its turn is there.

With a hundred thousand agents the books do not fit in a processor's cache, and rows are settled in random order: half of
a swap's time was waiting. A prefetch is a hint without effect on results; interpreted, it does nothing.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from model.jit import instruction

AHEAD = 8  # rows, of which each takes about a tenth of what memory needs to answer

tools: Any = cgutils


def _nothing(array: Any, place: Any) -> None:
    """Plain Python is too slow for memory to be what it waits for."""


@instruction(plain=_nothing)
def prefetch(typing: Any, array: Any, place: Any) -> Any:
    """Bring the element at a place near: a number, or one for each axis. Nothing happens where there is none."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, at = signature.args[0], arguments[1]
        places = tools.unpack_tuple(builder, at) if isinstance(place, types.BaseTuple) else [at]
        matrix = context.make_array(kind)(context, builder, arguments[0])
        pointer = tools.get_item_pointer(context, builder, kind, matrix, places, wraparound=False)
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        hint = tools.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, word, word, word]), "llvm.prefetch.p0i8"
        )
        builder.call(hint, [builder.bitcast(pointer, byte), *(word(n) for n in (1, 3, 1))])  # to write, keep, data
        return context.get_dummy_value()

    return types.void(array, place), emit
