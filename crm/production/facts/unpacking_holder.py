"""What stands where a mix should be unpacked (domain 6.5)."""

from __future__ import annotations

from django.utils import timezone

from crm.asked_once import asked_once
from crm.fact import Fact
from crm.production.lines import unpacking_of
from crm.production.models import Mix, Place, Stop
from engine.languages.message import Message


def unpacking_holder(mix: Mix) -> str:
    """Say «растарка линии 1 занята замесом Ф221120261/3/1 с 10:32», or why it stands still; of
    two lines the one that was taken first."""
    return _held(tuple(unpacking_of(mix.order))) if mix.order is not None else Message("")


@asked_once
def _held(names: tuple[str, ...]) -> str:
    held = Place.objects.filter(resource__in=names).order_by("since").first()
    if held is not None:
        values = {"line": held.resource[-1], "number": held.title}
        values["since"] = f"{timezone.localtime(held.since):%H:%M}"
        return Message("растарка линии {line} занята замесом {number} с {since}", values)
    stop = Stop.objects.standing().filter(resource__in=names).first()
    if stop is None:
        return Message("")
    values = {"line": stop.resource[-1], "reason": stop.reason}
    return Message("растарка линии {line} остановлена: {reason}", values)


FACT = Fact(params=("mix",), result="text", answer=unpacking_holder)
