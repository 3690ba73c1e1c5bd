"""Long lists: the same rows from either end, the number and the sums after the page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.ledger.models import REAL_ACCOUNTS, Lot
from crm.ledger.stock import kept
from crm.office import paging
from crm.office.pages.orders import OrderPage
from crm.outbox.models import Notice
from crm.production.models import FreezerLoad, MincedOrder, Mix, Pallet
from crm.quality.models import Deviation
from crm.work.models import Task
from tests.crm.office.floor import a_deviation, furnish
from tests.crm.production.pallets import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE, DEVIATIONS = "/admin/work/task/", "/admin/quality/deviation/"
DAY = date(2026, 11, 15)
INDEXED: dict[str, Callable[[], QuerySet[Any]]] = {
    "notice_latest": lambda: Notice.objects.order_by("-created_at", "-position", "-pk"),
    "task_by_subject": lambda: Task.objects.filter(subject="mix", subject_id="7").order_by(),
    "pallet_by_day": lambda: Pallet.objects.filter(production_day__gte=DAY).order_by(),
    "pallet_by_acceptance": lambda: Pallet.objects.filter(accepted_at__gte=now()).order_by(),
    "balance_kept": lambda: kept(*REAL_ACCOUNTS).values_list("account", "physical", "reserved"),
    "load_by_moment": lambda: FreezerLoad.objects.filter(loaded_at__gte=now()).order_by(),
}


@pytest.fixture
def tasks() -> list[int]:
    """The keys of 120 tasks in the order of their list; many are of one moment."""
    Task.objects.bulk_create(
        Task(
            kind="look", title="Посмотреть", subject="mix", subject_id=f"t{number}",
            role="technologist", created_at=now(), breach_at=now(),
        )
        for number in range(120)
    )  # fmt: skip
    return list(Task.objects.order_by("-created_at", "-id").values_list("pk", flat=True))


def shown(client: Client, page: int) -> list[int]:
    found = client.get(PAGE, {"p": page}).context["cl"].result_list
    return [task.pk for task in found]


@pytest.mark.parametrize("counted", [60, 50_000])
def test_pages_from_either_end_show_every_row_once_and_in_order(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", counted)
    assert shown(office, 1) + shown(office, 2) + shown(office, 3) == tasks
    last = tasks[-50:] if counted == 60 else tasks[100:]  # a short list ends with what is left
    assert shown(office, -1) == last
    if counted == 60:
        assert shown(office, -2) == tasks[20:70]


def test_a_page_past_the_end_of_a_long_list_leads_to_its_beginning(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    assert office.get(PAGE, {"p": 4}, follow=True).status_code == 200
    assert office.get(PAGE, {"p": "0"}).status_code == 200
    assert office.get(PAGE, {"p": "abc"}).status_code == 200


def test_a_number_alone_leads_no_deeper_than_is_counted_off_and_the_page_says_so(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    monkeypatch.setattr(paging, "DEEPEST", 50)
    for page, rows in {3: tasks[50:100], 46146: tasks[50:100], -9: tasks[20:70]}.items():
        with CaptureQueriesContext(connection) as queries:
            answer = office.get(PAGE, {"p": page})
        assert keys(answer) == rows
        skipped = re.findall(r"OFFSET (\d+)", " ".join(one["sql"] for one in queries))
        assert skipped == ["50"]
        assert "Так глубоко страницы не отсчитываются" in answer.text
    assert "Показана ближайшая: 2-я с конца" in answer.text
    third = follow(office, office.get(PAGE, {"p": "2"}), "3")
    assert keys(third) == tasks[100:]  # a link knows where its page begins, however deep
    assert "Так глубоко" not in third.text


def test_a_long_list_says_that_it_counts_and_asks_for_its_totals_with_its_filter(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(2)
    monkeypatch.setattr(paging, "AT_ONCE", 0)
    page = "/admin/production/pallet/"
    asked = {"number": "1", "product_line__exact": "mmo", "p": "1"}
    text = html.unescape(office.get(page, asked).content.decode())
    assert re.sub(r"<[^>]+>", "", text).count("считаем…") == 4  # the number and three sums
    address = re.search(r'hx-get="([^"]+/totals/[^"]*)"', text)
    assert address is not None
    assert address[1] == f"{page}totals/?number=1&product_line__exact=mmo"
    answer = office.get(address[1]).content.decode()
    assert '<span id="office-count">1</span>' in answer
    assert re.findall("<td>([^<]+)", answer) == [
        "По всему фильтру", "962,500", "922,000", "922,000",
    ]  # fmt: skip


def test_a_list_with_many_lines_behind_its_rows_is_counted_with_its_page_and_summed_after_it(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(2)
    page, orders = "/admin/production/mincedorder/", MincedOrder.objects.count()
    for lines, later in ((OrderPage.summed_lines, False), (OrderPage.summed_lines - 1, True)):
        monkeypatch.setattr(paging, "AT_ONCE", orders * lines)
        text = office.get(page).content.decode()
        assert text.count("считаем…") == (2 if later else 0)  # the two sums
        assert re.search(rf"Всего: (<span[^>]+>)?{orders}<", text)
        assert ("/mincedorder/totals/" in text) == later


def keys(answer: Any) -> list[int]:
    return [task.pk for task in answer.context["cl"].result_list]


def follow(client: Client, answer: Any, title: str) -> Any:
    """Open the page of a long list that a link of this title leads to."""
    links = {one["title"]: one["href"] for one in answer.context["cl"].long_pages}
    with CaptureQueriesContext(connection) as queries:
        opened = client.get(PAGE + links[title], follow=True)
    assert not [one["sql"] for one in queries if "OFFSET" in one["sql"]]
    return opened


@pytest.mark.parametrize("order", ["", "1", "-1.4", "0.-4"])  # columns of the list
def test_links_lead_on_from_the_row_where_a_page_ends_whatever_came_meanwhile(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    query = {"o": order} if order else {}
    first = office.get(PAGE, query)
    whole = list(first.context["cl"].queryset.values_list("pk", flat=True))
    assert len(whole) == 120
    came = Task.objects.latest("pk")
    came.pk, came.subject_id, came.created_at = None, "came", now() + timedelta(days=1)
    came.save()
    second = follow(office, first, "2")
    third = follow(office, second, "3")
    if not order:
        assert keys(first) + keys(second) + keys(third) == whole == tasks
        assert keys(follow(office, third, "2")) == keys(second)
        assert came.pk in keys(office.get(PAGE))
    shown = {*keys(first), *keys(second), *keys(third)}
    assert shown - {came.pk} == {*whole}


def test_links_of_a_list_whose_order_may_be_empty_tell_a_number_alone(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    shown = office.get(PAGE, {"o": "3"}).context["cl"]  # by who took it
    assert [one["href"] for one in shown.long_pages] == ["?o=3&p=1", "?o=3&p=2", "?o=3&p=-1"]


@pytest.mark.parametrize("mark", ["after~0", "after~x", "before~99999999999999999999", "~", "by~1"])
def test_a_mark_that_marks_nothing_leaves_the_number_of_the_page(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    assert keys(office.get(PAGE, {"p": f"2~{mark}"})) == tasks[50:100]


def test_pages_of_a_list_whose_keys_are_no_numbers_go_on_by_their_links(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [a_deviation(number, Lot.objects.create(kind="mix")) for number in range(101)]
    Deviation.objects.update(asked_at=now())
    monkeypatch.setattr(paging, "AT_ONCE", 60)
    answer = office.get(DEVIATIONS)
    seen = keys(answer)
    for title in ("2", "3"):
        links = {one["title"]: one["href"] for one in answer.context["cl"].long_pages}
        answer = office.get(DEVIATIONS + links[title])
        seen += keys(answer)
    assert seen == sorted((one.pk for one in made), reverse=True)  # as they are of one moment


@pytest.mark.parametrize("index", INDEXED)
def test_what_grows_for_years_is_found_by_an_index(office: Client, index: str) -> None:
    if index == "notice_latest" and connection.vendor != "postgresql":
        return  # SQLite would read all notices for those that wait
    with connection.cursor() as cursor:
        rows = INDEXED[index]()
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            # What other tests rolled back lies in the indexes and makes them look dear.
            cursor.execute(f"REINDEX TABLE {rows.model._meta.db_table}")
        assert index in rows.explain()


def test_sums_of_lines_are_those_of_the_rows_together(office: Client) -> None:
    furnish(2)
    page = "/admin/production/mix/"
    whole = sum(mix.used for mix in office.get(page).context["cl"].queryset)
    totals = office.get(page).context["totals"]
    assert [one["filter"].replace("\N{NARROW NO-BREAK SPACE}", "") for one in totals] == [
        "2000,000"
    ]
    assert whole == 2000
    mix = Mix.objects.earliest("pk")
    (one,) = office.get(page, {"number": str(mix.number)}).context["totals"]
    assert one["filter"] == one["page"]


def test_a_long_list_is_not_summed_with_its_page_and_its_rows_are_read_by_their_keys(
    office: Client, tasks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(1)
    monkeypatch.setattr(paging, "AT_ONCE", 0)

    def asked(address: str, page: int = 1) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address, {"p": page}).status_code == 200
        return [one["sql"] for one in queries]

    assert not [sql for sql in asked("/admin/production/mix/") if sql.startswith("SELECT SUM(")]
    assert [sql for sql in asked("/admin/production/mix/totals/") if sql.startswith("SELECT SUM(")]
    (read,) = (sql for sql in asked(PAGE, 2) if "work_task" in sql and "breach_at" in sql)
    assert "OFFSET" not in read


@pytest.mark.parametrize("order", [("created_at", "pk"), ("-created_at", "-pk")])
def test_what_a_filter_leaves_is_sorted_and_no_index_walked_to_it(
    office: Client, tasks: list[int], order: tuple[str, ...]
) -> None:
    rows = Task.objects.filter(title="Посмотреть").order_by(*order)
    some, apart = rows[:9], paging.sorted_apart(rows)[:9]
    if connection.vendor != "postgresql":  # which counts so few rows and takes no index
        assert "task_latest" in some.explain()
    assert "task_latest" not in apart.explain()
    assert [*apart] == [*some]
