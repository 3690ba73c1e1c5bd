"""Every correction of the office (domain 11.4) as a person makes it: he finds it in the menu of a
card, fills it in, looks at what it will change, applies it, and reads on the card that it was done
and why; where two are needed, the second one finds it there and confirms.

`JOBS` is checked against the pages. Those of `USUAL` are made at any SCALE; above one all others
are tried too, over a plant at work (`rare.py` helps). Those that its days left nothing for are told
in the closing lines: no card offers them, or every one that does refuses with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Locator, Page, expect

from crm.office.corrected import CorrectedAdmin
from tests.e2e.conftest import Office, opened, sign_in
from tests.e2e.lived import LOGIN, SECOND
from tests.e2e.test_every_page import EVERYTHING
from tests.e2e.test_jobs import APPLY, SEND, look
from tests.e2e.test_shipping import drafted

REASON = "так решили на утренней планёрке"
ORDER = "an order"  # in the place of a text: the number of each order in turn
OTHER = "another"  # in the place of a choice: the first that is offered
KG = "900"  # of a pallet
CARDS = 50  # that are opened before a correction counts as never offered


@dataclass(frozen=True)
class Job:
    """A correction, of the records that a filter of their list leaves; what is typed into its form
    beside the reason. A number with a sign is added to what stands there. `by` is who makes it."""

    name: str
    query: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    by: str = LOGIN


HOLD = {"scope": "one"}
ADJUST = {"counted": "-0,5"}
JOBS: dict[str, tuple[Job, ...]] = {
    "production/rawbatch": (
        Job("change_expected", "state__exact=expected", {"expected_weight": "+10"}),
        Job("postpone", "state__exact=expected"),
        Job("call_off", "state__exact=expected"),
        Job("recount", "state__exact=released", ADJUST),
        Job("sample", "state__exact=released", {"kg": "0,5"}),
        Job("scrap_part", "state__exact=released", {"kg": "1,5"}),
        Job("step_back", "state__exact=released"),
        Job("cancel", "state__exact=received"),
        Job("send_back", "state__exact=rejected"),
        Job("dispose", "state__exact=rejected"),
        Job("hold", "state__exact=released", HOLD),
    ),
    "production/blank": (
        Job("recount", "state__exact=ready", ADJUST),
        Job("sample", "state__exact=ready", {"kg": "0,5"}),
        Job("scrap_part", "state__exact=ready", {"kg": "1,5"}),
        Job("step_back"),
        Job("cancel"),
        Job("hold", "state__exact=ready", HOLD),
    ),
    "production/mincedorder": (
        Job("plan", "state__exact=active", {"number_mix": "+1"}),
        Job("priority", "state__exact=active", {"place": "3"}),
        Job("pause", "state__exact=active"),
        Job("resume", "state__exact=paused"),
        Job("join_lines"),
        Job("stop_joint_work"),
        Job("leave_on_line_1", "line_mode__exact=both"),
        Job("leave_on_line_2", "line_mode__exact=both"),
        Job("start_now", "state__exact=planned"),
        Job("reset_palletizing"),
        Job("finish_palletizing"),
        Job("cancel"),
    ),
    "production/mix": (
        Job("hold", "state__exact=finished", HOLD),
        Job("step_back"),
        Job("reissue"),
        Job("release_blocked", "quality__exact=blocked"),
        Job("undo_discharge", "state__exact=in_plate_freezer"),
        Job("cancel", "state__exact=queued"),
        Job("accept_ash", "ash_state__exact=out_of_norm"),
        Job("retest_ash", "ash_state__exact=out_of_norm"),
        Job("link_origin", "", {"order": ORDER}),
    ),
    "production/secondminced": (
        Job("recount", "state__exact=registered", ADJUST),
        Job("sample", "state__exact=registered", {"kg": "0,5"}),
        Job("scrap_part", "state__exact=registered", {"kg": "1,5"}),
        Job("hold", "state__exact=registered", HOLD),
        Job("link_origin", "", {"order": ORDER}),
        Job("cancel", "state__exact=registered"),
        Job("scrap", "state__exact=registered"),
    ),
    "production/pallet": (
        Job("weights", "state__exact=in_stock", {"gross": "+0,5"}),
        Job("renumber", "state__exact=in_stock", {"to_number": "+5000"}),
        Job("reopen", "state__exact=in_stock"),
        Job("convert", "state__exact=in_stock"),
        Job("scrap", "state__exact=in_stock"),
        Job("remove", "state__exact=in_stock"),
        Job("hold", "state__exact=in_stock", HOLD),
    ),
    "production/freezerload": (
        Job("move", "state__exact=freezing", {"freezer": OTHER}),
        Job("void", "state__exact=freezing"),
    ),
    "production/shipment": (
        Job("take_back", "state__exact=shipped", {"pallet": OTHER}),
        Job("close", "state__exact=shipped"),
        Job("remove", "state__exact=draft", {"pallet": OTHER}),
        Job("cancel", "state__exact=draft"),
    ),
    "quality/hold": (
        Job("release"),
        Job("keep", by=LOGIN + SECOND),
        Job("release"),
        Job("confirm", by=LOGIN + SECOND),
    ),
    "quality/deviation": (
        Job("decide", "state__exact=open", {"answer": OTHER}),
        Job("decide_check", "state__exact=open"),
        Job("send_back_check"),
        Job("verify_check"),
    ),
    "quality/limitversion": (Job("new_version", "", {"most": "+0,5"}),),
    "catalogue/recipe": (
        Job("new_norm", "", {"fat": "+0,25"}),
        Job("new_guide", "", {"rework_limit_pct": "5"}),
        Job("rename", "", {"report_name": "Название для отчётов"}),
    ),
    "work/task": (
        Job("give", "state__exact=open", {"person": OTHER}),
        Job("put_back", "state__exact=claimed"),
        Job("send_again", "state__exact=open"),
        Job("cancel", "state__exact=open"),
    ),
    "documents/document": (Job("void", "state__exact=issued"),),
}
# Whose forms are not alike, and that a morning offers.
USUAL = {
    ("production/rawbatch", "sample"),
    ("production/pallet", "weights"),
    ("quality/limitversion", "new_version"),
    ("catalogue/recipe", "new_norm"),
    ("documents/document", "void"),
}


def test_the_table_has_every_correction_of_every_page() -> None:
    offered = {
        (f"{model._meta.app_label}/{model._meta.model_name}", one.name)
        for model, page in admin.site._registry.items()
        if isinstance(page, CorrectedAdmin)
        for one in page.corrections
    }
    assert {(listed, job.name) for listed, jobs in JOBS.items() for job in jobs} == offered


@pytest.mark.parametrize("listed", [one for one in JOBS if EVERYTHING or one in dict(USUAL)])
def test_each_correction_is_looked_at_applied_and_told_on_the_card(
    standing: Office,
    browser: Browser,
    listed: str,
    record_property: Callable[[str, object], None],
) -> None:
    left = []
    if listed == "production/shipment":
        with opened(browser, f"{standing.office_url}/admin/login/") as page:
            sign_in(page, standing)
            drafted(page, standing, 2)
    for job in JOBS[listed]:
        if not EVERYTHING and (listed, job.name) not in USUAL:
            continue
        with opened(browser, f"{standing.office_url}/admin/login/") as page:
            sign_in(page, standing, job.by)
            if not made(page, standing, listed, job):
                left.append(job.name)
    record_property("said", f"{listed}: not there to be made: {', '.join(left) or 'none'}")
    assert [name for name in left if (listed, name) in USUAL] == []


def made(page: Page, office: Office, listed: str, job: Job) -> bool:
    """Make a correction on the first card that offers it and whose guards let it; tell whether
    there was one."""
    for card in offering(page, office, listed, job):
        for typed in variants(page, office, job):
            page.goto(f"{card}change/")
            before = said_by(page)
            page.locator(".office-menu > summary").last.click()
            page.locator(f".office-menu a[href$='/{job.name}/']").click()
            page.wait_for_url(f"**/{job.name}/")
            fill(page.locator("form.office-form"), typed)
            page.click(SEND)
            refusal = page.locator("[role=alert]").first
            expect(page.locator(APPLY).or_(refusal).first).to_be_visible()  # a click waits for none
            if page.locator(APPLY).count() == 0:
                assert refusal.inner_text()
                continue
            look(page, f"{listed.replace('/', '_')}_{job.name}", "ru")
            page.click(APPLY)
            page.wait_for_url("**/change/**")
            expect(page.get_by_text("Применено").first).to_be_visible()
            page.reload()
            assert said_by(page) != before, f"{listed} {job.name}: the card tells nothing of it"
            return True
    return False


def offering(page: Page, office: Office, listed: str, job: Job) -> Iterator[str]:
    """Give the addresses of the cards that offer a correction, without `change/`."""
    page.goto(f"{office.office_url}/admin/{listed}/?{job.query}")
    links = page.locator("#result_list a[href*='/change/']")
    found: list[str] = links.evaluate_all("links => links.map(one => one.href)")
    cards = dict.fromkeys(one.partition("change/")[0] for one in found if f"/{listed}/" in one)
    for card in list(cards)[:CARDS]:
        page.goto(f"{card}change/")
        if page.locator(f".office-menu a[href$='/{job.name}/']").count():
            yield card


def variants(page: Page, office: Office, job: Job) -> Iterator[dict[str, str]]:
    """Give what may be typed: for the number of an order, that of each in turn."""
    if ORDER not in job.typed.values():
        yield job.typed
        return
    page.goto(f"{office.office_url}/admin/production/mincedorder/")
    named = page.locator("#result_list tbody tr").locator("a[href*='/change/']:first-child")
    numbers = [text.split()[0] for text in named.all_inner_texts() if text.strip()]
    for number in dict.fromkeys(numbers):
        yield {name: number if text == ORDER else text for name, text in job.typed.items()}


def fill(form: Locator, typed: dict[str, str]) -> None:
    """Type into a form, and why."""
    for name, text in typed.items():
        controls = form.locator(f"[name={name}]")
        kind: Any = controls.first.evaluate("control => control.type")
        if kind == "radio":
            form.locator(f"[name={name}][value={text}]").check()
        elif kind == "select-one" and text == OTHER:
            controls.select_option(index=1)
        elif text[0] in "+-":
            controls.fill(added(controls.input_value(), text))
        else:
            controls.fill(text)
    empty = form.locator("input[inputmode=decimal]:invalid")  # of a pallet that was not weighed
    for _ in range(empty.count()):
        empty.first.fill(KG)
    if form.locator("[name=reason]").count():
        form.locator("[name=reason]").fill(REASON)


def added(there: str, more: str) -> str:
    """Return a number of a form with another one added.

    >>> added("1\N{NARROW NO-BREAK SPACE}250,500", "-0,5"), added("", "+2")
    ('1250,000', '2')
    """
    number = there.replace("\N{MINUS SIGN}", "-")
    kept = "".join(one for one in number if one.isdigit() or one in ",-") or "0"
    total = Decimal(kept.replace(",", ".")) + Decimal(more.replace(",", "."))
    return str(total).replace(".", ",")


def said_by(page: Page) -> str:
    """Return all that a card says."""
    page.wait_for_load_state()
    return page.locator("#content, main").last.inner_text()
