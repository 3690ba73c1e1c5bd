"""Where one turn happens: what it may use, what it made of an input, and how a session takes one.

The effects of `advance` are done here through the ports, inside the transaction that
`perform.serve` opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from engine.errors import Refused
from engine.languages.catalogue import SOURCE
from engine.languages.message import Message
from engine.model.conversation import Actor, Chat, Ended, Input, Prompt, Screen, Session, State
from engine.model.effects import Carry, Decide, Effect, Request, Turn, Withdraw
from engine.model.text import Text, lines
from engine.ports import Ports
from engine.run.advance import advance, refused
from engine.run.carry import carry
from engine.run.program import Program
from engine.run.screens import card_notice, prompt_of

QUESTION, MENU_SCREEN = Screen("question"), Screen("menu")
SAVED = Message("Сохранено")


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
    actor: Actor | None = None  # who reads, when he became known or changed his language just now


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one turn happens: the program, the ports, who talks, the time, the language of the
    phone."""

    program: Program
    ports: Ports
    actor: Actor | None
    now: datetime
    phone: str = ""

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

    def prompt(self, chat: Chat) -> Prompt:
        """Return the prompt of what a chat shows."""
        return prompt_of(self.program, self.ports, chat, self.actor)


def turn_of(
    desk: Desk, chat: Chat, session: Session, given: Input, *, edit: bool = False
) -> Reaction:
    """Let a session take an input, do its effects, and say what the chat shows then."""
    turn = advance(desk.program, session, given, desk.ports.reads)
    effects, carries = _sorted(turn.effects)
    text = Text()
    try:
        with desk.ports.transaction():
            for effect in effects:
                _perform(desk, chat, effect)
            if carries:
                text = carry(desk.program, desk.ports, carries, desk.now)
    except Refused as stop:
        turn = refused(desk.program, session, stop.refusal, desk.ports.reads)
    return _after(desk, chat, turn, text, edit=edit)


def _sorted(effects: tuple[Effect, ...]) -> tuple[tuple[Effect, ...], tuple[Carry, ...]]:
    carries = tuple(effect for effect in effects if isinstance(effect, Carry))
    return tuple(effect for effect in effects if not isinstance(effect, Carry)), carries


def _perform(desk: Desk, chat: Chat, effect: Effect) -> None:
    match effect:
        case Request():
            desk.ports.deviations.request(effect, chat.id, desk.now)
            desk.ports.outbox.notify(card_notice(desk.program, effect))
        case Withdraw(deviation, reason):
            desk.ports.deviations.withdraw(deviation, reason, desk.now)
        case Decide() | Carry():
            raise TypeError(f"{type(effect).__name__} is not an effect of a conversation's turn")


def _after(desk: Desk, chat: Chat, turn: Turn, text: Text, *, edit: bool) -> Reaction:
    session = turn.session
    others = tuple(other for other in chat.sessions if other.id != session.id)
    if session.state.live:
        chat = replace(chat, sessions=(*others, session))
        if turn.prompt is None:
            return Reaction(chat, quiet=True)
        said = turn.prompt.buttons[:1] and turn.prompt.buttons[0].act == "show"
        screen = Screen("said", str(turn.prompt.text)) if said else QUESTION
        chat = replace(chat, screen=screen)
        return Reaction(
            chat, desk.prompt(chat) if said else turn.prompt, toast=turn.toast, edit=edit
        )
    said_last = str(lines(text, session.result).said(desk.say)) or desk.say(SAVED)
    session = replace(session, result=said_last)
    ended = Ended(chat.turn, session.state, f"{desk.now:%H:%M}", said_last)
    chat = replace(chat, sessions=others, screen=Screen("said", said_last), ended=ended)
    return Reaction(
        chat, Prompt(Text.of(said_last), desk.prompt(chat).keyboard), (session,), edit=edit
    )


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


def dropped(session: Session) -> Session:
    """Return a session cancelled by its worker."""
    return replace(session, state=State.CANCELLED, waiting="")
