"""A small project on which the examples of the rules are tried; as it stands it has no findings."""

from __future__ import annotations

import json
from pathlib import Path

from engine.check.rule import Example

FLOW = "flows/area/delivery.yaml"
LIFE = "flows/lifecycles/batch.yaml"
LIMITS = "flows/limits.yaml"
MENU = "flows/menu.yaml"
PROJECT = "flows/project.yaml"

FILES = {
    PROJECT: """\
plant: {name: Учебный завод, zone: Europe/Moscow, production_day: "07:00"}
languages: {ru: Русский}
units:
  kg: {decimals: 3}
  °C: {decimals: 1, range: [-60, 40]}
roles:
  receiver: Приёмщик
  technologist: Технолог
""",
    LIMITS: """\
temperature:
  given: {condition: "choice(chilled, frozen)"}
  unit: °C
  source: учебный план
  values:
    - {when: condition == frozen, max: -8.0}
    - {when: condition == chilled, min: -2.0, max: 4.0}
""",
    MENU: "- {title: Приёмка, flow: delivery, roles: [receiver]}\n",
    LIFE: """\
lifecycle: batch
record: batch
title: Партия
states:
  received: {title: Принята, owner: receiver}
  done: {title: Закрыта, final: true}
transitions:
  accept:
    from: new
    to: received
    by: receiver
    require:
      - {that: batch.weight > 0, say: Масса должна быть больше нуля}
    do: [{run: put_in, with: {batch: batch}}]
  close: {from: received, to: done, by: receiver}
""",
    FLOW: """\
flow: delivery
title: Приёмка
roles: [receiver]
steps:
  - pick: company
    from: companies
    prompt: Компания
  - choice: condition
    options: {chilled: Охлаждённое, frozen: Замороженное}
    prompt: Кондиция
  - number: body_temp
    unit: °C
    limit: temperature(condition)
    prompt: Температура
    on_deviation:
      title: Отклонение
      decide: technologist
      waiting: "Ждём: {reason}, {value}, норма {limit}"
      answers:
        approve: {title: Подтвердить, say: "Согласовал {decider}"}
        reject: {title: Отклонить, comment: required, end: refused, say: "{comment}"}
      warn: 15m
      breach: 45m
  - number: docs
    unit: kg
    skip: true
    prompt: Масса по документам
  - integer: count_of
    range: [0, 99]
    prompt: Мест
  - number: weight
    unit: kg
    range: [0.001, 40000]
    prompt: Масса
  - text: reason_text
    when: weight > 10
    length: [2, 100]
    prompt: "Почему {weight}?"
  - integer: tags
    range: [0, 99]
    prompt: Бирок
  - review: {save: Сохранить}
save:
  - run: take
    as: taken
    with: {company: company, weight: weight, docs: docs}
  - fire: accept
    on: taken
after:
  - reply: "Партия {taken.number}"
  - notify: technologist
    text: "Новая партия {taken.number}: {condition}"
""",
    "flows/.vocabulary.json": json.dumps(
        {
            "records": {
                "batch": {"number": "text", "weight": "number kg"},
                "company": {"name": "text"},
            },
            "catalogues": {"companies": "company"},
            "facts": {},
            "operations": {
                "take": {
                    "params": {"company": "company", "weight": "number kg", "docs": "number kg?"},
                    "result": "batch",
                },
                "put_in": {"params": {"batch": "batch"}, "result": None},
            },
            "roles": ["receiver", "technologist"],
        }
    ),
}


def write(folder: Path) -> Path:
    """Write the small project into a folder and return its `flows`."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "flows"


def when(bad: str, good: str, at: str, hint: str) -> Example:
    """Make an example of a condition of a step."""
    line = "    when: weight > 10\n"
    return Example(FLOW, line, f"    when: {bad}\n", f"    when: {good}\n", at, hint)
