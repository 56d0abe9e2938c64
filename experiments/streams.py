"""Standard output and standard error, whatever the shell has made of them."""

import io
import os
import sys


def mend() -> None:
    """Lead nowhere what was closed, and write `?` for letters that a stream does not have."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (as long as the process)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
