"""«Люди», «Запросы доступа», «Недоставленные», catalogues: what the office changes."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import datetime
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from crm.bridge.operations import DjangoOperations
from crm.bridge.people import DjangoPeople
from crm.bridge.program import program
from crm.catalogue.models import Customer, Nomenclature, RawMaterial
from crm.catalogue.operations.add import add
from crm.configuration import settings
from crm.office.pages.people import PersonForm
from crm.outbox.models import Notice
from crm.outbox.operations.put import put
from crm.people.models import AccessRequest, Invitation, Person, Signature
from crm.people.operations.bind import bind
from crm.people.operations.invite import invite
from crm.people.operations.save_person import save_person
from crm.plant.talker import Talker
from crm.work.models import Task
from engine.errors import Refused
from engine.files.codes import codes_of
from engine.files.local import LocalFiles
from engine.model.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db: None) -> Person:
    return save_person(None, person=None, full_name="Зимин К. Д.", roles=["storekeeper"])


def test_the_form_changes_the_name_and_the_roles(office: Client, newcomer: Person) -> None:
    office.post(
        f"/admin/people/person/{newcomer.pk}/change/",
        {"full_name": "Зимин Константин", "language": "ru", "roles": ["lab", "receiver"]},
    )
    changed = Person.objects.get(pk=newcomer.pk)
    assert changed.full_name == "Зимин Константин"
    assert set(changed.role_codes) == {"lab", "receiver"}
    assert changed.version == 2


def test_a_chat_that_is_taken_is_refused_on_the_form(
    office: Client, newcomer: Person, receiver: Person
) -> None:
    answer = office.post(
        f"/admin/people/person/{newcomer.pk}/change/",
        {"full_name": "Зимин К. Д.", "language": "ru", "telegram_id": receiver.telegram_id},
    )
    assert answer.status_code == 200
    assert Person.objects.get(pk=newcomer.pk).telegram_id is None


def test_a_chat_that_another_takes_while_the_form_is_saved_is_refused_in_words(
    office: Client, newcomer: Person, receiver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = PersonForm.full_clean

    def slowly(form: PersonForm) -> None:
        check(form)
        if form.is_bound:
            bind(None, chat_id=555, code=code, at=timezone.now())

    code = invite(None, person=receiver, at=timezone.now())
    monkeypatch.setattr(PersonForm, "full_clean", slowly)
    form = {"full_name": "Зимин Константин", "language": "ru", "telegram_id": 555}
    for page in (f"/admin/people/person/{newcomer.pk}/change/", "/admin/people/person/add/"):
        answer = office.post(page, form, follow=True)
        assert f"Чат уже привязан: {receiver}" in answer.content.decode()
    assert not Person.objects.filter(full_name="Зимин Константин").exists()


def test_an_account_that_is_another_s_is_refused_and_nothing_is_saved(
    newcomer: Person, boss: User
) -> None:
    save_person(None, person=newcomer, user=boss)
    with pytest.raises(Refused, match="только что занял другой"):
        save_person(None, person=None, full_name="Другой", user=boss)
    assert not Person.objects.filter(full_name="Другой").exists()


def test_a_code_is_shown_once_and_binds_the_chat(office: Client, newcomer: Person) -> None:
    address = f"/admin/people/person/{newcomer.pk}/"
    _, code = invited(office, newcomer)
    assert code not in office.get(f"{address}change/").content.decode()
    assert code not in office.get(f"{address}history/").content.decode()
    assert bind(None, chat_id=555, code=code.lower(), at=timezone.now()).person == newcomer


def invited(office: Client, person: Person) -> tuple[str, str]:
    """Invite somebody; return the page and the code on it."""
    page = office.post(f"/admin/people/person/{person.pk}/invite/").content.decode()
    (code,) = re.findall(r"Зимин К. Д.: ([A-Z2-9]{8})", page)
    return page, code


def test_an_invitation_is_a_picture_with_a_link_that_starts_the_bot(
    office: Client, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "telegram_bot_name", "plant_bot")
    page, code = invited(office, newcomer)
    assert f'href="https://t.me/plant_bot?start={code}"' in page
    assert "Кладовщик" in page
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert codes_of(b64decode(picture)) == (f"https://t.me/plant_bot?start={code}",)


def test_a_stranger_who_opens_the_link_is_in_with_his_roles_and_only_once(
    office: Client, talker: Talker, newcomer: Person
) -> None:
    _, code = invited(office, newcomer)
    talker.say(777, f"/start {code}")
    newcomer.refresh_from_db()
    assert newcomer.telegram_id == 777
    assert talker.say(777, "/start").sees("Главное меню…Кладовщик…")
    talker.say(778, f"/start {code}")
    assert not Person.objects.filter(telegram_id=778).exists()
    card = office.get(f"/admin/people/invitation/{Invitation.objects.get().pk}/change/")
    assert "Использовано" in card.content.decode()


def test_a_revoked_invitation_lets_nobody_in(office: Client, newcomer: Person) -> None:
    _, code = invited(office, newcomer)
    address = f"/admin/people/invitation/{Invitation.objects.get().pk}/"
    assert "Отозвать" in office.get(f"{address}change/").content.decode()
    said = office.post(f"{address}revoke/", follow=True).content.decode()
    assert "Приглашение отозвано" in said
    assert bind(None, chat_id=555, code=code, at=timezone.now()).person is None
    again = office.post(f"{address}revoke/", follow=True).content.decode()
    assert "уже не действует" in again
    logged = LogEntry.objects.filter(content_type__model="invitation").get()
    assert logged.change_message == "Приглашение отозвано: Зимин К. Д."


def test_who_no_longer_works_loses_the_chat(office: Client, receiver: Person) -> None:
    office.post(f"/admin/people/person/{receiver.pk}/deactivate/")
    receiver.refresh_from_db()
    assert (receiver.active, receiver.telegram_id) == (False, None)
    assert not Person.objects.holding("receiver").exists()


def test_an_account_that_may_everything_is_closed_and_tied_by_such_a_one_alone(
    office: Client, boss: User, newcomer: Person
) -> None:
    chief = save_person(None, person=None, full_name="Главный Г. Г.", user=boss)
    clerk = Client()
    clerk.force_login(User.objects.create_user("clerk", is_staff=True))
    User.objects.get(username="clerk").user_permissions.set(
        Permission.objects.filter(content_type__app_label="people", codename__endswith="_person")
    )
    said = clerk.post(f"/admin/people/person/{chief.pk}/deactivate/", follow=True)
    assert "может всё" in said.content.decode()
    assert User.objects.get(pk=boss.pk).is_active
    typed = {"full_name": "Главный", "language": "ru", "user": "", "reason": "сменил фамилию"}
    clerk.post(f"/admin/people/person/{chief.pk}/change/", typed)
    chief.refresh_from_db()
    assert (chief.full_name, chief.user) == ("Главный", boss)
    chief.user = None
    chief.save()
    own = typed | {"full_name": "Зимин К. Д.", "user": boss.pk}
    clerk.post(f"/admin/people/person/{newcomer.pk}/change/", own)
    with pytest.raises(Refused, match="может всё"):
        save_person(newcomer, person=newcomer, user=boss)
    assert not Person.objects.filter(user=boss).exists()


def test_people_are_found_ignoring_case(office: Client, newcomer: Person) -> None:
    answer = office.get("/admin/people/person/?q=ЗИМИН")
    assert list(answer.context["cl"].result_list) == [newcomer]


def signed(office: Client, person: Person, name: str, content: bytes) -> str:
    sent = {"full_name": "Зимин К. Д.", "language": "ru", "roles": ["storekeeper"]}
    upload = SimpleUploadedFile(name, content)
    answer = office.post(
        f"/admin/people/person/{person.pk}/change/", {**sent, "signature": upload}, follow=True
    )
    return answer.content.decode()


def test_a_signature_is_uploaded_for_the_acts_and_a_new_one_takes_its_place(
    office: Client, newcomer: Person, store: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bridge.signatures.open_files", lambda: store)
    for form, colour in (("JPEG", "red"), ("PNG", "blue")):
        made = BytesIO()
        Image.new("RGB", (900, 300), colour).save(made, form)
        signed(office, newcomer, "подпись", made.getvalue())
    kept = Signature.objects.get()
    assert (kept.person, str(kept.uploaded_by)) == (newcomer, "Админ Админов")
    with Image.open(BytesIO(store.get(kept.key))) as image:
        assert (image.format, image.size) == ("PNG", (600, 420))
        assert image.getpixel((300, 210)) == (0, 0, 255, 255)
        assert image.getpixel((300, 5)) == (255, 255, 255, 0)
    assert "Нужна картинка PNG" in signed(office, newcomer, "подпись.png", b"no picture")
    assert "Нужна картинка PNG" in signed(office, newcomer, "подпись.png", bytes(1024 * 1024 + 1))
    assert Signature.objects.get() == kept


def ask_access(said: str, at: datetime) -> AccessRequest:
    DjangoPeople(DjangoOperations(program()), program()).ask_access(777, said, at)
    return AccessRequest.objects.get()


def test_a_request_for_access_is_answered_by_binding(
    office: Client, newcomer: Person, at: datetime
) -> None:
    asked = ask_access("Зимин, склад", at)
    page = f"/admin/people/accessrequest/{asked.pk}/"
    assert "Зимин К. Д." in office.get(f"{page}change/").content.decode()
    office.post(f"{page}bind/", {"choice": str(newcomer.pk)})
    newcomer.refresh_from_db()
    asked.refresh_from_db()
    assert (newcomer.telegram_id, asked.state) == (777, "bound")
    assert str(asked.decided_by) == "Админ Админов"


def test_a_chat_typed_on_the_page_of_a_person_ends_its_request(
    office: Client, newcomer: Person, at: datetime
) -> None:
    asked = ask_access("Зимин, склад", at)
    code = invite(None, person=newcomer, at=at)
    page = f"/admin/people/person/{newcomer.pk}/change/"
    sent = {"full_name": "Зимин К. Д.", "language": "ru", "roles": ["storekeeper"]}
    office.post(page, sent)
    asked.refresh_from_db()
    assert asked.state == "open"  # no chat, no request of it
    office.post(page, {**sent, "telegram_id": "777"})
    asked.refresh_from_db()
    assert (asked.state, asked.person, str(asked.decided_by)) == (
        "bound", newcomer, "Админ Админов",
    )  # fmt: skip
    assert Task.objects.get(kind="access_request").state == "done"
    told = [one.plain_text for one in Notice.objects.order_by("pk")]
    assert "Доступ дан. Нажмите /start" in told
    assert bind(None, chat_id=778, code=code, at=timezone.now()).person is None


def test_a_request_for_access_is_declined_once(office: Client, at: datetime) -> None:
    asked = ask_access("Кто-то", at)
    for _ in range(2):
        answer = office.post(f"/admin/people/accessrequest/{asked.pk}/decline/", follow=True)
    assert "Запрос уже решён: отклонён" in answer.content.decode()
    assert AccessRequest.objects.get().state == "declined"


def test_a_dead_letter_is_sent_again_to_the_chat_of_today(
    office: Client, newcomer: Person, at: datetime
) -> None:
    put(event="news", people=[newcomer], text=Text.of("Новая партия"), at=at)
    notice = Notice.objects.get()
    page = "/admin/outbox/notice/"
    office.cookies["django_language"] = "en"
    undelivered = f"{page}?state__exact=undeliverable"
    for place in (undelivered, f"{page}{notice.pk}/change/", "/admin/health/"):
        shown = office.get(place).content.decode()
        assert "The person has no chat" in shown, place
        assert "У человека нет чата" not in shown, place
    office.cookies["django_language"] = "ru"
    assert "Новая партия" in office.get(undelivered).content.decode()
    refused = office.post(f"{page}{notice.pk}/retry/", follow=True).content.decode()
    assert "У человека нет чата" in refused
    Person.objects.filter(pk=newcomer.pk).update(telegram_id=42)
    office.post(f"{page}{notice.pk}/retry/")
    notice.refresh_from_db()
    assert (notice.state, notice.chat_id) == ("pending", 42)


def test_notices_are_filtered_by_the_role_of_who_was_told_and_by_their_age(
    office: Client, receiver: Person
) -> None:
    put(event="news", people=[receiver], text=Text.of("Новая партия"), at=timezone.now())
    notice = Notice.objects.get()
    page = "/admin/outbox/notice/"
    for query, found in (
        ({"role": "receiver"}, [notice]),
        ({"role": "lab"}, []),
        ({"created_at_to_0": "01.01.2000"}, []),
        ({"created_at_from_0": "01.01.2000"}, [notice]),
    ):
        assert [*office.get(page, query).context["cl"].result_list] == found, query


def test_a_material_is_added_with_a_code_and_a_name_only_once(office: Client) -> None:
    form = {"name": "Шея утиная", "defrost_loss_pct": "3,4", "exit_pct": "", "active": "on"}
    office.post("/admin/catalogue/rawmaterial/add/", form)
    again = office.post("/admin/catalogue/rawmaterial/add/", {**form, "name": " шея  УТИНАЯ"})
    made = RawMaterial.objects.get()
    assert (made.code, str(made.defrost_loss_pct), made.exit_pct) == ("sheya_utinaya", "3.40", None)
    assert "Такое название уже есть" in again.content.decode()


def test_losses_and_exit_of_a_material_are_from_0_to_100_or_not_known(office: Client) -> None:
    page = "/admin/catalogue/rawmaterial/"
    form = {"name": "Шея", "defrost_loss_pct": "3,4", "exit_pct": "", "active": "on"}
    office.post(f"{page}add/", form)
    made = RawMaterial.objects.get()
    for wrong in ("100,01", "-1", "много"):
        office.post(f"{page}{made.pk}/change/", {**form, "exit_pct": wrong})
        made.refresh_from_db()
        assert made.exit_pct is None, wrong
    office.post(f"{page}{made.pk}/change/", {**form, "defrost_loss_pct": "", "exit_pct": "100"})
    made.refresh_from_db()
    assert (made.defrost_loss_pct, str(made.exit_pct)) == (None, "100.00")
    listed = office.get(page).content.decode()
    assert "100,00" in listed


def test_every_list_and_its_first_card_open(
    office: Client, seeded: None, newcomer: Person, at: datetime
) -> None:
    put(event="news", people=[newcomer], text=Text.of("Новая партия"), at=at)
    ask_access("Кто-то", at)
    lists = re.findall(r'href="(/admin/[a-z]+/[a-z]+/)"', office.get("/admin/").content.decode())
    assert len(set(lists)) >= 14
    for address in set(lists):
        answer = office.get(address)
        assert answer.status_code == 200, address
        first = next(iter(answer.context["cl"].result_list), None)
        if first is not None:
            assert office.get(f"{address}{first.pk}/change/").status_code == 200, address


def test_whom_to_call_at_a_customer_is_kept_with_its_history(office: Client) -> None:
    made = add(None, model=Customer, name="ООО «Покупатель»", custom=False)
    page = f"/admin/catalogue/customer/{made.pk}/change/"
    for contacts in ("диспетчер", "диспетчер, круглосуточно"):
        office.post(page, {"name": made.name, "active": "on", "contacts": contacts})
    made.refresh_from_db()
    assert made.contacts == "диспетчер, круглосуточно"
    assert "Кого звать при отзыве: диспетчер → диспетчер, круглосуточно" in " ".join(
        office.get(page).content.decode().split()
    )


def test_a_name_of_goods_is_added_renamed_and_switched_off_with_its_code_kept(
    office: Client,
) -> None:
    page = "/admin/catalogue/nomenclature/"
    office.post(f"{page}add/", {"name": "Шея утиная мороженая", "active": "on"})
    made = Nomenclature.objects.get()
    code = made.code
    office.post(f"{page}{made.pk}/change/", {"name": "Шея утиная", "code": "other"})
    made.refresh_from_db()
    assert (made.name, made.code, made.active) == ("Шея утиная", code, False)
    shown = office.get(page, {"active__exact": "0"}).context["cl"].result_list
    assert list(shown) == [made]
