"""What came of the analysis of a mix, for its mixer (domain 4.26)."""

from __future__ import annotations

from collections.abc import Mapping

from crm.fact import Fact
from crm.production.models import Mix
from engine.languages.message import Message

RESULTS: Mapping[str, Message] = {
    Mix.Quality.UNTESTED: Message("Не проверен"),
    Mix.Quality.PASSED: Message("УСПЕШНО прошёл ФХП"),
    Mix.Quality.PASSED_WITH_DEVIATION: Message("Допущен с отклонением"),
    Mix.Quality.BLOCKED: Message("НЕ прошёл ФХП, заблокирован"),
}


def mix_result(mix: Mix) -> str:
    """Say how the mix passed, in one line."""
    return RESULTS[mix.quality]


FACT = Fact(params=("mix",), result="text", answer=mix_result)
