"""Whether a mix may be unpacked on some line of its order (domain 6.1, 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.lines import free_lines
from crm.production.models import Mix


def is_unpacking_free(mix: Mix) -> bool:
    """Tell whether an unpacking station of a line of the order is free and works."""
    return mix.order is not None and bool(free_lines(mix.order))


FACT = Fact(params=("mix",), result="bool", answer=is_unpacking_free)
