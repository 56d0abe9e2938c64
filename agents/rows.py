"""Rows of actions as kernels fill them."""

from model.jit import helper


@helper("void(int64[:, ::1], int64)", from_python=False)
def unsettled(rows, n):
    """Write into the last two columns of the first n rows that they wait, and that nothing is filled yet."""
    width = rows.shape[1]
    for i in range(n):
        rows[i, width - 2] = rows[i, width - 1] = 0
