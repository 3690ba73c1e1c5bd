"""Processes on PostgreSQL at one moment: several people correct the act of one batch."""

from __future__ import annotations

import pytest

from crm.documents.models import Document
from tests.crm.conftest import Receive
from tests.crm.production.acts import correct_act
from tests.rounds import COUNT, Writers

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_who_corrects_an_act_at_once_makes_an_edition_of_his_own_and_one_is_valid(
    writers: Writers, receive: Receive
) -> None:
    lot = receive().lot_id
    for first in (0, COUNT):  # where there is no edition yet, and where there are
        done = writers.round(correct_act, [(lot, first + at) for at in range(COUNT)])
        assert sorted(one.result for one in done) == [*range(first + 1, first + COUNT + 1)]
    assert Document.objects.filter(lot=lot, state="issued").count() == 1
