"""Where one turn happens: what it may use, what it made of an input, and how a session takes one.

The effects of `advance` are done here through the ports, inside the transaction that
`perform.serve` opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import NAMESPACE_OID, uuid5

from engine.errors import Refused
from engine.languages.catalogue import SOURCE
from engine.languages.message import Message
from engine.model.conversation import (
    Actor,
    Button,
    Chat,
    Ended,
    Input,
    Kind,
    Prompt,
    Screen,
    Session,
    Signal,
    State,
)
from engine.model.effects import (
    CancelJob,
    Carry,
    Decide,
    Effect,
    Request,
    StartJob,
    Turn,
    WakeAt,
    Withdraw,
)
from engine.model.quick import quick
from engine.model.text import Text, lines
from engine.model.values import Row, Value
from engine.model.work import TASK
from engine.ports import Ports
from engine.run import because
from engine.run.advance import advance, refused, start
from engine.run.anywhere import place_after, task_row
from engine.run.carry import Carried, carry
from engine.run.program import Program
from engine.run.rights import may_run
from engine.run.screens import card_notice, prompt_of
from engine.run.stored import pack_given
from engine.run.task_end import end_form, give_up
from engine.run.told import alarm

QUESTION, MENU_SCREEN, NOTHING = Screen("question"), Screen("menu"), Text()
SAVED, DONE = Message("Сохранено"), Message("Готово")


@quick
@dataclass(frozen=True, slots=True)
class Reaction:
    """What a screen made of an input: the chat after it, what to show, sessions that ended."""

    chat: Chat
    prompt: Prompt | None = None
    ended: tuple[Session, ...] = ()
    toast: str = ""
    alert: bool = False
    edit: bool = False
    strip: bool = False
    quiet: bool = False  # nothing new is shown and the present buttons stay
    again: bool = False  # shows the screen that there is, and keeps its turn if its buttons stay
    actor: Actor | None = None  # who reads, when he became known or changed his language just now


@quick
@dataclass(frozen=True, slots=True)
class Desk:
    """Where one turn happens: the program, the ports, who talks, the time, the language of the
    phone, and since when its door is open."""

    program: Program
    ports: Ports
    actor: Actor | None
    now: datetime
    phone: str = ""
    opened: datetime | None = None

    @property
    def language(self) -> str:
        """The language of who reads: his own, or, of nobody, that of his phone if it is one of
        the plant's."""
        if self.actor is not None:
            return self.actor.language
        return self.phone if self.phone in self.program.project.languages else SOURCE

    def said(self, prompt: Prompt) -> Prompt:
        """Return a prompt in the language of who reads; Russian costs nothing."""
        speaks = self.language in self.program.languages.speakers
        return prompt.said(self.say) if speaks else prompt

    def say(self, text: str, /) -> str:
        """Say a text in the language of who reads."""
        return self.program.languages.say(text, self.language)

    @property
    def known(self) -> Actor:
        """The actor, for screens that only a known person reaches."""
        return cast(Actor, self.actor)

    def under(self, session: Session) -> Program:
        """Return the Program that a session goes on under."""
        return self.program.under(session.digest, session.flow)

    def prompt(self, chat: Chat) -> Prompt:
        """Return the prompt of what a chat shows."""
        return prompt_of(self.program, self.ports, chat, self.actor)


def turn_of(
    desk: Desk, chat: Chat, session: Session, given: Input, *, edit: bool = False
) -> Reaction:
    """Let a session take an input, do its effects, and say what the chat shows then."""
    turn = advance(desk.under(session), session, given, desk.ports.reads)
    return _done(desk, chat, session, turn, edit=edit)


def begin(
    desk: Desk,
    chat: Chat,
    flow: str,
    given: Mapping[str, Value] | None = None,
    ended: tuple[Session, ...] = (),
    *,
    above: Text = NOTHING,
) -> Reaction:
    """Begin a flow on top of the chat's stack; `above` stands over its first question."""
    identity = uuid5(NAMESPACE_OID, f"{chat.id}:{chat.token}:{chat.turn}:{pack_given(flow, given)}")
    turn = start(desk.program, flow, desk.known, identity, desk.ports.reads, given)
    chat = replace(chat, screen=QUESTION)
    reaction = _done(desk, chat, turn.session, turn, edit=True)
    if above and reaction.prompt is not None:
        prompt = replace(reaction.prompt, text=lines(above, reaction.prompt.text))
        reaction = replace(reaction, prompt=prompt)
    return replace(reaction, ended=(*ended, *reaction.ended))


def _done(desk: Desk, chat: Chat, session: Session, turn: Turn, *, edit: bool) -> Reaction:
    """Do the effects of a turn and say what the chat shows then; a refusal of the saving
    transaction takes all of them back."""
    if not turn.effects:
        return _after(desk, chat, turn, Carried(), edit=edit)
    effects, carries = _sorted(turn.effects)
    carried = Carried()
    try:
        with desk.ports.transaction():
            for effect in effects:
                _perform(desk, chat, effect)
            if carries:
                carried = carry(desk.under(session), desk.ports, carries, desk.now)
    except Refused as stop:
        turn = refused(desk.under(session), session, stop.refusal, desk.ports.reads)
    return _after(desk, chat, turn, carried, edit=edit)


def _sorted(effects: tuple[Effect, ...]) -> tuple[tuple[Effect, ...], tuple[Carry, ...]]:
    carries = tuple(effect for effect in effects if isinstance(effect, Carry))
    return tuple(effect for effect in effects if not isinstance(effect, Carry)), carries


def _perform(desk: Desk, chat: Chat, effect: Effect) -> None:
    match effect:
        case Request():
            desk.ports.deviations.request(effect, chat.id, desk.now)
            card = card_notice(desk.program, effect)
            if not desk.ports.outbox.notify(card):
                escalation = desk.program.project.escalation
                alarm(escalation, desk.ports.outbox, card.key, effect.card.first_line)
        case Withdraw(deviation, reason):
            desk.ports.deviations.withdraw(deviation, reason, desk.now)
        case StartJob(identity, job, arguments, session):
            desk.ports.jobs.start(job, identity, arguments, session, chat.id)
        case CancelJob(identity):
            desk.ports.jobs.cancel(identity)
        case WakeAt(session, step, at):
            key = f"{session}:{step}:{at.isoformat()}"
            desk.ports.outbox.signal(chat.id, key, Signal(Kind.CLOCK, session), at)
        case Decide() | Carry():
            raise TypeError(f"{type(effect).__name__} is not an effect of a conversation's turn")


def _after(desk: Desk, chat: Chat, turn: Turn, carried: Carried, *, edit: bool) -> Reaction:
    session = turn.session
    others = tuple(other for other in chat.sessions if other.id != session.id)
    if session.state.live:
        sessions = (*others, session)
        if turn.prompt is None:
            return Reaction(replace(chat, sessions=sessions), quiet=True)
        said = any(button.act == "show" for button in turn.prompt.buttons[:1])
        screen = Screen("said", str(turn.prompt.text.said(desk.say))) if said else QUESTION
        chat = replace(chat, sessions=sessions, screen=screen)
        prompt = desk.prompt(chat) if said else turn.prompt
        if carried.text:
            prompt = replace(prompt, text=lines(carried.text, prompt.text))
        return Reaction(chat, prompt, toast=turn.toast, edit=edit)
    return _ended(desk, chat, replace(turn, session=session), carried, others, edit=edit)


def _ended(
    desk: Desk,
    chat: Chat,
    turn: Turn,
    carried: Carried,
    others: tuple[Session, ...],
    *,
    edit: bool,
) -> Reaction:
    """Show how a session ended; a flow that it opens begins at once."""
    session = turn.session
    flow = desk.under(session).flows[session.flow]
    saves = bool(flow.blocks["save"])
    spoken = str(lines(carried.text, session.result).said(desk.say))
    said = spoken or desk.say(SAVED if saves else DONE)
    session = replace(session, result=said)
    end_form(desk.ports, desk.known, session, desk.now, flow)
    ended = Ended(chat.turn, session.state, f"{desk.now:%H:%M}", said)
    chat = replace(chat, sessions=others, screen=Screen("said", said), ended=ended)
    opened = carried.open
    if opened is not None and may_run(desk.program, opened.flow, opened.given, desk.known):
        above = Text.of(said) + "\n" if spoken or saves else NOTHING  # what follows says it all
        reaction = begin(desk, chat, opened.flow, opened.given, (session,), above=above)
        _take_task_of(desk, reaction.chat.top)
        return reaction
    own = tuple((Button(*button),) for button in carried.buttons)
    place = place_after(desk.program, chat, session, desk.ports.tasks)
    if place is not None and chat.top is None:
        shown = over(said, desk.prompt(place))
        prompt = replace(shown, keyboard=(*own, *shown.keyboard))
        return Reaction(place, prompt, (session,), edit=edit)
    prompt = Prompt(Text.of(said), (*own, *desk.prompt(chat).keyboard))
    return Reaction(chat, prompt, (session,), edit=edit)


def _take_task_of(desk: Desk, session: Session | None) -> None:
    """Let a form that was opened do the task that asks for it, if there is one."""
    if session is None:
        return
    about = {row.id for row in session.given.values() if isinstance(row, Row)}
    for task in desk.ports.tasks.open_for(desk.known, desk.now):
        same = task.wanted.flow == session.flow and task.wanted.record_id in about
        if same and task.state == "open":
            desk.ports.tasks.take_over(task.id, desk.known, str(session.id), desk.now)


def read_afresh(desk: Desk, flow: str, packed: Mapping[str, Value]) -> dict[str, Value] | None:
    """Return the parameters of a flow with its records read anew; None when one is gone."""
    given: dict[str, Value] = {}
    for name, value in packed.items():
        if isinstance(value, Row):
            row = _record(desk, value)
            if row is None:
                return None
            given[name] = row
        elif isinstance(value, tuple):
            given[name] = tuple(_afresh(desk, one) for one in value)
        else:
            given[name] = value
    form = desk.program.flows.get(flow)
    known = form.given if form else {}
    return {name: value for name, value in given.items() if name in known}


def _record(desk: Desk, row: Row) -> Row | None:
    """Return a record, or a task, read anew."""
    task = desk.ports.tasks.get(row.id) if row.kind == TASK else None
    return task_row(task) if task else desk.ports.reads.records.get(row.kind, row.id)


def _afresh(desk: Desk, member: Value) -> Value:
    """Return a member of a list read anew; one without a table, or that is gone, as it was kept."""
    if not isinstance(member, Row):
        return member
    return desk.ports.reads.records.get(member.kind, member.id) or member


def menu_of(chat: Chat) -> Chat:
    """Return the chat at its main menu; drafts stay."""
    return replace(chat, screen=MENU_SCREEN)


def show(
    desk: Desk,
    chat: Chat,
    *,
    toast: str = "",
    alert: bool = False,
    edit: bool = False,
    ended: tuple[Session, ...] = (),
    above: Text | str = "",
) -> Reaction:
    """Show what the chat's screen is now; `above` stands over it."""
    prompt = over(above, desk.prompt(chat)) if above else desk.prompt(chat)
    return Reaction(chat, prompt, ended, toast, alert, edit)


def over(above: Text | str, prompt: Prompt) -> Prompt:
    """Put a text and an empty line over a prompt."""
    first = Text.of(above) if isinstance(above, str) else above
    return replace(prompt, text=lines(first + "\n", prompt.text))


def owned(desk: Desk, chat: Chat) -> tuple[Chat, tuple[Session, ...]]:
    """Return a chat without the drafts of another person, and those ended: a phone was handed on,
    or a dismissed worker's chat was bound anew. Nobody goes on with answers that he never gave."""
    theirs = [one for one in chat.sessions if one.actor.id != desk.known.id]
    if not theirs:
        return chat, ()
    gone = tuple(
        give_up(desk.ports, desk.known, one, State.CANCELLED, because.OTHER_PERSON, desk.now)
        for one in theirs
    )
    rest = tuple(one for one in chat.sessions if one not in theirs)
    return menu_of(replace(chat, sessions=rest)), gone
