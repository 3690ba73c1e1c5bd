"""Last values of a person on rows: his last forms of a flow are found by their index."""

from __future__ import annotations

import pytest
from django.db import connection

from crm.work.models import Session


@pytest.mark.django_db
def test_the_last_saved_forms_of_a_person_and_flow_are_read_by_an_index():
    if connection.vendor == "postgresql":  # it would rather read an empty table
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Session.objects.filter(person_id=1, flow="raw_intake", state="saved")
    plan = rows.order_by("-ended_at").values_list("answers", flat=True)[:20].explain()
    assert "session_saved_by_person" in plan
    assert "sort" not in plan.lower().replace("temp b-tree for order by", "sort")
