"""The last analysis of a mix, for whoever decides on it (domain 4.23)."""

from __future__ import annotations

from crm.fact import Fact
from crm.quality.mix_norms import analysis_text

FACT = Fact(params=("mix",), result="text", answer=analysis_text)
