"""Whether a person may release a hold, or ask for it (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person
from crm.people.roles import on_duty
from crm.quality.models import Hold, HoldKind
from crm.quality.usable import RULES


def may_release(person: Person, hold: Hold) -> bool:
    """Tell whether one of his roles releases holds of this kind."""
    roles = on_duty(RULES[HoldKind(hold.kind)].release)
    return person.active and not person.role_codes.isdisjoint(roles)


FACT = Fact(params=("person", "hold"), result="bool", answer=may_release)
