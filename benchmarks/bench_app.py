"""What the browser app costs: ten students at two frames a second, a frame of Explore, and the first page.

    python benchmarks/bench_app.py [--students 10] [--seconds 20]

Server CPU and memory are those of a server process of its own; the students are pages of one real browser. A frame is
measured inside one process too: CPU of looking at a market of 1,000 agents and of making all options as JSON.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
TICKS_BEFORE, FRAMES = 120, 50  # before frames are measured, and how many of them
LIMIT_MS, LIMIT_FIRST = 20.0, 3.0  # wanted at most: CPU of a frame [ms], the first page [s]
USABLE = 120_000  # ms after which a page that cannot be used is given up
DRAWN = "() => [...document.querySelectorAll('.rs-chart')].reduce((n, e) => Math.max(n, +e.dataset.drawn), 0)"


def frame_cost(scenario):
    """Milliseconds of CPU of a frame: snapshot, options, JSON; and of the network, which is drawn every 2 s."""
    from app import graph
    from app.address import Setup
    from app.options import drawable
    from app.run import Run

    run = Run(Setup(scenario))
    while run.done < TICKS_BEFORE:
        run.step()
    frame = run.frame(watched=20)
    began = time.thread_time()
    for _ in range(FRAMES):
        frame = run.frame(watched=20, network=False)
        size = sum(len(json.dumps(chart.option(frame, False))) for chart in drawable(frame))
    each = 1000 * (time.thread_time() - began) / FRAMES
    began = time.thread_time()
    for _ in range(FRAMES):
        graph.network(run.market, run.places)
    network = 1000 * (time.thread_time() - began) / FRAMES
    run.close()
    return each, network, size


def memory(pid):
    """Resident and private memory of a process [MB]."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def cpu(pid):
    """Seconds of CPU a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve():
    """A server on a free port: process and address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from app.server import serve; from pathlib import Path; serve('127.0.0.1', {port}, False, Path('results'))"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
            return process, f"http://127.0.0.1:{port}"
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server ended") from None
            time.sleep(0.2)


def arrive(browser, url, number, process):
    """Pages of so many students, and the seconds and the server's CPU that each took to be usable."""
    pages, took = [], []
    for i in range(number):
        page = browser.new_context().new_page()
        began, spent = time.perf_counter(), cpu(process.pid)
        page.goto(f"{url}/?scenario=baseline&seed={i + 1}")
        page.wait_for_selector("[data-phase=paused]", timeout=USABLE)
        took.append((time.perf_counter() - began, cpu(process.pid) - spent))
        pages.append(page)
    return pages, took


def play(pages, seconds, process):
    """Let all play for a while: frames drawn on all pages, seconds, and the server's CPU in them."""
    for page in pages:
        page.get_by_label("Speed").select_option("5 ticks/s")
        page.get_by_role("button", name="Play", exact=True).click()
    time.sleep(3)  # until all of them play
    before, spent, began = [page.evaluate(DRAWN) for page in pages], cpu(process.pid), time.perf_counter()
    time.sleep(seconds)
    span, spent = time.perf_counter() - began, cpu(process.pid) - spent
    after = [page.evaluate(DRAWN) for page in pages]
    return sum(b - a for a, b in zip(before, after, strict=True)), span, spent


def students(number, seconds):
    """Print first page, CPU and memory of so many students who all play."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)))
    process, url = serve()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
            warm = browser.new_page()
            warm.goto(url)
            warm.wait_for_selector(".rs-chart canvas", timeout=USABLE)
            warm.close()
            time.sleep(2)  # until its session has gone
            alone = memory(process.pid)
            pages, took = arrive(browser, url, number, process)
            frames, span, spent = play(pages, seconds, process)
            full = memory(process.pid)
            wall, burnt = (sorted(column)[number // 2] for column in zip(*took, strict=True))
            print(
                f"first page usable: median {wall:.1f} s ({burnt:.2f} s of server CPU; at most {LIMIT_FIRST:.0f} s wanted)"
            )
            print(
                f"{number} students playing: {frames / span / number:.2f} frames/s each, server {100 * spent / span:.0f} % of one core"
            )
            print(f"per frame with its ticks: {1000 * spent / max(1, frames):.1f} ms of server CPU")
            print(
                f"memory: {alone:.0f} MB without, {full:.0f} MB with them: {(full - alone) / number:.1f} MB a student"
            )
            for page in pages:
                page.context.close()
            time.sleep(5)  # until their sessions have gone
            print(f"memory after they have left: {memory(process.pid):.0f} MB")
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0)
    args = parser.parse_args()
    print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for scenario in ("baseline", "credit_baseline"):
        each, network, size = frame_cost(scenario)
        print(
            f"{scenario}: a frame costs {each:.1f} ms of CPU ({size / 1000:.0f} kB; at most {LIMIT_MS:.0f} ms wanted), the network {network:.1f} ms"
        )
    students(args.students, args.seconds)


if __name__ == "__main__":
    main()
