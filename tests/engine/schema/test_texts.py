"""Every text of a plant is known to translators by the place where it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.load.project import load_project
from engine.load.texts import plant_sources

ROOT = Path(__file__).resolve().parents[3]


def shipped():
    project, _ = load_project(ROOT / "flows")
    assert project is not None
    return project


def test_a_text_is_named_by_flow_step_and_key():
    found = {source.context: source for source in plant_sources(shipped())}
    assert found["raw_intake:title"].text == "Новая партия"
    assert found["raw_intake:title"].file == "flows/receiving/raw_intake.yaml"
    assert found["raw_intake:company:prompt"].text == "Выберите компанию"
    assert found["raw_intake:condition:options.chilled.title"].text == "Охлаждённое"
    assert found["raw_intake:manufacture_date:buttons.1"].text == "Вчера"
    assert found["project:roles.lab"].file == "flows/project.yaml"
    assert found["menu:raw_intake.title"].file == "flows/menu.yaml"
    assert found["menu:add_second_minced(kind=mko1).entries.add_second_minced(kind=rework).title"]


def test_a_reason_that_a_lifecycle_gives_itself_is_a_text_too():
    found = {source.context: source for source in plant_sources(shipped())}
    kept = [one for one in found.values() if one.context.endswith(".with.reason")]
    assert {one.file for one in kept} >= {"flows/lifecycles/mix.yaml"}
    assert "замес отменён" in {one.text for one in kept}


def test_a_new_button_of_the_menu_shifts_no_translation():
    project = shipped()
    first, *rest = project.menu
    menu = {source.context for source in plant_sources(project) if "menu" in source.file}
    fewer = {
        source.context
        for source in plant_sources(replace(project, menu=tuple(rest)))
        if "menu" in source.file
    }
    assert menu - fewer == {f"menu:{first.flow}.title"}


def test_no_two_texts_have_one_name():
    contexts = [source.context for source in plant_sources(shipped())]
    assert len(set(contexts)) == len(contexts)


def test_naming_changes_no_word():
    project = shipped()
    sources = project.sources()
    assert (sources.flows, sources.menu, sources.lifecycles) == (
        project.flows,
        project.menu,
        project.lifecycles,
    )
