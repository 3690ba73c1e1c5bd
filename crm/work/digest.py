"""What a shift leaves to the next one, in words (domain 14.9): made, in process, due, open,
stopped, raw for what comes. Start at `of_plant`; `of_person` is a man's own work (domain 4.44)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from crm.people.models import Person
from crm.production.capacity import title_of
from crm.production.day import shift_began
from crm.production.models import Mix, MixUse, Place, RawBatch, Stop
from crm.production.unloading import line_of, nearest
from crm.quality.models import Deviation, Hold
from crm.work.models import HelpRequest, Task
from engine.languages.message import Message, counted, listed
from engine.model.values import show_number

AHEAD = timedelta(hours=4)  # loads due so soon are named
MOST = 10  # lines of one part: a message has its length
MINUTE = timedelta(minutes=1)


def of_plant(now: datetime) -> str:
    """Say how the plant stands at the end of a shift, a part after another; what there is nothing
    of is said too."""
    since = shift_began(now)
    parts = (
        (Message("Сделано с {time}", {"time": _clock(since)}), list(_made(since, now))),
        (Message("В работе"), list(_in_process(now))),
        (Message("Выгрузка в ближайшие 4 часа"), _due(now)),
        (Message("Ждут решения"), list(_decisions())),
        (Message("Блокировки"), list(_holds())),
        (Message("Отклонения за смену"), list(_deviations(since))),
        (Message("Просьбы о помощи"), list(_help(now))),
        (Message("Остановки"), list(_stops(since, now))),
        (Message("Сырьё на следующую смену"), list(_raw())),
    )
    return listed([_part(title, lines) for title, lines in parts], "\n")


def _part(title: Message, lines: Sequence[Message]) -> Message:
    if not lines:
        return Message("{title}: нет", {"title": title})
    shown = [*lines[:MOST]]
    if len(lines) > MOST:
        shown.append(Message("и ещё {number}", {"number": str(len(lines) - MOST)}))
    return Message("{title}:\n{lines}", {"title": title, "lines": listed(shown, "\n")})


def _made(since: datetime, now: datetime) -> Iterator[Message]:
    """Give what left the mixers, by recipe and line: how many mixes, how many kilograms."""
    mixes = Mix.objects.filter(produced_at__gte=since, produced_at__lte=now, order__isnull=False)
    kg = dict(
        MixUse.objects.filter(mix__in=mixes).values_list("mix").annotate(kg=Sum("kg")).order_by()
    )
    made: dict[tuple[str, int | None], list[Decimal]] = defaultdict(list)
    for mix in mixes.select_related("order__recipe").order_by("order__recipe__number", "line"):
        if mix.order is not None:
            made[str(mix.order.recipe), mix.line].append(kg.get(mix.pk) or Decimal(0))
    for (recipe, line), masses in made.items():
        values = {"recipe": recipe, "line": str(line or "—"), "kg": show_number(sum(masses), 3)}
        n = {"n": str(len(masses))}
        number = counted(len(masses), n, one="{n} замес", few="{n} замеса", many="{n} замесов")
        yield Message("{recipe}, линия {line}: {number}, {kg} кг", {**values, "number": number})


def _in_process(now: datetime) -> Iterator[Message]:
    """Give what stands at the stations, freezers apart: those have their due times."""
    for place in Place.objects.exclude(resource__contains="/").order_by("resource", "since"):
        values = {
            "station": title_of(place.resource),
            "what": place.title,
            "minutes": str((now - place.since) // MINUTE),
        }
        yield Message("{station}: {what}, {minutes} мин", values)


def _due(now: datetime) -> list[Message]:
    soon = [one for one in nearest(100) if one.due_at and one.due_at <= now + AHEAD]
    return [line_of(one, now) for one in soon]


def _decisions() -> Iterator[Message]:
    """Give the requests of forms and the tasks of records that wait for a decision."""
    for deviation in Deviation.objects.open():
        values = {"number": deviation.number, "label": deviation.label}
        yield Message("{number}: {label} {value}", {**values, "value": deviation.value_text})


def _holds() -> Iterator[Message]:
    for hold in Hold.objects.filter(released_at__isnull=True).select_related("lot"):
        yield Message("{lot}: {hold}", {"lot": str(hold.lot.record), "hold": str(hold)})


def _deviations(since: datetime) -> Iterator[Message]:
    for deviation in Deviation.objects.filter(asked_at__gte=since).order_by("asked_at"):
        values = {"number": deviation.number, "label": deviation.label}
        state = deviation.get_state_display().lower()
        yield Message("{number}: {label}, {state}", {**values, "state": state})


def _help(now: datetime) -> Iterator[Message]:
    open_ones = HelpRequest.objects.filter(state__in=["open", "going"]).select_related("author")
    for request in open_ones.order_by("created_at"):
        minutes = str((now - request.created_at) // MINUTE)
        values = {"who": str(request.author), "topic": request.topic_title, "minutes": minutes}
        yield Message("{who}: {topic}, ждёт {minutes} мин", values)


def _stops(since: datetime, now: datetime) -> Iterator[Message]:
    """Give the stops of the shift with their minutes in it."""
    for stop in Stop.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since)):
        length = (stop.ended_at or now) - max(stop.at, since)
        values = {"station": stop.title or stop.resource, "reason": stop.reason}
        values["minutes"] = str(length // MINUTE)
        if stop.ended_at is None:
            yield Message("{station}: стоит {minutes} мин. {reason}", values)
        else:
            yield Message("{station}: стояла {minutes} мин. {reason}", values)


def _raw() -> Iterator[Message]:
    """Give the free kilograms of released batches, by condition and material."""
    rows = RawBatch.objects.in_stock().with_stock().filter(state=RawBatch.State.RELEASED)
    free: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for batch in rows.select_related("raw_material").order_by("condition", "raw_material__name"):
        kg = vars(batch)
        key = (batch.get_condition_display(), str(batch.raw_material))
        free[key] += kg["physical"] - kg["reserved"]
    for (condition, material), mass in free.items():
        if mass > 0:
            values = {"condition": condition, "material": material, "kg": show_number(mass, 3)}
            yield Message("{material}, {condition}: {kg} кг", values)


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
