"""The folder of compiled loops, named by a hash of all that they hold and numba does not watch.

numba compiles a loop anew when its own file has changed. It does not notice an edited helper or constant of another
file, which the loop holds as well; so a change of any such file makes a new folder.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INLINED = (b"@helper(", b"@rare(", b"@instruction(")  # what marks functions that loops of other files hold
LOOPS = (b"@kernel\n", b"@maker\n", *INLINED)
IMPORTS = re.compile(rb"^from ((?:model|agents)[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
NAMES = re.compile(rb"(\w+)(?: as (\w+))?")
MEMBERS = re.compile(rb"\b(\w+)\.[A-Z][A-Z0-9_]*\b")


def watched() -> list[Path]:
    """Files, none hidden, whose helpers or constants loops of others hold, and those that such constants are made from."""
    texts = {
        path: path.read_bytes() for part in ("model", "agents") for path in sorted((ROOT / part).rglob("[!.]*.py"))
    }
    modules = {_module(path): path for path in texts}
    found = {path for path, text in texts.items() if any(mark in text for mark in INLINED)}
    waiting = [path for path, text in texts.items() if any(mark in text for mark in LOOPS)]
    while waiting:
        text = texts[waiting.pop()]
        owners = set(MEMBERS.findall(text))
        for module, many, one in IMPORTS.findall(text):
            for name, other in NAMES.findall(many or one):
                if not (name.isupper() or (other or name) in owners):
                    continue
                path = modules.get(f"{module.decode()}.{name.decode()}") or modules.get(module.decode())
                if path is not None and path not in found:
                    found.add(path)
                    waiting.append(path)
    return sorted(found)


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def folder() -> Path:
    """The folder, made if need be; among temporary files where home is read-only."""
    stamp = hashlib.blake2b(digest_size=8)
    for path in watched():
        stamp.update(path.read_bytes())
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (home, Path(tempfile.gettempdir())):
        place = base / "rigshare" / stamp.hexdigest()
        try:
            place.mkdir(parents=True, exist_ok=True)
            probe = place / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return place
    return Path(tempfile.mkdtemp(prefix="rigshare-"))
