"""Whether the raw meat that a blank is planned of is free (domain 5.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.blank_waits import not_free
from crm.production.models import Blank


def stock_is_free(blank: Blank) -> bool:
    """Tell whether every line can be reserved now."""
    return not_free(blank) is None


FACT = Fact(params=("blank",), result="bool", answer=stock_is_free)
