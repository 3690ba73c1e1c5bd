"""A small project on which the examples of the rules are tried; as it stands it has no findings."""

from __future__ import annotations

import json
from pathlib import Path

from engine.check.example_layouts import document, workbook
from engine.check.rule import Example
from engine.languages.po import extract, translate
from engine.load.project import load_project
from engine.load.texts import plant_sources

FLOW = "flows/area/delivery.yaml"
CALLED = "flows/area/sizes.yaml"
LIFE = "flows/lifecycles/batch.yaml"
LIMITS = "flows/limits.yaml"
LOAD = "flows/lifecycles/load.yaml"
MEASURED = "flows/area/measuring.yaml"
MENU = "flows/menu.yaml"
POLICIES = "flows/policies.yaml"
PROJECT = "flows/project.yaml"
REPORT = "flows/reports/stock.yaml"
FORM = "flows/reports/sheet/report.yaml"
DOCUMENT = "templates/act/document.yaml"
ENGLISH = "locales/en/LC_MESSAGES/flows.po"

FILES = {
    PROJECT: """\
plant: {name: Учебный завод, zone: Europe/Moscow, production_day: "07:00"}
languages: {ru: Русский}
units:
  kg: {decimals: 3}
  °C: {decimals: 1, range: [-60, 40]}
roles:
  porter: Грузчик
  foreman: Бригадир
  guard: Сторож
duties: {forms: [foreman]}
crews:
  loaders: [{when: load.line == 1, role: porter}, {role: foreman}]
resources:
  dock_1: {title: Ворота 1}
  dock_2: {title: Ворота 2}
""",
    POLICIES: """\
- {every: {transition: give_up}, has: reason}
- {before: {lifecycle: load, state: shipped}, always: loaded}
""",
    LOAD: """\
lifecycle: load
record: load
title: Погрузка
states:
  queued: {title: В очереди, owner: foreman}
  loading:
    title: Грузится
    owner: crew(loaders)
    occupies: ["dock_{line}"]
    tasks:
      - {kind: load_it, for: crew(loaders), buttons: [finish, give_up], warn: 10m, breach: 20m}
    timers:
      - {name: late, after: 2h, do: [{notify: foreman, text: "Погрузка {number} ждёт"}]}
  loaded: {title: Погружена, owner: foreman}
  shipped: {title: Отправлена, final: true}
  lost: {title: Отменена, final: true}
transitions:
  plan: {title: Создать, from: new, to: queued, by: foreman}
  start:
    from: queued
    to: loading
    by: system
    queue: [number]
    choose: {line: lines_for(load)}
    require:
      - {that: kg > 0, say: ждёт груз}
  finish: {title: Готово, from: loading, to: loaded, by: crew(loaders), set: {kg: 5}}
  give_up: {title: Отказаться, from: loading, to: lost, by: crew(loaders), reason: true}
  ship:
    title: Отправить
    from: loaded
    to: shipped
    by: porter
    sign: {by: foreman}
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
    MENU: "- {title: Приёмка, flow: delivery, roles: [porter]}\n",
    LIFE: """\
lifecycle: batch
record: batch
title: Партия
states:
  received: {title: Принята, owner: porter}
  done: {title: Закрыта, final: true}
transitions:
  accept:
    title: Принять
    from: new
    to: received
    by: porter
    require:
      - {that: batch.weight > 0, say: Масса должна быть больше нуля}
    do: [{run: put_in, with: {batch: batch}}]
  close: {from: received, to: done, by: porter}
""",
    FLOW: """\
flow: delivery
title: Приёмка
roles: [porter]
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
      decide: foreman
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
  - run: keep
    with: {answers: answers}
after:
  - reply: "Партия {taken.number}"
  - notify: foreman
    text: "Новая партия {taken.number}: {condition}"
    buttons: [{title: Закрыть, fire: close, on: taken}]
  - document: act
    from: taken
  - report: stock
    with: {least: weight}
""",
    CALLED: """\
flow: sizes
title: Размеры
given: {least: number kg}
steps:
  - number: size
    unit: kg
    range: [least, 100]
    prompt: Размер
result: {size: size}
""",
    MEASURED: """\
flow: measuring
title: Обмер
roles: [porter]
given: {load: "load?"}
anywhere: true
steps:
  - call: size
    flow: sizes
    with: {least: 1}
  - review: {save: Готово}
after:
  - reply: "Размер {size.size} кг"
  - notify: foreman
    when: is_set(load)
    text: "Погрузка {load.number}: {size.size} кг"
""",
    REPORT: """\
report: stock
title: Сырьё
file: "Сырьё {period}.xlsx"
roles: [porter, foreman]
params:
  period: {title: Период, type: period}
  least: {title: Не меньше, type: number kg}
  company: {title: Компания, type: "company?"}
styles: {lead: {colour: FF0000}}
blocks:
  - source: stock(period)
    where: it.weight > least
    filters: {company: it.company}
    order: [it.company.name, it.weight desc]
    group: {by: it.company, first: lead, columns: [number], total: Итого}
    columns:
      - {title: Номер, name: number, value: it.number, total: count}
      - {title: Масса, name: kg, value: it.weight, format: "0.00", total: sum}
      - {title: Вдвое, formula: kg * 2, format: 0.0 kg, total: kg * 2}
  - source: stock(period)
    columns: [{title: Номер, value: it.number}]
    pivot: {by: it.company, title: "{it.company.name}", cell: it.weight}
""",
    FORM: """\
report: sheet
title: Лист партии
file: "Лист {number}.xlsx"
roles: [foreman]
params: {number: {title: Номер, type: text}}
cells: {number: number}
blocks:
  - source: parts(number)
    row: parts
    columns: [{title: Часть, value: it.number}, {title: Масса, value: it.weight}]
""",
    DOCUMENT: """\
document: act
title: Акт
record: batch
file: "Акт {number}.docx"
fields:
  number: number
  weight: weight
  company: company
  parts: parts
later: [fat]
""",
    "flows/.vocabulary.json": json.dumps(
        {
            "records": {
                "batch": {
                    "number": "text",
                    "weight": "number kg",
                    "company": "company",
                    "parts": "list of batch",
                },
                "company": {"name": "text"},
                "load": {
                    "number": "text",
                    "line": "integer?",
                    "kg": "number kg",
                    "state": "text",
                    "made_by": "person?",
                    "guard": "person?",
                },
                "person": {"full_name": "text"},
            },
            "catalogues": {"companies": "company"},
            "facts": {
                "stock": {"params": ["period"], "result": "list of batch"},
                "parts": {"params": ["text"], "result": "list of batch"},
                "heaviest": {"params": [], "result": "batch"},
                "has_role": {"params": ["person", "role"], "result": "bool"},
                "held_by": {"params": ["role"], "result": "integer"},
                "lines_for": {"params": ["load"], "result": "list of integer"},
            },
            "jobs": {"search": {"params": {"number": "text"}, "result": "batch"}},
            "operations": {
                "take": {
                    "params": {"company": "company", "weight": "number kg", "docs": "number kg?"},
                    "result": "batch",
                },
                "keep": {
                    "params": {
                        "answers": "answers?",
                        "count": "integer?",
                        "temp": "number °C?",
                        "reason": "text?",
                        "tags": "integer?",
                    },
                    "result": None,
                },
                "put_in": {"params": {"batch": "batch"}, "result": None},
            },
            "roles": ["guard"],
            "duties": ["forms"],
        }
    ),
}
LAYOUTS = {
    "flows/reports/sheet/layout.xlsx": workbook({"number": "$A$1", "parts": "$A$3:$B$3"}),
    "templates/act/layout.docx": document(
        "{{ draft }} {{ now_date|day }} {{ number }} {{ weight|number(2) }} {{ fat }}",
        "{{ company.name }}",
        "{% for part in parts %}{{ loop.index }} {{ part.number }} {{ part.weight }}{% endfor %}",
    ),
}


def write(folder: Path, *, spoken: bool = False) -> Path:
    """Write the small project into a folder and return its `flows`; with `spoken` it has a second
    language, in which every text says the Russian one."""
    files = {name: text.encode() for name, text in FILES.items()} | LAYOUTS
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if spoken:
        speak(folder)
    return folder / "flows"


def speak(folder: Path) -> None:
    """Add a language: a line in project.yaml, a folder of translations."""
    project = folder / PROJECT
    text = project.read_text("utf-8")
    project.write_text(text.replace("{ru: Русский}", "{ru: Русский, en: English}", 1), "utf-8")
    loaded, _ = load_project(folder / "flows")
    assert loaded is not None  # the small project has no findings
    path = folder / ENGLISH
    extract(path, "en", plant_sources(loaded))
    translate(path, "en", lambda words: words)


def when(bad: str, good: str, at: str, hint: str) -> Example:
    """Make an example of a condition of a step."""
    line = "    when: weight > 10\n"
    return Example(FLOW, line, f"    when: {bad}\n", f"    when: {good}\n", at, hint)


JOB = (
    "  - text: slip\n    starts: {job: search, as: paper, with: {number: slip}}\n"
    "    prompt: Номер\n"
)
WAIT = "  - wait: sought\n    for: paper\n    leave: Пропустить\n    prompt: Ищу\n"
TAGS = "  - integer: tags\n"


def rows(keys: str) -> str:
    """Return a list of rows with some keys, written before the last question."""
    steps = "    steps:\n      - integer: pieces\n        prompt: Кусков\n"
    return "  - repeat: rows_of\n" + keys + steps + TAGS
