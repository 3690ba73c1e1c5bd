"""What of the shipped flows would run on rows that lack some names: nothing that needs one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm.bridge.offered import missing, offered
from crm.bridge.vocabulary import implemented, vocabulary
from engine.run.program import Sources
from tests.engine.rehearsal import shipped


def without(names: Mapping[str, Any], *gone: str) -> dict[str, Any]:
    return {name: one for name, one in names.items() if name not in gone}


KNOWN = vocabulary()
WORKS = replace(
    KNOWN,
    records=without(KNOWN.records, "mix", "freezer_load"),
    facts=without(KNOWN.facts, "is_used_up", "batches_to_analyse"),
    operations=without(KNOWN.operations, "write_off_mix", "weigh_blank", "hold_batch"),
)
SOURCES, LEFT_OUT = offered(shipped().sources(), WORKS)


def test_the_intake_is_offered_with_the_transitions_that_it_needs() -> None:
    assert "raw_intake" in SOURCES.flows
    life = SOURCES.lifecycles["raw_batch"]
    assert {"accept", "refuse", "cancel"} <= life.transitions.keys()


def test_a_flow_that_needs_declared_names_is_neither_run_nor_in_the_menu() -> None:
    assert {"weigh_blank", "mix_analysis", "load_plate", "raw_analysis"} <= set(LEFT_OUT)
    assert SOURCES.flows.keys().isdisjoint(LEFT_OUT)
    named = {one.flow for entry in SOURCES.menu for one in (entry, *entry.entries)}
    assert named - {""} <= SOURCES.flows.keys()


def test_a_lifecycle_without_rows_is_left_out_and_a_transition_that_asks_a_declared_fact() -> None:
    assert "mix" not in SOURCES.lifecycles
    transitions = SOURCES.lifecycles["raw_batch"].transitions
    assert {"analysis_fail", "deplete", "reopen"}.isdisjoint(transitions)
    assert "analysis_pass" in transitions


def test_a_task_whose_form_is_left_out_is_given_to_nobody() -> None:
    kinds = [task.kind for state in SOURCES.lifecycles["raw_batch"].states.values()
             for task in state.tasks]  # fmt: skip
    assert "analyse_raw" not in kinds


def test_a_timer_rings_that_fires_what_it_makes_unless_it_needs_a_declared_name() -> None:
    def plan(sources: Sources) -> set[str]:
        return {one.name for one in sources.lifecycles["plant"].states["works"].timers}

    assert "check_store" in plan(SOURCES)
    lacks = replace(KNOWN, operations=without(KNOWN.operations, "open_check"))
    assert "check_store" not in plan(offered(shipped().sources(), lacks)[0])


def test_what_is_declared_and_works_already_is_not_missing() -> None:
    works = implemented()
    lacks = missing(vocabulary(), works)
    assert lacks.words.isdisjoint({*works.operations, *works.facts, *works.catalogues})
    gone = missing(KNOWN, WORKS)
    assert {"write_off_mix", "is_used_up"} <= gone.words
    assert gone.kinds == {"mix", "freezer_load"}
