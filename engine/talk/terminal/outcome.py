"""What a played form would save: operations with their parameters, transitions, decisions, tasks,
documents, reports, notices. Start at `outcome`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.languages.message import Message, listed
from engine.model.conversation import Answer
from engine.model.files import FileRef
from engine.model.values import Row, Value, show
from engine.talk.memory import KeptLetter, Memory, Ran
from engine.talk.plant import Plant

Said = tuple[int, Message]  # how deep a line stands under another, and what it says
MOST_LISTED = 12  # files or rows of one parameter that are written out


def outcome(plant: Plant) -> Iterator[Said]:
    """Write everything that was done on a plant since its start."""
    memory, found = plant.memory, False
    for lines in (
        _operations(memory),
        _transitions(plant),
        _decisions(memory),
        _tasks(plant),
        _papers(memory),
        _notices(memory),
    ):
        for line in lines:
            if not found:
                yield 0, Message("Было бы сохранено:")
            found = True
            yield line
    if not found:
        yield 0, Message("Ничего не было бы сохранено")


def _operations(memory: Memory) -> Iterator[Said]:
    for ran in memory.ran:
        made = memory.rows.get(ran.made)
        words = {"name": ran.operation, "made": f"{made.kind} {_named(made)}" if made else ""}
        yield 1, Message("операция {name} → {made}" if made else "операция {name}", words)
        for name, value in _flat(ran):
            yield 2, Message("{name} = {value}", {"name": name, "value": _value(value)})


def _flat(ran: Ran) -> Iterator[tuple[str, Value]]:
    """Give the parameters of an operation, the answers of a form one by one."""
    for name, value in ran.parameters.items():
        if isinstance(value, Mapping):
            for inner, answer in value.items():
                held = answer.value if isinstance(answer, Answer) else answer
                if held is not None:
                    yield f"{name}.{inner}", held
        else:
            yield name, value


def _named(row: Row) -> str:
    said = row.fields.get("number") or row.fields.get("name") or row.title or row.id
    return show(said)


def _value(value: Value) -> str:
    match value:
        case Row():
            return _row(value)
        case tuple() if any(isinstance(one, FileRef) for one in value):
            names = [one.name or one.mime for one in value if isinstance(one, FileRef)]
            return listed(names[:MOST_LISTED])
        case tuple():
            more = ("…",) if len(value) > MOST_LISTED else ()
            return listed([*map(_value, value[:MOST_LISTED]), *more], "; ") or "—"
        case _:
            return show(value)


def _row(row: Row) -> str:
    """Write a record by its name, a row of a list by its fields."""
    if row.title or not row.fields:
        return row.title or row.id
    parts = [
        listed((name, show(item)), ": ")
        for name, item in row.fields.items()
        if item is not None and not isinstance(item, tuple)
    ]
    return listed(parts)


def _transitions(plant: Plant) -> Iterator[Said]:
    machines = plant.program.lifecycles.values()
    titles = {
        (one.lifecycle.lifecycle, name): state.title
        for one in machines
        for name, state in one.lifecycle.states.items()
    }
    for identity, history in plant.memory.history.items():
        row = plant.memory.rows[identity]
        for line in history:
            change = line.change
            words = {
                "name": change.transition,
                "kind": row.kind,
                "row": _named(row),
                "source": titles.get((change.lifecycle, change.source), change.source),
                "to": titles.get((change.lifecycle, change.to), change.to),
            }
            yield 1, Message("переход {name}: {kind} {row}, {source} → {to}", words)


def _decisions(memory: Memory) -> Iterator[Said]:
    for kept in memory.deviations.values():
        words = {"step": kept.step, "state": kept.state, "who": kept.decider or "—"}
        yield 1, Message("отклонение {step}: {state}, решает {who}", words)


def _tasks(plant: Plant) -> Iterator[Said]:
    for task in plant.memory.tasks.values():
        words = {
            "kind": task.wanted.kind,
            "title": task.wanted.title,
            "roles": listed(_roles(plant, task.wanted.to.roles)),
            "state": task.state,
        }
        yield 1, Message("задача {kind} ({roles}): {title}, {state}", words)


def _roles(plant: Plant, roles: Iterable[str]) -> list[str]:
    return [plant.program.project.roles.get(role, role) for role in roles]


def _papers(memory: Memory) -> Iterator[Said]:
    for letter in memory.letters.values():
        person = memory.people[letter.person].name if letter.person else ""
        if letter.paper is not None:
            row = memory.rows.get(letter.paper.record_id)
            words = {"name": letter.paper.document, "row": _named(row) if row else "", "to": person}
            yield 1, Message("документ {name}: {row} → {to}", words)
        if letter.report is not None:
            yield 1, Message("отчёт {name} → {to}", {"name": letter.report.report, "to": person})


def _notices(memory: Memory) -> Iterator[Said]:
    """Write each message once, with everybody who gets it."""
    told: dict[str, list[KeptLetter]] = {}
    for letter in memory.letters.values():
        if letter.kind == "message":
            told.setdefault(letter.key, []).append(letter)
    for letters in told.values():
        names = [memory.people[one.person].name for one in letters]
        text = letters[0].text.message
        yield 1, Message("сообщение → {names}: {text}", {"names": listed(names), "text": text})
