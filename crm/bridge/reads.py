"""What a turn may ask of Django, put together."""

from __future__ import annotations

from crm.bridge.ahead import ReadAhead
from crm.bridge.catalogues import DjangoCatalogues
from crm.bridge.clock import DjangoClock
from crm.bridge.facts import DjangoFacts
from crm.bridge.files import open_files
from crm.bridge.jobs import DjangoJobs
from crm.bridge.limits import DjangoLimits
from crm.bridge.suggestions import DjangoSuggestions
from engine.files.codes import StoredCodes
from engine.model.zone import PlantZone
from engine.ports import Clock, Reads


def make_reads(
    zone: PlantZone, clock: Clock | None = None, jobs: DjangoJobs | None = None
) -> Reads:
    """Return the reads of a turn in a plant's zone; a test may bring its own clock and jobs."""
    return Reads(
        DjangoCatalogues(),
        DjangoLimits(),
        DjangoFacts(),
        clock or DjangoClock(zone),
        DjangoSuggestions(),
        jobs or DjangoJobs(),
        ReadAhead(),
        StoredCodes(open_files),
    )
