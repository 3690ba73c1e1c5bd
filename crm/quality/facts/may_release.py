"""Whether a person may release a hold, or ask for it (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person
from crm.quality.models import Hold, HoldKind
from crm.quality.usable import RULES


def may_release(person: Person, hold: Hold) -> bool:
    """Tell whether one of his roles releases holds of this kind."""
    roles = {role.value for role in RULES[HoldKind(hold.kind)].release}
    return person.active and not roles.isdisjoint(person.role_codes)


FACT = Fact(params=("person", "hold"), result="bool", answer=may_release)
