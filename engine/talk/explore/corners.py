"""What a play does where no plain question is asked: a list of rows, a wait, the review, a request
for a decision, a question about a value. Each returns whether the play goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from engine.model.conversation import Answer, Input, Session
from engine.run.draft import Draft
from engine.run.stages import CONFIRM, GROUP, OUTSIDE, PHOTO, stage
from engine.run.walk import Stop
from engine.steps.base import OnDeviation
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.repeat import RepeatStep
from engine.steps.wait import WaitStep
from engine.talk.explore.answers import answers
from engine.talk.explore.goals import FIX, LEAVE, REQUEST, WRONG_KIND, Goal, Sort, check_name
from engine.talk.explore.imagine import placed, turn
from engine.talk.explore.made import picture
from engine.talk.explore.sight import DEAD_END
from engine.talk.explore.world import JOB_S

if TYPE_CHECKING:
    from engine.talk.explore.player import Player

REASON, UNSAVED = "Причина указана проверкой", "не сохраняется"
MOST_SAVES, MOST_EDITS, MEND_TRIES = 60, 3, 400
A_WHILE = timedelta(seconds=JOB_S + 1)


def title_of(player: Player, stop: Stop, given: Input) -> str:
    """Return the title of a row whose button is not on the screen."""
    session, step = player.session, stop.node.step
    if session is None or given.act not in ("option", "tick"):
        return ""
    if not isinstance(step, PickStep | PicksStep):
        return ""
    view = player.hall.draft(session).view(stop)
    item = step.source(view).get(given.arg)
    return item.title if item else ""


def deviates(player: Player, stop: Stop) -> bool:
    """Tell whether a request for a decision is wanted at a question now."""
    spec = stop.node.deviation
    return spec is not None and bool(_wanted(player, stop, spec))


def wants_decision(player: Player, stop: Stop) -> bool:
    """Tell whether anything of a request for a decision is still open."""
    goals = (FIX, LEAVE, REQUEST)
    return deviates(player, stop) or any(player.is_open(Sort.DECISION, stop, one) for one in goals)


def _wanted(player: Player, stop: Stop, spec: OnDeviation) -> list[str]:
    """Return the answers of a request that are still open: those that end the form only where the
    play is there for them."""
    last = player.finale
    return [
        code
        for code, answer in spec.answers.items()
        if player.is_open(Sort.DECISION, stop, code)
        and (answer.end != "refused" or (last is not None and last.what == code
                                          and last.path == stop.node.path))
    ]  # fmt: skip


def decision(player: Player, session: Session) -> bool:
    """Stand at a request: leave and come back, correct the value, let it be decided."""
    stop = player.hall.draft(session).located(session.step)
    spec = stop.node.deviation
    if spec is None:
        return player.give_up(f"{session.step}: ждёт решения, а решать нечего")
    if player.is_open(Sort.DECISION, stop, LEAVE) and player.hall.press("cancel"):
        player.at(Sort.DECISION, stop, LEAVE)
        return player.hall.press("go_on")
    if player.is_open(Sort.REFUSAL, stop, WRONG_KIND):
        player.hall.send(Input.text("когда?"))
    wanted = _wanted(player, stop, spec)
    if (player.return_to or player.is_open(Sort.DECISION, stop, FIX)) and player.hall.press("fix"):
        player.at(Sort.DECISION, stop, FIX)
        return True
    going_on = [code for code, answer in spec.answers.items() if not answer.end]
    code = next(iter([*wanted, *going_on, *spec.answers]))
    if not player.hall.decide(session.waiting, code):
        player.trouble(DEAD_END, f"решение «{code}» некому принять")
        return player.give_up(f"{session.step}: решение «{code}» некому принять")
    player.at(Sort.DECISION, stop, code)
    player.at(Sort.ASKED, stop)
    return True


def about_value(player: Player, draft: Draft, stop: Stop) -> bool:
    """Answer what is asked about a value."""
    look, hall = draft.session.look, player.hall
    at, number = stage(look)
    goal = Goal(Sort.CONFIRM, stop.flow.name, stop.node.path)
    if GROUP in look:
        closing = next(one for one in draft.walk.closings if one.address == look[GROUP])
        goal = Goal(Sort.CONFIRM, closing.flow.name, closing.node.path)
    if at == CONFIRM:
        no = Goal(goal.sort, goal.flow, goal.path, f"{number + 1}: нет")
        if no in player.goals or (player.return_to and GROUP not in look):
            player.meet(no)
            return hall.press("no")
        player.meet(Goal(goal.sort, goal.flow, goal.path, f"{number + 1}: да"))
        player.at(Sort.ASKED, stop)
        return hall.press("yes")
    if at == OUTSIDE:
        if player.return_to:
            player.return_to = ""
        player.at(Sort.DECISION, stop, REQUEST)
        return hall.press("request")
    if at == PHOTO:
        return hall.send(Input.files(picture(7000)))
    why = Goal(goal.sort, goal.flow, goal.path, f"{number + 1}: причина")
    player.meet(why)
    hall.send(Input.other("стикер"))
    return hall.send(Input.text(REASON))


def rows(player: Player, draft: Draft, stop: Stop) -> bool:
    """Stand at a list: add rows, take one away, end it."""
    step, hall = stop.node.step, player.hall
    assert isinstance(step, RepeatStep)
    if player.is_open(Sort.REFUSAL, stop, WRONG_KIND):
        player.at(Sort.REFUSAL, stop, WRONG_KIND)
        return hall.send(Input.text("ещё"))
    count = len(draft.walk.tables.get(stop.address, ()))
    if step.over is None:
        more = _more(player, draft, stop, step, count)
        if more is not None and hall.press("add", str(more)):
            player.at(Sort.WAY, stop, f"кнопка «{step.add[more].title}»")
            return True
        is_last = player.finale is not None and player.finale.sort is Sort.ROWS
        if (
            not is_last
            and count > max(1, step.rows[0])
            and player.is_open(Sort.ROWS, stop, "убрать")
        ):
            return _less(player, stop)
    for at, check in enumerate(step.check):
        if player.is_open(Sort.REFUSAL, stop, check_name(at)):
            table = {step.name: draft.walk.tables.get(stop.address, ())}
            dials = dict(hall.facts.dials)
            if turn(hall.facts, player.world, check.that, draft, stop, wanted=False, more=table):
                hall.press("done")
                player.at(Sort.REFUSAL, stop, check_name(at))
                hall.facts.dials = dials
                return True
    if not hall.press("done"):
        return player.give_up(f"{stop.address}: нет кнопки «{step.done}», строк {count}")
    after = player.session
    if after is not None and after.step == stop.address:
        return player.give_up(f"{stop.address}: список не заканчивается")
    player.at(Sort.ROWS, stop, str(count))
    player.edited(stop)
    player.at(Sort.ASKED, stop)
    player.taps[placed(draft, stop.address)] = count + 1
    return True


def _more(player: Player, draft: Draft, stop: Stop, step: RepeatStep, count: int) -> int | None:
    """Return the button that begins another row; None when there are enough."""
    buttons = [at for at in range(len(step.add)) if player.hall.offers("add", str(at))]
    if not buttons or count >= step.rows[1]:
        return None
    place = placed(draft, stop.address)
    wished = player.wish.answers.get(place)
    pairs = [str(one) for one in wished[1:]] if isinstance(wished, tuple) else []
    wanted = len(pairs) if isinstance(wished, tuple) else max(1, step.rows[0])
    last = player.finale
    if last is not None and last.sort is Sort.ROWS and last.path == stop.node.path:
        wanted = int(last.what)
        pairs = [*pairs, *[f"0:{buttons[count % len(buttons)]}"] * (wanted - len(pairs))]
        return _begun(pairs, count, buttons) if count < wanted else None
    for at in buttons:
        if player.is_open(Sort.WAY, stop, f"кнопка «{step.add[at].title}»") and count < 4:
            return at
    removes = player.is_open(Sort.ROWS, stop, "убрать") and count < max(2, step.rows[0] + 1)
    if count >= wanted and not removes:
        return None
    return _begun(pairs, count, buttons)


def _begun(pairs: list[str], count: int, buttons: list[int]) -> int:
    """Return the button that begins a row as it was imagined."""
    at = int(pairs[count].partition(":")[2] or 0) if count < len(pairs) else -1
    return at if at in buttons else buttons[count % len(buttons)]


def _less(player: Player, stop: Stop) -> bool:
    hall = player.hall
    player.at(Sort.ROWS, stop, "убрать")
    if not hall.press("remove"):
        return True
    hall.press("list")
    hall.press("remove")
    return hall.press("less")


def mend(player: Player, draft: Draft) -> None:
    """Look for answers to a group with which its checks hold, where those given break them."""
    session, random = draft.session, Random(len(draft.session.trail))
    for closing in draft.walk.closings:
        part = draft.walk.stops[closing.first : closing.last + 1]
        checks = closing.node.step.check
        broken = any(not draft.holds(closing, one.that) for one in checks)
        if not broken or not any(one.address in session.redo for one in part):
            continue
        part = [one for one in part if one.address in session.redo]
        goods = {one.address: answers(one, draft, player.hints) for one in part}
        for _ in range(MEND_TRIES):
            chosen = {name: random.choice(some).value for name, some in goods.items() if some}
            kept = {name: Answer(value, approved=True) for name, value in chosen.items()}
            tried = draft.next(replace(session, answers={**session.answers, **kept}))
            there = [one for one in tried.walk.closings if one.address == closing.address]
            if there and all(tried.holds(there[0], one.that) for one in checks):
                player.mended |= {placed(draft, name): value for name, value in chosen.items()}
                break


def wait(player: Player, draft: Draft, stop: Stop) -> bool:
    """Stand at a wait: look again, then end it as wished."""
    step, hall = stop.node.step, player.hall
    assert isinstance(step, WaitStep)
    player.waited.add(stop.address)
    player.at(Sort.ASKED, stop)
    if player.is_open(Sort.REFUSAL, stop, WRONG_KIND):
        player.at(Sort.REFUSAL, stop, WRONG_KIND)
        return hall.send(Input.text("долго?"))
    if step.refresh:
        hall.press("refresh")
    wished = player.wish.answers.get(placed(draft, stop.address))
    how = wished if isinstance(wished, str) else "finished"
    here = player.session
    if how == "left" and hall.press("leave"):
        player.at(Sort.WAIT, stop, "left")
        return True
    if how in ("finished", "failed"):
        if step.until and turn(hall.facts, player.world, step.until, draft, stop, wanted=True):
            hall.stage.look()
        else:
            hall.stage.wait(A_WHILE)
    if player.session == here and step.at_most:
        hall.stage.wait(timedelta(seconds=step.at_most + 1))
        how = "timeout"
    if player.session == here:
        if hall.press("leave"):
            player.at(Sort.WAIT, stop, "left")
            return True
        return player.give_up(f"{stop.address}: ожидание не кончается")
    _ends(player, stop)
    return True


def _ends(player: Player, stop: Stop) -> None:
    """Note how a wait ended."""
    session = player.session
    answer = session.answers.get(stop.address) if session else None
    code = getattr(answer.value, "code", "") if answer else ""
    if code:
        player.at(Sort.WAIT, stop, code)


def review(player: Player, draft: Draft, stop: Stop) -> bool:
    """Stand at the review: correct each answer once, begin anew once, then save."""
    hall = player.hall
    player.at(Sort.ASKED, stop)
    player.note(draft)
    if player.is_open(Sort.REFUSAL, stop, WRONG_KIND):
        player.at(Sort.REFUSAL, stop, WRONG_KIND)
        return hall.send(Input.files(picture(7001)))
    if player.saves == 0 and _edits(player, draft):
        return True
    if player.is_open(Sort.WAY, stop, "заново") and hall.press("restart"):
        player.at(Sort.WAY, stop, "заново")
        top = hall.chat.top
        player.identity = str(top.id) if top else ""
        player.visits.clear()
        return top is not None
    if player.flips is not None:
        return _unsaved(player)
    hall.facts.asked.clear()
    if not hall.press("save"):
        return player.give_up("нет кнопки, чтобы сохранить")
    player.saves += 1
    if player.session is None:
        return False
    return _unsaved(player)


def _edits(player: Player, draft: Draft) -> bool:
    """Open an answer that was not corrected yet; False when there is none."""
    screen = player.hall.stage.screen(player.hall.worker)
    for button in screen.buttons if screen else ():
        if button.act != "edit":
            continue
        stop = draft.stop(button.arg)
        stops = [stop] if stop else list(draft.inside(button.arg))
        open_ones = [one for one in stops if _worth_opening(player, one)]
        times = sum(one[0] == button.arg and one[1].startswith("edit") for one in player.tried)
        if not open_ones or times >= MOST_EDITS:
            continue
        player.tried.add((button.arg, f"edit {times}"))
        player.visits.clear()
        player.editing = open_ones[0].address
        if player.hall.press("edit", button.arg):
            for one in open_ones[1:] if stop is None else ():
                player.at(Sort.EDIT, one)
            return True
    return False


def _worth_opening(player: Player, stop: Stop) -> bool:
    """Tell whether an answer is to be corrected: it was not yet, or it is known by itself and has
    options that only a correction can choose."""
    if player.is_open(Sort.EDIT, stop):
        return True
    at = (Sort.OPTION, stop.flow.name, stop.node.path)
    return stop.known is not None and any(
        (one.sort, one.flow, one.path) == at for one in player.goals
    )


def _unsaved(player: Player) -> bool:
    """The saving transaction refused: let one fact after another answer otherwise. What brings a
    refusal that was not seen yet is kept, and the rest tried again."""
    hall, session = player.hall, player.session
    if player.flips is None:
        _refused_anew(player)
        player.flips = chain(player.worked, _flips(player))
    flip = next(player.flips, None)
    if flip is None or session is None or player.saves > MOST_SAVES:
        return player.give_up(f"{UNSAVED}: {player.refusals[-1]}")
    hall.facts.dials = {**player.dials, **flip}
    if session.step == "review":
        player.saves += 1
        hall.press("save")
    after = player.session
    if after is None:
        return False
    if after.step == "review" and _trouble(player) not in (*player.refusals, ""):
        _refused_anew(player)
        player.flips = _flips(player)
    hall.facts.dials = dict(player.dials)
    return hall.send(Input.show())


def _refused_anew(player: Player) -> None:
    """Keep the facts with which this refusal came."""
    player.dials = dict(player.hall.facts.dials)
    player.refusals.append(_trouble(player))


def _flips(player: Player) -> Iterator[dict[str, int]]:
    """Give other answers of the facts that the saving asked, those asked last first; those that the
    form itself reads come last."""
    own, facts = player.world.facts, player.hall.facts
    last_first = list(facts.asked)[::-1]
    for name in sorted(last_first, key=lambda name: name in own):
        for number in range(player.world.variants(name)):
            if player.dials.get(name, 0) != number:
                yield {name: number}


def _trouble(player: Player) -> str:
    screen = player.hall.stage.screen(player.hall.worker)
    lines = screen.text.splitlines() if screen else []
    return next((line for line in lines if line.startswith("⚠")), "")
