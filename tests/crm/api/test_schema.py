"""The API keeps to its own schema, whatever it is asked: schemathesis asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from crm.ledger.models import Lot
from crm.wsgi import application
from tests.crm.api.conftest import Asker
from tests.sizes import sizes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plant")]
AROUND = (request_started, request_finished)
SCHEMA = "/api/v1/openapi.json"
EXAMPLES = 4  # of each address, right and wrong ones
ADDRESSES = (
    "/api/v1/lots",
    "/api/v1/lots/named",
    "/api/v1/lots/{lot}",
    "/api/v1/lots/{lot}/recall",
    "/api/v1/lots/{lot}/trace/{way}",
    "/api/v1/stock",
    "/api/v1/stock/{store}",
)


@pytest.fixture
def served() -> Iterator[Any]:
    """The program as a server calls it, on the connection of this test."""
    for signal in AROUND:
        signal.disconnect(close_old_connections)
    yield application
    for signal in AROUND:
        signal.connect(close_old_connections)


def test_every_address_of_the_schema_is_asked_here_and_all_of_them_only_read() -> None:
    paths = Client().get(SCHEMA).json()["paths"]
    assert tuple(sorted(paths)) == ADDRESSES
    assert {method for one in paths.values() for method in one} == {"get"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_problem_of_an_address_stands_in_the_schema(address: str) -> None:
    answers = Client().get(SCHEMA).json()["paths"][address]["get"]["responses"]
    assert {"200", "401", "403", "422", "429"} <= set(answers)
    assert ("404" in answers) is ("{" in address)
    for status, answer in answers.items():
        media = "application/json" if status == "200" else "application/problem+json"
        assert list(answer["content"]) == [media]


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("address", ADDRESSES)
def test_whatever_is_asked_is_answered_as_the_schema_says(
    reader: Asker, served: Any, address: str, mode: GenerationMode
) -> None:
    operation = schemathesis.openapi.from_wsgi(SCHEMA, served)[address]["GET"]
    lots = list(Lot.objects.values_list("pk", flat=True))
    header = {"Authorization": f"Bearer {reader.secret}"}

    @settings(
        max_examples=sizes().examples(EXAMPLES),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), lot=st.none() | st.sampled_from(lots))
    def ask(case: Any, lot: int | None) -> None:
        cache.clear()  # how often a token may ask is asked elsewhere
        if lot is not None and mode is GenerationMode.POSITIVE and "lot" in case.path_parameters:
            case.path_parameters["lot"] = lot
        case.call_and_validate(headers=header)

    ask()
