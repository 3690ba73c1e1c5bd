"""A plant of many flows, made up from a seed: for measuring the checker and for comparing a warm
check with a cold one. Every flow is sound, about sixty lines long, and unlike the others."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from engine.check.example import write

WORDS = (
    "сырьё",
    "поддон",
    "камера",
    "весы",
    "линия",
    "смена",
    "упаковка",
    "маркировка",
    "заготовка",
)
AREA = 50  # flows in one folder and under one button of the menu
Maker = Callable[[random.Random, str], str]


def plant(folder: Path, count: int, seed: int) -> Path:
    """Write the small project of the rules' examples with so many flows more; return `flows`."""
    flows = write(folder)
    chance = random.Random(seed)
    for at in range(count):
        path = flows / f"area_{at // AREA:02}" / f"made_{at:04}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(flow(chance, f"made_{at:04}"), "utf-8")
    with (flows / "menu.yaml").open("a", encoding="utf-8") as menu:
        for first in range(0, count, AREA):
            menu.write(f"- title: Участок {first // AREA}\n  roles: [receiver]\n  entries:\n")
            for at in range(first, min(first + AREA, count)):
                menu.write(f"    - {{title: Форма {at}, flow: made_{at:04}}}\n")
    return flows


def flow(chance: random.Random, name: str) -> str:
    """Make one sound flow: a company, a condition, a weight, some more questions, a review."""
    steps = [_company, _condition, _weight]
    steps += chance.choices((_text, _integer, _date, _yes_no, _photos, _value, _number), k=7)
    made = [step(chance, f"{step.__name__[1:]}_{at}") for at, step in enumerate(steps)]
    return (
        f"flow: {name}\n"
        f"title: {_said(chance).capitalize()} {name[-4:]}\n"
        "roles: [receiver]\n"
        "steps:\n" + "".join(made) + "  - review: {save: Сохранить}\n"
        "save:\n"
        "  - run: take\n"
        "    as: taken\n"
        "    with: {company: company_0, weight: weight_2}\n"
        "  - fire: accept\n"
        "    on: taken\n"
        "  - run: keep\n"
        "    with: {answers: answers}\n"
        "after:\n"
        f'  - reply: "{_said(chance)}: {{taken.number}}, {{weight_2}} кг"\n'
        "  - notify: technologist\n"
        f'    text: "{_said(chance)} {{taken.number}}: {{condition_1}}"\n'
    )


def _said(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS, 3))


def _company(chance: random.Random, name: str) -> str:
    return f"  - pick: {name}\n    from: companies\n    prompt: {_said(chance)}\n"


def _condition(chance: random.Random, name: str) -> str:
    return (
        f"  - choice: {name}\n    options: {{chilled: Охлаждённое, frozen: Замороженное}}\n"
        f"    prompt: {_said(chance)}\n"
    )


def _weight(chance: random.Random, name: str) -> str:
    most = chance.randint(100, 40000)
    return (
        f"  - number: {name}\n    unit: kg\n    range: [0.001, {most}]\n"
        f"    prompt: {_said(chance)}\n"
    )


def _text(chance: random.Random, name: str) -> str:
    bound = chance.randint(1, 90)
    return (
        f"  - text: {name}\n    when: weight_2 > {bound}\n    length: [2, 100]\n"
        f'    prompt: "{_said(chance)}, раз {{weight_2}} кг?"\n'
    )


def _integer(chance: random.Random, name: str) -> str:
    most = chance.randint(1, 999)
    return (
        f"  - integer: {name}\n    when: condition_1 == frozen and weight_2 > 1\n"
        f"    otherwise: 0\n    range: [0, {most}]\n    prompt: {_said(chance)}\n"
    )


def _date(chance: random.Random, name: str) -> str:
    days = chance.randint(10, 900)
    return (
        f"  - date: {name}\n    skip: true\n    range: [today() - {days}d, today()]\n"
        f"    buttons: {{Сегодня: today()}}\n    prompt: {_said(chance)}\n"
    )


def _yes_no(chance: random.Random, name: str) -> str:
    return f"  - yes_no: {name}\n    prompt: {_said(chance)}\n"


def _photos(chance: random.Random, name: str) -> str:
    most = chance.randint(1, 9)
    return (
        f"  - photos: {name}\n    count: [1, {most}]\n    skip: true\n    prompt: {_said(chance)}\n"
    )


def _value(chance: random.Random, name: str) -> str:
    share = chance.randint(1, 99)
    return f"  - value: {name}\n    is: weight_2 * {share} / 100\n    unit: kg\n"


def _number(chance: random.Random, name: str) -> str:
    return (
        f"  - number: {name}\n    unit: °C\n    limit: temperature(condition_1)\n"
        f"    prompt: {_said(chance)}\n    on_deviation:\n      title: Отклонение\n"
        "      decide: technologist\n"
        '      waiting: "Ждём: {reason}, {value}, норма {limit}"\n'
        "      answers:\n"
        '        approve: {title: Подтвердить, say: "Согласовал {decider}"}\n'
        '        reject: {title: Отклонить, comment: required, end: refused, say: "{comment}"}\n'
        "      warn: 15m\n      breach: 45m\n"
    )
