"""How long a mock recall has taken (domain 14.2)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.recall import LIMIT_S
from crm.quality.models import RecallDrill
from engine.languages.message import Message


def drill_took(drill: RecallDrill) -> str:
    """Say the time from the start to the signature, or to now, beside the four hours; «дольше» is
    said in words."""
    end = drill.signed_at or timezone.now()
    took = int((end - drill.started_at).total_seconds())
    words = {"hours": str(took // 3600), "minutes": f"{took // 60 % 60:02}"}
    words["limit"] = str(LIMIT_S // 3600)
    if took > LIMIT_S:
        return Message("{hours} ч {minutes} мин, дольше {limit} ч", words)
    return Message("{hours} ч {minutes} мин из {limit} ч", words)


FACT = Fact(params=("recall_drill",), result="text", answer=drill_took)
