"""What a blank waits for, in words (domain 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.blank_waits import not_free, not_released
from crm.production.models import Blank
from engine.languages.message import Message


def component_waited_by_blank(blank: Blank) -> str:
    """Say «анализ партии 2211/3» or what else stands in the way; empty when nothing does. Before
    the plan is saved that is stock that is not free, afterwards a batch that is not released."""
    waited = not_free(blank) if blank.state == Blank.State.NEW else not_released(blank)
    return waited or Message("")


FACT = Fact(params=("blank",), result="text", answer=component_waited_by_blank)
