"""What must be gone through in a flow, derived from its Program. Start at `goals_of`.

A goal is met by what really happens in a play, never by having been meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from engine.run.nodes import Node, names_of
from engine.run.program import FlowProgram, Program
from engine.steps.base import LimitedStep
from engine.steps.bounds import BoundedStep
from engine.steps.call import CallStep
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.number import NumberStep
from engine.steps.options import OptionsStep
from engine.steps.photos import PhotosStep
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.repeat import RepeatStep
from engine.steps.review import ReviewStep
from engine.steps.scan import ScanStep
from engine.steps.show import ShowStep
from engine.steps.text import TextStep
from engine.steps.wait import WaitStep
from engine.talk.explore.conditions import Condition, conditions_of
from engine.talk.explore.possible import together


class Sort(StrEnum):
    """What kind of thing a goal is; the value is its name in the report."""

    ASKED = "вопросы"
    BRANCH = "ветви"
    OPTION = "варианты"
    SKIP = "пропуски"
    REFUSAL = "отказы"
    BOUNDARY = "границы"
    DECISION = "решения"
    CONFIRM = "переспросы"
    ROWS = "строки"
    WAIT = "ожидания"
    WAY = "способы"
    CALL = "вызовы"
    BACK = "назад"
    EDIT = "правки"
    PAIR = "пары условий"
    SAVED = "сохранение"


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """Something to be gone through: of which flow, at which step (its path), what."""

    sort: Sort
    flow: str
    path: str
    what: str = ""


YES, NO = "да", "нет"
LOW, HIGH, BELOW, ABOVE = "наименьшее", "наибольшее", "меньше наименьшего", "больше наибольшего"
EDGES = (LOW, HIGH, BELOW, ABOVE)
WRONG_KIND, UNREADABLE, UNLIKE, DIGITS = "другой вид", "не разобрать", "не по образцу", "знаки"
FIX, REQUEST, LEAVE = "исправить", "запросить", "уйти"
KEPT, AT_ONCE = "и сохранено", "сразу"
MOST_PAIRED = 40  # conditions of a flow whose pairs are looked at


def goals_of(
    program: Program,
    name: str,
    *,
    pairs: bool = True,
    inner: bool = False,
    absent: frozenset[str] = frozenset(),
) -> tuple[Goal, ...]:
    """Return every goal of a flow, without those of the flows that it calls; an `inner` one is
    called itself, without the `absent` of its parameters, and ends with its caller. What is proved
    impossible is no goal."""
    flow = program.flows[name]
    found = [] if inner else [Goal(Sort.SAVED, name, flow.steps[-1].name)]
    for path, node in flow.index.items():
        found += [Goal(sort, name, path, what) for sort, what in _of_node(program, node, flow)]
        found += _checks(program, flow, node, absent)
    conditions = conditions_of(flow)
    for one in conditions:
        outcomes = sorted(together(program, flow, (one,), absent), reverse=True)
        found += [one_of(name, one, holds=holds) for (holds,) in outcomes]
    if pairs:
        found += _pairs(program, flow, conditions, absent)
    return tuple(dict.fromkeys(found))


def _checks(
    program: Program, flow: FlowProgram, node: Node, absent: frozenset[str]
) -> Iterator[Goal]:
    """Give the checks of a step that can be broken."""
    if isinstance(node.step, RepeatStep) and node.step.over is not None:
        return
    for at, one in enumerate(node.step.check):
        check = check_of(node, at, one.that)
        if (False,) in together(program, flow, (check,), absent):
            yield Goal(Sort.REFUSAL, flow.name, node.path, check.what)


def check_of(node: Node, at: int, text: str) -> Condition:
    """Return a check of a step as a condition."""
    scope = node.path.rpartition(".")[0]
    return Condition(node.path, check_name(at), text, names_of(text), scope, node.groups)


def one_of(flow: str, condition: Condition, *, holds: bool) -> Goal:
    """Return the goal that a condition has been true, or false."""
    return Goal(Sort.BRANCH, flow, condition.path, f"{condition.what}: {YES if holds else NO}")


def pair_of(flow: str, one: Condition, other: Condition, first: bool, second: bool) -> Goal:
    """Return the goal that two conditions had these outcomes together."""
    said = (f"{one.path} {one.what}: {YES if first else NO}", f"{YES if second else NO}")
    return Goal(Sort.PAIR, flow, other.path, f"{other.what}: {said[1]} × {said[0]}")


def paired(conditions: tuple[Condition, ...]) -> Iterator[tuple[Condition, Condition]]:
    """Give the pairs of conditions of one scope that read a common field."""
    for one, other in combinations(conditions[:MOST_PAIRED], 2):
        same = one.text == other.text or one.scope != other.scope
        if not same and one.reads & other.reads:
            yield one, other


def _pairs(
    program: Program,
    flow: FlowProgram,
    conditions: tuple[Condition, ...],
    absent: frozenset[str],
) -> Iterator[Goal]:
    for pair in paired(conditions):
        one, other = pair
        for first, second in sorted(together(program, flow, pair, absent), reverse=True):
            yield pair_of(flow.name, one, other, first, second)


def _of_node(program: Program, node: Node, flow: FlowProgram) -> Iterator[tuple[Sort, str]]:
    step = node.step
    if isinstance(step, RepeatStep) and step.over is not None:
        return
    if step.kind not in ("group", "call"):
        yield Sort.ASKED, ""
    if step.skip:
        yield from ((Sort.SKIP, what) for what in ("", KEPT))
    if step.asks and step.kind not in ("review", "wait"):
        first = next((one for one in flow.index.values() if one.step.asks), None)
        if node is not first:
            yield Sort.BACK, ""
    if step.asks and step.kind not in ("review", "wait", "show") and flow.review is not None:
        yield Sort.EDIT, ""
    if step.asks:
        yield Sort.REFUSAL, WRONG_KIND
    for at, one in enumerate(step.confirm):
        yield from ((Sort.CONFIRM, f"{at + 1}: {said}") for said in (YES, NO))
        if one.reason:
            yield Sort.CONFIRM, f"{at + 1}: причина"
    yield from _ways(node)
    yield from _of_kind(program, node)


def check_name(at: int) -> str:
    """Return the name of a check's refusal."""
    return f"проверка {at + 1}"


def _ways(node: Node) -> Iterator[tuple[Sort, str]]:
    step = node.step
    words = {"known": step.known, "default": step.default, "suggest": step.suggest}
    yield from ((Sort.WAY, word) for word, there in words.items() if there)
    if isinstance(step, BoundedStep):
        yield from ((Sort.WAY, f"кнопка «{title}»") for title in step.buttons)
    if isinstance(step, ChoiceStep | PickStep) and step.other is not None:
        yield Sort.WAY, "other"
    if isinstance(step, PickStep) and step.add:
        yield Sort.WAY, "add"
    if isinstance(step, PickStep | PicksStep) and step.is_fact:
        yield Sort.WAY, "пустой список"
    if isinstance(step, PicksStep) and step.all:
        yield Sort.WAY, "all"
    if isinstance(step, ShowStep) and len(step.pages_) > 1:
        yield Sort.WAY, "листать"
    if isinstance(step, ReviewStep) and step.again:
        yield Sort.WAY, "заново"


def _of_kind(program: Program, node: Node) -> Iterator[tuple[Sort, str]]:
    step = node.step
    if isinstance(step, OptionsStep):
        yield from ((Sort.OPTION, code) for code in step.options)
    for aspect in aspects(node):
        yield from ((Sort.BOUNDARY, f"{aspect}: {edge}") for edge in _edges(program, node, aspect))
    if isinstance(step, TextStep | ScanStep) and step.pattern:
        yield Sort.REFUSAL, UNLIKE
    if isinstance(step, NumberStep):
        yield from ((Sort.REFUSAL, what) for what in (UNREADABLE, DIGITS))
    if step.kind in ("date", "time", "datetime"):
        yield Sort.REFUSAL, UNREADABLE
    if isinstance(step, RepeatStep) and step.over is None:
        least, most = step.rows
        counts = dict.fromkeys(n for n in (0, 1, 2, most) if least <= n <= most)
        yield from ((Sort.ROWS, str(count)) for count in counts)
        yield from ((Sort.WAY, f"кнопка «{one.title}»") for one in step.add)
        if step.remove:
            yield Sort.ROWS, "убрать"
    if isinstance(step, WaitStep):
        yield from ((Sort.WAIT, how) for how in wait_ends(step))
    if isinstance(step, CallStep) and step.flow in program.flows:
        yield from ((Sort.CALL, what) for what in ("вход", "выход"))
    if isinstance(step, LimitedStep) and step.on_deviation is not None:
        names = [FIX, LEAVE, *step.on_deviation.answers]
        names += [REQUEST] if step.on_deviation.ask_again else []
        yield from ((Sort.DECISION, one) for one in names)


def wait_ends(step: WaitStep) -> tuple[str, ...]:
    """Return how a wait may end."""
    ends = ["finished"] if step.for_ else ["finished", AT_ONCE]
    ends += ["failed"] if step.for_ else []
    ends += ["left"] if step.leave else []
    return (*ends, *(["timeout"] if step.at_most else []))


def aspects(node: Node) -> tuple[str, ...]:
    """Return what of a step's answer has boundaries."""
    step, found = node.step, list[str]()
    if isinstance(step, BoundedStep) and step.range is not None:
        found.append("range")
    if isinstance(step, TextStep) and not step.pattern:
        found.append("length")
    if isinstance(step, ChoicesStep | PicksStep | PhotosStep):
        several = not isinstance(step, PhotosStep) or step.several
        found += ["count"] if several else []
    if isinstance(step, ChoiceStep | PickStep) and step.other is not None:
        number = step.other.number
        found += ["other"] if number is None or number.range else []
    if isinstance(step, NumberStep) and node.limit is not None:
        found.append("limit")
    return tuple(found)


def _edges(program: Program, node: Node, aspect: str) -> tuple[str, ...]:
    """Return the edges that can be stepped over: nobody sends less than one character, no list has
    more ticks than rows, and a limit may be open at one end."""
    step = node.step
    if aspect == "limit" and node.limit is not None:
        lines = program.limits[node.limit.limit].values
        low = (LOW, BELOW) if any(line.min is not None for line in lines) else ()
        return (*low, *((HIGH, ABOVE) if any(line.max is not None for line in lines) else ()))
    if aspect == "length" and isinstance(step, TextStep) and step.length[0] in ("0", "1"):
        return (LOW, HIGH, ABOVE)
    if aspect == "count" and isinstance(step, ChoicesStep | PicksStep):
        if step.count is None:
            return (LOW, BELOW)
        return (LOW, HIGH, BELOW)
    if aspect == "count" and isinstance(step, PhotosStep) and step.count[0] <= 1:
        return (LOW, HIGH, ABOVE)
    return EDGES
