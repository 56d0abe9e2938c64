"""What one instruction of the machine does: the lowest bit of a word, and sums of products that need two words."""

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


def _plain_wide_add(high: int, low: int, a: int, b: int) -> tuple[int, int]:
    total = (int(high) << 64) + (int(low) & (1 << 64) - 1) + int(a) * int(b)
    high, low = total >> 64, total & (1 << 64) - 1
    return high, low - (1 << 64) if low >> 63 else low


@instruction(plain=_plain_wide_add)
def wide_add(typing: Any, high: Any, low: Any, a: Any, b: Any) -> Any:
    """A sum in two words of 64 bits, the first with its sign, with a b added to it."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        first, second, a, b = arguments
        total = builder.or_(builder.shl(builder.zext(first, wide), wide(64)), builder.zext(second, wide))
        total = builder.add(total, builder.mul(builder.sext(a, wide), builder.sext(b, wide)))
        words = builder.trunc(builder.lshr(total, wide(64)), word), builder.trunc(total, word)
        return context.make_tuple(builder, signature.return_type, words)

    return types.UniTuple(types.int64, 2)(types.int64, types.int64, types.int64, types.int64), emit  # type: ignore[no-untyped-call]
