"""The kept first data of tests are those of the seed."""

from __future__ import annotations

import re

import pytest
from django.db import connection, models, transaction

from crm.audit.models import ValueChange
from crm.office import seed as real
from tests import seeded

pytestmark = pytest.mark.django_db
APART = (models.DateTimeField, models.ForeignKey, models.AutoField)  # of the moment, and counted


def written() -> list[tuple[str, ...]]:
    """Return what stands in the rows of ours, whatever their numbers."""
    return sorted(
        (model.__name__, *(re.sub(r":\d+$", "", str(getattr(row, name))) for name in names))
        for model in seeded._ours()
        for names in [[one.attname for one in model._meta.fields if not isinstance(one, APART)]]
        if model is not ValueChange  # it names what was changed by a number that is counted
        for row in model._base_manager.all()
    )


def test_what_is_kept_and_said_again_is_what_the_seed_writes() -> None:
    found = []
    for seed in (real.seed, seeded.seed, seeded.seed, seeded.seed):
        with transaction.atomic():
            seed()
            connection.check_constraints()
            found.append(written())
            transaction.set_rollback(True)
    assert len(found[0]) > 500
    assert found[1:] == [found[0]] * 3
    assert seeded._kept[0].said
