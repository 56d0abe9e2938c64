"""A real browser on a real server; every test asserts that nothing failed and nothing left this machine."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS, PAGE_MS = 120, 90_000
SLOW_STEPS = """
import time
from model.marketplace import Marketplace
whole = Marketplace.step
def heavy(market):
    if market.scenario.name == "smoke" and market.clock.tick >= 4:
        time.sleep(0.3)
    whole(market)
Marketplace.step = heavy
"""  # the smoke scenario takes 300 ms a step from the fifth on, as a market of a hundred thousand agents does


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """Folder of results of the server."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def address(browser_path, results):
    """A server of its own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"{SLOW_STEPS}\nfrom app.server import serve\nfrom pathlib import Path\nserve('127.0.0.1', {port}, False, Path({str(results)!r}))"
    log = (results / "server.log").open("w")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    try:
        while True:
            assert process.poll() is None, (results / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=2).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the server does not listen"
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(20)
        log.close()
    assert "Traceback" not in (results / "server.log").read_text(), (results / "server.log").read_text()


class Watched:
    """What a page did wrong."""

    def __init__(self, page, host):
        self.errors, self.host = [], host
        page.on("pageerror", lambda error: self.errors.append(f"error: {error}"))
        page.on("console", lambda line: self.errors.append(f"console: {line.text}") if line.type == "error" else None)
        page.on("response", self.answered)
        page.on("request", self.asked)
        page.on("requestfailed", self.failed)

    def answered(self, response):
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")

    def failed(self, request):
        left = "ERR_ABORTED" in (request.failure or "")  # the student went on before it had come
        if "/_solara/cdn/" in request.url and not left:
            self.errors.append(f"missing: {request.url} {request.failure}")

    def asked(self, request):
        place = urlparse(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.netloc != self.host:
            self.errors.append(f"another host: {request.url}")


@pytest.fixture
def student(chromium, address):
    """Open a page as a student with a browser of his own: `student("/?scenario=smoke")`."""
    contexts, watches = [], []

    def come(path="/", width=1280, colours="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=colours, accept_downloads=True
        )
        context.set_default_timeout(PAGE_MS)
        page = context.new_page()
        contexts.append(context)
        watches.append(Watched(page, urlparse(address).netloc))
        page.goto(address + path)
        return page

    yield come
    wrong = [line for watch in watches for line in watch.errors]
    for context in contexts:
        context.close()
    assert not wrong, wrong
