"""What was decided about a check of the plan that failed or was missed (domain 5.9)."""

from __future__ import annotations

from crm.fact import Fact
from crm.own_words import own
from crm.quality.models import Check
from engine.languages.message import Message


def check_decision(check: Check) -> str:
    """Say who decided what; nothing before anybody has."""
    deviation = check.deviation
    if deviation is None or deviation.decided_by is None:
        return ""
    who = deviation.decided_by.full_name
    return Message("{who}: {what}", {"who": who, "what": own(deviation.comment)})


FACT = Fact(params=("check",), result="text", answer=check_decision)
