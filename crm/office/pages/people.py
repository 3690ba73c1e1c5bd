"""«Люди»: names, roles, the way in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, DropdownFilter
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminFileFieldWidget

from crm.bridge.signatures import read_signature, store_signature
from crm.office import acts, person_card
from crm.office.base import Carded, acting
from crm.office.card import Card, Command
from crm.office.columns import column
from crm.office.correction import why_changed
from crm.office.language import said
from crm.office.links import command_link, link
from crm.office.pages.access import ways_in
from crm.office.pages.invitations import shown
from crm.office.remembered import Remembering
from crm.office.roles import title, titles
from crm.people.models import Person, PersonRole, Signature
from crm.people.operations.invite import invite
from crm.people.operations.save_person import save_person, set_active, unbind
from engine.errors import Refused

if TYPE_CHECKING:
    _Form = forms.ModelForm[Person]
else:
    _Form = forms.ModelForm

CHANGE = "people.change_person"
LARGEST = 1024 * 1024  # bytes of an uploaded signature


class RoleFilter(DropdownFilter):
    """Holders of a role."""

    title = _("Роль")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every role."""
        return titles()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person] | None:
        """Keep the holders."""
        if self.value():
            return queryset.filter(roles__role=self.value()).distinct()
        return queryset


class PersonForm(_Form):
    """A person with his roles as ticks."""

    roles = forms.MultipleChoiceField(
        label=_("Роли"),
        choices=titles,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Действуют со следующего нажатия кнопки"),
    )

    signature = forms.FileField(
        label=_("Подпись"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("Картинка PNG, JPEG или WebP до 1 МБ: её печатают акты. Новая заменит прежнюю"),
    )

    reason = why_changed()

    class Meta:
        model = Person
        fields = ("full_name", "language", "telegram_id", "quiet_from", "quiet_to", "user")

    def clean_signature(self) -> bytes | None:
        """Read the image as papers print it."""
        given = self.cleaned_data["signature"]
        if not given:
            return None
        png = read_signature(given.read(LARGEST + 1)) if given.size <= LARGEST else None
        if png is None:
            raise ValidationError(gettext("Нужна картинка PNG, JPEG или WebP до 1 МБ"))
        return png

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = sorted(self.instance.role_codes)


@admin.register(Person)
class PersonPage(Carded, Remembering):
    """People: a card, and behind it the form that changes them through operations; commands invite,
    untie and let go."""

    comes = _("Добавьте человека кнопкой «+», потом пригласите его в бот с его карточки.")
    form = PersonForm
    list_display = (
        "full_name",
        "show_roles",
        "language",
        "show_chat",
        "last_seen",
        "active",
    )
    list_filter = (RoleFilter, ("active", BooleanRadioFilter))
    folded = ("name_key",)
    search_fields = ("=telegram_id",)
    search_help_text = _("ФИО или номер чата")
    ordering = ("name_key",)
    fieldsets = (
        (None, {"fields": ("full_name", "language", "roles")}),
        (_("Связь"), {"fields": ("telegram_id", ("quiet_from", "quiet_to"))}),
        (_("Офис"), {"fields": ("user",)}),
        (_("Акты"), {"fields": ("signature", "show_signature")}),
        (_("История"), {"fields": ("reason",)}),
    )
    readonly_fields = ("show_signature",)
    commands = {"invite": CHANGE, "unbind": CHANGE, "deactivate": CHANGE, "activate": CHANGE}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Read people with their roles in two queries."""
        roles = Prefetch("roles", PersonRole.objects.order_by("role"))
        return Person.objects.prefetch_related(roles)

    def card_rows(self, request: HttpRequest) -> QuerySet[Person]:
        """Read a person with his account and his signature beside."""
        beside = ("user", "created_by", "signature")
        return self.get_queryset(request).select_related(*beside)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: `person_card.py`."""
        return person_card.card_of(record, request.user)

    def more(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Add the way to the form."""
        may = self.has_change_permission(request, record)
        return {"edit": link(record, "change")} if may else {}

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the card."""
        card = self.admin_site.admin_view(self.show_card)
        return [
            path("<path:object_id>/card/", card, name="people_person_card"),
            *super().get_urls(),
        ]

    def response_post_save_change(self, request: HttpRequest, obj: Person) -> HttpResponse:
        """Lead from the form to the card."""
        return HttpResponseRedirect(link(obj))

    response_post_save_add = response_post_save_change

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """An account that may everything is tied and untied by such a one."""
        usual: Sequence[str] = super().get_readonly_fields(request, obj)
        above = obj is not None and obj.user is not None and obj.user.is_superuser
        return (*usual, "user") if above and not request.user.is_superuser else usual

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer no account that may everything to one that does not."""
        if not request.user.is_superuser:
            kwargs["queryset"] = User.objects.filter(is_superuser=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @column(description=_("Роли"))
    def show_roles(self, person: Person) -> str:
        """The roles by name."""
        return ", ".join(title(held.role) for held in person.roles.all()) or "—"

    @column(description=_("Чат"), boolean=True, ordering="telegram_id")
    def show_chat(self, person: Person) -> bool:
        """Whether a chat is tied."""
        return person.telegram_id is not None

    @column(description=_("Подпись в актах"))
    def show_signature(self, person: Person) -> str:
        """Since when papers print his signature."""
        kept = Signature.objects.filter(person=person.pk).first()
        return f"{timezone.localtime(kept.uploaded_at):%d.%m.%Y %H:%M}" if kept else "—"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show and save the form. What is refused although the form was right (a chat that another
        one took meanwhile) is said on the form as it now stands."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            messages.error(request, said(refused.refusal.said))
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Save through the operation, roles included."""
        given = form.cleaned_data
        values = {name: given[name] for name in PersonForm.Meta.fields if name in given}
        person = Person.objects.get(pk=obj.pk) if change else None
        saved = save_person(
            acting(request),
            person=person,
            roles=form.cleaned_data["roles"],
            reason=form.cleaned_data["reason"],
            **values,
        )
        obj.pk = saved.pk
        ways_in().let_in(acting(request), saved, timezone.now())
        if form.cleaned_data["signature"]:
            png = form.cleaned_data["signature"]
            store_signature(acting(request), person=saved, png=png, at=timezone.now())

    def invite(self, request: HttpRequest, person: Person) -> HttpResponse:
        """«Пригласить в бот»: the code and its picture are shown once."""
        code = invite(acting(request), person=person, at=timezone.now())
        return shown(request, self, person, code)

    def unbind(self, request: HttpRequest, person: Person) -> str:
        """«Отвязать чат»."""
        unbind(acting(request), person=person, at=timezone.now())
        return acts.UNBOUND.with_values({"who": person.full_name})

    def deactivate(self, request: HttpRequest, person: Person) -> str:
        """«Уволить»."""
        set_active(acting(request), person=person, active=False, at=timezone.now())
        return acts.DISMISSED.with_values({"who": person.full_name})

    def activate(self, request: HttpRequest, person: Person) -> str:
        """«Вернуть»."""
        set_active(acting(request), person=person, active=True, at=timezone.now())
        return acts.TAKEN_BACK.with_values({"who": person.full_name})

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Return the commands that make sense for a person now."""
        person: Person = record
        if not self.has_change_permission(request, person):
            return []
        if not person.active:
            return [
                Command(
                    gettext("Вернуть на работу"),
                    command_link(person, "activate"),
                    gettext("Человек снова сможет получить код приглашения."),
                    gettext("Вернуть"),
                )
            ]
        found = [
            Command(
                gettext("Пригласить в бот"),
                command_link(person, "invite"),
                gettext(
                    "Прежние коды перестанут действовать. Новый код и ссылка с QR-картинкой "
                    "показываются один раз и действуют 72 часа."
                ),
                gettext("Выдать код"),
            )
        ]
        if person.telegram_id:
            found.append(
                Command(
                    gettext("Отвязать чат"),
                    command_link(person, "unbind"),
                    gettext("Бот перестанет узнавать этого человека, пока он не введёт новый код."),
                    gettext("Отвязать"),
                    tone="bad",
                )
            )
        found.append(
            Command(
                gettext("Больше не работает"),
                command_link(person, "deactivate"),
                gettext(
                    "Чат отвязывается, коды отзываются, вход в офис закрывается, токены API, "
                    "которые он выдал, перестают действовать. Записи остаются."
                ),
                gettext("Подтвердить"),
                tone="bad",
            )
        )
        return found
