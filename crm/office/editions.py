"""When each version of a norm or of a limit holds: from its moment until another one begins
(domain 11.2). A version that was written anew before it began never holds.

Start at `with_ends`; pages add it to their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.office import columns
from crm.office.card import Cell, Tone, cell
from crm.office.tones import LABELS

HOLDS, PLANNED, OVER, REPLACED = "holds", "planned", "over", "replaced"
TONES: dict[str, Tone] = {HOLDS: "good", PLANNED: "info", OVER: "calm", REPLACED: "calm"}
HEADERS = (_("Действует с"), _("Действует до"), _("Когда действует"))


def with_ends(rows: QuerySet[Any], of: str) -> QuerySet[Any]:
    """Add to versions until when each holds, and whether another one of its moment stands in its
    place; `of` is the column of what they are versions of."""
    others = rows.model._default_manager.filter(**{of: OuterRef(of)})
    later = others.filter(since__gt=OuterRef("since")).order_by("since").values("since")
    same = others.filter(since=OuterRef("since"), version__gt=OuterRef("version"))
    found: QuerySet[Any] = rows.annotate(until=Subquery(later[:1]), is_replaced=Exists(same))
    return found


def standing(version: Any, at: datetime) -> tuple[str, str]:
    """Tell whether a version holds at a moment: its code, and what people read."""
    if version.is_replaced:
        return REPLACED, gettext("Заменена")
    if version.since > at:
        return PLANNED, gettext("Ещё не началась")
    if version.until is not None and version.until <= at:
        return OVER, gettext("Закончилась")
    return HOLDS, gettext("Действует")


def cells(version: Any, at: datetime) -> tuple[Cell, Cell, Cell]:
    """Return what a table says under `HEADERS`."""
    code, text = standing(version, at)
    until = None if version.is_replaced else version.until
    return cell(version.since), cell(until), Cell(text, tone=TONES[code])


show_until = columns.plain("until", HEADERS[1])


@columns.column(description=HEADERS[2], label={code: LABELS[tone] for code, tone in TONES.items()})
def show_standing(_page: Any, version: Any) -> tuple[str, str]:
    """A column: whether it holds now."""
    return standing(version, timezone.now())
