"""Presets hold the numbers of their platforms, and no part that these did not have."""

import re
from pathlib import Path

import pytest

from model import Scenario
from model.mechanisms.nft_loans import NftLoansParams
from model.mechanisms.vaults import maintenance

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "presets").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")
NAMED = re.compile(r"\[([^\]]+)\]\(\.\./\.\./tests/([^)]+)\)")

# what must be there, and what must not
PARTS = {
    "niftex_v1": ({"buyouts", "amm"}, {"farms", "lending", "curve"}),
    "niftex_v2": ({"buyouts", "curve"}, {"amm", "lending"}),
    "unifty": ({"farms", "nft_market", "nft_loans", "nfts"}, {"buyouts"}),
    "fractional_art": ({"buyouts", "amm", "lending", "farms"}, {"curve"}),
    "tessera": ({"buyouts", "amm"}, {"farms", "lending"}),
    "unicly": ({"buyouts", "amm", "farms"}, {"lending"}),
    "btcst": ({"amm", "farms"}, {"buyouts", "lending"}),
    "pbtc35a": ({"amm", "farms"}, {"buyouts", "lending"}),
    "gomining": ({"auction", "farms"}, {"buyouts", "lending"}),
    "nicehash": ({"rental"}, {"vaults", "amm", "farms", "lending", "buyouts"}),
    "bend_2022": ({"nft_market", "nft_loans"}, {"vaults", "farms"}),
    "bend_reformed": ({"nft_market", "nft_loans"}, {"vaults", "farms"}),
    "institutional": ({"buyouts", "auction", "nft_loans", "forwards"}, {"farms", "lending"}),
}
DESIGNS = {
    "niftex_v1": "niftex_v1",
    "niftex_v2": "niftex_v2",
    "fractional_art": "reserve_auction",
    "tessera": "tender_pool",
    "unicly": "unlock_vote",
    "institutional": "reserve_auction",
}
ELIGIBILITY = {"fractional_art": "all_holders", "btcst": "staked_only", "pbtc35a": "lp_passthrough"}
FARMS = {
    "unifty": {"unifty_points"},
    "fractional_art": {"staking_rewards"},
    "unicly": {"master_chef"},
    "gomining": {"burn_and_mint", "staking_rewards"},
}


def test_every_preset_has_a_row_here_and_a_page():
    found = {path.stem for path in (ROOT / "scenarios" / "presets").glob("*.toml")}
    assert found == set(PARTS)
    assert found <= {page.stem for page in PAGES}


@pytest.mark.parametrize("name", PARTS)
def test_presets_hold_what_their_platform_had(name):
    scenario, (there, absent) = Scenario.load(name), PARTS[name]
    assert there <= set(scenario.mechanisms)
    assert not absent & set(scenario.mechanisms)
    if name in DESIGNS:
        assert scenario.mechanisms["buyouts"].design == DESIGNS[name]
    if name in ELIGIBILITY:
        assert scenario.mechanisms["vaults"].eligibility == ELIGIBILITY[name]
    if name in FARMS:
        assert {row.design for row in scenario.mechanisms["farms"].farm} == FARMS[name]


def test_days_and_stakes_of_the_two_shotguns():
    old, new = (Scenario.load(name).mechanisms["buyouts"] for name in ("niftex_v1", "niftex_v2"))
    assert old.shotgun_days == 14.0
    assert (new.timed_days, new.stake_bps) == (5.0, 100)


def test_the_sale_of_niftex_v2_seeds_a_fifth_for_thirty_days():
    offerings = Scenario.load("niftex_v2").mechanisms["offerings"]
    assert (offerings.form, offerings.seed_bps, offerings.lock_days) == ("fixed_price", 2_000, 30.0)
    assert offerings.seed_venues == {"curve": 1.0}
    curve = Scenario.load("niftex_v2").mechanisms["curve"]
    assert (curve.lp_bps, curve.artist_bps, curve.platform_bps) == (30, 10, 0)


def test_the_farm_of_niftex_v2_can_be_turned_on():
    scenario = Scenario.load("niftex_v2")
    assert "farms" not in scenario.mechanisms
    assert "farms" in scenario.override({"farms.enabled": True}).mechanisms


def test_rewards_of_fractional_art_run_for_seven_days():
    assert {row.duration_days for row in Scenario.load("fractional_art").mechanisms["farms"].farm} == {7.0}


def test_terms_of_gomining():
    scenario = Scenario.load("gomining")
    vaults, offerings = scenario.mechanisms["vaults"], scenario.mechanisms["offerings"]
    assert (vaults.service_fee, offerings.initial_power_price) == (0.0089, 0.05)
    assert vaults.discount <= 0.20
    assert maintenance(13_835.1, 2_279.4, 0.0) == pytest.approx(16_114.5)
    lockers = scenario.mechanisms["farms"].farm[0]
    assert (lockers.mint, lockers.split) == (0.8, [0.65, 0.20, 0.10, 0.05])


def test_rules_of_bend_before_and_after():
    old, new = (Scenario.load(name).mechanisms["nft_loans"] for name in ("bend_2022", "bend_reformed"))
    assert isinstance(old, NftLoansParams)
    assert (old.threshold, old.base_rate, old.bid_floor_share, old.auction_hours) == (0.90, 0.03, 0.95, 48.0)
    assert (new.threshold, new.base_rate, new.bid_floor_share, new.auction_hours) == (0.70, 0.20, 0.0, 4.0)
    assert old.loan_to_value == new.loan_to_value == 0.40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_of_pages_lead_to_files_and_named_tests_exist(page):
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if not target.startswith("http") and target != "answers.json":
            assert (page.parent / target).exists(), target
    for words, file in NAMED.findall(text):
        assert f"def test_{words.replace(' ', '_')}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), words
