"""Start the browser app: Solara on this machine alone, offline, and the browser on it."""

import logging
import os
import socket
import sys
import threading
import time
import warnings
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from model.errors import ScenarioError

HOST, PORT = "127.0.0.1", 8765
LOCAL = ("127.0.0.1", "::1", "localhost")
TRIES = 50  # ports tried from the wanted one on
INSTALL = 'the browser app needs Solara: .venv/bin/pip install -e ".[app]"'
NEEDED = ("solara", "solara_assets", "ipyvuetify", "uvicorn", "markdown")
CULL = "5m"  # a market of a tab that has gone without a word is kept for so long
OPEN_AFTER = 0.1  # seconds between looks whether the server listens
RESULTS_KEY = "RIGSHARE_RESULTS"  # environment of this process: where results are


def results_folder() -> Path:
    """Folder of results that pages may read."""
    return Path(os.environ.get(RESULTS_KEY, "results")).resolve()


def inside(root: Path, name: str) -> Path:
    """A file or folder below a root, by a name from outside.

    Raises:
        ScenarioError: it would lie elsewhere
    """
    path = (root / name).resolve()
    if root.resolve() not in (path, *path.parents):
        raise ScenarioError(f"{name!r}: lies outside of {root.name}/; choose a run of that folder")
    return path


def free_port(host: str, port: int) -> int:
    """The wanted port, or the next one that nobody uses.

    Raises:
        ScenarioError: none is free, or the host is not of this machine
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + TRIES, 65_536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
                return candidate
            except PermissionError:
                continue
            except OSError as error:
                if error.errno not in (98, 48, 10048):  # in use: Linux, macOS, Windows
                    raise ScenarioError(f"--host {host}: {error.strerror or error}; use 127.0.0.1") from None
    raise ScenarioError(f"--port {port}: none of the ports {port} to {port + TRIES - 1} is free; give another")


def configure(host: str, port: int, results: Path) -> None:
    """Tell Solara to be a quiet local server: no telemetry, no update check, no request to another host."""
    os.environ |= {
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
        "SOLARA_ASSETS_PROXY": "True",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
        "SOLARA_MODE": "production",
        "SOLARA_APP": "app.main",
        "SOLARA_KERNEL_CULL_TIMEOUT": CULL,
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_SHOW_BANNER": "False",
        "SOLARA_THEME_TITLE": "rigshare",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        RESULTS_KEY: str(results.resolve()),
    }
    root = str(Path(__file__).resolve().parent.parent)
    if root not in sys.path:
        sys.path.insert(0, root)
    warnings.filterwarnings("ignore", "Cookies with samesite=none require https")  # this machine speaks http to itself
    from solara.server import cdn_helper, settings

    settings.assets.extra_locations = [str(Path(__file__).resolve().parent / "assets")]

    def refuse(url: str) -> bytes:
        raise FileNotFoundError(f"{url}: not among the files that come with the app; nothing is fetched")

    cdn_helper.fetch_from_cdn = refuse


def warm() -> None:
    """Get the market's rules ready while the browser is starting."""
    from app.address import Setup
    from app.run import Run

    run = Run(Setup())
    run.step()
    run.frame()
    run.close()


def serve(
    host: str = HOST, port: int = PORT, open_browser: bool = True, results: Path = Path("results"), ready: Any = None
) -> None:
    """Serve the app until interrupted.

    Args:
        host: address to listen at; others than this machine's own can be reached by everybody in the network
        port: the next free one is taken when it is in use
        open_browser: whether to show the page
        results: folder of results that pages may read
        ready: told the address once it is known

    Raises:
        ScenarioError: Solara is not installed, or the address cannot be used
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise ScenarioError(INSTALL)
    chosen = free_port(host, port)
    configure(host, chosen, results)
    import uvicorn

    from app import missing
    from model.ahead import other_processors

    if host not in LOCAL:
        print(
            f"warning: {host} can be reached from other machines: whoever opens the page can run markets on this one",
            file=sys.stderr,
        )
    if chosen != port:
        print(f"port {port} is in use; taking {chosen}", file=sys.stderr)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else shown}:{chosen}"
    print(f"rigshare is at {url}   (Ctrl-C ends it)", flush=True)
    if ready is not None:
        ready(url)
    logging.getLogger("solara").setLevel(logging.WARNING)
    from solara.server.starlette import app as served

    served.add_exception_handler(404, missing.answer)
    config = uvicorn.Config(served, host=host, port=chosen, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    with other_processors():
        threading.Thread(target=warm, daemon=True, name="warm").start()
        if open_browser:
            threading.Thread(target=_show, args=(server, url), daemon=True, name="browser").start()
        server.run()


def _show(server: Any, url: str) -> None:
    """Open the browser once the server listens."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(OPEN_AFTER)
    webbrowser.open(url)
