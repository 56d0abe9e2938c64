"""A closed market keeps what was recorded, and says what is gone."""

import copy
import gc
import weakref

import pytest

from model import Marketplace


def closed():
    market = Marketplace("smoke", rng=1, clock__ticks=3).run()
    parts = market.mechanisms["vaults"], market.populations["miner"]
    market.close()
    market.close()  # again does nothing
    return market, parts


def test_what_was_recorded_can_still_be_read():
    market, _ = closed()
    assert market.summary()["bitcoin.price"] == market.metrics()["bitcoin.price"].iloc[-1]
    assert (market.scenario.name, market.seed, market.clock.tick, market.running) == ("smoke", 1, 2, False)
    assert len(market.metrics()) == 3 and len(market.events()) and len(market.flows())
    assert not market.mechanisms and not market.populations


def test_parts_say_that_the_market_is_closed():
    _, (vaults, miners) = closed()
    for look in (lambda: vaults.supply, lambda: miners.cash, lambda: len(miners)):
        with pytest.raises(AttributeError, match="the market is closed"):
            look()
    with pytest.raises(AttributeError, match=r"Vaults\.nothing: no such attribute"):
        copy.copy(Marketplace("smoke", clock__ticks=1).mechanisms["vaults"]).nothing  # noqa: B018


def test_its_memory_is_free_at_once_without_the_collector():
    gc.collect()
    gc.disable()
    try:
        closed()
        market = Marketplace("smoke", rng=1, clock__ticks=3).run()
        seen = [weakref.ref(part) for part in (market, market.mechanisms["vaults"], market.populations["miner"])]
        market.close()
        del market
        assert [ref() for ref in seen] == [None, None, None]
    finally:
        gc.enable()
