"""Limits of what raw meat is made of, by material (domain 4.8): versions of the limits `raw_fat`,
`raw_protein` and `raw_moisture`, a row a material."""

from __future__ import annotations

from datetime import datetime

from crm.catalogue.models import RawMaterial
from crm.prepared import MOMENT, TEXT, Prepared
from crm.quality.models import LimitVersion
from crm.quality.norms import COMPOSITION, Norm

PREFIX = "raw_"


_IN_FORCE = Prepared(LimitVersion.objects.in_force, TEXT, MOMENT)


def in_force(name: str, at: datetime) -> list[LimitVersion]:
    """Return the rows of the newest version of a limit that had begun by `at`."""
    return _IN_FORCE.rows(name, at)


def product_limits(material: RawMaterial | None, at: datetime) -> dict[str, Norm]:
    """Return the limits in force for a material by part: its own row (`material == code`), else the
    row for all of them; a part without a row has no limit."""
    own = f"material == {material.code}" if material else ""
    found = {}
    for part in COMPOSITION:
        rows = {row.when: row for row in in_force(f"{PREFIX}{part}", at)}
        row = rows.get(own) or rows.get("")
        if row is not None:
            found[part] = Norm(row.least, row.most)
    return found
