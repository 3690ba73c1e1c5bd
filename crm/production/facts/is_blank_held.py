"""Whether a hold keeps a blank from being worked with (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import held_blank
from crm.production.models import Blank


def is_blank_held(blank: Blank) -> bool:
    """Tell whether a blank may be neither unpacked nor defrosted."""
    return held_blank(blank) is not None


FACT = Fact(params=("blank",), result="bool", answer=is_blank_held)
