"""The main menu and its sub-menus, on the shipped flows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.load.project import load_project
from engine.model.conversation import Actor, Chat
from engine.run.menu import menu, submenu
from engine.run.program import compile_program
from engine.schema.menu import MenuEntry
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.samples import read_samples

FLOWS = Path(__file__).resolve().parents[3] / "flows"
CHAT = Chat(1, "token")


@pytest.fixture(scope="module")
def plant() -> Plant:
    project, _ = load_project(FLOWS)
    assert project is not None
    return rehearsal_plant(
        compile_program(project.sources()), project.vocabulary, read_samples(FLOWS)
    )


def titles(plant: Plant, *roles: str, **changed: object) -> list[str]:
    program = replace(plant.program, **changed) if changed else plant.program  # type: ignore[arg-type]
    prompt = menu(program, plant.ports, CHAT, Actor("1", "Кто-то", frozenset(roles)))
    return [button.title for button in prompt.buttons]


def entry(**words: object) -> tuple[MenuEntry, ...]:
    return (MenuEntry.model_validate({"roles": ["technologist"], **words}),)


def test_a_person_sees_the_buttons_of_all_his_roles_once(plant: Plant):
    shown = titles(plant, "receiver", "technologist")
    assert "Новая партия" in shown
    assert "Новый фарш" in shown
    assert shown.count("Помощь") == 1


def test_a_button_gives_its_flow_the_parameters(plant: Plant):
    prompt = menu(
        plant.program, plant.ports, CHAT, Actor("1", "Кто-то", frozenset(["technologist"]))
    )
    args = {button.title: button.arg for button in prompt.buttons}
    assert args["Новая заготовка пет-фуд"] == 'new_blank?{"product_line":"mko"}'


def test_a_sub_menu_lists_its_buttons_and_leads_back(plant: Plant):
    actor = Actor("1", "Кто-то", frozenset(["defrost_operator"]))
    opened = next(
        one for one in menu(plant.program, plant.ports, CHAT, actor).buttons if one.act == "submenu"
    )
    prompt = submenu(plant.program, plant.ports.reads, actor, opened.arg)
    assert prompt is not None
    assert [one.title for one in prompt.buttons] == [
        "Включить",
        "Выключить",
        "Завершить",
        "Повторно",
        "Главное меню",
    ]


def test_a_sub_menu_is_not_shown_to_others_nor_found_by_a_wrong_name(plant: Plant):
    receiver = Actor("1", "Кто-то", frozenset(["receiver"]))
    reads = plant.ports.reads
    assert all(
        submenu(plant.program, reads, receiver, key) is None for key in ("0", "99", "-1", "x", "")
    )


def test_a_condition_hides_a_button_and_a_broken_one_hides_it_too(plant: Plant):
    flow = {"title": "Новый фарш", "flow": "new_minced_order"}
    assert titles(plant, "technologist", menu=entry(**flow, when="1 < 2"))[0] == "Новый фарш"
    for condition in ("2 < 1", "nobody_knows() > 0"):
        shown = titles(plant, "technologist", menu=entry(**flow, when=condition))
        assert "Новый фарш" not in shown


def test_a_count_stands_in_the_title(plant: Plant):
    flow = {"title": "Фарш ({n})", "flow": "new_minced_order", "count": "2 + 3"}
    assert titles(plant, "technologist", menu=entry(**flow))[0] == "Фарш (5)"


@pytest.mark.parametrize(
    "words", [{"title": "Пусто"}, {"title": "Оба", "flow": "a", "entries": [{"title": "b"}]}]
)
def test_a_button_does_one_thing(words: dict[str, object]):
    with pytest.raises(ValueError, match="flow или entries"):
        entry(**words)
