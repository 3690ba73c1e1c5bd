"""A lifecycle's transition: (lifecycle, record, transition, who) → what to do, or why not. Pure.

Start at `move`. Nothing is done here: a `Move` is planned and `engine.run.fire` does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.actions.base import Action
from engine.errors import EngineError, Refusal
from engine.expressions.compile import EvaluationError
from engine.languages.message import filled
from engine.model.conversation import Actor
from engine.model.fields import over
from engine.model.values import Option, Row, Value, show
from engine.model.work import Receivers, Signature
from engine.run.around import Around, Env, resource_of, resource_title
from engine.run.machine import LifecycleMachine
from engine.schema.lifecycle import SAME, SYSTEM, Transition, Who
from engine.steps.base import texts_allowed

_BROKEN = (EvaluationError, EngineError)


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted transition: the state left, the state reached, fields that get a value, places
    freed and taken, what is done with it in the same transaction.

    `stays` when the record is not moved at all. `second` confirmed it."""

    lifecycle: str
    transition: str
    source: str
    to: str
    do: tuple[Action, ...] = ()
    sets: Mapping[str, Value] = field(default_factory=dict)
    frees: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    stays: bool = False
    reason: str = ""
    second: Actor | None = None


@dataclass(frozen=True, slots=True)
class SignatureWanted:
    """A transition that waits for a second person: the record stays where it is."""

    signature: Signature
    title: str
    to: Receivers
    warn_s: int
    breach_s: int


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked of a record: which transition, by whom (None: the system), why, with which
    values for `set:`, for the system with which fields chosen, and who confirmed the command of
    the first."""

    transition: str
    actor: Actor | None
    reason: str = ""
    chosen: Mapping[str, Value] = field(default_factory=dict)
    second: Actor | None = None
    signature: Signature | None = None
    given: Mapping[str, Value] = field(default_factory=dict)


def move(
    machine: LifecycleMachine, record: Row, command: Command, around: Around
) -> Move | SignatureWanted | Refusal:
    """Decide a transition of a record.

    Any error while evaluating a guard, a right or a place counts as a violation, never as a
    pass."""
    name, state = command.transition, machine.standing(record)
    title = machine.lifecycle.title_of(name)
    if command.chosen:
        record = replace(record, fields=over(record.fields, command.chosen))
    env = machine.env(record)
    form = next(
        (one for one in machine.transition(name, state) if around.holds(one.when, env)), None
    )
    if form is None:
        values = {
            "title": title,
            "record": record.title or machine.lifecycle.title,
            "state": machine.title(state),
        }
        return Refusal("«{title}» сейчас невозможно: {record} — «{state}»", values)
    return (
        _may(form.by, command.actor, env, around, title)
        or _reasoned(form, command, title)
        or guarded(machine, form, env, around)
        or _signed(machine, form, command, env, around)
        or _planned(machine, form, record, command, around)
    )


def _may(by: Who, actor: Actor | None, env: Env, around: Around, title: str) -> Refusal | None:
    if actor is None:
        right = SYSTEM in by.roles
    else:
        roles = tuple(role for role in by.roles if role != SYSTEM)
        right = around.may(actor, around.receivers(roles, env))
    if not right:
        return Refusal("Для «{title}» нужна другая роль", {"title": title})
    if not by.not_ or actor is None:
        return None
    other = around.person(by.not_, env)
    if other in (None, actor.id):
        return Refusal("«{title}» делает другой человек, не вы", {"title": title})
    return around.alike(other, actor.id, around.now) if other else None


def _reasoned(form: Transition, command: Command, title: str) -> Refusal | None:
    if form.reason is True and not command.reason.strip():
        return Refusal("Для «{title}» укажите причину", {"title": title})
    if form.length and command.reason.strip():
        return texts_allowed(command.reason.strip(), *form.length)
    return None


def guarded(
    machine: LifecycleMachine, form: Transition, env: Env, around: Around
) -> Refusal | None:
    """Return why a condition of a transition does not hold."""
    for at, guard in enumerate(form.require):
        if not around.holds(guard.that, env):
            refusal = _unmet(machine, guard.say, env, around)
            around.unmet(machine.lifecycle.lifecycle, form, at, str(refusal))
            return refusal
    return None


def _unmet(machine: LifecycleMachine, say: str, env: Env, around: Around) -> Refusal:
    try:
        return Refusal(said(machine, say, env, around))
    except _BROKEN:
        return Refusal("Условие не выполнено, и причину не сказать: {say}", {"say": say})


def _signed(
    machine: LifecycleMachine, form: Transition, command: Command, env: Env, around: Around
) -> SignatureWanted | Refusal | None:
    """Ask for a second person where one is needed, or hold the second to the rules."""
    sign, first = form.sign, command.actor
    if sign is None or first is None or not _needed(sign.when, env, around):
        return None
    title = machine.lifecycle.title_of(command.transition)
    excluded = around.person(sign.not_, env) if sign.not_ else ""
    if excluded is None:
        return Refusal("Для «{title}» не понять, кто не может подтвердить", {"title": title})
    to = around.receivers(sign.by, env)
    if command.second is None:
        kept = Signature(
            machine.lifecycle.lifecycle,
            command.transition,
            first.id,
            first.name,
            tuple(sorted(first.roles)),
            command.reason,
            tuple(one for one in (first.id, excluded) if one),
        )
        return SignatureWanted(kept, title, to, sign.warn, sign.breach)
    barred = {first.id, excluded, *(command.signature.excluded if command.signature else ())}
    if command.second.id in barred:
        return Refusal("«{title}» подтверждает другой человек, не вы", {"title": title})
    if not around.may(command.second, to):
        return Refusal("Подтвердить «{title}» должна другая роль", {"title": title})
    reasons = (around.alike(one, command.second.id, around.now) for one in sorted(barred) if one)
    return next((reason for reason in reasons if reason is not None), None)


def _needed(when: str | None, env: Env, around: Around) -> bool:
    """Tell whether a signature is needed: also when that cannot be told."""
    try:
        return when is None or around.value(when, env) is not False
    except _BROKEN:
        return True


def _planned(
    machine: LifecycleMachine, form: Transition, record: Row, command: Command, around: Around
) -> Move | Refusal:
    life, state = machine.lifecycle, machine.standing(record)
    stays = form.to == SAME
    to = state if stays else form.to
    try:
        by = command.actor
        who = Row("person", by.id, by.name, {"full_name": by.name}) if by else None
        words = {"reason": command.reason, "actor": who}
        env = over(machine.env(record), {**command.given, **words})
        sets = {name: around.value(text, env) for name, text in form.set.items()}
        after = replace(record, fields=over(record.fields, {**sets, life.field: to}))
        held = () if stays else occupied(machine, state, record, around)
        wanted = () if stays else occupied(machine, to, after, around)
    except _BROKEN as error:
        title = life.title_of(command.transition)
        return Refusal("«{title}» не получается: {error}", {"title": title, "error": str(error)})
    takes = tuple(one for one in wanted if one not in held)
    for name in takes:
        busy = no_room(name, record, around)
        if busy is not None:
            return busy
    return Move(
        life.lifecycle,
        command.transition,
        state,
        to,
        form.do,
        {**command.chosen, **sets},
        tuple(one for one in held if one not in wanted),
        takes,
        stays,
        command.reason,
        command.second,
    )


def occupied(machine: LifecycleMachine, state: str, record: Row, around: Around) -> tuple[str, ...]:
    """Return the names of the places that a record holds in a state. Raises EngineError for a
    name that project.yaml does not have."""
    form = machine.state(state)
    found = []
    for text in form.occupies if form else ():
        name = _named(machine, text, machine.env(record), around)
        if resource_of(around.project, name) is None:
            raise EngineError(f"нет места «{name}»")
        found.append(name)
    return tuple(found)


def _named(machine: LifecycleMachine, text: str, env: Env, around: Around) -> str:
    """Return the name of a place; every hole of it must be given. A choice names by its code."""
    values = {
        hole.source: _word(_given(hole.code(env, around.ask, around.now), text))
        for hole in machine.texts[text].holes
    }
    return filled(text, values)


def _word(value: Value) -> str:
    return value.code if isinstance(value, Option) else show(value)


def _given(value: Value, text: str) -> Value:
    if value is None:
        raise EngineError(f"место «{text}» не выбрано")
    return value


def no_room(name: str, record: Row, around: Around) -> Refusal | None:
    """Return why a place cannot be taken: the resource stands still, or others hold it."""
    title = resource_title(around.project, name)
    stopped = around.stopped(name)
    if stopped:
        return Refusal("ждёт: {place} остановлен: {why}", {"place": title, "why": stopped})
    others = [one for one in around.holders(name) if one.record_id != record.id]
    resource = resource_of(around.project, name)
    if resource is None or len(others) >= resource.capacity:
        holder = others[-1] if others else None
        values = {
            "place": title,
            "holder": holder.title if holder else "—",
            "time": f"{holder.since:%H:%M}" if holder else "—",
        }
        return Refusal("ждёт: {place} — занято: {holder} с {time}", values)
    return None


def said(machine: LifecycleMachine, text: str, env: Env, around: Around) -> str:
    """Fill a text of the lifecycle. Raises EvaluationError or EngineError."""
    return machine.texts[text].render(env, around.ask, around.now).message
