"""No deadlines for drawn examples; a real browser, one for all: Playwright's loop can be started only once in a thread."""

import os
import shutil
import signal
from importlib.util import find_spec

import pytest
from hypothesis import settings

from experiments.interrupts import ENDING

settings.register_profile("patient", deadline=None)  # a first call compiles, which says nothing about what it tests
settings.load_profile("patient")
os.environ.pop("COLUMNS", None)  # tables are as wide as where nobody says
for number in ENDING:  # ignored in the background of a shell and under nohup: what tests start would never end by them
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = os.environ.get("CI") == "true"


def pytest_collection_modifyitems(items):
    """Files with slow tests come first, so that in the end processes share what is quick."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def missing(reason):
    """Skip, or fail where a browser is required."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser_path():
    """Where the browser is."""
    for package in ("solara", "playwright"):
        if find_spec(package) is None:
            missing(f'{package} is not installed: pip install -e ".[dev]"')
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or missing(f"no browser found; looked for {', '.join(BROWSERS)} (apt-get install chromium)")


@pytest.fixture(scope="session")
def chromium(browser_path):
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        yield browser
        browser.close()
