"""A plant of many flows, made up from a seed: for measuring the checker and for comparing a warm
check with a cold one. Every flow is sound, about sixty lines long, and unlike the others."""

from __future__ import annotations

import random
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
# A question by its kind: its text, and the bounds of a number in it. The first three are in every
# flow, under the names that the rest reads.
ALWAYS = ("company", "condition", "weight")
QUESTIONS: dict[str, tuple[str, int, int]] = {
    "company": ("pick: {name}\n    from: companies", 0, 0),
    "condition": (
        "choice: {name}\n    options: {{chilled: Охлаждённое, frozen: Замороженное}}", 0, 0
    ),
    "weight": ("number: {name}\n    unit: kg\n    range: [0.001, {n}]", 100, 40000),
    "text": ("text: {name}\n    when: weight_2 > {n}\n    length: [2, 100]\n"
        '    hint: "раз {{weight_2}} кг"', 1, 90),
    "integer": (
        "integer: {name}\n    when: condition_1 == frozen and weight_2 > 1\n    otherwise: 0\n"
        "    range: [0, {n}]", 1, 999
    ),
    "date": (
        "date: {name}\n    skip: true\n    range: [today() - {n}d, today()]\n"
        "    buttons: {{Сегодня: today()}}", 10, 900
    ),
    "yes_no": ("yes_no: {name}", 0, 0),
    "photos": ("photos: {name}\n    count: [1, {n}]\n    skip: true", 1, 9),
    "value": ("value: {name}\n    is: weight_2 * {n} / 100\n    unit: kg", 1, 99),
    "number": (
        "number: {name}\n    unit: °C\n    limit: temperature(condition_1)\n"
        "    on_deviation:\n      title: Отклонение\n      decide: foreman\n"
        '      waiting: "Ждём: {{reason}}, {{value}}, норма {{limit}}"\n      answers:\n'
        '        approve: {{title: Подтвердить, say: "Согласовал {{decider}}"}}\n'
        "        reject: {{title: Отклонить, comment: required, end: refused, "
        'say: "{{comment}}"}}\n'
        "      warn: 15m\n      breach: 45m", 0, 0
    ),
}  # fmt: skip


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
            menu.write(f"- title: Участок {first // AREA}\n  roles: [porter]\n  entries:\n")
            for at in range(first, min(first + AREA, count)):
                menu.write(f"    - {{title: Форма {at}, flow: made_{at:04}}}\n")
    return flows


def flow(chance: random.Random, name: str) -> str:
    """Make one sound flow: a company, a condition, a weight, some more questions, a review."""
    kinds = [*ALWAYS, *chance.choices([*QUESTIONS][len(ALWAYS) :], k=7)]
    made = [_question(chance, kind, f"{kind}_{at}") for at, kind in enumerate(kinds)]
    return (
        f"flow: {name}\n"
        f"title: {_said(chance).capitalize()} {name[-4:]}\n"
        "roles: [porter]\n"
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
        "  - notify: foreman\n"
        f'    text: "{_said(chance)} {{taken.number}}: {{condition_1}}"\n'
    )


def _said(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS, 3))


def _question(chance: random.Random, kind: str, name: str) -> str:
    text, least, most = QUESTIONS[kind]
    asked = "" if kind == "value" else f'    prompt: "{_said(chance)}"\n'
    return f"  - {text.format(name=name, n=chance.randint(least, most))}\n{asked}"
