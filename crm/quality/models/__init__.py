"""Limits, analyses, deviations and holds, as rows."""

from crm.quality.models.analysis import (
    ANTIBIOTICS,
    ORGANOLEPTIC,
    AshAnalysis,
    MixAnalysis,
    RawAnalysis,
    Verdict,
)
from crm.quality.models.check import Check
from crm.quality.models.deviation import Deviation, DeviationQuerySet, LimitVersion, Measurement
from crm.quality.models.drill import RecallDrill
from crm.quality.models.hold import Hold, HoldKind

__all__ = [
    "ANTIBIOTICS",
    "ORGANOLEPTIC",
    "AshAnalysis",
    "Check",
    "Deviation",
    "DeviationQuerySet",
    "Hold",
    "HoldKind",
    "LimitVersion",
    "Measurement",
    "MixAnalysis",
    "RawAnalysis",
    "RecallDrill",
    "Verdict",
]
