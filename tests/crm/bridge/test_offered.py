"""What of the shipped flows runs on rows: nothing that needs a name that is only declared."""

from __future__ import annotations

from crm.bridge.offered import missing, offered
from crm.bridge.vocabulary import implemented, vocabulary
from tests.engine.rehearsal import shipped

SOURCES, LEFT_OUT = offered(shipped().sources(), implemented())


def test_the_intake_is_offered_with_the_transitions_that_it_needs():
    assert "raw_intake" in SOURCES.flows
    life = SOURCES.lifecycles["raw_batch"]
    assert {"accept", "refuse", "cancel"} <= life.transitions.keys()


def test_a_flow_that_needs_declared_names_is_neither_run_nor_in_the_menu():
    assert {"weigh_blank", "mix_analysis", "load_plate"} <= set(LEFT_OUT)
    assert SOURCES.flows.keys().isdisjoint(LEFT_OUT)
    named = {one.flow for entry in SOURCES.menu for one in (entry, *entry.entries)}
    assert named - {""} <= SOURCES.flows.keys()


def test_a_lifecycle_without_rows_is_left_out_and_a_form_that_asks_for_a_declared_fact_too():
    assert "mix" not in SOURCES.lifecycles
    transitions = SOURCES.lifecycles["raw_batch"].transitions
    assert "analysis_pass" not in transitions
    assert "deplete" not in transitions


def test_a_task_whose_form_is_left_out_is_given_to_nobody():
    kinds = [task.kind for state in SOURCES.lifecycles["raw_batch"].states.values()
             for task in state.tasks]  # fmt: skip
    assert "analyse_raw" not in kinds


def test_what_is_declared_and_works_already_is_not_missing():
    works = implemented()
    lacks = missing(vocabulary(), works)
    assert lacks.words.isdisjoint({*works.operations, *works.facts, *works.catalogues})
    assert "write_off_mix" in lacks.words
    assert "mix" in lacks.kinds
    assert "raw_batch" not in lacks.kinds
