"""What a refusal, a notice or a digest says of a state each reads in his own language."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone, translation

from crm.bridge.program import program
from crm.ledger.models import Lot, StateHistory
from crm.ledger.operations.move_state import first_by
from crm.production.card import card
from crm.production.facts.mix_text import mix_text
from crm.production.facts.recall_spread import recall_spread
from crm.production.models import Pallet
from crm.production.shippable import why_not
from crm.titles import code_said, state_said
from crm.work import digest
from engine.languages.message import Message
from tests.crm.office.floor import a_call, a_deviation
from tests.crm.production.orders import line
from tests.crm.production.pallets import mix_out, now, stocked
from tests.crm.production.stock import batch_in_stock

CRM = Path(__file__).parents[2] / "crm"
ONE_READER = {  # papers, which are Russian, and names of rows as the office shows them
    "catalogue/models/freezer.py", "ledger/models.py", "outbox/models.py", "people/models.py",
    "production/facts/daily_output.py", "production/facts/daily_raw_use.py",
    "production/facts/freezer_loads_in.py", "production/facts/order_raw_use.py",
    "production/facts/recall_movements.py", "production/models/plant.py",
    "quality/facts/checks_in.py", "quality/facts/deviations_in.py", "quality/models/hold.py",
    "work/models/file.py", "work/models/help.py",
}  # fmt: skip
DISPLAYED = re.compile(r"get_\w+_display\(")


def english(text: str) -> str:
    return program().languages.say(text, "en")


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_state_in_a_refusal_and_on_a_card_is_in_the_language_of_the_reader() -> None:
    pallet = stocked()
    Pallet.objects.filter(pk=pallet.pk).update(state="freezing")
    pallet.refresh_from_db()
    refusal = why_not(pallet)
    assert refusal == "Не на складе: в шокере"
    assert english(refusal) == "Not in stock: in a shock freezer"
    shown = card(Lot.objects.get(pk=pallet.lot_id), now())
    assert shown.splitlines()[0].endswith(": в шокере")
    assert english(shown).splitlines()[0].endswith(": in a shock freezer")


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_digest_says_states_and_topics_in_the_language_of_the_reader() -> None:
    asked, call = a_deviation(1, stocked().lot), a_call(1)
    told = digest.of_plant(now())
    assert f"{asked.number}: температура, ждёт решения" in told
    assert f"{call.author}: Поломка, ждёт 0 мин" in told
    said = english(told)
    assert ", waits for a decision" in said
    assert f"{call.author}: Breakdown" in said


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_crew_reads_the_line_of_its_mix_in_its_own_language() -> None:
    mix = mix_out()
    order = mix.order
    assert order is not None
    mix.line = 1
    for mode, russian, said in (
        ("line_1", "Линия – 1", "Line – 1"),
        ("both", "Обе, линия – 1", "Both, line – 1"),
    ):
        order.line_mode = mode
        told = mix_text(mix)
        assert told.splitlines()[0] == russian
        assert english(told).splitlines()[0] == said


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_how_far_a_recall_would_reach_is_told_in_the_language_of_who_plans() -> None:
    batch = batch_in_stock("carcass", Decimal(1000), condition="chilled")
    assert english(recall_spread([line("500", batch)])) == (
        "The mix will join deliveries: 1; a recall will affect pallets: 0, customers: 0"
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_whoever_comes_after_the_program_is_told_so_in_his_own_language() -> None:
    pallet, at = stocked(), now() + timedelta(minutes=1)
    StateHistory.objects.create(record="pallet", record_id=str(pallet.pk), at=at)
    told, when = str(first_by(pallet).said), f"{timezone.localtime(at):%d.%m %H:%M}"
    assert told == f"Уже сделано: система, {when}"
    assert english(first_by(pallet).said) == f"Already done: system, {when}"


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_page_in_english_has_titles_that_are_said_already() -> None:
    pallet = stocked()
    with translation.override("en"):
        assert (code_said(pallet, "state"), state_said(pallet)) == ("In stock", "in stock")
        assert not isinstance(code_said(pallet, "state"), Message)


def test_whoever_tells_others_of_a_code_takes_its_title_as_a_message() -> None:
    found = {
        path.relative_to(CRM).as_posix()
        for path in CRM.rglob("*.py")
        if DISPLAYED.search(path.read_text("utf-8"))
    }
    assert {name for name in found if not name.startswith("office/")} == ONE_READER
