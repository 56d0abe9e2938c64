"""Walking the bits of a word, for loops over the few accounts of a block that hold something."""

from typing import Any

from llvmlite import ir
from numba.core import types

from model.jit import instruction


def _plain_first_bit(word: int) -> int:
    return (int(word) & -int(word)).bit_length() - 1


@instruction(plain=_plain_first_bit)
def first_bit(typing: Any, word: Any) -> Any:
    """Place of the lowest bit that is set, of a word that has one."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), emit
