"""What is tried at a question beside a good answer: inputs that must be refused, answers on and
one step outside of every boundary. Start at `probes`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from engine.model.conversation import Input
from engine.model.files import FileRef
from engine.model.values import Value
from engine.run.draft import Draft
from engine.run.walk import Stop
from engine.steps.base import Step, View
from engine.steps.bounds import BoundedStep, exact
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.number import NumberStep
from engine.steps.photos import PhotosStep, so_far
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.scan import ScanStep
from engine.steps.text import TextStep
from engine.talk.explore.answers import (
    counts_of,
    lengths,
    moved,
    step_of,
    text_of,
    tick_to,
    ticked_now,
    typed,
)
from engine.talk.explore.goals import (
    ABOVE,
    BELOW,
    DIGITS,
    HIGH,
    LOW,
    UNLIKE,
    UNREADABLE,
    WRONG_KIND,
    Sort,
)
from engine.talk.explore.made import picture

GIBBERISH = "ъыь"
UNKNOWN_FILE = 9000  # number of a picture that no good answer sends


@dataclass(frozen=True, slots=True)
class Probe:
    """Inputs that are tried: for which goal of the step, and whether the last one must be taken
    by the question itself (checks and limits may still refuse it) or must be refused; None: either
    is right."""

    sort: Sort
    what: str
    inputs: tuple[Input, ...]
    good: bool | None


def probes(stop: Stop, draft: Draft) -> Iterator[Probe]:
    """Give what may be tried at a question now."""
    step, view = stop.node.step, draft.view(stop)
    yield Probe(Sort.REFUSAL, WRONG_KIND, (_wrong(step),), good=False)
    match step:
        case NumberStep():
            yield from _of_number(stop, draft, view, step)
        case BoundedStep():
            yield Probe(Sort.REFUSAL, UNREADABLE, (Input.text("32.13.2026 99:99"),), good=False)
            yield from _of_moment(step, view)
        case TextStep():
            yield from _of_text(step, view)
        case ScanStep() if step.pattern:
            yield Probe(Sort.REFUSAL, UNLIKE, (Input.text(GIBBERISH),), good=False)
        case PhotosStep() if step.several:
            yield from _of_photos(step, view)
        case ChoicesStep():
            yield from _of_ticks(step, view, tuple(step.offered(view)))
        case PicksStep():
            items = step.source(view).page("", 0, 1000)[0]
            yield from _of_ticks(step, view, tuple(one.code for one in items))
        case ChoiceStep() | PickStep() if step.other is not None:
            yield from _of_other(step, view)


def _wrong(step: Step) -> Input:
    """Return an input of a kind that the question does not take."""
    takes_files = step.kind in ("photos", "file", "scan")
    return Input.other("стикер") if takes_files else Input.files(picture(UNKNOWN_FILE))


def _edge(aspect: str, edge: str, given: Input) -> Probe:
    good = None if aspect == "limit" else edge in (LOW, HIGH)
    return Probe(Sort.BOUNDARY, f"{aspect}: {edge}", (given,), good)


def _of_number(stop: Stop, draft: Draft, view: View, step: NumberStep) -> Iterator[Probe]:
    measure = step.measure(view)
    unit = Decimal(1).scaleb(-measure.decimals)
    yield Probe(Sort.REFUSAL, UNREADABLE, (Input.text(GIBBERISH),), good=False)
    finer = f"1,{'1' * (measure.decimals + 1)}"
    yield Probe(Sort.REFUSAL, DIGITS, (Input.text(finer),), good=False)
    if step.range is not None:
        low, high = step.bounds(view) or (None, None)
        is_empty = isinstance(low, Decimal) and isinstance(high, Decimal) and low > high
        yield from _numbers("range", (low, high), unit) if not is_empty else ()
    bounds = draft.bounds(stop)
    if bounds is not None:
        for edge, number in _around((bounds.least, bounds.most), unit):
            inside = measure.outside(number) is None
            if inside:
                yield _edge("limit", edge, Input.text(typed(number)))


def _around(bounds: tuple[Value, Value], unit: Decimal) -> Iterator[tuple[str, Decimal]]:
    least, most = bounds
    if isinstance(least, Decimal):
        yield LOW, least
        yield BELOW, least - unit
    if isinstance(most, Decimal):
        yield HIGH, most
        yield ABOVE, most + unit


def _numbers(aspect: str, bounds: tuple[Value, Value], unit: Decimal) -> Iterator[Probe]:
    for edge, number in _around(bounds, unit):
        sort_of_edge = number.quantize(unit) if edge in (LOW, HIGH) else number
        yield _edge(aspect, edge, Input.text(typed(sort_of_edge)))


def _of_moment(step: BoundedStep, view: View) -> Iterator[Probe]:
    first, last = step.bounds(view) or (None, None)
    for value, edge, outer, by in ((first, LOW, BELOW, -1), (last, HIGH, ABOVE, 1)):
        if value is None:
            continue
        yield _edge("range", edge, Input.text(typed(value)))
        beyond = moved(value, by * step_of(value))
        if beyond is not None:
            yield _edge("range", outer, Input.text(typed(beyond)))


def _of_text(step: TextStep, view: View) -> Iterator[Probe]:
    if step.pattern:
        yield Probe(Sort.REFUSAL, UNLIKE, (Input.text(GIBBERISH),), good=False)
        return
    yield from _of_length("length", *lengths(step, view))


def _of_length(aspect: str, least: int, most: int) -> Iterator[Probe]:
    for edge, length in ((LOW, least), (BELOW, least - 1), (HIGH, most), (ABOVE, most + 1)):
        if length > 0:
            yield _edge(aspect, edge, Input.text(text_of(length)))


def _of_other(step: ChoiceStep | PickStep, view: View) -> Iterator[Probe]:
    assert step.other is not None
    if step.other.text is not None:
        yield from _of_length("other", *step.other.text)
        return
    number = step.other.number
    if number is None or number.range is None:
        return
    unit = Decimal(1).scaleb(-view.unit.decimals)
    low, high = (exact(view.evaluate(one)) for one in number.range)
    yield from _numbers("other", (low, high), unit)


def _of_photos(step: PhotosStep, view: View) -> Iterator[Probe]:
    there, (least, most) = so_far(view.look), step.count

    def sent(count: int) -> tuple[Input, ...]:
        fresh: list[FileRef] = [picture(number) for number in range(1, count + 1)]
        more = [ref for ref in fresh if ref not in there][: max(0, count - len(there))]
        return (Input.files(*more),) if more else ()

    done = Input.press("done")
    if least > 1:
        yield Probe(Sort.BOUNDARY, f"count: {BELOW}", (*sent(least - 1), done), good=False)
    yield Probe(Sort.BOUNDARY, f"count: {LOW}", (*sent(least), done), good=True)
    yield Probe(Sort.BOUNDARY, f"count: {ABOVE}", sent(most + 1), good=False)
    yield Probe(Sort.BOUNDARY, f"count: {HIGH}", (*sent(most), done), good=True)


def _of_ticks(step: ChoicesStep | PicksStep, view: View, codes: tuple[str, ...]) -> Iterator[Probe]:
    if not codes:
        return
    there, (least, most) = ticked_now(step, view), counts_of(step, view, len(codes))

    def count(edge: str, number: int, *, good: bool) -> Probe:
        inputs = tick_to(codes[:number], there)
        return Probe(Sort.BOUNDARY, f"count: {edge}", inputs, good)

    if least > 0:
        yield count(BELOW, least - 1, good=False)
    if least <= most:
        yield count(LOW, least, good=True)
    if step.count is not None:
        yield count(HIGH, most, good=True)
