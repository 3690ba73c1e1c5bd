"""What a talk may say is true: `= session saved`, `= field weight 18250,5`, `= notices lab 1` …,
one function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.model.conversation import Answer, Session
from engine.model.values import Option, Row, Value, show
from engine.run.draft import Draft
from engine.steps.number import read_number
from engine.talk.phone import plain
from engine.talk.stage import Stage

NOT_GIVEN = "—"
Truth = Callable[[Stage, tuple[str, ...]], str]


def untrue(stage: Stage, words: tuple[str, ...]) -> str:
    """Return why a sentence does not hold, in Russian; an empty text when it does."""
    name, *rest = words
    if name not in TRUTHS:
        return f"не знаю «= {name}». Есть: {', '.join(sorted(TRUTHS))}"
    try:
        return TRUTHS[name](stage, tuple(rest))
    except (IndexError, ValueError):
        return f"не понял «= {' '.join(words)}»"


def _session(stage: Stage, words: tuple[str, ...]) -> str:
    state = str(_touched(stage).state) if stage.touched else "нет"
    return "" if state == words[0] else f"ждали сессию {words[0]}, а она {state}"


def _touched(stage: Stage) -> Session:
    return stage.session(stage.touched)


def _asks(stage: Stage, words: tuple[str, ...]) -> str:
    step = _touched(stage).step if stage.touched else "ничего"
    return "" if step == words[0] else f"ждали вопрос {words[0]}, а задан {step}"


def _field(stage: Stage, words: tuple[str, ...]) -> str:
    name, *rest = words
    wanted = " ".join(rest)
    if not stage.touched:
        return "ещё нет ни одной сессии"
    session = _touched(stage)
    answer = session.answers.get(name)
    if answer is None:
        return "" if wanted == "нет" else f"ждали {name} = {wanted}, а ответа нет"
    draft = Draft(stage.plant.program, session, stage.plant.ports.reads)
    shown = show(answer.value, draft.decimals(draft.located(name)))
    return "" if _same(wanted, answer, shown) else f"ждали {name} = {wanted}, а там {shown}"


def _same(wanted: str, answer: Answer, shown: str) -> bool:
    value: Value = answer.value
    number = read_number(wanted)
    if number is not None and value == number:
        return True
    if isinstance(value, Option) and wanted == value.code:
        return True
    return plain(wanted).casefold() == plain(shown).casefold()


def _records(stage: Stage, words: tuple[str, ...]) -> str:
    """Compare how many records the talk made; those of the samples do not count."""
    *kinds, count = words
    rows = [row for row in stage.plant.memory.made if not kinds or row.kind in kinds]
    return "" if len(rows) == int(count) else f"ждали записей: {count}, а их {len(rows)}"


def _record(stage: Stage, words: tuple[str, ...]) -> str:
    """Compare a field of the row made last, `record number 2211/3`, of the last one of a kind,
    `record mix state unpacking`, or of the one with an id: `record mix-1 state unpacking`."""
    memory, kinds = stage.plant.memory, stage.plant.vocabulary.records
    rows = list(memory.made)
    if words[0] in memory.rows:
        rows, words = [memory.rows[words[0]]], words[1:]
    if len(words) > 2 and words[1] in kinds.get(words[0], {}):
        rows = [row for row in memory.rows.values() if row.kind == words[0]]
        words = words[1:]
    name, wanted = words[0], " ".join(words[1:])
    if not rows:
        return "ещё нет ни одной записи"
    row: Row = rows[-1]
    if name not in row.fields:
        return f"у записи {row.kind} нет поля {name}. Есть: {', '.join(sorted(row.fields))}"
    return (
        ""
        if _same(wanted, Answer(row.fields[name]), show(row.fields[name]))
        else f"ждали {row.kind}.{name} = {wanted}, а там {show(row.fields[name])}"
    )


def _notices(stage: Stage, words: tuple[str, ...]) -> str:
    """Compare how many messages of the outbox each holder of a role got."""
    role, count = words[0], int(words[1])
    people = [one for one in stage.plant.memory.people.values() if role in one.roles]
    if not people:
        return f"в flows/samples.yaml нет человека с ролью {role}"
    letters = list(stage.plant.memory.letters.values())
    for person in people:
        got = sum(one.kind == "message" and one.person == person.id for one in letters)
        if got != count:
            return f"ждали сообщений для {role}: {count}, а {person.name} получил(а) {got}"
    return ""


def _papers(stage: Stage, words: tuple[str, ...]) -> str:
    found = sum(letter.kind == "paper" for letter in stage.plant.memory.letters.values())
    return "" if found == int(words[0]) else f"ждали документов: {words[0]}, а их {found}"


def _deviation(stage: Stage, words: tuple[str, ...]) -> str:
    kept = list(stage.plant.memory.deviations.values())
    state = kept[-1].state if kept else "нет"
    return "" if state == words[0] else f"ждали отклонение {words[0]}, а оно {state}"


def _deviations(stage: Stage, words: tuple[str, ...]) -> str:
    found = len(stage.plant.memory.deviations)
    return "" if found == int(words[0]) else f"ждали отклонений: {words[0]}, а их {found}"


def _task(stage: Stage, words: tuple[str, ...]) -> str:
    """Compare the state of the last task of a kind: `task unpack_mix open`."""
    kind, state = words
    kept = [one for one in stage.plant.memory.tasks.values() if one.wanted.kind == kind]
    found = kept[-1].state if kept else "нет"
    return "" if found == state else f"ждали задачу {kind} {state}, а она {found}"


def _occupied(stage: Stage, words: tuple[str, ...]) -> str:
    """Compare how many records hold places of a resource: `occupied press_line_1 1`."""
    resource, count = words
    held = stage.plant.memory.places.get(resource, ())
    return "" if len(held) == int(count) else f"ждали занятых {resource}: {count}, а их {len(held)}"


def _waits(stage: Stage, words: tuple[str, ...]) -> str:
    """Look into why a record waits: `waits mix-2 пресс линии 1`; `waits mix-2` waits for
    nothing."""
    identity, wanted = words[0], " ".join(words[1:])
    why = [text for (row, _), text in stage.plant.memory.waits.items() if row == identity]
    holds = any(wanted in text for text in why) if wanted else not why
    return "" if holds else f"ждали «{wanted}», а {identity} ждёт: {'; '.join(why) or 'ничего'}"


TRUTHS: Mapping[str, Truth] = {
    "session": _session,
    "asks": _asks,
    "field": _field,
    "records": _records,
    "record": _record,
    "task": _task,
    "occupied": _occupied,
    "waits": _waits,
    "notices": _notices,
    "papers": _papers,
    "deviation": _deviation,
    "deviations": _deviations,
}
