"""What a worker sees at a stop: a question, what is asked about its value, a list of rows, a parked
form. The review is in `engine.run.review`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.languages.message import Message
from engine.languages.message import listed as joined
from engine.model.conversation import Answer, Button, Keyboard, Prompt
from engine.model.text import Text, bold, lines, warned
from engine.model.values import Row, Value, show
from engine.run.draft import Draft
from engine.run.program import Program
from engine.run.review import review, shown_answer, shown_value, warnings
from engine.run.rows import add_buttons
from engine.run.stages import CONFIRM, GROUP, OUTSIDE, PHOTO, SINCE, VALUE, WHY, stage
from engine.run.texts import show_limit
from engine.run.walk import Closing, Stop
from engine.run.ways import CANCEL, MENU, opened_over, ways_out
from engine.run.why import rule
from engine.steps.base import OnDeviation
from engine.steps.repeat import RepeatStep
from engine.steps.wait import WaitStep

SHORTEST_KEEP = 24  # characters of a value that «Оставить» repeats
WHY_REASON = Message("Укажите причину")
FIX = Button(Message("Исправить значение"), "fix")
MINUTE_S = 60


def question(draft: Draft, trouble: str = "", *, why: bool = False) -> Prompt:
    """Return the prompt of the present question; `trouble` says what was wrong with the last
    input, `why` adds the rule of the question."""
    session = draft.session
    if session.waiting:
        return parked(draft)
    stop = draft.located(session.step)
    if stop.kind == "review":
        return review(draft, stop, trouble)
    if VALUE in session.look:
        return _about_value(draft, stop, trouble)
    step, view = stop.node.step, draft.view(stop)
    text = lines(
        heading(draft, progress(draft)),
        _last_answer(draft),
        warned(trouble) if trouble else _because(draft, stop),
        asked_text(draft, stop).styled("bold"),
        draft.text(stop, step.hint) if step.hint else "",
        step.body(view),
        rule(draft, stop) if why else "",
    )
    if isinstance(step, RepeatStep):
        return Prompt(lines(text, _summary(draft, stop, step)), _list_buttons(draft, stop, step))
    rows = [*step.keyboard(view)]
    if all(name == SINCE for name in session.look):
        rows = [*_offers(draft, stop, view.current), *rows, *_kept(draft, stop, view.current)]
    if draft.skips(stop):
        rows.append((Button(step.skip_title, "skip"),))
    ask_why = not why and has_rule(stop)
    return Prompt(text, (*rows, *ways_out(draft, why=ask_why)))


def has_rule(stop: Stop) -> bool:
    """Tell whether there is something to say to «Почему меня спрашивают?»."""
    return bool(stop.node.step.when or stop.node.limit)


def asked_text(draft: Draft, stop: Stop) -> Text:
    """Return the text of a question: the first whose condition holds."""
    more: dict[str, Value] = {}
    if isinstance(stop.node.step, WaitStep):
        since = draft.session.look.get(SINCE)
        waited = draft.asking.now - since if isinstance(since, datetime) else timedelta()
        more["minutes"] = int(waited.total_seconds() // MINUTE_S)
    for one in stop.node.step.prompts:
        if one.when is None or draft.holds(stop, one.when):
            return draft.text(stop, one.text, **more)
    return Text.of(stop.node.step.shown_label)


def _because(draft: Draft, stop: Stop) -> Text:
    """Say why a question is asked again while editing: which change made it necessary."""
    session = draft.session
    opened = session.trail and session.trail[-1] == "review"
    if not session.editing or opened or not session.changed:
        return Text()
    found = [draft.located(one) for one in session.changed if draft.program.node(session.flow, one)]
    names = dict.fromkeys(
        one.node.step.label or one.node.step.name
        for one in found
        if one.node.step.name in stop.node.depends
    )
    if not names:
        return Text()
    said = Message(
        "Спрашиваю снова: изменилось «{names}»"
        if stop.address in session.answers
        else "Нужен ещё один ответ: изменилось «{names}»",
        {"names": joined(names)},
    )
    return Text.of(said, "italic")


def _offers(draft: Draft, stop: Stop, current: Answer | None) -> Keyboard:
    """Return the ready answers over the kind's own buttons: the default, the last values."""
    rows: list[tuple[Button, ...]] = []
    step = stop.node.step
    if step.default is not None and current is None:
        value = draft.view(stop).evaluate(step.default)
        if value is not None and step.stands(value, draft.view(stop)):
            rows.append((Button(_keeping(shown_value(draft, stop, value)), "default"),))
    for at, value in enumerate(draft.suggested(stop)):
        if current is None or value != current.value:
            rows.append((Button(_cut(shown_value(draft, stop, value)), "suggested", str(at)),))
    return tuple(rows)


def _kept(draft: Draft, stop: Stop, current: Answer | None) -> Keyboard:
    if current is None or current.value is None:
        return ()
    if not stop.node.step.stands(current.value, draft.view(stop)):
        return ()
    return ((Button(_keeping(shown_answer(draft, stop, current)), "keep"),),)


def progress(draft: Draft) -> str:
    """Return «5 из 22»: where the present question stands among those asked; one whose value was
    known counts while it is corrected."""
    here = draft.session.step
    if here not in draft.walk.index:
        return ""
    asked = [one.address for one in draft.questions(here)]
    words = {"number": str(asked.index(here) + 1), "count": str(len(asked))}
    return Message("{number} из {count}", words)


def _last_answer(draft: Draft) -> Text:
    session = draft.session
    if not session.trail or session.editing:
        return Text()
    stop = draft.stop(session.trail[-1])
    answer = session.answers.get(stop.address) if stop else None
    if stop is None or answer is None or stop.kind in ("show", "repeat", "review"):
        return Text()
    said = Message(
        "✔ {label}: {answer}",
        {"label": stop.node.step.shown_label, "answer": shown_answer(draft, stop, answer)},
    )
    return lines(Text.of(said), *warnings(draft, stop))


def heading(draft: Draft, where: str) -> Text:
    """Return the first line of a question: the flow and where in it the worker is."""
    return Text.of(
        Message("{title} · {where}", {"title": draft.flow.title, "where": where}), "italic"
    )


def _keeping(value: str) -> Message:
    return Message("Оставить: {value}", {"value": _cut(value)})


def _cut(text: str) -> str:
    """Cut what people typed; a text of the plant is cut by the screen, in its language."""
    if isinstance(text, Message) or len(text) <= SHORTEST_KEEP:
        return text
    return text[: SHORTEST_KEEP - 1] + "…"


def _summary(draft: Draft, stop: Stop, step: RepeatStep) -> Text:
    rows = draft.walk.tables.get(stop.address, ())
    if not rows:
        return Text()
    if step.summary:
        return draft.text(stop, step.summary)
    return lines(*(_numbered(at, row) for at, row in enumerate(rows, 1)))


def _named(draft: Draft, stop: Stop, at: int, row: Row) -> Text:
    """Return a row for the button that takes it away: the answers in it."""
    given = [
        shown_answer(draft, one, draft.session.answers.get(one.address) or Answer(one.known))
        for one in draft.inside(f"{stop.address}.{row.id}")
        if one.kind != "value" and (one.known is not None or one.address in draft.session.answers)
    ]
    return Text.of(f"{at}. ") + joined(given or ["—"])


def _numbered(at: int, row: Row) -> Text:
    return Text.of(f"{at}. ") + row_title(row.fields)


def row_title(fields: object) -> str:
    """Return a row for people: its answers after one another."""
    values = fields.values() if hasattr(fields, "values") else ()
    return joined([show(value) for value in values if value is not None]) or "—"


def _list_buttons(draft: Draft, stop: Stop, step: RepeatStep) -> Keyboard:
    rows = draft.walk.tables.get(stop.address, ())
    if draft.session.look.get("removing"):
        buttons = [
            (Button(joined(("✖ ", _named(draft, stop, at, row).message), ""), "less", row.id),)
            for at, row in enumerate(rows, 1)
        ]
        back = (Button(Message("⬅ К списку"), "list"),)
        return (*buttons, back, *opened_over(draft))
    keyboard: list[tuple[Button, ...]] = []
    if len(rows) < step.rows[1]:
        shown = add_buttons(step, lambda text: draft.holds(stop, text))
        keyboard += [(Button(step.add[at].title, "add", str(at)),) for at in shown]
    if rows and step.remove:
        keyboard.append((Button(step.remove, "remove"),))
    if len(rows) >= step.rows[0]:
        keyboard.insert(0, (Button(step.done, "done"),))
    return (*keyboard, *ways_out(draft))


def _about_value(draft: Draft, stop: Stop, trouble: str) -> Prompt:
    """Return what is asked about a value before it is taken."""
    look, step = draft.session.look, stop.node.step
    at, number = stage(look)
    head = (
        heading(draft, progress(draft)),
        warned(trouble) if trouble else "",
    )
    rows: Keyboard = ()
    if at == CONFIRM:
        rows = ((Button(Message("Верно"), "yes"), Button(Message("Исправить"), "no")),)
        asked = _confirm_text(draft, stop, number)
    elif at == WHY:
        asked = Text.of(WHY_REASON)
    else:
        deviation = deviation_of(stop)
        answer = draft.measured(stop, look[VALUE])
        words = deviation_words(draft, stop, answer)
        asked = Text.of(compared(step.shown_label, words))
        if at == OUTSIDE:
            asked = lines(bold(deviation.title), asked)
        if at == OUTSIDE:
            rows = ((Button(deviation.ask_again, "request"),),)
            if stop.outside is not None:  # computed: nothing can be typed here
                rows = (*rows, (FIX,))
        else:
            template = deviation.photo if at == PHOTO else deviation.reason
            asked = lines(asked, draft.text(stop, template, **words).styled("bold"))
    return Prompt(lines(*head, asked), (*rows, *ways_out(draft)))


def _confirm_text(draft: Draft, stop: Stop, number: int) -> Text:
    group = draft.session.look.get(GROUP)
    if group is None:
        value = {stop.node.step.name: draft.session.look[VALUE]}
        return draft.text(stop, stop.node.step.confirm[number].say, **value)
    closing = next((one for one in draft.walk.closings if one.address == group), None)
    return _group_text(draft, closing, number) if closing else Text.of(Message("Всё верно?"))


def _group_text(draft: Draft, closing: Closing, number: int) -> Text:
    confirms = closing.node.step.confirm
    return draft.text(closing, confirms[number].say) if number < len(confirms) else Text()


def deviation_of(stop: Stop) -> OnDeviation:
    """Return what a step does outside its limit. Raises EngineError for a step without it."""
    if stop.node.deviation is None:
        raise EngineError(f"step {stop.node.path} has no on_deviation")
    return stop.node.deviation


def decision_of(program: Program, flow: str, step: str) -> OnDeviation | None:
    """Return how a question of a flow asks for a decision; None when it does so no longer.

    A request may be older than the flows that run now."""
    found = program.node(flow, step)
    return found.node.deviation if found else None


def deviation_words(draft: Draft, stop: Stop, answer: Answer) -> dict[str, str]:
    """Return the words that texts about a deviation know: reason, value, limit."""
    decimals = draft.decimals(stop)
    limit = show_limit(answer.bounds, decimals) if answer.bounds else "—"
    return {
        "reason": stop.node.step.label or stop.node.step.name,
        "value": show(answer.value, decimals),
        "limit": limit,
    }


def compared(label: str, words: Mapping[str, str]) -> Message:
    """Say a value beside its limit."""
    values = {"label": label, "value": words["value"], "limit": words["limit"]}
    return Message("{label}: {value} при норме {limit}", values)


def parked(draft: Draft) -> Prompt:
    """Return what the worker sees while a decision is awaited, with the two ways out."""
    stop = draft.located(draft.session.step)
    deviation = deviation_of(stop)
    words = deviation_words(draft, stop, draft.session.answers[stop.address])
    text = draft.text(stop, deviation.waiting, **words)
    return Prompt(
        lines(heading(draft, Message("ждём решения")), text),
        (
            (FIX,),
            (Button(deviation.leave, CANCEL.act),),
            *opened_over(draft),
            (MENU,),
        ),
    )
