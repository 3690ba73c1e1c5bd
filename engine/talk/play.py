"""Play a talk: each line does something on the stage, or is compared with what is there.

Start at `play`. The first line that does not hold ends the talk with a TalkError: what was
expected, what was shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.errors import EngineError
from engine.expressions.suggest import hint
from engine.load.tree import read_tree
from engine.model.conversation import Input
from engine.model.values import Value
from engine.schema.lifecycle import SYSTEM
from engine.talk.parse import Happens, Holds, Line, Says, Sees, Talk, TalkError
from engine.talk.phone import described, fits, in_sight, older, titled
from engine.talk.scripted import value_of
from engine.talk.stage import Message, Stage
from engine.talk.things import MAKES, OTHERS, UNFIT, Camera
from engine.talk.truths import untrue

STRANGER, STRANGER_CHAT = "stranger", 9999
HAPPENINGS = (
    "restart, after 16m, repeat, lost, "
    "fire <переход> <номер записи> <роль или system> <параметр>=<значение> <причина>, "
    "refused <переход> <номер записи> <роль или system> <текст отказа>, "
    "fact <имя> <ответ>, record <номер записи> <поле> <значение>, "
    "open <форма> <роль> <параметр>=<значение>"
)
_DURATIONS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def play(talk: Talk, stage: Stage) -> None:
    """Play a talk on a fresh stage. Raises TalkError at the first line that does not hold."""
    player = Player(talk.path, stage)
    for line in talk.lines:
        try:
            player.take(line)
        except EngineError as error:
            raise TalkError(talk.path, line.line, f"программа сломалась: {error}") from error


class Player:
    """Does lines of a talk on a stage one after another, or compares them; `path` is the talk's,
    for errors."""

    def __init__(self, path: str, stage: Stage) -> None:
        self._path, self._stage = path, stage
        self._camera = Camera()
        self._seen: dict[int, int] = {}  # chat to the first message that a fragment may mean
        self._line = 0

    def take(self, line: Line) -> None:
        """Do one line, or compare it. Raises TalkError when it does not hold."""
        self._line = line.line
        match line:
            case Says():
                chat = self.chat_of(line.who)
                since = len(self._stage.messages)
                self._says(chat, line)
                self._seen[chat] = since
            case Sees():
                self._sees(self.chat_of(line.who), line)
            case Holds(words=words):
                why = untrue(self._stage, words)
                if why:
                    raise self._fail(why)
            case Happens(words=words):
                self._happens(words)

    def _fail(self, message: str) -> TalkError:
        return TalkError(self._path, self._line, message)

    def chat_of(self, who: str) -> int:
        """Return a person's chat: the first of a role, or `lab2`, its second. Raises TalkError."""
        if who == STRANGER:
            return STRANGER_CHAT
        role = who.rstrip("0123456789")
        for name, index in ((who, 0), (role, int(who[len(role) :] or 1) - 1)):
            try:
                return self._stage.plant.chat_of(name, index)
            except LookupError:
                continue
        people = self._stage.plant.memory.people.values()
        roles = sorted({held for one in people for held in one.roles})
        raise self._fail(f"в flows/samples.yaml нет человека «{who}». Есть: {', '.join(roles)}")

    def _says(self, chat: int, line: Says) -> None:
        stage = self._stage
        match line.how:
            case "command":
                stage.arrive(chat, command=line.what)
            case "button":
                stage.arrive(chat, data=self._data(chat, line, in_sight(stage, chat)))
            case "old_button":
                stage.arrive(chat, data=self._data(chat, line, older(stage, chat)))
            case "thing" if line.what.startswith("forged "):
                stage.arrive(chat, data=line.what.removeprefix("forged "))
            case "thing":
                inputs = self._camera.inputs(line.who, line.what)
                if inputs is None:
                    names = ", ".join((MAKES, *OTHERS, *UNFIT))
                    raise self._fail(f"не знаю, что такое {{{line.what}}}. Есть: {names}")
                for given in inputs:
                    stage.arrive(chat, given=given)
            case _:
                stage.arrive(chat, given=Input.text(line.what))

    def _data(self, chat: int, line: Says, messages: list[Message]) -> str:
        found = titled(line.what, messages)
        if not found:
            near = f"нет кнопки [{line.what}]"
            raise self._fail(near + described(line.who, self._stage, chat, self._since(chat)))
        message, index = found[0]
        return message.data[index]

    def _since(self, chat: int) -> int:
        return self._seen.get(chat, 0)

    def _sees(self, chat: int, line: Sees) -> None:
        holds = {"<": self._came, "<!": self._absent, "<<": self._popped}[line.where]
        if not holds(chat, line.what):
            wanted = {"<": "ждали", "<!": "не ждали", "<<": "ждали во всплывающем"}[line.where]
            shown = described(line.who, self._stage, chat, self._since(chat))
            raise self._fail(f"{wanted} «{line.what}»{shown}")

    def _came(self, chat: int, fragment: str) -> bool:
        """Look for a message, from the one that was found last on; a message may be found again."""
        if _is_button(fragment):
            return bool(titled(fragment[1:-1], in_sight(self._stage, chat)))
        for index in range(self._since(chat), len(self._stage.messages)):
            message = self._stage.messages[index]
            if message.chat == chat and fits(fragment, message.text):
                self._seen[chat] = index
                return True
        return False

    def _absent(self, chat: int, fragment: str) -> bool:
        if _is_button(fragment):
            return not titled(fragment[1:-1], in_sight(self._stage, chat))
        since = self._stage.messages[self._since(chat) :]
        return not any(one.chat == chat and fits(fragment, one.text) for one in since)

    def _popped(self, chat: int, fragment: str) -> bool:
        return fits(fragment, self._stage.toasts.get(chat, ""))

    def _happens(self, words: tuple[str, ...]) -> None:
        match words:
            case ("restart",):
                self._stage.restart()
            case ("repeat",):
                self._stage.repeat()
            case ("lost",):
                self._stage.lose()
            case ("after", time) if time[:-1].isdigit() and time[-1] in _DURATIONS:
                self._stage.wait(timedelta(seconds=int(time[:-1]) * _DURATIONS[time[-1]]))
            case ("fire", transition, identity, who, *rest):
                refused = self._fire(transition, identity, who, rest)
                if refused:
                    raise self._fail(refused)
            case ("refused", transition, identity, who, *rest):
                self._refused(transition, identity, who, rest)
            case ("fact", fact, *answer):
                self._fact(fact, " ".join(answer))
            case ("record", identity, name, *value):
                self._record(identity, name, " ".join(value))
            case ("open", flow, who, *given):
                self._open(flow, self.chat_of(who), given)
            case _:
                raise self._fail(f"не знаю «* {' '.join(words)}». Есть: {HAPPENINGS}")

    def _fire(self, transition: str, identity: str, who: str, rest: list[str]) -> str:
        """Let a person, or the system, do a transition with the values that it is given; what is
        left of the words is the reason. Return why it was refused."""
        machines = self._stage.plant.program.lifecycles.values()
        forms = [form for one in machines for form in one.lifecycle.forms(transition)]
        known = {name for form in forms for name in form.given}
        given = {}
        while rest and "=" in rest[0] and rest[0].partition("=")[0] in known:
            name, _, value = rest.pop(0).partition("=")
            given[name] = self._given(value)
        chat = None if who == SYSTEM else self.chat_of(who)
        return self._stage.fire(transition, identity, chat, " ".join(rest), given)

    def _refused(self, transition: str, identity: str, who: str, rest: list[str]) -> None:
        """Let a person try a transition, and compare why it was refused."""
        wanted = " ".join(rest)
        refused = self._fire(transition, identity, who, rest)
        if not fits(f"…{wanted}…", refused) or not refused:
            raise self._fail(f"ждали отказ «{wanted}», а было: «{refused or 'сделано'}»")

    def _given(self, text: str) -> Value:
        """Return a value as samples.yaml writes it; the id of a record of the samples is that
        record, also in a list."""
        tree, findings = read_tree(self._path, text)
        if findings:
            raise self._fail(f"не понял значение «{text}»")
        rows = self._stage.plant.memory.rows
        if isinstance(tree.data, list):
            return tuple(rows.get(str(one)) or value_of(one) for one in tree.data)
        return rows.get(str(tree.data)) or value_of(tree.data)

    def _fact(self, fact: str, answer: str) -> None:
        """Let a fact answer something else from now on, as samples.yaml would write it."""
        memory, vocabulary = self._stage.plant.memory, self._stage.plant.vocabulary
        if fact not in vocabulary.facts:
            raise self._fail(f"нет факта {fact}. Есть: {', '.join(sorted(vocabulary.facts))}")
        tree, findings = read_tree(self._path, answer)
        if findings:
            raise self._fail(f"не понял ответ факта {fact}: «{answer}»")
        memory.facts[fact] = tree.data
        self._stage.look()

    def _record(self, identity: str, name: str, value: str) -> None:
        """Let a record of the samples stand otherwise, as samples.yaml would write it."""
        memory = self._stage.plant.memory
        row = memory.rows.get(identity)
        if row is None or name not in row.fields:
            known = memory.rows if row is None else row.fields
            raise self._fail(f"нет записи или поля {identity} {name}. {hint(identity, known)}")
        memory.rows[identity] = replace(row, fields={**row.fields, name: value_of(value)})
        self._stage.look()

    def _open(self, flow: str, chat: int, given: list[str]) -> None:
        """Open a form, with records of the samples by their ids and values as they write them."""
        flows = self._stage.plant.program.flows
        if flow not in flows:
            raise self._fail(f"нет формы {flow}: {hint(flow, flows)}")
        known = flows[flow].given
        found: dict[str, Value] = {}
        for name, _, value in (one.partition("=") for one in given):
            if name not in known:
                raise self._fail(f"у формы {flow} нет параметра «{name}». {hint(name, known)}")
            found[name] = self._given(value)
        self._stage.open(chat, flow, found)


def _is_button(fragment: str) -> bool:
    return fragment.startswith("[") and fragment.endswith("]")
