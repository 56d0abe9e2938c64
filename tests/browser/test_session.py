"""A student's market without a browser: it does what the command line does, and stops when told."""

import gc
import threading
import time
import weakref

import pytest

from app.address import Setup
from app.run import Run
from app.session import Session
from app.state import ENDED, FAILED, PAUSED, PLAYING
from model.marketplace import Marketplace
from tests.waiting import PATIENCE, until


@pytest.fixture
def session():
    found = Session()
    yield found
    found.close()


def opened(session, *setups):
    session.open(*setups)
    until(lambda: session.state.phase in (PAUSED, ENDED, FAILED))
    return session


def test_a_session_does_what_the_market_alone_does(session):
    opened(session, Setup("smoke", 3, 4))
    session.change("amm.fee_bps", 300)
    session.step(3)
    until(lambda: session.state.frame["tick"] == 7)
    with Marketplace("smoke", rng=3) as market:
        for tick in range(7):
            if tick == 4:
                market.change({"amm.fee_bps": 300})
            market.step()
        assert session._runs[0].market.fingerprint() == market.fingerprint()
        assert session.state.frame["latest"]["bitcoin.price"] == market.recorder.latest["bitcoin.price"]
    assert session.state.setups[0].changes == ((4, "amm.fee_bps", 300),)


def test_what_is_kept_for_the_pages_changes_no_number():
    run = Run(Setup("smoke", 3))
    for _ in range(5):
        run.step()
        run.frame(watched=12)
    with Marketplace("smoke", rng=3) as market:
        for _ in range(5):
            market.step()
        assert run.market.fingerprint() == market.fingerprint()
    run.close()


def test_a_link_with_changes_comes_back_to_the_same_state(session):
    setup = Setup("smoke", 3, 6, (), ((2, "amm.fee_bps", 300), (4, "power.level", 2.0)))
    opened(session, setup)
    first = session._runs[0].market.fingerprint()
    opened(session, session.state.setups[0])
    assert session._runs[0].market.fingerprint() == first and session.state.setups == (setup,)


def test_a_pause_is_seen_at_once_though_a_step_is_under_way(session, monkeypatch):
    plain, began = Marketplace.step, threading.Event()

    def heavy(market):
        began.set()
        time.sleep(0.3)
        plain(market)

    monkeypatch.setattr(Marketplace, "step", heavy)  # before any market: Mesa wraps a market's own
    opened(session, Setup("smoke", 1))
    session.set_speed(0.0)
    began.clear()
    session.play()
    assert began.wait(PATIENCE)
    told = time.monotonic()
    session.pause()
    assert session.state.phase == PAUSED and time.monotonic() - told < 0.1
    time.sleep(0.5)
    stood = session._runs[0].done
    time.sleep(0.5)
    assert session._runs[0].done == stood


def test_two_runs_go_in_lockstep(session):
    opened(session, Setup("smoke", 1), Setup("smoke", 2))
    session.step(4)
    until(lambda: session.state.frame["tick"] == 5)
    assert [frame["tick"] for frame in session.state.frames] == [5, 5]
    assert session.state.frames[0]["latest"] != session.state.frames[1]["latest"]


def test_a_run_ends_and_can_be_reset(session):
    opened(session, Setup("smoke", 1, 30))
    assert session.state.phase == ENDED
    session.play()
    assert session.state.phase == ENDED
    session.change("amm.fee_bps", 50)
    assert "ended" in session.state.message
    session.reset()
    until(lambda: session.state.phase == PAUSED)
    assert session.state.frame["tick"] == 1


def test_a_bad_setup_and_a_bad_change_are_sentences(session):
    opened(session, Setup("smoke", 1, 0, (("amm.fee_bps", -5),)))
    assert session.state.phase == FAILED and "amm.fee_bps" in session.state.message
    opened(session, Setup("smoke", 1))
    session.change("amm.fee_bps", 10**9)
    session.step()
    until(lambda: session.state.message)
    assert "amm.fee_bps" in session.state.message and session.state.frame["tick"] == 1


@pytest.mark.parametrize("place", ["__init__", "step", "frame"])
def test_an_error_of_ours_is_a_sentence_and_not_the_end(session, monkeypatch, place):
    plain, told = getattr(Run, place), []
    session.told = lambda: told.append(session.state)

    def broken(run, *given, **named):
        raise ValueError("broken inside")

    monkeypatch.setattr(Run, place, broken)
    opened(session, Setup("smoke", 1))
    until(lambda: told and told[-1].phase == FAILED)
    assert "broken inside" in told[-1].message and session.state.phase == FAILED
    monkeypatch.setattr(Run, place, plain)
    session.reset()
    until(lambda: session.state.phase == PAUSED)
    assert session.state.frame["tick"] == 1 and not session.state.message


def test_unequal_ticks_are_a_sentence_and_equal_ones_run_after_it(session):
    opened(session, Setup("smoke", 1), Setup("bend_2022", 1))
    assert session.state.phase == FAILED and "equal ticks" in session.state.message
    session.restart(seed=2)
    until(lambda: session.state.setups[0].seed == 2 and session.state.phase == FAILED)
    opened(session, Setup("smoke", 1), Setup("smoke", 1))
    assert session.state.phase == PAUSED and len(session.state.frames) == 2


def test_markets_of_two_students_at_once_are_the_same_as_alone():
    both = [opened(Session(), Setup("smoke", seed)) for seed in (1, 2)]
    for session in both:
        session.set_speed(0.0)
        session.play()
        assert session.state.phase in (PLAYING, ENDED)
    for session in both:
        until(lambda session=session: session.state.phase == ENDED and session.state.frame["tick"] == 30)
    for seed, session in zip((1, 2), both, strict=True):
        with Marketplace("smoke", rng=seed) as market:
            market.run()
            assert session._runs[0].market.fingerprint() == market.fingerprint()
        session.close()


def test_a_closed_session_gives_its_market_back():
    session = opened(Session(), Setup("smoke", 1))
    market = weakref.ref(session._runs[0].market)
    worker = session._worker
    session.close()
    worker.join(PATIENCE)
    del session, worker
    until(lambda: gc.collect() >= 0 and market() is None)
