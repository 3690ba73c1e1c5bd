"""Sessions, chats and other values as plain JSON and back, exactly: what a row keeps is what a
turn continues from.

Values carry a one-letter tag where JSON has no such kind: {"d": "12.5"} is a Decimal, {"o":
[code, title, new]} an Option, with the number as a fourth where one was typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.errors import EngineError
from engine.languages import packed
from engine.model.conversation import (
    Actor,
    Album,
    Answer,
    Bounds,
    Button,
    Chat,
    Ended,
    Input,
    Kind,
    Screen,
    Session,
    State,
    Verdict,
)
from engine.model.effects import Paper, ReportWanted
from engine.model.fields import known
from engine.model.files import FileRef
from engine.model.values import Option, Row, Value

Json = Any  # what json.dumps takes
BY_NAME = ("arguments", "depended")  # what an answer keeps as values by their names
Alive = Callable[[Row], Row]


def pack(value: Value) -> Json:
    """Return a value as JSON. Raises EngineError for a kind that no answer may hold."""
    match value:
        case None | bool() | str() | int():
            return value
        case Decimal():
            return {"d": str(value)}
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"y": value.isoformat()}
        case time():
            return {"h": value.isoformat()}
        case timedelta():
            return {"s": str(value // timedelta(microseconds=1))}
        case Option(code, title, new, number):
            said = packed.pack(title)
            return {"o": [code, said, new] if number is None else [code, said, new, str(number)]}
        case Row(kind, identity, title, fields):
            return {
                "r": [
                    kind,
                    identity,
                    title,
                    {name: pack(item) for name, item in known(fields).items()},
                ]
            }
        case FileRef(key, sha256, size, mime, name, original):
            return {"f": [key, sha256, size, mime, name, *([original] if original else ())]}
        case tuple():
            return {"l": [pack(item) for item in value]}
        case _:
            raise EngineError(f"a {type(value).__name__} cannot be stored")


def as_kept(record: Row) -> Row:
    """Return a record as it was kept."""
    return record


def unpack(data: Json, alive: Alive = as_kept) -> Value:
    """Return the value of JSON made by `pack`; `alive` gives a record the fields that were not
    kept with it."""
    if not isinstance(data, dict):
        plain: Value = data
        return plain
    ((tag, body),) = data.items()
    match tag:
        case "d":
            return Decimal(body)
        case "t":
            return datetime.fromisoformat(body)
        case "y":
            return date.fromisoformat(body)
        case "h":
            return time.fromisoformat(body)
        case "s":
            return timedelta(microseconds=int(body))
        case "o":
            code, title, new, *number = body
            said = packed.unpack(title)
            return Option(code, said, new, Decimal(number[0]) if number else None)
        case "r":
            kind, identity, title, fields = body
            kept = {name: unpack(item, alive) for name, item in fields.items()}
            return alive(Row(kind, identity, title, kept))
        case "f":
            return FileRef(*body)
        case "l":
            return tuple(unpack(item, alive) for item in body)
        case _:
            raise EngineError(f"unknown tag {tag} in a stored value")


def pack_bounds(bounds: Bounds | None) -> Json:
    """Return bounds as JSON."""
    if bounds is None:
        return None
    return [
        bounds.name,
        pack(bounds.least),
        pack(bounds.most),
        bounds.unit,
        bounds.version,
        bounds.source,
    ]


def unpack_bounds(data: Json) -> Bounds | None:
    """Return bounds of JSON made by `pack_bounds`."""
    if data is None:
        return None
    name, least, most, unit, version, source = data
    return Bounds(name, unpack(least), unpack(most), unit, version, source)


def pack_answers(answers: Mapping[str, Answer]) -> Json:
    """Return answers as JSON, by their address; what was added to answers later is kept only
    where it is set, so that sessions of before read the same."""
    return {name: _pack_answer(answer) for name, answer in answers.items()}


def _pack_answer(answer: Answer) -> Json:
    plain = [pack(answer.value), pack_bounds(answer.bounds), answer.deviation, answer.approved]
    rest = {
        "preset": answer.preset,
        "confirmed": answer.confirmed,
        "reason": answer.reason,
        "evidence": pack(answer.evidence) if answer.evidence else None,
        "job": answer.job,
        **{
            name: {key: pack(item) for key, item in getattr(answer, name).items()}
            for name in BY_NAME
        },
    }
    kept = {name: item for name, item in rest.items() if item}
    return [*plain, kept] if kept else plain


def _unpack_answer(data: Json, alive: Alive) -> Answer:
    value, bounds, deviation, approved, *more = data
    rest = dict(more[0]) if more else {}
    if "evidence" in rest:
        rest["evidence"] = unpack(rest["evidence"])
    for name in BY_NAME:
        if name in rest:
            rest[name] = {key: unpack(item, alive) for key, item in rest[name].items()}
    return Answer(unpack(value, alive), unpack_bounds(bounds), deviation, approved, **rest)


def unpack_answers(data: Json, alive: Alive = as_kept) -> dict[str, Answer]:
    """Return answers of JSON made by `pack_answers`."""
    return {name: _unpack_answer(kept, alive) for name, kept in data.items()}


def pack_session(session: Session) -> Json:
    """Return a session as JSON, without its actor's roles: those are read anew at every input."""
    return {
        "id": str(session.id),
        "flow": session.flow,
        "digest": session.digest,
        "actor": [session.actor.id, session.actor.name, session.actor.language],
        "step": session.step,
        "answers": pack_answers(session.answers),
        "given": {name: pack(item) for name, item in session.given.items()},
        "trail": list(session.trail),
        "editing": session.editing,
        "look": {name: pack(item) for name, item in session.look.items()},
        "state": str(session.state),
        "waiting": session.waiting,
        "asked": session.asked,
        "album": [session.album.group, session.album.step] if session.album else None,
        "result": session.result,
        "redo": list(session.redo),
        "changed": list(session.changed),
    }


def unpack_session(data: Json, alive: Alive = as_kept) -> Session:
    """Return the session of JSON made by `pack_session`; its records made alive."""
    identity, name, language = data["actor"]
    return Session(
        UUID(data["id"]),
        data["flow"],
        data["digest"],
        Actor(identity, name, frozenset(), language),
        data["step"],
        unpack_answers(data["answers"], alive),
        {name: unpack(item, alive) for name, item in data["given"].items()},
        tuple(data["trail"]),
        data["editing"],
        {name: unpack(item, alive) for name, item in data["look"].items()},
        State(data["state"]),
        data["waiting"],
        data["asked"],
        Album(*data["album"]) if data["album"] else None,
        data["result"],
        tuple(data.get("redo", ())),
        tuple(data.get("changed", ())),
    )


def pack_chat(chat: Chat) -> Json:
    """Return a chat as JSON, without its sessions: each is a row of its own."""
    return {
        "token": chat.token,
        "turn": chat.turn,
        "screen": [chat.screen.name, chat.screen.arg],
        "buttons": [[button.title, button.act, button.arg] for button in chat.buttons],
        "ended": [chat.ended.turn, str(chat.ended.state), chat.ended.at, chat.ended.text]
        if chat.ended
        else None,
        "answered_at": chat.answered_at,
        "touched": chat.touched.isoformat() if chat.touched else None,
        "held": _pack_held(chat.held),
    }


def _pack_held(held: Input | None) -> Json:
    if held is None:
        return None
    return [str(held.kind), held.said, held.act, held.arg, pack(held.sent), held.album]


def _unpack_held(data: Json) -> Input | None:
    if data is None:
        return None
    kind, said, act, arg, sent, album = data
    files = tuple(FileRef(*one["f"]) for one in sent["l"])
    return Input(Kind(kind), said, act, arg, files, album)


def unpack_chat(identity: int, data: Json, sessions: tuple[Session, ...]) -> Chat:
    """Return the chat of JSON made by `pack_chat`, with its live sessions, the top one last."""
    ended = data["ended"]
    return Chat(
        identity,
        data["token"],
        data["turn"],
        Screen(*data["screen"]),
        tuple(Button(*button) for button in data["buttons"]),
        sessions,
        Ended(ended[0], State(ended[1]), ended[2], ended[3]) if ended else None,
        data["answered_at"],
        datetime.fromisoformat(data["touched"]) if data.get("touched") else None,
        _unpack_held(data.get("held")),
    )


def pack_verdict(verdict: Verdict) -> Json:
    """Return a decision as JSON."""
    return [verdict.deviation, verdict.answer, verdict.comment, verdict.decider]


def unpack_verdict(data: Json) -> Verdict:
    """Return the decision of JSON made by `pack_verdict`."""
    return Verdict(*data)


def pack_paper(paper: Paper) -> Json:
    """Return a document to make as JSON."""
    return [
        paper.key,
        paper.document,
        paper.record,
        paper.record_id,
        paper.person,
        paper.version,
    ]


def unpack_paper(data: Json) -> Paper:
    """Return the document to make of JSON made by `pack_paper`."""
    return Paper(*data)


def pack_report(report: ReportWanted) -> Json:
    """Return a report to make as JSON."""
    arguments = {name: pack(item) for name, item in report.arguments.items()}
    return [report.key, report.report, arguments, report.person, report.version]


def unpack_report(data: Json, alive: Alive = as_kept) -> ReportWanted:
    """Return the report to make of JSON made by `pack_report`."""
    key, report, arguments, *rest = data
    return ReportWanted(
        key, report, {name: unpack(item, alive) for name, item in arguments.items()}, *rest
    )


def pack_given(flow: str, given: Mapping[str, Value] | None) -> str:
    """Write a flow with its parameters as the argument of a button; records by kind and id alone,
    since they are read afresh when it is pressed."""
    if not given:
        return flow
    bare = {
        name: pack(Row(value.kind, value.id, value.title) if isinstance(value, Row) else value)
        for name, value in given.items()
    }
    body = json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{flow}?{body}"


def draft_key(session: Session) -> str:
    """Return what tells the drafts of a chat apart: the flow and what it is about, written as the
    button that opens it."""
    return pack_given(session.flow, session.given)


def unpack_given(argument: str) -> tuple[str, dict[str, Value]]:
    """Read what `pack_given` wrote.

    >>> flow, given = unpack_given(pack_given("new_blank", {"line": Option("mko", "пет-фуд")}))
    >>> flow, given["line"].code, given["line"].title
    ('new_blank', 'mko', 'пет-фуд')
    """
    flow, _, body = argument.partition("?")
    return flow, {name: unpack(item) for name, item in json.loads(body or "{}").items()}
