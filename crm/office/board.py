"""«Табло»: the plant on a screen on the wall. The page asks for its content anew by itself; that is
what the start page shows, cut to what fits and is read from afar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from crm.bridge.program import program
from crm.catalogue.models import Freezer
from crm.office.card import Slots, cell
from crm.office.dashboard import counted
from crm.office.flow import by_day
from crm.office.parts import RECORDS
from crm.office.roles import title
from crm.office.sums import CAME
from crm.office.tones import TONES
from crm.office.whereabouts import plates, slots, with_standing
from crm.production.day import production_day
from crm.production.models import Mix, RawBatch
from crm.production.models.mix import ON_LINE
from crm.quality.models import Deviation, Hold
from crm.work.models import Task

RIGHT = "production.view_rawbatch"
MIXES = 4  # of a stage
ROWS = 3  # of a list
STAGES = (Mix.State.QUEUED, *ON_LINE)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with the mixes that stand there: their numbers with their lines, and how many more
    there are."""

    title: str
    tone: str
    count: int
    mixes: Sequence[tuple[str, int | None]]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.mixes)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: what, about whom or why, since when or how late; its colour."""

    what: str
    why: str
    when: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A list on the board: how many there are, the first of them, what is said of none."""

    title: str
    count: int
    rows: Sequence[Row]
    empty: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the whole page."""
    return render(request, "office/board.html", _now(request))


@require_safe
def board_now(request: HttpRequest) -> HttpResponse:
    """Give what the page shows, anew."""
    answer = render(request, "office/board_now.html", _now(request))
    answer["Cache-Control"] = "no-store"
    return answer


def _now(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    zone, now = program().zone, timezone.now()
    day = production_day(now)
    begins = datetime.combine(day, zone.day_begins, zone)
    counts = counted(
        late=Task.objects.overdue(now),
        holds=_open_holds(),
        batches=_received(begins),
        deviations=Deviation.objects.open(),
    )
    flow = by_day(day, day, zone)[day]
    return {
        "plant": program().project.plant.name,
        "at": timezone.localtime(now),
        "day": day,
        "figures": (
            (gettext("Принято сырья, кг"), _whole(flow.received), ""),
            (gettext("Списано на замесы, кг"), _whole(flow.used), ""),
            (gettext("Принято на склад ГП, кг"), _whole(flow.made), ""),
            (gettext("Ждут решения"), counts["deviations"], "warn" if counts["deviations"] else ""),
        ),
        "stages": _stages(),
        "freezers": _freezers(),
        "blocks": (_late(now, counts["late"]), _holds(counts["holds"]),
                   _receipts(begins, counts["batches"])),
    }  # fmt: skip


def _stages() -> list[Stage]:
    """Return every stage of the lines with its mixes, in one query."""
    there: dict[str, list[tuple[str, int | None]]] = {state: [] for state in STAGES}
    rows = Mix.objects.filter(state__in=STAGES).order_by("line", "pk")
    for state, number, line in rows.values_list("state", "number", "line"):
        there[state].append((number or "—", line))
    return [
        Stage(str(state.label), TONES[state], len(there[state]), there[state][:MIXES])
        for state in STAGES
    ]


def _freezers() -> list[Slots]:
    """Return all plate freezers as one map, each shocker as its own."""
    found: list[Any] = list(with_standing(Freezer.objects.active()))
    shockers = [slots(one, one.standing) for one in found if one.kind == Freezer.Kind.SHOCK]
    return [*plates(found), *shockers]


def _late(now: datetime, count: int) -> Block:
    rows = Task.objects.overdue(now).select_related("person").order_by("breach_at")[:ROWS]
    return Block(
        gettext("Просроченные задачи"),
        count,
        [
            Row(
                str(task),
                task.person.full_name if task.person else title(task.role),
                _late_by(now - task.breach_at) if task.breach_at else "",
                "bad",
            )
            for task in rows
        ],
        gettext("Просроченных задач нет"),
    )


def _late_by(late: Any) -> str:
    """Say how late something is, in minutes, from two hours on in hours."""
    minutes = int(late.total_seconds()) // 60
    if minutes < 120:
        return gettext("{count} мин").format(count=minutes)
    return gettext("{count} ч").format(count=minutes // 60)


def _open_holds() -> Any:
    return Hold.objects.filter(released_at__isnull=True)


def _holds(count: int) -> Block:
    lots = [f"lot__{record}" for record in RECORDS]
    rows = _open_holds().select_related(*lots)[:ROWS]
    return Block(
        gettext("Блокировки"),
        count,
        [
            Row(
                f"{hold.lot.get_kind_display()} {hold.lot.record}",
                str(hold),
                _clock(hold.placed_at),
                "warn",
            )
            for hold in rows
        ],
        gettext("Блокировок нет"),
    )


def _received(begins: datetime) -> Any:
    return RawBatch.objects.filter(received_at__gte=begins, state__in=CAME)


def _receipts(begins: datetime, count: int) -> Block:
    rows = _received(begins).select_related("raw_material").order_by("-received_at")[:ROWS]
    return Block(
        gettext("Принято сегодня"),
        count,
        [
            Row(
                f"{batch} {batch.raw_material or ''}",
                gettext("{kg} кг").format(kg=_whole(batch.weight_received)),
                _clock(batch.received_at),
            )
            for batch in rows
        ],
        gettext("Сегодня сырьё ещё не принимали"),
    )


def _whole(kilograms: Decimal | None) -> str:
    """Write kilograms without grams: nobody weighs on the wall."""
    return cell(kilograms, decimals=0).text


def _clock(at: datetime | None) -> str:
    """Write a moment: the time of this production day, the day of any other."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), production_day(timezone.now())
    return f"{local:%H:%M}" if production_day(at) == today else f"{local:%d.%m}"
