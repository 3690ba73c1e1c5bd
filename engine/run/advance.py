"""A conversation's turn: (Program, Session, Input) → Turn. Pure but for reading through `Reads`.

Start at `advance`. Nothing here writes; what is to be done comes back as Effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid5

from engine.errors import Refusal
from engine.model.conversation import (
    Actor,
    Album,
    Answer,
    Button,
    Input,
    Kind,
    Prompt,
    Session,
    State,
)
from engine.model.effects import Carry, Effect, Request, Turn, Withdraw
from engine.model.text import Text, bold, lines
from engine.model.values import Value, show
from engine.ports import Reads
from engine.run.draft import Draft
from engine.run.program import Program
from engine.run.question import deviation_of, deviation_words, question
from engine.steps.base import Look, Step, Taken
from engine.steps.photos import PICTURES, PhotosStep, joined, so_far

GO_ON = Button("Продолжить", "show")


def start(
    program: Program,
    flow: str,
    actor: Actor,
    identity: UUID,
    reads: Reads,
    given: Mapping[str, Value] | None = None,
) -> Turn:
    """Begin a flow. The session has its id from here on; it is the key of everything that it will
    save."""
    session = Session(identity, flow, program.digest, actor, given=given or {})
    session = replace(session, step=Draft(program, session, reads).after("").name)
    return _shown(program, session, reads)


def advance(program: Program, session: Session, given: Input, reads: Reads) -> Turn:
    """Take one input. A refused one changes nothing but the prompt, which says what is expected."""
    draft = Draft(program, session, reads)
    if given.kind is Kind.SHOW or (given.kind is Kind.PRESS and given.act == "show"):
        return Turn(session, question(draft))
    if _of_earlier_album(session, given):
        return _album(draft, given)
    if session.state is State.PARKED:
        return _parked(draft, given)
    if given.kind is Kind.DECISION:
        return Turn(session, None)
    step = draft.flow.step(session.step)
    if given.kind is Kind.PRESS and given.act == "back":
        return _back(draft)
    if step.kind == "review":
        return _review(draft, step, given)
    if given.kind is Kind.PRESS and given.act == "skip" and step.skip:
        return _take(draft, step, None, given)
    if given.kind is Kind.PRESS and given.act == "keep" and session.answers.get(step.name):
        return _take(draft, step, session.answers[step.name].value, given)
    return _read(draft, step, given)


def refused(program: Program, session: Session, refusal: Refusal, reads: Reads) -> Turn:
    """Show a refusal of the saving transaction, at the step that it names."""
    if refusal.again and refusal.again in program.flows[session.flow].index:
        session = replace(session, step=refusal.again, editing=True, look={})
    return Turn(session, question(Draft(program, session, reads), str(refusal)))


def _shown(
    program: Program, session: Session, reads: Reads, *effects: Effect, trouble: str = ""
) -> Turn:
    return Turn(session, question(Draft(program, session, reads), trouble), effects)


def _again(draft: Draft, session: Session, *effects: Effect, trouble: str = "") -> Turn:
    return _shown(draft.program, session, draft.reads, *effects, trouble=trouble)


def _read(draft: Draft, step: Step, given: Input) -> Turn:
    outcome = step.read(given, draft.view(step))
    session = draft.session
    match outcome:
        case Refusal():
            return Turn(session, question(draft, str(outcome)))
        case Look(look, toast):
            album = Album(given.album, step.name) if given.album else session.album
            turn = _again(draft, replace(session, look=dict(look), album=album))
            return replace(turn, toast=toast)
        case Taken(value):
            return _take(draft, step, value, given)


def _take(draft: Draft, step: Step, value: Value, given: Input) -> Turn:
    session, before = draft.session, draft.session.answers.get(step.name)
    answer = draft.measured(step, value)
    effects: list[Effect] = []
    if (
        before
        and before.deviation
        and before.approved
        and before.value == value
        and before.bounds == answer.bounds
    ):
        answer = before
    elif before and before.deviation:
        effects.append(Withdraw(before.deviation, "значение изменено"))
    album = Album(given.album, step.name) if given.album else session.album
    session = replace(session, answers={**session.answers, step.name: answer}, look={}, album=album)
    draft = Draft(draft.program, session, draft.reads)
    if not answer.approved:
        return _park(draft, step, answer, effects)
    return _onward(draft, effects)


def _onward(draft: Draft, effects: list[Effect]) -> Turn:
    """Go to the next question: in order, or, while editing, to what the edit made necessary, then
    to the review."""
    session = draft.session
    following = draft.flow.steps[-1] if session.editing else draft.after(session.step)
    if following.kind != "review":
        trail = (*session.trail, session.step)
    elif (open_question := draft.unsettled()) is not None:
        session = replace(session, step=open_question.name, look={}, editing=True)
        return _again(draft, session, *effects)
    else:
        trail = _trail(draft, following.name)
    look = _looked(draft, following.name)
    session = replace(session, step=following.name, trail=trail, editing=False, look=look)
    return _again(draft, session, *effects)


def _trail(draft: Draft, until: str) -> tuple[str, ...]:
    """Return the questions before a step that were really answered, in order."""
    return tuple(
        step.name
        for step in draft.questions()
        if step.name in draft.session.answers and step.name != until
    )


def _back(draft: Draft) -> Turn:
    """Go one question back, or back to the review; pictures that were sent but not confirmed are
    kept."""
    draft = _with_pictures(draft)
    session = draft.session
    if session.editing:
        return _onward(draft, [])
    if not session.trail:
        return Turn(session, question(draft, "Это первый вопрос"))
    *trail, last = session.trail
    return _again(draft, replace(session, step=last, trail=tuple(trail), look=_looked(draft, last)))


def _with_pictures(draft: Draft) -> Draft:
    session, pictures = draft.session, so_far(draft.session.look)
    if not pictures:
        return draft
    answers = {**session.answers, session.step: Answer(pictures, approved=True)}
    return Draft(draft.program, replace(session, answers=answers, look={}), draft.reads)


def _looked(draft: Draft, name: str) -> Mapping[str, Value]:
    """Return what a question begins with: one for several pictures goes on from those that it
    has."""
    answer, step = draft.session.answers.get(name), draft.flow.step(name)
    if answer and answer.value and isinstance(step, PhotosStep) and step.several:
        return {PICTURES: answer.value}
    return {}


def _review(draft: Draft, step: Step, given: Input) -> Turn:
    session = draft.session
    if given.kind is Kind.PRESS and given.act == "edit" and given.arg in session.answers:
        return _again(
            draft, replace(session, step=given.arg, editing=True, look=_looked(draft, given.arg))
        )
    if given.kind is Kind.PRESS and given.act == "save":
        open_question = draft.unsettled()
        if open_question is not None:
            session = replace(session, step=open_question.name, editing=True, look={})
            return _again(draft, session, trouble="Этот ответ надо дать заново: условия изменились")
        done = replace(session, state=State.SAVED)
        return Turn(done, None, (Carry(done, "save"), Carry(done, "after")))
    return Turn(session, question(draft, str(step.wrong(given))))


def _of_earlier_album(session: Session, given: Input) -> bool:
    return bool(
        given.kind is Kind.FILES
        and given.album
        and session.album
        and given.album == session.album.group
        and (session.album.step != session.step or session.state is not State.TALKING)
    )


def _album(draft: Draft, given: Input) -> Turn:
    """Join later pictures of an album to the answer that its first picture gave; the present
    question stays."""
    session = draft.session
    assert session.album is not None
    before = session.answers.get(session.album.step)
    there = before.value if before and isinstance(before.value, tuple) else ()
    answer = Answer(joined(so_far({PICTURES: there}), given.sent), approved=True)
    session = replace(session, answers={**session.answers, session.album.step: answer})
    return Turn(session, None)


def _park(draft: Draft, step: Step, answer: Answer, effects: list[Effect]) -> Turn:
    """Stop at a value outside its limit and ask the role for a decision."""
    deviation, asked = deviation_of(step), draft.session.asked + 1
    identity = str(uuid5(draft.session.id, f"{step.name}:{asked}"))
    answer = replace(answer, deviation=identity)
    session = replace(
        draft.session,
        state=State.PARKED,
        waiting=identity,
        asked=asked,
        answers={**draft.session.answers, step.name: answer},
    )
    draft = Draft(draft.program, session, draft.reads)
    assert answer.bounds is not None
    request = Request(
        identity,
        deviation.kind or step.name,
        session,
        step.name,
        step.shown_label,
        answer.value,
        answer.bounds,
        deviation.roles,
        _card(draft, step, answer),
        _pictures(draft, deviation.show),
        deviation.warn,
        deviation.breach,
    )
    return Turn(session, question(draft), (*effects, request))


def _card(draft: Draft, step: Step, answer: Answer) -> Text:
    deviation, words = deviation_of(step), deviation_words(draft, step, answer)
    shown = [
        show(draft.fields[name])
        for name in deviation.show
        if not isinstance(draft.fields.get(name), tuple) and draft.fields.get(name) is not None
    ]
    head = bold(deviation.title) + (f": {', '.join(shown)}" if shown else "")
    return lines(
        head
        + ". "
        + f"{step.shown_label}: {words['value']} при норме {words['limit']}. "
        + f"Принимает {draft.session.actor.name}"
    )


def _pictures(draft: Draft, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        ref.key
        for name in names
        for ref in so_far({PICTURES: draft.fields.get(name)})
        if ref.is_picture
    )


def _fixed(draft: Draft, why: str) -> Turn:
    """Take the request back and ask the question again."""
    session = draft.session
    answers = {name: answer for name, answer in session.answers.items() if name != session.step}
    back = replace(session, state=State.TALKING, waiting="", look={}, answers=answers)
    return _again(draft, back, Withdraw(session.waiting, why))


def _parked(draft: Draft, given: Input) -> Turn:
    session = draft.session
    if given.kind is Kind.PRESS and given.act == "fix":
        return _fixed(draft, "значение исправляется")
    verdict = given.verdict
    if verdict is None or verdict.deviation != session.waiting:
        return Turn(session, question(draft))
    step = draft.flow.step(session.step)
    answer, spec = session.answers[step.name], deviation_of(step).answers.get(verdict.answer)
    if spec is None:  # an answer of older flows: the question is asked again
        return _fixed(draft, "решение больше не подходит к форме")
    words = {
        **deviation_words(draft, step, answer),
        "decider": verdict.decider,
        "comment": verdict.comment,
    }
    said = draft.flow.texts[spec.say].render({**draft.fields, **words})
    session = replace(session, waiting="", look={})
    if spec.end:
        session = replace(session, state=State(spec.end), result=str(said))
        return Turn(
            session,
            Prompt(said, ((Button("Главное меню", "menu"),),)),
            (Carry(session, f"answer:{step.name}:{verdict.answer}"),),
        )
    session = replace(
        session,
        state=State.TALKING,
        answers={**session.answers, step.name: replace(answer, approved=True)},
    )
    turn = _onward(Draft(draft.program, session, draft.reads), [])
    return replace(turn, prompt=Prompt(said, ((GO_ON,), (Button("Главное меню", "menu"),))))
