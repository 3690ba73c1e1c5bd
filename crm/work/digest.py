"""What a shift leaves to the next one (domain 14.9): made, in process, due, open, stopped, raw for
what comes. Start at `of_plant`, which says it in words; `PARTS` give what its report counts;
`of_person` is a man's own work (domain 4.44)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from crm.own_words import own
from crm.people.models import Person
from crm.production.capacity import title_of
from crm.production.day import shift_began
from crm.production.facts.load_content import load_content
from crm.production.models import Mix, MixUse, Place, RawBatch, Stop
from crm.production.models.mix import DISCHARGED
from crm.production.unloading import due_until, line_of
from crm.quality.models import Deviation, Hold
from crm.quality.operations.note_missed_check import KIND as MISSED
from crm.quality.usable import Use, forbidden
from crm.titles import code_said, state_said
from crm.work.facts.head_of_shift import NEAR
from crm.work.models import HelpRequest, Task
from engine.languages.message import Message, counted, listed
from engine.model.values import show_number
from engine.model.work import COUNTERSIGN

AHEAD = timedelta(hours=4)  # loads due so soon are named
MOST = 10  # lines of one part: a message has its length
MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)
# Tasks that ask for a decision and are not called so.
ASKING = (COUNTERSIGN, "access_request", "blank_problem", "decide_check", "joint_work_choice")
DECIDED = Q(kind__endswith="_decision") | Q(kind__in=ASKING)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a part: as a message says it, and what it is about with its numbers."""

    said: Message
    what: str
    about: str = ""
    state: str = ""
    line: int | None = None
    mixes: int | None = None
    kg: Decimal | None = None
    minutes: int | None = None
    at: datetime | None = None


def of_plant(now: datetime) -> str:
    """Say how the plant stands at the end of a shift, a part after another; what there is nothing
    of is said too."""
    began, until = _shift(now)
    times = {"time": _clock(began), "until": _clock(until)}
    over = until <= now
    titles = (
        Message("Сделано с {time} до {until}" if over else "Сделано с {time}", times),
        Message("В работе"),
        Message("Выгрузка в ближайшие 4 часа"),
        Message("Ждут решения"),
        Message("Блокировки"),
        Message("Отклонения за смену"),
        Message("Просьбы о помощи"),
        Message("Пропущенные проверки"),
        Message("Остановки"),
        Message("Сырьё на следующую смену"),
    )
    parts = zip(titles, PARTS.values(), strict=True)
    return listed([_part(title, [one.said for one in part(now)]) for title, part in parts], "\n")


def _shift(now: datetime) -> tuple[datetime, datetime]:
    """Return when the shift began that is handed over, and before what it made what it made: for
    two hours after its end that is still the one before. Whoever hands over at 07:10, or when he is
    asked to at 07:30 (domain 14.9.3), leaves the night and not the minutes since then."""
    began, present = shift_began(now - NEAR), shift_began(now)
    return began, present if present > began else now + MOMENT


def _part(title: Message, lines: Sequence[Message]) -> Message:
    if not lines:
        return Message("{title}: нет", {"title": title})
    shown = [*lines[:MOST]]
    if len(lines) > MOST:
        shown.append(Message("и ещё {number}", {"number": str(len(lines) - MOST)}))
    return Message("{title}:\n{lines}", {"title": title, "lines": listed(shown, "\n")})


def _made(now: datetime) -> Iterator[Entry]:
    """Give what left the mixers, by recipe and line: how many mixes, how many kilograms. One that
    was taken back into the mixer has not left it."""
    began, until = _shift(now)
    mixes = Mix.objects.filter(
        produced_at__gte=began, produced_at__lt=until, order__isnull=False, state__in=DISCHARGED
    )
    uses = MixUse.objects.filter(mix__in=mixes, undone_by__isnull=True)
    kg = dict(uses.values_list("mix").annotate(kg=Sum("kg")).order_by())
    made: dict[tuple[str, int | None], list[Decimal]] = defaultdict(list)
    for mix in mixes.select_related("order__recipe").order_by("order__recipe__number", "line"):
        if mix.order is not None:
            made[str(mix.order.recipe), mix.line].append(kg.get(mix.pk) or Decimal(0))
    for (recipe, line), masses in made.items():
        whole, n = sum(masses, Decimal(0)), {"n": str(len(masses))}
        values = {"recipe": recipe, "line": str(line or "—"), "kg": show_number(whole, 3)}
        number = counted(len(masses), n, one="{n} замес", few="{n} замеса", many="{n} замесов")
        said = Message("{recipe}, линия {line}: {number}, {kg} кг", {**values, "number": number})
        yield Entry(said, recipe, line=line, mixes=len(masses), kg=whole)


def _in_process(now: datetime) -> Iterator[Entry]:
    """Give what stands at the stations, freezers apart: those have their due times."""
    for place in Place.objects.exclude(resource__contains="/").order_by("resource", "since"):
        station, minutes = title_of(place.resource), (now - place.since) // MINUTE
        values = {"station": station, "what": place.title, "minutes": str(minutes)}
        said = Message("{station}: {what}, {minutes} мин", values)
        yield Entry(said, station, place.title, minutes=minutes)


def _due(now: datetime) -> Iterator[Entry]:
    for load in due_until(now + AHEAD):
        what, about = load.freezer.said, load_content(load)
        yield Entry(line_of(load, now), what, about, at=load.due_at)


def _decisions(now: datetime) -> Iterator[Entry]:
    """Give the requests of forms and the tasks of records that wait for a decision: those that are
    called so, second persons, strangers who want to be let in. A record that waits with a value
    outside its limit has such a task."""
    for one in Deviation.objects.open().of_forms():
        values = {"number": one.number, "label": own(one.label), "value": one.value_said}
        said = Message("{number}: {label} {value}", values)
        yield Entry(said, one.number, one.label, one.value_text, at=one.asked_at)
    for task in Task.objects.of_records().waiting().filter(DECIDED):
        yield Entry(_task(task, now), "", str(task), at=task.created_at)


def _holds(_now: datetime) -> Iterator[Entry]:
    for hold in Hold.objects.filter(released_at__isnull=True).select_related("lot"):
        what, about = str(hold.lot.record), str(hold)
        why = {"kind": hold.kind_said, "reason": own(hold.reason)}
        said = Message("{lot}: {hold}", {"lot": what, "hold": Message("{kind}: {reason}", why)})
        yield Entry(said, what, about, at=hold.placed_at)


def _deviations(now: datetime) -> Iterator[Entry]:
    yield from _of_shift(Deviation.objects.exclude(kind=MISSED), now)


def _missed(now: datetime) -> Iterator[Entry]:
    """Give the checks of the plan that nobody made in the shift."""
    yield from _of_shift(Deviation.objects.filter(kind=MISSED), now)


def _of_shift(deviations: QuerySet[Deviation], now: datetime) -> Iterator[Entry]:
    for one in deviations.filter(asked_at__gte=_shift(now)[0]).order_by("asked_at"):
        state = state_said(one)
        values = {"number": one.number, "label": own(one.label), "state": state}
        said = Message("{number}: {label}, {state}", values)
        yield Entry(said, one.number, one.label, state, at=one.asked_at)


def _help(now: datetime) -> Iterator[Entry]:
    open_ones = HelpRequest.objects.filter(state__in=["open", "going"]).select_related("author")
    for request in open_ones.order_by("created_at"):
        who, topic = str(request.author), request.topic_title
        minutes = (now - request.created_at) // MINUTE
        values = {"who": who, "topic": topic, "minutes": str(minutes)}
        said = Message("{who}: {topic}, ждёт {minutes} мин", values)
        yield Entry(said, who, topic, minutes=minutes)


def _stops(now: datetime) -> Iterator[Entry]:
    """Give the stops of the shift with their minutes in it."""
    since, _until = _shift(now)
    for stop in Stop.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since)):
        length = (stop.ended_at or now) - max(stop.at, since)
        what, minutes = stop.title or stop.resource, length // MINUTE
        values = {"station": own(what), "reason": stop.reason, "minutes": str(minutes)}
        said = (
            Message("{station}: стоит {minutes} мин. {reason}", values)
            if stop.ended_at is None
            else Message("{station}: стояла {minutes} мин. {reason}", values)
        )
        yield Entry(said, what, stop.reason, minutes=minutes)


def _raw(_now: datetime) -> Iterator[Entry]:
    """Give the free kilograms of the batches that may be used, by condition and material: of
    released ones that nothing holds (domain 5.1, 5.12)."""
    rows = RawBatch.objects.in_stock().with_stock().filter(state=RawBatch.State.RELEASED)
    rows = rows.exclude(lot__in=forbidden(Use.PHYSICAL))
    free: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for batch in rows.select_related("raw_material").order_by("condition", "raw_material__name"):
        kg = vars(batch)
        key = (code_said(batch, "condition"), str(batch.raw_material))
        free[key] += kg["physical"] - kg["reserved"]
    for (condition, material), mass in free.items():
        if mass > 0:
            values = {"condition": condition, "material": material, "kg": show_number(mass, 3)}
            said = Message("{material}, {condition}: {kg} кг", values)
            yield Entry(said, material, state=condition, kg=mass)


PARTS: Mapping[str, Callable[[datetime], Iterator[Entry]]] = {
    "made": _made,
    "in_process": _in_process,
    "due_soon": _due,
    "decisions": _decisions,
    "holds": _holds,
    "deviations": _deviations,
    "help": _help,
    "missed": _missed,
    "stops": _stops,
    "raw": _raw,
}


def of_person(person: Person, now: datetime) -> str:
    """Say what a man has in hand and what waits for his roles."""
    waiting = list(Task.objects.of_records().waiting())
    mine = [one for one in waiting if one.person_id == person.pk]
    roles = person.role_codes
    others = [one for one in waiting if one.person_id is None and not roles.isdisjoint(one.roles)]
    parts = (
        (Message("В работе"), [_task(one, now) for one in mine]),
        (Message("Ждут"), [_task(one, now) for one in others]),
    )
    return listed([_part(title, lines) for title, lines in parts], "\n")


def _task(task: Task, now: datetime) -> Message:
    minutes = str((now - task.created_at) // MINUTE)
    return Message("{task}, {minutes} мин", {"task": str(task), "minutes": minutes})


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
