"""Pictures of every page and of further views of Explore, on a desktop and on a phone, light and dark: `python -m app.shots --out DIR`."""

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from app.server import HOST

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
WIDTHS = {"desktop": 1280, "phone": 390}
HEIGHT, WAIT_MS, SETTLE_MS = 900, 180_000, 2_500
VIEWS = {  # further views of Explore
    "farms": "?scenario=yield_farming&seed=1&tick=90",
    "hashpower": "?scenario=hashpower_rental&seed=1&tick=60",
    "buyouts": "?scenario=fractional_art&seed=1&tick=60",
}
QUERIES = {  # what pages show; others open as they do
    **VIEWS,
    "explore": "?scenario=credit_baseline&seed=1&tick=200",
    "stress": "?scenario=credit_baseline&seed=1&set=clock.ticks:60&set=agents:300&channel=price&size=-0.5&day=20&seeds=10",
    "lab": "?scenario=baseline&seed=1",
    "lessons": "?lesson=halving&guess=40",
}


def pages() -> list[tuple[str, str]]:
    """Name and address of every page, and of further views."""
    from app.main import routes

    found = [(str(route.label).lower(), "/" if route.path == "/" else f"/{route.path}") for route in routes]
    return [*found, *((name, "/") for name in VIEWS)]


def server() -> tuple[subprocess.Popen[bytes], str]:
    """A server of its own on a free port, and its address."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    code = f"from app.server import serve; from pathlib import Path; serve({HOST!r}, {port}, False, Path('results'))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=2).close()
            return process, f"http://{HOST}:{port}"
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server ended") from None
            time.sleep(0.2)


def compared(page: Any) -> None:
    """Wait for both markets."""
    page.wait_for_selector("[data-day]")


def stressed(page: Any) -> None:
    """Run the test, and wait for its answer."""
    page.get_by_role("button", name="Run the stress test").click()
    page.wait_for_selector("[data-answer]")


def chosen(page: Any) -> None:
    """Show the first thing saved, if anything is."""
    names = page.get_by_role("region", name="Saved", exact=True).locator("button.rs-link")
    page.wait_for_timeout(SETTLE_MS)
    if names.count():
        names.first.click()


def played(page: Any) -> None:
    """A few steps of Mesa's page."""
    for _ in range(3):
        page.get_by_role("button", name="Step", exact=True).click()
        page.wait_for_timeout(SETTLE_MS)


def guessed(page: Any) -> None:
    """Wait for the run of a lesson on which somebody has bet."""
    page.wait_for_selector("[data-question] input")


GESTURES = {  # before the picture
    "/compare": compared,
    "/stress": stressed,
    "/results": chosen,
    "/lab": played,
    "/lessons": guessed,
}


def shoot(browser: Any, url: str, path: str, query: str, width: int, dark: bool, file: Path) -> None:
    """One picture of a whole page."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme="dark" if dark else "light", device_scale_factor=1
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(url + path + query)
    page.wait_for_selector("h1")
    if path == "/":
        page.wait_for_selector("[data-phase=paused]")
        page.wait_for_selector("[data-card=network] canvas")
        page.get_by_role("region", name="Events", exact=True).first.locator("button.rs-link").first.click()
        page.wait_for_selector("[data-account]")
    else:
        page.wait_for_selector(".rs-app h1")
        GESTURES.get(path, lambda _: None)(page)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=str(file), full_page=True)
    context.close()


def main() -> None:
    """All pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":")[0])
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--page", help="this page or view alone")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        parser.error(f"no browser found; looked for {', '.join(BROWSERS)}")
    args.out.mkdir(parents=True, exist_ok=True)
    process, url = server()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
            for name, path in pages():
                if args.page not in (None, name):
                    continue
                for place, width in WIDTHS.items():
                    for dark in (False, True):
                        file = args.out / f"{name}-{place}-{'dark' if dark else 'light'}.png"
                        shoot(browser, url, path, QUERIES.get(name, ""), width, dark, file)
                        print(file, flush=True)
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
