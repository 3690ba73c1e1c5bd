"""What stands where a mix should be unpacked (domain 6.5)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.lines import places, stops, unpacking_of
from crm.production.models import Mix
from engine.languages.message import Message


def unpacking_holder(mix: Mix) -> str:
    """Say «растарка линии 1 занята замесом Ф221120261/3/1 с 10:32», or why it stands still; of
    two lines the one that was taken first."""
    names = unpacking_of(mix.order) if mix.order is not None else []
    held = next((one for one in places() if one.resource in names), None)
    if held is not None:
        values = {"line": held.resource[-1], "number": held.title}
        values["since"] = f"{timezone.localtime(held.since):%H:%M}"
        return Message("растарка линии {line} занята замесом {number} с {since}", values)
    stop = next((one for one in stops() if one.resource in names), None)
    if stop is None:
        return Message("")
    values = {"line": stop.resource[-1], "reason": stop.reason}
    return Message("растарка линии {line} остановлена: {reason}", values)


FACT = Fact(params=("mix",), result="text", answer=unpacking_holder)
