"""The review: every answer on its own line, a way to edit each, the button that saves."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import EngineError
from engine.languages.message import Message
from engine.languages.message import listed as joined
from engine.model.conversation import Answer, Button, Keyboard, Prompt
from engine.model.text import Text, bold, lines, warned
from engine.model.values import Value, show
from engine.run.draft import Draft
from engine.run.stored import draft_key
from engine.run.walk import Closing, Stop
from engine.run.ways import CANCEL, MENU, opened_over
from engine.steps.repeat import RepeatStep
from engine.steps.review import ReviewStep

BACK = Button(Message("⬅ Назад"), "back")
MOST_EDITS = 60  # buttons; with more, a row of a list has one for all its answers
HIDDEN = ("review", "show", "wait", "value")


def shown_value(draft: Draft, stop: Stop, value: Value) -> str:
    """Write a value of a stop for people."""
    return show(value, draft.decimals(stop))


def shown_answer(draft: Draft, stop: Stop, answer: Answer) -> str:
    """Write an answer for people, with a mark when it is outside its limit and approved."""
    text = shown_value(draft, stop, answer.value)
    if answer.deviation and answer.approved:
        return Message("{answer} ⚠ согласовано", {"answer": text})
    return text


def warnings(draft: Draft, stop: Stop) -> tuple[Text, ...]:
    """Return the remarks that hold now: about an answer, and about the groups that end with it."""
    about_it: tuple[Stop | Closing, ...] = (stop, *draft.closings(stop.address))
    return tuple(
        Text.of("⚠ ") + draft.text(about, one.say)
        for about in about_it
        for one in about.node.step.warn
        if draft.holds(about, one.when)
    )


def review(draft: Draft, stop: Stop, trouble: str = "") -> Prompt:
    """Return every answer on its own line, with a button to edit each, and the button that
    saves."""
    step = stop.node.step
    if not isinstance(step, ReviewStep):
        raise EngineError(f"{stop.address} is no review")
    listed = [one for one in draft.walk.stops if _is_line(draft, one)]
    text = [
        Text.of(
            Message("{title} · {where}", {"title": draft.flow.title, "where": Message("проверка")}),
            "italic",
        ),
        warned(trouble) if trouble else Text(),
        draft.text(stop, step.text) if step.text else Text(),
        bold(Message("Проверьте ответы")),
        *(line for one in listed for line in _lines(draft, one)),
    ]
    again = ((Button(step.again, "restart", draft_key(draft.session)),),) if step.again else ()
    keyboard = (
        (Button(step.save, "save"),),
        *_edits(draft, listed),
        *again,
        ((BACK,) if draft.session.trail else ()) + (CANCEL,),
        *opened_over(draft),
        (MENU,),
    )
    return Prompt(lines(*text), keyboard)


def _is_line(draft: Draft, stop: Stop) -> bool:
    if stop.kind in HIDDEN:
        return stop.outside is not None and stop.address in draft.session.answers
    return stop.kind == "repeat" or stop.known is not None or stop.address in draft.session.answers


def _lines(draft: Draft, stop: Stop) -> Iterator[Text]:
    if isinstance(stop.node.step, RepeatStep):
        rows = len(draft.walk.tables.get(stop.address, ()))
        said = Message("{label}, всего строк:", {"label": stop.node.step.shown_label})
        yield Text.of(said) + " " + bold(str(rows))
        return
    answer = draft.session.answers.get(stop.address) or Answer(stop.known, approved=True)
    value = bold(shown_answer(draft, stop, answer))
    reason = f" ({answer.reason})" if answer.reason else ""
    yield Text.of(_label(draft, stop)) + ": " + value + reason
    yield from warnings(draft, stop)


def _label(draft: Draft, stop: Stop) -> str:
    """Return the label of an answer; in a row, after the row's number."""
    label = stop.node.step.shown_label
    if not stop.table:
        return label
    return joined((str(_number(draft, stop)), label), ". ")


def _row(draft: Draft, stop: Stop) -> Message:
    return Message("✏ Строка {number}", {"number": str(_number(draft, stop))})


def _number(draft: Draft, stop: Stop) -> int:
    key = stop.address[len(stop.table) + 1 :].partition(".")[0]
    keys = [row.id for row in draft.walk.tables.get(stop.table, ())]
    return keys.index(key) + 1 if key in keys else 0


def _edits(draft: Draft, listed: list[Stop]) -> Keyboard:
    """Return the buttons that edit: two in a row, those of one row of a list together."""
    editable = [one for one in listed if one.kind != "value"]
    whole_rows = len(editable) > MOST_EDITS
    keyboard: list[tuple[Button, ...]] = []
    pair: list[Button] = []
    row = ""
    for stop in editable:
        owner = _owner(stop)
        if whole_rows and owner:
            if owner != row:
                keyboard, pair = [*keyboard, *_pairs(pair)], []
                keyboard.append((Button(_row(draft, stop), "edit", owner),))
        else:
            if owner != row:
                keyboard, pair = [*keyboard, *_pairs(pair)], []
            pair.append(Button(joined(("✏", _label(draft, stop)), " "), "edit", stop.address))
        row = owner
    return (*keyboard, *_pairs(pair))


def _pairs(buttons: list[Button]) -> Keyboard:
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _owner(stop: Stop) -> str:
    if not stop.table:
        return ""
    return f"{stop.table}.{stop.address[len(stop.table) + 1 :].partition('.')[0]}"
