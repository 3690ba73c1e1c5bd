"""What a form will ask for one by one, read by one statement: the rows of catalogues that its
answers chose, the limits that they are held to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from crm.bridge.catalogues import by_key
from crm.bridge.keys import key_of
from crm.bridge.records import DjangoRecords
from crm.quality.limits import VERSIONS
from crm.together import Question, ask_ahead


class ReadAhead(DjangoRecords):
    """The records of a turn, which says what it will ask for."""

    def ahead(
        self, chosen: Collection[tuple[str, str]], limits: Collection[str], at: datetime
    ) -> None:
        """Read chosen rows of catalogues and limits in force at a moment."""
        keys = [(catalogue, key_of(code)) for catalogue, code in sorted(chosen)]
        rows: list[Question] = [(by_key(name), (key,)) for name, key in keys if key is not None]
        ask_ahead([*rows, *((VERSIONS, (name,)) for name in sorted(limits))])
