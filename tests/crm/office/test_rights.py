"""Who may what: `tests/rights.yaml`, written by hand, against every address of the office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import compress

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AnonymousUser, Group, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from ruamel.yaml import YAML

from crm.api.models import Scope
from crm.api.operations.tokens import issue
from crm.bridge.form_files import packed
from crm.bridge.program import program
from crm.documents.models import Document
from crm.ledger.models import Lot
from crm.office.roles import title
from crm.outbox.models import Notice
from crm.people.models import AccessRequest, SignIn
from crm.people.operations.invite import invite
from crm.people.operations.save_person import save_person
from crm.people.operations.sign_in import note
from crm.people.roles import titles
from crm.production.models import Failure
from crm.work.models import Chat, Session
from crm.work.operations.proposal import propose
from crm.work.operations.version import keep_version
from engine.files.local import LocalFiles
from tests.crm.office.floor import furnish
from tests.crm.production.pallets import now, who

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parents[2] / "rights.yaml"
WRITTEN = ("add", "change", "delete")  # nobody may what of these the table does not name
READING = {
    "card": "GET",
    "sheets": "POST",
    "changelist": "GET",
    "history": "GET",
    "pdf": "GET",
    "columns": "POST",
    "export": "POST",
    "totals": "GET",
    "saved": "POST",
    "shared": "GET",
}
POSTED = {
    *("logout", "set_language", "store_export", "store_hold", "store_labels", "journal_export"),
    *("report", "report_recalculated", "import_template", "forms_archive"),
    *("forms_upload", "forms_publish", "forms_roll_back"),
}
UNNAMED = {"": "home", "admin/(?P<url>.*)$": "catch_all"}
FILE = "photo/2026/11/0123456789abcdef0123456789abcdef"


@cache
def table() -> dict[str, Any]:
    """Return the table."""
    return dict(YAML(typ="safe").load(TABLE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Address:
    """A way to ask an address: its name in the table, what it is of, what is done there."""

    page: str
    action: str
    method: str
    route: str


def addresses() -> Iterator[Address]:
    """Give every address of the program, a reading and a writing one of each form."""
    for route, pattern in _patterns(get_resolver().url_patterns, ""):
        name = str(pattern.name or "")
        app, _, rest = name.partition("_")
        model, _, action = rest.partition("_")
        if not name and route.endswith("<path:object_id>/"):
            yield Address("card_link", "", "GET", route)
        elif not action or not _is_model(app, model):
            page = name or UNNAMED.get(route, route)
            yield Address(page, "", "POST" if page in POSTED else "GET", route)
        elif action in READING:
            yield Address(f"{app}.{model}", "read", READING[action], route)
        else:
            if action == "change":
                yield Address(f"{app}.{model}", "read", "GET", route)
            yield Address(f"{app}.{model}", action, "POST", route)


def _is_model(app: str, model: str) -> bool:
    return any(one._meta.label_lower == f"{app}.{model}" for one in apps.get_models())


def _patterns(
    entries: list[URLPattern | URLResolver], before: str
) -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, route)
        else:
            yield route, entry


def named(page: str, action: str) -> Any:
    """Return whom the table lets in; None when it does not know the address."""
    if not action:
        return table()["pages"].get(page)
    record = table()["records"].get(page)
    if record is None:
        return None
    return record.get(action, "nobody" if action in WRITTEN else None)


def may(role: str, allowed: Any) -> bool:
    """Tell whether a visitor is among those that the table names."""
    if isinstance(allowed, list):
        return role in allowed
    return bool(allowed == "anyone" or (allowed == "account" and role in (*VISITORS[2:],)))


VISITORS = ("stranger", "worker", "nobody", *table()["roles"])


def account(role: str) -> User | AnonymousUser:
    """Return the account of a visitor."""
    if role == "stranger":
        return AnonymousUser()
    user = User.objects.create_user(role, is_staff=role != "worker")
    if role == "worker":
        shop_floor = [code for code, _ in titles() if code not in table()["roles"]]
        save_person(None, person=None, full_name="Мастер На Все Руки", roles=shop_floor, user=user)
    elif role != "nobody":
        user.groups.add(Group.objects.get(name=title(role)))
    return user


@pytest.fixture
def rows(seeded: None, store: LocalFiles) -> dict[str, str]:
    """A row of every record of the office, by its name in the table, and what addresses ask for."""
    furnish(1)
    Failure.objects.create(
        record="mix", record_id="1", transition="issue", why="x", first_at=now(), last_at=now()
    )
    chat = Chat.objects.create(chat_id=77, token="t")
    Session.objects.create(
        id=uuid4(), chat=chat, person=who(), flow="raw_intake", digest="d", state="talking",
        started_at=now(), updated_at=now(),
    )  # fmt: skip
    Document.objects.create(
        kind="note", source_key="k", key="document/1", name="a.pdf", mime="application/pdf",
        size=1, sha256="0" * 64, state="issued", created_at=now(),
    )  # fmt: skip
    AccessRequest.objects.create(telegram_id=777, said="Зимин", asked_at=now(), state="open")
    Notice.objects.create(
        event="x", chat_id=1, created_at=now(), retry_from=now(), next_try_at=now()
    )
    invite(None, person=who(), at=now())
    somebody = User.objects.create_user("somebody")
    LogEntry.objects.create(user=somebody, object_repr="x", action_flag=CHANGE)
    note(SignIn.Outcome.WRONG, name="", account=somebody, address=None, program="", at=now())
    issue(somebody, name="ERP", scopes=[Scope.LOTS], until=now() + timedelta(days=9), at=now())
    store.put(FILE, b"x", "text/plain")
    link = store.link(FILE, 900, "x.txt")
    lot = str(Lot.objects.earliest("id").pk)
    keep_version(digest="0" * 64, texts=compress(b"{}"), beside={}, saved_by="", at=now())
    proposal = propose(who(), at=now(), reason="ошибка", base="0", changed=packed({}), removed=[])
    found = {"file": link.rpartition("/")[2], "lot": lot, "proposal": str(proposal.pk)}
    for model in admin.site._registry:
        found[model._meta.label_lower] = str(model._default_manager.earliest("pk").pk)
    return found


def path_of(address: Address, rows: dict[str, str]) -> str:
    """Return the address with the rows of this test in it."""
    _, _, after = address.route.partition("admin/")
    own = ".".join(after.split("/")[:2])
    given = {
        "<path:object_id>": rows.get(own, "1"),
        "<path:content_type_id>": "1",
        "<id>": rows.get(own, "1"),
        "one/<str:form>": "one/raw_intake",
        "<str:form>": "csv",
        "<str:report>/days": "daily_production/days",
        "<str:report>": "lot_trace",
        "<uuid:key>": str(uuid4()),
        "<uuid:proposal>": rows["proposal"],
        "<slug:version>": "0" * 64,
        "<int:lot>": rows["lot"],
        "<int:saved>": "1",
        "<lot>": rows["lot"],
        "<way>": "forward",
        "<store>": "raw_store",
        "^(?P<rest>.*)$": "nothing",
        "<str:token>": rows["file"],
        "(?P<url>.*)$": "nothing/",
    }
    route = address.route
    for hole, text in given.items():
        route = route.replace(hole, text)
    return f"/{route}"


def ask(user: User | AnonymousUser, method: str, path: str) -> bool:
    """Ask a page, take back what it did, and tell whether the visitor was let in. The page is not
    drawn: that is most of the time, and no right is asked for there."""
    data = {"reason": "ошибка массы", "language": "ru"} if method == "POST" else {}
    request = getattr(RequestFactory(), method.lower())(path, data)
    request.user, request.session = user, SessionStore()
    request._messages, request._dont_enforce_csrf_checks = FallbackStorage(request), True
    match = resolve(request.path_info)
    with transaction.atomic():
        try:
            answer = match.func(request, *match.args, **match.kwargs)
        except (PermissionDenied, Http404):
            return False
        finally:
            transaction.set_rollback(True)
    to_the_door = answer.status_code == 302 and "/login/" in str(answer.get("Location", ""))
    return not to_the_door and answer.status_code not in (401, 403, 404, 405)


def test_every_address_stands_in_the_table_and_nothing_else_does() -> None:
    found = [one for one in addresses() if one.page != "app_list"]
    unknown = {f"{one.page} {one.action}" for one in found if named(one.page, one.action) is None}
    assert unknown == set()
    seen = {(one.page, one.action) for one in found}
    written = {(page, "") for page in table()["pages"]} | {
        (page, action) for page, actions in table()["records"].items() for action in actions
    }
    assert written - seen == set()


@pytest.mark.postgres_only  # on SQLite the next one asks all of this
def test_every_address_opens_to_the_first_whom_the_table_lets_in_if_to_anybody(
    rows: dict[str, str],
) -> None:
    """What every address asks a database; who else is let in is the same on any, and takes long."""
    visitors = {role: account(role) for role in VISITORS}
    for one in addresses():
        if one.page == "app_list":
            continue
        allowed = named(one.page, one.action)
        first = next((role for role in VISITORS if may(role, allowed)), None)
        let_in = ask(visitors[first or "administrator"], one.method, path_of(one, rows))
        assert let_in is (first is not None), (first, one)


def test_each_visitor_is_let_in_where_the_table_says_and_nowhere_else(rows: dict[str, str]) -> None:
    asked = [one for one in addresses() if one.page != "app_list"]
    wrong = [
        f"{role}: {one.page} {one.action} {one.method} {'opens' if let_in else 'is refused'}"
        for role in VISITORS
        for visitor in [account(role)]
        for one in asked
        for let_in in [ask(visitor, one.method, path_of(one, rows))]
        if let_in is not may(role, named(one.page, one.action))
    ]
    assert wrong == []


def test_each_account_gets_the_reports_that_the_table_gives_its_role(seeded: None) -> None:
    names = program().reports
    assert names.keys() == table()["reports"].keys()
    for role in VISITORS:
        visitor = account(role)
        had = {name for name in names if ask(visitor, "POST", f"/admin/reports/{name}/")}
        assert had == {name for name in names if may(role, table()["reports"][name])}, role


def test_the_page_of_an_app_is_only_for_those_who_read_something_of_it(seeded: None) -> None:
    pages = table()["records"]
    apps_of_it = sorted({page.partition(".")[0] for page in pages})
    for role in VISITORS:
        visitor = account(role)
        for app in apps_of_it:
            reads = any(
                may(role, pages[page]["read"]) for page in pages if page.startswith(f"{app}.")
            )
            assert ask(visitor, "GET", f"/admin/{app}/") is reads, (role, app)


def test_an_administrator_gives_no_rights_past_the_roles_and_leaves_those_above_him_alone(
    seeded: None, boss: User
) -> None:
    administrator = account("administrator")
    assert isinstance(administrator, User)
    client = Client()
    client.force_login(administrator)
    own = client.get(f"/admin/auth/user/{administrator.pk}/change/").content.decode()
    assert 'name="groups"' in own
    for field in ("is_superuser", "user_permissions"):
        assert f'name="{field}"' not in own
    assert not ask(administrator, "POST", f"/admin/auth/user/{boss.pk}/change/")
    assert not ask(administrator, "POST", f"/admin/auth/user/{boss.pk}/password/")
    assert ask(administrator, "POST", f"/admin/auth/user/{administrator.pk}/password/")
