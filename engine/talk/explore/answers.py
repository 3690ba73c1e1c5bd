"""Good answers to a question, and what a worker sends to give each. Start at `answers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.model.conversation import Input
from engine.model.values import Option, Row, Value
from engine.run.draft import Draft
from engine.run.walk import Stop
from engine.steps.base import View
from engine.steps.bounds import BoundedStep, exact
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.date import DateStep
from engine.steps.datetime import DatetimeStep
from engine.steps.file import FileStep
from engine.steps.number import NumberStep
from engine.steps.photos import PhotosStep, so_far
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.scan import ScanStep
from engine.steps.show import ShowStep
from engine.steps.text import TextStep
from engine.steps.ticks import ticked
from engine.steps.time import TimeStep
from engine.steps.yes_no import YesNoStep
from engine.talk.explore.made import picture

MOST_TICKS = 1000  # rows of a list that are looked at
SINGLES = 6  # rows of a list that are ticked alone
MOST_ROWS = 12  # rows of a list that are tried one by one
PLAUSIBLE = tuple(map(Decimal, (100, 10, 1, 3, 1000, 20, 40, 0)))


@dataclass(frozen=True, slots=True)
class Good:
    """An answer that should be taken, and the inputs that give it."""

    value: Value
    inputs: tuple[Input, ...]


def answers(stop: Stop, draft: Draft, hints: Mapping[str, tuple[Decimal, ...]]) -> list[Good]:
    """Return good answers to a question, the plainest first; `hints` are numbers that conditions
    compare a field with. Checks and limits may still refuse one."""
    view, step = draft.view(stop), stop.node.step
    found: Iterator[Good]
    match step:
        case NumberStep():
            found = _numbers(stop, draft, view, step, hints)
        case TextStep():
            found = _texts(step, view)
        case DateStep() | DatetimeStep() | TimeStep():
            found = _moments(step, view)
        case ChoiceStep():
            found = _options(step, view)
        case ChoicesStep():
            codes = tuple(step.offered(view))
            forms = step.options
            rows: dict[str, Value] = {code: Option(code, forms[code].title) for code in codes}
            found = _ticks(rows, counts_of(step, view, len(codes)), ticked(view) or ())
        case PickStep():
            items = step.source(view).page("", 0, MOST_ROWS)[0]
            when = step.choose.when
            taken = [one for one in items if not when or view.evaluate(when, it=one.value) is True]
            found = iter([Good(one.value, (Input.press("option", one.code),)) for one in taken])
        case PicksStep():
            items = step.source(view).page("", 0, MOST_TICKS)[0]
            rows = {one.code: one.value for one in items}
            found = _ticks(rows, counts_of(step, view, len(items)), ticked_now(step, view))
        case _:
            found = _plain(step, view)
    return list(found)


def _plain(step: object, view: View) -> Iterator[Good]:
    match step:
        case YesNoStep():
            for value, code in ((True, "yes"), (False, "no")):
                yield Good(value, (Input.press("option", code),))
        case ShowStep():
            yield Good(True, (Input.press("next"),))
        case PhotosStep():
            yield from _pictures(step, view)
        case FileStep():
            for at, kind in enumerate(step.formats):
                ref = picture(at + 1, kind)
                yield Good((ref,), (Input.files(ref),))
        case ScanStep():
            said = step.example or "0123456789"
            yield Good(said, (Input.text(said),))


def typed(value: Value) -> str:
    """Return what a worker types for a value."""
    match value:
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


def _numbers(
    stop: Stop,
    draft: Draft,
    view: View,
    step: NumberStep,
    hints: Mapping[str, tuple[Decimal, ...]],
) -> Iterator[Good]:
    measure, bounds = step.measure(view), draft.bounds(stop)
    unit = Decimal(1).scaleb(-measure.decimals)
    least, most = reach(step, view)
    middle = (least + most) / 2 if least is not None and most is not None else Decimal(100)
    pool: list[Decimal] = []
    for limit in (bounds.least, bounds.most) if bounds else ():
        pool += [limit, limit - unit, limit + unit] if isinstance(limit, Decimal) else []
    ready = [view.evaluate(text) for text in step.buttons.values()]
    pool += [one for one in ready if isinstance(one, Decimal)]
    pool += [one for one in PLAUSIBLE if least is None or one > least]
    pool += [middle, *hints.get(step.name, ())]
    pool += [one for one in (least, most) if one is not None]
    for number in dict.fromkeys(one.quantize(unit) for one in pool):
        if measure.refusal(number) is None:
            yield Good(number, (Input.text(typed(number)),))


def reach(step: BoundedStep, view: View) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest number that a question takes now."""
    ranges = [step.bounds(view) or (None, None), (view.unit.least, view.unit.most)]
    lows = [one for one, _ in ranges if isinstance(one, Decimal)]
    highs = [one for _, one in ranges if isinstance(one, Decimal)]
    return max(lows, default=None), min(highs, default=None)


def lengths(step: TextStep, view: View) -> tuple[int, int]:
    """Return the least and the greatest length of a text; (0, 0) when it cannot be known."""
    least, most = (exact(view.evaluate(bound)) for bound in step.length)
    if isinstance(least, Decimal) and isinstance(most, Decimal):
        return int(least), int(most)
    return 0, 0


def text_of(length: int) -> str:
    """Return a text of so many characters."""
    return ("Проверка " * (length // 9 + 1))[:length].strip().ljust(length, "а")


def _texts(step: TextStep, view: View) -> Iterator[Good]:
    if step.pattern:
        yield Good(step.example, (Input.text(step.example),))
        return
    least, most = lengths(step, view)
    for length in dict.fromkeys((min(max(least, 9), most), least or 1, most)):
        if length:
            yield Good(text_of(length), (Input.text(text_of(length)),))


def step_of(value: Value) -> timedelta:
    """Return the smallest step of a date or a time."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return timedelta(days=1) if is_day else timedelta(minutes=1)


def moved(value: Value, by: timedelta) -> Value:
    """Return a date or a time moved by a length of time; None where there is no such one."""
    match value:
        case datetime() | date():
            return value + by
        case time():
            day = datetime(2026, 1, 2, value.hour, value.minute)  # noqa: DTZ001 - a time of day
            return (day + by).time()
        case _:
            return None


def _moments(step: DateStep | DatetimeStep | TimeStep, view: View) -> Iterator[Good]:
    now = view.reads.clock.now().replace(second=0, microsecond=0)
    plain: Value = now
    if isinstance(step, DateStep):
        plain = now.date()
    elif isinstance(step, TimeStep):
        plain = now.time()
    first, last = step.bounds(view) or (plain, plain)
    inner = moved(first, step_of(first))
    for value in dict.fromkeys((plain, inner, first, last)):
        if value is not None and step.stands(value, view):
            yield Good(value, (Input.text(typed(value)),))


def _options(step: ChoiceStep, view: View) -> Iterator[Good]:
    for code, form in step.offered(view).items():
        yield Good(Option(code, form.title), (Input.press("option", code),))
    if step.other is None:
        return
    if step.other.text is not None:
        said = text_of(step.other.text[0])
        yield Good(Option("", said), (Input.text(said),))


def counts_of(step: ChoicesStep | PicksStep, view: View, there: int) -> tuple[int, int]:
    """Return the least and the greatest number of ticks that are possible now."""
    plain: list[Value] = [Decimal(1), Decimal(there)]
    bounds = [exact(view.evaluate(one)) for one in step.count] if step.count else plain
    least, most = (int(one) if isinstance(one, Decimal) else 0 for one in bounds)
    return least, min(most, there)


def ticked_now(step: ChoicesStep | PicksStep, view: View) -> tuple[str, ...]:
    """Return the codes that are ticked now, also by themselves at the start."""
    there = ticked(view)
    if there is None and isinstance(step, PicksStep) and step.ticked == "all":
        return tuple(one.code for one in step.source(view).page("", 0, MOST_TICKS)[0])
    return there or ()


def _ticks(
    rows: Mapping[str, Value], counts: tuple[int, int], there: tuple[str, ...]
) -> Iterator[Good]:
    codes, (least, most) = tuple(rows), counts
    for count in dict.fromkeys((max(1, least), max(1, least) + 1, least, min(most, MOST_ROWS))):
        if least <= count <= most:
            wanted = codes[:count]
            yield Good(tuple(rows[code] for code in wanted), tick_to(wanted, there))
    for at in range(1, min(len(codes), SINGLES)) if least <= 1 <= most else ():
        yield Good((rows[codes[at]],), tick_to(codes[at : at + 1], there))


def tick_to(codes: tuple[str, ...], there: tuple[str, ...]) -> tuple[Input, ...]:
    """Return the presses that leave these codes ticked, and the one that ends the question."""
    change = [code for code in (*there, *codes) if (code in there) is not (code in codes)]
    presses = [Input.press("tick", code) for code in dict.fromkeys(change)]
    return (*presses, Input.press("done"))


def _pictures(step: PhotosStep, view: View) -> Iterator[Good]:
    there, least = so_far(view.look), max(1, step.count[0])
    fresh = tuple(picture(number) for number in range(1, least + 1))
    fresh = tuple(ref for ref in fresh if ref not in there)
    if not step.several:
        yield Good((picture(1),), (Input.files(picture(1)),))
        return
    sends = tuple(Input.files(ref) for ref in fresh)
    yield Good((*there, *fresh), (*sends, Input.press("done")))


def same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same answer."""
    if isinstance(one, Option | Row) and isinstance(other, Option | Row):
        return (one.code, one.title) == (other.code, other.title)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
