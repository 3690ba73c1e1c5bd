"""A conversation's turn: (Program, Session, Input) → Turn. Pure but for reading through `Reads`.

Start at `advance`. Nothing here writes; what is to be done comes back as Effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from engine.actions.run import RunAction
from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.conversation import Actor, Album, Answer, Input, Kind, Session, State
from engine.model.effects import Carry, Effect, Turn
from engine.model.values import Value
from engine.ports import Reads
from engine.run.draft import Draft
from engine.run.lists import listed
from engine.run.onward import back, finish, go, shown
from engine.run.parked import asked_afresh, parked
from engine.run.pending import answered, retyped
from engine.run.program import Program
from engine.run.question import question
from engine.run.stages import SINCE, VALUE, Candidate
from engine.run.take import proceed
from engine.run.walk import Stop
from engine.steps.base import Look, Taken
from engine.steps.photos import PICTURES, PhotosStep, so_far

SYSTEM = (Kind.DECISION, Kind.JOB, Kind.FREE, Kind.CLOCK)
MOVED = Message("Условия изменились: тот вопрос больше не нужен")


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
    draft = Draft(program, session, reads)
    before: list[Effect] = [Carry(session, "before")] if draft.flow.blocks["before"] else []
    first = next(iter(draft.questions()), None)
    if first is None:
        return finish(draft, before)
    return go(draft, first, before)


def advance(program: Program, session: Session, given: Input, reads: Reads) -> Turn:
    """Take one input. A refused one changes nothing but the prompt, which says what is expected."""
    draft = Draft(program, session, reads)
    if _of_earlier_album(session, given):
        return _album(draft, given)
    if session.state is State.PARKED:
        return parked(draft, given)
    stop = draft.stop(session.step)
    if stop is None:
        return _moved(draft)
    if given.kind is Kind.SHOW or (given.kind is Kind.PRESS and given.act == "show"):
        return go(draft, stop) if stop.ended else Turn(session, question(draft))
    if given.kind in SYSTEM:
        over = stop.kind == "wait" and stop.ended and given.kind is not Kind.DECISION
        return go(draft, stop) if over else Turn(session, None)
    return _asked(draft, stop, given)


def _moved(draft: Draft) -> Turn:
    """Go where there is something to ask: what was asked is not asked any more."""
    found = draft.unsettled()
    stop = found.stop if found else draft.stop("review")
    if stop is None:
        return finish(draft, [])
    trail = tuple(one for one in draft.session.trail if one in draft.walk.index)
    return go(draft, stop, trail=trail, trouble=MOVED)


def _asked(draft: Draft, stop: Stop, given: Input) -> Turn:
    if VALUE in draft.session.look:
        if not retyped(draft, stop, given):
            return answered(draft, stop, given)
        draft = draft.next(replace(draft.session, look={}))
    if given.kind is Kind.PRESS and given.act == "back":
        return back(_with_pictures(draft))
    if given.kind is Kind.PRESS and given.act == "why":
        return Turn(draft.session, question(draft, why=True))
    match stop.kind:
        case "review":
            return _review(draft, stop, given)
        case "repeat":
            return listed(draft, stop, given)
        case "wait" if given.kind is Kind.PRESS and given.act == "refresh":
            return go(draft, stop) if stop.ended else Turn(draft.session, question(draft))
    ready = _ready(draft, stop, given)
    if ready is not None:
        return proceed(draft, stop, Candidate(ready.value), given)
    return _read(draft, stop, given)


def _ready(draft: Draft, stop: Stop, given: Input) -> Taken | None:
    """Return the answer of a button that every question may have."""
    if given.kind is not Kind.PRESS:
        return None
    view = draft.view(stop)
    match given.act:
        case "skip" if draft.skips(stop):
            return Taken(None)
        case "keep" if view.current is not None and view.current.value is not None:
            return Taken(view.current.value)
        case "default" if stop.node.step.default is not None:
            value = view.evaluate(stop.node.step.default)
            return Taken(value) if _stands(draft, stop, value) else None
        case "suggested" if given.arg.isascii() and given.arg.isdigit():
            values = draft.suggested(stop)
            at = int(given.arg)
            return Taken(values[at]) if at < len(values) else None
        case _:
            return None


def _stands(draft: Draft, stop: Stop, value: Value) -> bool:
    return value is not None and stop.node.step.stands(value, draft.view(stop))


def _read(draft: Draft, stop: Stop, given: Input) -> Turn:
    step, session = stop.node.step, draft.session
    outcome = step.read(given, draft.view(stop))
    match outcome:
        case Refusal():
            return Turn(session, question(draft, outcome.said))
        case Look(look, toast):
            album = Album(given.album, stop.address) if given.album else session.album
            session = replace(session, look={**_since(session), **look}, album=album)
            return replace(shown(draft.next(session)), toast=toast)
        case Taken(value, again):
            return proceed(draft, stop, Candidate(value, again=again), given)


def _since(session: Session) -> Mapping[str, Value]:
    return {name: value for name, value in session.look.items() if name == SINCE}


def refused(program: Program, session: Session, refusal: Refusal, reads: Reads) -> Turn:
    """Show a refusal of the saving transaction, at the step that it names: by the step's address,
    or by the parameter through which an operation was given its answer."""
    draft = Draft(program, session, reads)
    if session.state is State.PARKED:  # what a decision was to bring about: the value is asked anew
        turn = asked_afresh(draft, [])
        return replace(turn, prompt=question(draft.next(turn.session), refusal.said))
    stop = _named(draft, refusal.again) if refusal.again else None
    if stop is None:
        return Turn(session, question(draft, refusal.said))
    return go(draft, stop, editing=True, trail=(*session.trail, session.step), trouble=refusal.said)


def _named(draft: Draft, name: str) -> Stop | None:
    """Return the stop at an address, else the first that fills a parameter of this name in `save`:
    of `gross: weights.gross` the one at that address, or the one of that name inside `weights`."""
    blocks = draft.program.flows[draft.session.flow].blocks["save"]
    runs = [action for action in blocks if isinstance(action, RunAction)]
    for address in (name, *(run.with_[name] for run in runs if name in run.with_)):
        whole, inside, last = address, f"{address.partition('.')[0]}.", address.rpartition(".")[2]
        for stop in draft.walk.stops:
            under = stop.address.startswith(inside) and "." in address
            if stop.address == whole or (under and stop.address.rpartition(".")[2] == last):
                return stop
    return None


def _with_pictures(draft: Draft) -> Draft:
    """Keep pictures that were sent but not confirmed as the answer."""
    session, pictures = draft.session, so_far(draft.session.look)
    if not pictures:
        return draft
    answers = {**session.answers, session.step: Answer(pictures, approved=True)}
    return draft.next(replace(session, answers=answers, look={}))


def _review(draft: Draft, stop: Stop, given: Input) -> Turn:
    session = draft.session
    if given.kind is Kind.PRESS and given.act == "edit":
        target = draft.stop(given.arg)
        if target is not None and target is not stop:
            trail = (*session.trail, stop.address)
            return go(draft, target, editing=True, trail=trail)
        row = draft.inside(given.arg) if given.arg else ()
        if row:
            draft = draft.next(replace(session, redo=tuple(one.address for one in row)))
            return go(draft, row[0], editing=True, trail=(*session.trail, stop.address))
    if given.kind is Kind.PRESS and given.act == "save":
        return finish(draft, [])
    return Turn(session, question(draft, stop.node.step.wrong(given).said))


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
    question stays. A code that was read or a single file is no answer to join anything to."""
    session = draft.session
    assert session.album is not None
    address = session.album.step
    found, before = draft.program.node(session.flow, address), session.answers.get(address)
    step = found.node.step if found else None
    if not isinstance(step, PhotosStep) or before is None:
        return Turn(session, None)
    pictures = step.later(so_far({PICTURES: before.value}), given.sent)
    answer = replace(before, value=pictures, approved=True)
    return Turn(replace(session, answers={**session.answers, address: answer}), None)
