"""What a worker sees: a question, the review, a parked form."""

from __future__ import annotations

from engine.errors import EngineError
from engine.model.conversation import Answer, Button, Keyboard, Prompt
from engine.model.text import Text, bold, lines
from engine.model.values import show
from engine.run.draft import Draft
from engine.run.program import Program
from engine.run.texts import show_limit
from engine.steps.base import OnDeviation, Step
from engine.steps.number import NumberStep
from engine.steps.review import ReviewStep

BACK = Button("⬅ Назад", "back")
CANCEL = Button("✖ Отмена", "cancel")
MENU = Button("Главное меню", "menu")
SHORTEST_KEEP = 24  # characters of a value that «Оставить» repeats


def question(draft: Draft, trouble: str = "") -> Prompt:
    """Return the prompt of the present question; `trouble` says what was wrong with the last
    input."""
    session = draft.session
    if session.waiting:
        return parked(draft)
    step = draft.flow.step(session.step)
    if isinstance(step, ReviewStep):
        return review(draft, step, trouble)
    view = draft.view(step)
    text = lines(
        Text.of(f"{draft.flow.title} · {progress(draft)}", "italic"),
        _last_answer(draft),
        Text.of(f"⚠ {trouble}") if trouble else "",
        *(
            Text.of(str(draft.flow.texts[one.text].render(draft.fields)), "bold")
            for one in step.prompts[:1]
        ),
        draft.flow.texts[step.hint].render(draft.fields),
        step.body(view),
    )
    rows = [*step.keyboard(view)]
    if session.look == {} and view.current is not None and view.current.value is not None:
        rows.append((Button(f"Оставить: {_cut(shown_answer(draft, step, view.current))}", "keep"),))
    if step.skip:
        rows.append((Button("Пропустить", "skip"),))
    return Prompt(text, (*rows, *_ways_out(draft)))


def _ways_out(draft: Draft) -> Keyboard:
    if draft.session.editing:
        return ((Button("⬅ К проверке", "back"), CANCEL), (MENU,))
    return ((BACK, CANCEL) if draft.session.trail else (CANCEL,), (MENU,))


def progress(draft: Draft) -> str:
    """Return «5 из 22»: where the present question stands among those asked."""
    asked = [step.name for step in draft.questions()]
    return (
        f"{asked.index(draft.session.step) + 1} из {len(asked)}"
        if draft.session.step in asked
        else ""
    )


def _last_answer(draft: Draft) -> Text:
    if not draft.session.trail or draft.session.editing:
        return Text()
    step = draft.flow.step(draft.session.trail[-1])
    answer = draft.session.answers.get(step.name)
    return (
        Text.of(f"✔ {step.shown_label}: {shown_answer(draft, step, answer)}") if answer else Text()
    )


def shown_answer(draft: Draft, step: Step, answer: Answer) -> str:
    """Write an answer for people, with a mark when it is outside its limit and approved."""
    text = show(answer.value, draft.decimals(step))
    return f"{text} ⚠ согласовано" if answer.deviation and answer.approved else text


def _cut(text: str) -> str:
    return text if len(text) <= SHORTEST_KEEP else text[: SHORTEST_KEEP - 1] + "…"


def review(draft: Draft, step: ReviewStep, trouble: str = "") -> Prompt:
    """Return every answer on its own line, with a button to edit each, and the button that
    saves."""
    text = [
        Text.of(f"{draft.flow.title} · проверка", "italic"),
        Text.of(f"⚠ {trouble}" if trouble else ""),
        bold("Проверьте ответы"),
    ]
    edits = []
    for asked in draft.questions():
        answer = draft.session.answers.get(asked.name)
        if asked.kind == "review" or answer is None:
            continue
        text.append(Text.of(f"{asked.shown_label}: ") + bold(shown_answer(draft, asked, answer)))
        edits.append(Button(f"✏ {asked.shown_label}", "edit", asked.name))
    rows = [
        (Button(step.save, "save"),),
        *(tuple(edits[at : at + 2]) for at in range(0, len(edits), 2)),
    ]
    return Prompt(lines(*text), (*rows, (BACK, CANCEL), (MENU,)))


def deviation_of(step: Step) -> OnDeviation:
    """Return what a step does outside its limit. Raises EngineError for a step without it."""
    if not isinstance(step, NumberStep) or step.on_deviation is None:
        raise EngineError(f"step {step.name} has no on_deviation")
    return step.on_deviation


def decision_of(program: Program, flow: str, step: str) -> OnDeviation | None:
    """Return how a question of a flow asks for a decision; None when it does so no longer.

    A request may be older than the flows that run now."""
    form = program.flows.get(flow)
    if form is None or step not in form.index:
        return None
    found = form.step(step)
    return found.on_deviation if isinstance(found, NumberStep) else None


def deviation_words(draft: Draft, step: Step, answer: Answer) -> dict[str, str]:
    """Return the words that texts about a deviation know: reason, value, limit."""
    decimals = draft.decimals(step)
    limit = show_limit(answer.bounds, decimals) if answer.bounds else "—"
    return {
        "reason": step.label or step.name,
        "value": show(answer.value, decimals),
        "limit": limit,
    }


def parked(draft: Draft) -> Prompt:
    """Return what the worker sees while a decision is awaited, with the two ways out."""
    step = draft.flow.step(draft.session.step)
    deviation = deviation_of(step)
    words = deviation_words(draft, step, draft.session.answers[step.name])
    text = draft.flow.texts[deviation.waiting].render({**draft.fields, **words})
    return Prompt(
        lines(Text.of(f"{draft.flow.title} · ждём решения", "italic"), text),
        ((Button("Исправить значение", "fix"),), (Button(deviation.leave, "cancel"),), (MENU,)),
    )
