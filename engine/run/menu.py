"""The main menu and its sub-menus: forms to go on with, the entries of the person's roles, his
tasks. Start at `menu`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError, compile_expression
from engine.languages.message import Message, listed
from engine.model.conversation import Actor, Button, Chat, Keyboard, Prompt
from engine.model.text import bold, lines
from engine.model.values import Value, show
from engine.model.work import DECISION
from engine.ports import Ports, Reads
from engine.run.draft import Draft
from engine.run.program import Program
from engine.run.question import progress
from engine.run.rights import may_run
from engine.run.stored import draft_key, pack_given
from engine.run.ways import MENU
from engine.schema.menu import MenuEntry, MenuLeaf


def menu(program: Program, ports: Ports, chat: Chat, actor: Actor) -> Prompt:
    """Return the main menu."""
    kinds = ports.tasks.kinds_for(actor)
    count = str(len(kinds))
    rows = [
        *_drafts(program, ports, chat),
        (Button(Message("Мои задачи ({count})", {"count": count}), "tasks"),),
        *_entries(program, ports.reads, actor, kinds),
    ]
    if len(program.project.languages) > 1:
        rows.append((Button(Message("Язык"), "language"),))
    titles = [
        program.project.roles[role] for role in sorted(actor.roles) if role in program.project.roles
    ]
    roles = listed(titles) if titles else Message("Ролей пока нет, их даёт администратор")
    return Prompt(lines(bold(Message("Главное меню")), actor.name, roles), tuple(rows))


def submenu(program: Program, reads: Reads, actor: Actor, key: str) -> Prompt | None:
    """Return the sub-menu of an entry, named by its places from the main menu on: `7`, `7.1`, with
    a way back to the menu above it; None when it is not there, or not for this person."""
    first, *inner = key.split(".")
    found: MenuLeaf | None = _entry(program, reads, actor, first)
    for place in inner:
        found = _within(found, place, reads)
    if found is None or not found.entries:
        return None
    rows = [
        (_button(leaf, f"{key}.{at}", reads),)
        for at, leaf in enumerate(found.entries)
        if _starts(program, leaf, reads, actor)
    ]
    above, _, _ = key.rpartition(".")
    back = Button(Message("Назад"), *(("submenu", above) if above else (MENU.act,)))
    return Prompt(bold(_title(found, reads)), (*rows, (back,), (MENU,)))


def _within(found: MenuLeaf | None, place: str, reads: Reads) -> MenuLeaf | None:
    at = int(place) if place.isascii() and place.isdigit() else -1
    if found is None or not 0 <= at < len(found.entries):
        return None
    return found.entries[at] if _holds(found.entries[at], reads) else None


def _button(leaf: MenuLeaf, key: str, reads: Reads) -> Button:
    if leaf.entries:
        return Button(_title(leaf, reads), "submenu", key)
    return Button(_title(leaf, reads), "flow", _opened(leaf, reads))


def behind_link(
    program: Program, reads: Reads, actor: Actor
) -> tuple[str, dict[str, Value]] | None:
    """Return the form that a link with a code opens for a person, with its parameters; None when
    he has none."""
    for entry in program.menu:
        if entry.link and _sees(entry, reads, actor) and _starts(program, entry, reads, actor):
            return entry.flow, _given(entry, reads)
    return None


def _drafts(program: Program, ports: Ports, chat: Chat) -> Keyboard:
    rows = []
    for session in reversed(chat.sessions):
        draft = Draft(program.under(session.digest, session.flow), session, ports.reads)
        words = {"title": named(draft), "progress": progress(draft)}
        title = Message("▶ Продолжить «{title}», {progress}", words)
        rows.append((Button(title, "resume", draft_key(session)),))
    return tuple(rows)


def named(draft: Draft) -> str:
    """Return the title of a draft, with what it is about: two drafts of a form have two names."""
    about = [show(value) for value in draft.session.given.values() if value is not None]
    return listed((draft.flow.title, *about[:1]), ": ")


def list_of(program: Program, reads: Reads, actor: Actor, key: str) -> MenuEntry | None:
    """Return the entry that lists tasks, named by its place; None when it is not there, or not for
    this person."""
    entry = _entry(program, reads, actor, key)
    return entry if entry is not None and entry.tasks else None


def _entry(program: Program, reads: Reads, actor: Actor, key: str) -> MenuEntry | None:
    at = int(key) if key.isascii() and key.isdigit() else len(program.menu)
    if at >= len(program.menu) or not _sees(program.menu[at], reads, actor):
        return None
    return program.menu[at]


def _entries(program: Program, reads: Reads, actor: Actor, kinds: Sequence[str]) -> Keyboard:
    """Return the rows of the menu; `kinds` are those of the person's tasks and decisions. A list
    of tasks shows the decisions, too."""
    rows = []
    for at, entry in enumerate(program.menu):
        if not _sees(entry, reads, actor):
            continue
        if entry.tasks:
            n = str(sum(kind == DECISION or kind in entry.tasks for kind in kinds))
            rows.append((Button(counted(entry, n), "tasks", str(at)),))
        elif _starts(program, entry, reads, actor):
            rows.append((_button(entry, str(at), reads),))
    return tuple(rows)


def _sees(entry: MenuEntry, reads: Reads, actor: Actor) -> bool:
    return not actor.roles.isdisjoint(entry.roles) and _holds(entry, reads)


def _starts(program: Program, leaf: MenuLeaf, reads: Reads, actor: Actor) -> bool:
    if not _holds(leaf, reads):
        return False
    if leaf.entries:
        return any(_starts(program, one, reads, actor) for one in leaf.entries)
    return may_run(program, leaf.flow, _given(leaf, reads), actor)


def _holds(leaf: MenuLeaf, reads: Reads) -> bool:
    """Tell whether the condition of a button holds; one that cannot be told does not."""
    return leaf.when is None or _value(leaf.when, reads) is True


def _title(leaf: MenuLeaf, reads: Reads) -> str:
    if leaf.count is None:
        return leaf.title
    return counted(leaf, show(_value(leaf.count, reads)))


def counted(leaf: MenuLeaf, n: str) -> Message:
    """Return the title of a button with its number."""
    context = leaf.title.context if isinstance(leaf.title, Message) else ""
    return Message(leaf.title, {"n": n}, context=context)


def _opened(leaf: MenuLeaf, reads: Reads) -> str:
    return pack_given(leaf.flow, _given(leaf, reads))


def _given(leaf: MenuLeaf, reads: Reads) -> dict[str, Value]:
    return {name: _value(text, reads) for name, text in leaf.with_.items()}


def _value(text: str, reads: Reads) -> Value:
    try:
        value: Value = compile_expression(text)({}, reads.facts.ask, reads.clock.now())
    except (EvaluationError, EngineError):
        return None
    return value
