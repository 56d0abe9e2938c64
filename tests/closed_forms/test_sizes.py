"""What grows with the number of agents: in tables, in tables within tables, and in rows."""

import pytest

from model import Scenario, ScenarioError
from model.mechanism import catalogue
from model.params import Params
from model.sizes import resized


def agents(scenario: Scenario) -> int:
    """All that `with_agents` counts."""
    one = {"rest_of_network"}
    return sum(table.count for kind, table in scenario.agents.items() if kind not in one)


@pytest.mark.parametrize("name", Scenario.names())
def test_a_scenario_at_its_own_size_is_itself(name: str) -> None:
    scenario = Scenario.load(name)
    if agents(scenario):
        assert scenario.with_agents(agents(scenario)).fingerprint() == scenario.fingerprint()


def test_what_is_named_stays_and_all_else_shares_the_rest() -> None:
    values = {"agents.miner.count": 300, "network.simulated_share": 0.001}
    sized = Scenario.load("baseline").override(values).with_agents(500, keep=values)
    assert agents(sized) == 500 and sized.agents["miner"].count == 300
    assert sized.mechanisms["network"].simulated_share == 0.001
    assert sized.mechanisms["vaults"].supply == round(10_000 * 500 / 1_150)


@pytest.mark.parametrize("n", [2.5, "50", True, 0, 302])
def test_agents_that_cannot_be_shared_out_are_refused(n: object) -> None:
    values = {"agents.miner.count": 300}
    with pytest.raises(ScenarioError, match=r"a whole number, 303 to [0-9,]+, one for each kind, and 300 of kinds"):
        Scenario.load("baseline").override(values).with_agents(n, keep=values)  # type: ignore[arg-type]


def test_the_token_its_dollars_and_the_peg_shrink_with_the_market() -> None:
    whole = Scenario.load("token_spiral")
    half = whole.with_agents(agents(whole) // 2)
    factor = agents(half) / agents(whole)
    before, after = whole.mechanisms["farms"], half.mechanisms["farms"]
    for name in ("pool_tokens", "pool_usd"):
        assert getattr(after.token, name) == pytest.approx(getattr(before.token, name) * factor)
    assert after.peg.supply == pytest.approx(before.peg.supply * factor)
    assert after.farm == before.farm
    assert after.token.fee_bps == before.token.fee_bps


def test_rows_of_the_opening_shrink_where_they_say_a_size() -> None:
    rows = [
        {"kind": "rig", "count": 2, "th": 600.0},
        {"kind": "art", "appraisal": 50_000.0},
        {"kind": "hashpower_contract", "term_days": 100},
    ]
    whole = Scenario.load("art_market").override({"offerings.opening": rows})
    half = whole.with_agents(agents(whole) // 2)
    factor = agents(half) / agents(whole)
    rig, art, contract = half.mechanisms["offerings"].opening
    assert (rig.th, rig.count, rig.appraisal) == (pytest.approx(600.0 * factor), 2, None)
    assert (art.appraisal, art.th) == (pytest.approx(50_000.0 * factor), None)
    assert (contract.th, contract.term_days) == (None, 100)
    assert half.mechanisms["offerings"].th == pytest.approx(whole.mechanisms["offerings"].th * factor)


def test_every_size_that_is_marked_is_reached() -> None:
    """Wherever a parameter says that it scales, doubling the agents changes it, unless it is the whole already."""

    def marked(model: type[Params]) -> set[str]:
        return {
            name
            for name, info in model.model_fields.items()
            if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("scales")
        }

    found: dict[str, set[str]] = {}
    for key, mechanism in catalogue().items():
        sizes = {path for path in resized(mechanism.Params(), 2, 1) if "." not in path}
        missing = marked(mechanism.Params) - sizes
        assert not missing or all(getattr(mechanism.Params(), name) == 1.0 for name in missing), (key, missing)
        found[key] = sizes
    assert any(found.values())
