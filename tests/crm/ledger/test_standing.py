"""Lines of the books that stand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from crm.ledger.models import Lot, Posting
from crm.ledger.operations.reverse import reverse
from crm.ledger.standing import that_stand
from tests.crm.ledger.test_post import move

pytestmark = pytest.mark.django_db


def test_what_was_undone_and_what_undid_it_do_not_stand(at: datetime) -> None:
    lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    kept, undone = (move(lot, Decimal(amount), at, str(amount)) for amount in (10, 20))
    reverse(undone, by=None, reason="ошибка", occurred_at=at)
    found = Posting.objects.filter(that_stand())
    assert set(found.values_list("event", flat=True)) == {kept.pk}
    assert found.count() == 2
    assert "LEFT OUTER JOIN" not in str(found.query)  # SQLite goes through all documents for each
