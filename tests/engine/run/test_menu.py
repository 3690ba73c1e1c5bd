"""The main menu and its sub-menus, on the shipped flows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.load.project import load_project
from engine.model.conversation import Actor, Chat, Screen
from engine.model.text import Text
from engine.model.work import Receivers, TaskWanted
from engine.run.menu import menu, submenu
from engine.run.program import compile_program
from engine.run.screens import prompt_of
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
        "Назад",
        "Главное меню",
    ]
    assert [one.act for one in prompt.buttons[-2:]] == ["menu", "menu"]


def test_a_menu_within_a_menu_shows_what_holds_now_and_leads_one_back(plant: Plant):
    leaf = {"flow": "buffer_pallet", "title": "Создать"}
    inner = {"title": "Остатки", "entries": [leaf, {**leaf, "title": "Добавить", "when": "2 < 1"}]}
    outer = entry(title="Заморозка", entries=[inner], roles=["freezer_storekeeper"])
    program = replace(plant.program, menu=outer)
    actor, reads = Actor("1", "Кто-то", frozenset(["freezer_storekeeper"])), plant.ports.reads
    above, below = (submenu(program, reads, actor, key) for key in ("0", "0.0"))
    assert above is not None
    assert below is not None
    assert (above.buttons[0].title, above.buttons[0].arg) == ("Остатки", "0.0")
    assert [one.title for one in below.buttons] == ["Создать", "Назад", "Главное меню"]
    assert below.buttons[1].arg == "0"
    for key in ("0.1", "0.x", "0.0.0", "1.0", "0."):
        assert submenu(program, reads, actor, key) is None


def test_a_sub_menu_is_not_shown_to_others_nor_found_by_a_wrong_name(plant: Plant):
    receiver = Actor("1", "Кто-то", frozenset(["receiver"]))
    reads = plant.ports.reads
    assert all(
        submenu(plant.program, reads, receiver, key) is None for key in ("0", "99", "-1", "x", "")
    )


def test_a_condition_hides_a_button_and_a_broken_one_hides_it_too(plant: Plant):
    flow = {"title": "Новый фарш", "flow": "new_minced_order"}
    assert titles(plant, "technologist", menu=entry(**flow, when="1 < 2"))[1] == "Новый фарш"
    for condition in ("2 < 1", "nobody_knows() > 0"):
        shown = titles(plant, "technologist", menu=entry(**flow, when=condition))
        assert "Новый фарш" not in shown


def test_a_count_stands_in_the_title(plant: Plant):
    flow = {"title": "Фарш ({n})", "flow": "new_minced_order", "count": "2 + 3"}
    assert titles(plant, "technologist", menu=entry(**flow))[1] == "Фарш (5)"


def test_the_common_buttons_stand_before_those_of_the_roles(plant: Plant):
    shown = titles(plant, "technologist", "packer")
    assert shown[:5] == [
        "Мои задачи (0)", "Помощь", "Проследить", "Сдать смену", "Создать фарш пет-фуд"
    ]  # fmt: skip
    assert shown.index("Занесение вторфарша") < shown.index("Решения (0)") < shown.index("Остатки")
    assert shown.index("Блокировки") < shown.index("Ближайшая выгрузка")
    assert "Решения (0)" not in titles(plant, "lab")


def test_every_question_to_the_technologist_alone_is_among_the_decisions(plant: Plant):
    listed = next(one.tasks for one in plant.program.menu if one.tasks)
    lives = (machine.lifecycle for machine in plant.program.lifecycles.values())
    tasks = [task for life in lives for state in life.states.values() for task in state.tasks]
    assert {*listed} == {one.kind for one in tasks if one.for_ == ("technologist",)}


def test_a_list_of_tasks_counts_and_shows_its_kinds_alone(plant: Plant):
    actor, now = Actor("1", "Кто-то", frozenset(["technologist"])), plant.ports.reads.clock.now()
    program = replace(plant.program, menu=entry(title="Решения ({n})", tasks=["mix_decision"]))
    to = Receivers(("technologist",))
    for kind in ("mix_decision", "help"):
        wanted = TaskWanted(kind, "mix", "1", kind, Text.of(kind), to)
        plant.ports.tasks.create(wanted, now)
    shown = menu(program, plant.ports, CHAT, actor).buttons
    assert [one.title for one in shown[:2]] == ["Мои задачи (2)", "Решения (1)"]
    chat = replace(CHAT, screen=Screen("tasks", shown[1].arg))
    prompt = prompt_of(program, plant.ports, chat, actor)
    assert str(prompt.text).strip() == "Решения (1)"
    assert [one.title for one in prompt.buttons] == ["mix_decision, ждёт 0 мин", "Главное меню"]
    stranger = replace(actor, roles=frozenset(["lab"]))
    assert str(prompt_of(program, plant.ports, chat, stranger).text).startswith("Мои задачи")
    for task in plant.ports.tasks.open_for(actor, now):  # the plant is of the module
        plant.ports.tasks.cancel(task.id, "", now)


@pytest.mark.parametrize(
    "words",
    [
        {"title": "Пусто"},
        {"title": "Оба", "flow": "a", "entries": [{"title": "b", "flow": "b"}]},
        {"title": "Оба", "flow": "a", "tasks": ["b"]},
    ],
)
def test_a_button_does_one_thing(words: dict[str, object]):
    with pytest.raises(ValueError, match="flow, entries или tasks"):
        entry(**words)


@pytest.mark.parametrize("more", [{"count": "1"}, {"with": {"a": "1"}}, {"link": True}])
def test_a_list_of_tasks_counts_itself_and_opens_no_form(more: dict[str, object]):
    with pytest.raises(ValueError, match="кнопк"):
        entry(title="Решения", tasks=["mix_decision"], **more)
