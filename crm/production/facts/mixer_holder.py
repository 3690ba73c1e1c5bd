"""What stands in the mixer that a mix waits for (domain 4.20)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.facts.is_mixer_free import mixer_of
from crm.production.models import Mix, Place, Stop
from engine.languages.message import Message


def mixer_holder(mix: Mix) -> str:
    """Say «замес Ф221120261/3/2 с 10:32»; why the mixer stands still; nothing when it is free."""
    held = Place.objects.filter(resource=mixer_of(mix)).order_by("since").first()
    if held is not None:
        since = f"{timezone.localtime(held.since):%H:%M}"
        return Message("замес {number} с {since}", {"number": held.title, "since": since})
    stop = Stop.objects.standing().filter(resource=mixer_of(mix)).first()
    return Message("остановка: {reason}", {"reason": stop.reason}) if stop else Message("")


FACT = Fact(params=("mix",), result="text", answer=mixer_holder)
