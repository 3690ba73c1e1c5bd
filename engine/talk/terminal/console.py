"""A form played in a terminal: what each line typed does on the stage, shown and written down.

Start at `Console.run`. Every line is played by the player of `.talk` files, so that what was typed
is a talk as well."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from engine.errors import EngineError
from engine.languages.catalogue import Say
from engine.languages.message import Message
from engine.talk.parse import Holds, Line, Sees, TalkError
from engine.talk.play import STRANGER, Player
from engine.talk.stage import Message as Shown
from engine.talk.stage import Stage
from engine.talk.terminal.opening import Opening
from engine.talk.terminal.outcome import outcome
from engine.talk.terminal.typed import PATH, Key, NotUnderstood, Own, keys, understood
from engine.talk.written import shown, written

WIDTH = 100  # columns of a row of buttons
HELP = Message(
    "Номер или название — нажать кнопку; #3 — кнопку, когда число было бы ответом; остальное — "
    "текст.\n"
    ":back назад, :cancel отмена, :why почему меня спрашивают\n"
    ":photo [сколько], :file имя.pdf — прислать фото, файл; {sticker} и другое — как в .talk\n"
    ":after 15m — время идёт (s, m, h, d)\n"
    ":as technologist — говорить за другую роль, lab2 — за второго человека\n"
    ":fact имя ответ, :record запись поле значение, :fire переход запись роль — как в .talk\n"
    ":say текст — послать как есть, :show — показать ещё раз, :quit — закончить"
)


class Console:
    """Plays one form. `read` asks for a line and returns None at the end of what is typed, `tell`
    shows a line; `say` puts the terminal's own words into the reader's language."""

    def __init__(
        self,
        stage: Stage,
        opening: Opening,
        read: Callable[[str], str | None],
        tell: Callable[[str], None],
        say: Say,
    ) -> None:
        self._stage, self._opening = stage, opening
        self._read, self._tell, self._say = read, tell, say
        self._player = Player(PATH, stage)
        self._who = opening.role
        self._seen: list[Shown] = []
        self.lines: list[Line] = []

    @property
    def talk(self) -> str:
        """What was played, as the text of a `.talk` file."""
        return "".join(f"{written(line)}\n" for line in self.lines)

    def run(self) -> None:
        """Play until the form is over or nothing more is typed, then say what would be saved."""
        if all(self._play(line) for line in self._opening.lines):
            self._shows_keys()
            while self._lives() and self._turn():
                pass
        self._close()

    def _lives(self) -> bool:
        chat = self._player.chat_of(self._opening.role)
        return self._stage.plant.ports.chats.load(chat).top is not None

    def _turn(self) -> bool:
        """Do one line; False when there are no more."""
        typed = self._read(f"{self._who}> ")
        if typed is None:
            return False
        try:
            found = understood(self._stage, self._chat, self._who, typed)
        except NotUnderstood as error:
            self._note(error.said)
            return True
        if isinstance(found, Own):
            return self._own(found)
        if self._play(found) and self._lives():
            self._shows_keys()
        return True

    @property
    def _chat(self) -> int:
        return self._player.chat_of(self._who)

    def _own(self, asked: Own) -> bool:
        """Do a word for the terminal itself; False to end."""
        match asked.word:
            case "quit":
                return False
            case "help":
                self._tell(self._say(HELP))
            case "as":
                self._become(asked.rest)
            case _:
                self._shows_screen()
        return True

    def _become(self, who: str) -> None:
        try:
            self._player.chat_of(who)
        except TalkError as error:
            self._note(error.message)
            return
        self._who = who
        self._shows_screen()

    def _play(self, line: Line) -> bool:
        """Play a line and show what came of it; False when it could not be done."""
        toasts = self._stage.toasts
        toasts.clear()
        try:
            self._player.take(line)
        except (TalkError, EngineError) as error:
            self._note(error.message if isinstance(error, TalkError) else str(error))
            return False
        self.lines.append(line)
        for chat, toast in toasts.items():
            if toast:
                self._shows(chat, "<<", str(toast))
        before, self._seen = self._seen, list(self._stage.messages)
        for message in self._seen[len(before) :]:
            self._shows(message.chat, "<", message.text, message)
        for old, new in zip(before, self._seen, strict=False):
            if old.text != new.text:
                words = {"who": self._name(new.chat), "text": new.text}
                self._tell(self._say(Message("{who} (изменено)< {text}", words)))
        return True

    def _shows(self, chat: int, mark: str, text: str, message: Shown | None = None) -> None:
        """Show what came to a phone, and expect it in the talk."""
        who = self._name(chat)
        head = f"{who}{mark} "
        self._tell(head + text.replace("\n", "\n" + " " * len(head)))
        if message is not None and message.buttons and chat != self._chat:
            self._tell(_wrapped([f"[{one.title}]" for one in message.buttons], len(head)))
        self.lines.append(Sees(0, who, mark, shown(text)))

    def _name(self, chat: int) -> str:
        """Return what a talk calls the person of a chat: a role, with a number from the second
        holder on."""
        plant = self._stage.plant
        if chat == self._chat:
            return self._who
        if chat == self._player.chat_of(self._opening.role):
            return self._opening.role
        person = next((one for one in plant.memory.people.values() if one.chat == chat), None)
        if person is None:
            return STRANGER
        role = min(person.roles)
        holders = [one.chat for one in plant.memory.people.values() if role in one.roles]
        number = holders.index(chat) + 1
        return role if number == 1 else f"{role}{number}"

    def _shows_screen(self) -> None:
        screen = self._stage.screen(self._chat)
        if screen is not None:
            self._tell(f"{self._who}< {screen.text}")
        for message in self._stage.messages:
            live = message.chat == self._chat and message.live and message.buttons
            if live and not message.screen:
                self._tell(f"{self._who}< {message.text}")
        self._shows_keys()

    def _shows_keys(self) -> None:
        there = keys(self._stage, self._chat)
        if there:
            self._tell(_wrapped([_key(one) for one in there], 2))

    def _note(self, said: str) -> None:
        self._tell("⚠ " + self._say(said))

    def _close(self) -> None:
        """Say how it ended and what would be saved."""
        if self._stage.touched:
            session = self._stage.session(self._stage.touched)
            self.lines.append(Holds(0, ("session", str(session.state))))
            if session.state.live:
                words = {"step": session.step}
                self._tell(self._say(Message("Форма не закончена, стоит на {step}", words)))
        for depth, line in outcome(self._stage.plant):
            self._tell("  " * depth + self._say(line).replace("\n", "\n" + "  " * (depth + 2)))


def _key(one: Key) -> str:
    return f"{one.key} [{one.button.title}]"


def _wrapped(titles: list[str], indent: int) -> str:
    """Write titles after one another, in rows of the terminal's width; none is broken."""
    space = "\N{NO-BREAK SPACE}"
    whole = "  ".join(title.replace(" ", space) for title in titles)
    rows = textwrap.wrap(
        whole, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(rows).replace(space, " ")
