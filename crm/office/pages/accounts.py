"""«Учётные записи»: who may enter the office, and with which rights."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from crm.office import lost_phone
from crm.office.columns import column
from crm.office.lists import OfficeAdmin
from crm.office.roles import group_title

Fields = list[str] | tuple[str, ...]
RIGHTS = {"is_active", "is_staff", "is_superuser", "groups", "permissions"}

admin.site.unregister(User)
admin.site.unregister(Group)
for keys in (StaticDevice, TOTPDevice):
    admin.site.unregister(keys)  # its pages would show the keys of other people


class OnRecord(ModelAdmin):
    """A page whose log says of every right what it was and what it became (domain 14.10)."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Say what was changed: of rights their old and new value, of all else the name."""
        if add or RIGHTS.isdisjoint(form.changed_data):
            return super().construct_change_message(request, form, formsets, add)
        return "; ".join(_told(form, name) for name in form.changed_data)


def _told(form: Any, name: str) -> str:
    label = str(form.fields[name].label or name)
    if name not in RIGHTS:
        return label
    old, new = form.initial.get(name), form.cleaned_data[name]
    if name == "permissions":
        was, now = set(map(str, old or ())), set(map(str, new))
        parts = [*(f"+ {one}" for one in sorted(now - was))]
        return f"{label}: " + "; ".join([*parts, *(f"− {one}" for one in sorted(was - now))])
    return f"{label}: {_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("да") if value else gettext("нет")
    named = (group_title(one.name) if isinstance(one, Group) else str(one) for one in value or ())
    return ", ".join(sorted(named)) or "—"


class Groups(ModelMultipleChoiceField):
    """Groups to be chosen, called as their roles."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what a group is called."""
        return group_title(obj.name)


class RolesFilter(RelatedFieldListFilter):
    """The groups that accounts are in, called as their roles."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        """Offer them by what they are called."""
        groups = Group.objects.values_list("pk", "name")
        found = sorted((group_title(name), str(pk)) for pk, name in groups)
        return [(pk, title) for title, pk in found]


class AccountForm(UserChangeForm):
    """An account; its password is seen by nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = format_html(
            '<a class="office-link" href="../password/">{}</a>', gettext("Сменить пароль")
        )


@admin.register(User)
class AccountPage(OnRecord, UserAdmin, OfficeAdmin):  # type: ignore[misc]  # both are pages of Django
    """Office accounts; the groups are the office roles."""

    comes = _("Заведите учётную запись кнопкой «+» и дайте ей роли.")
    form = AccountForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Кто это"), {"fields": ("last_name", "first_name", "email")}),
        (
            _("Роли"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups")},
        ),
        (_("Когда"), {"fields": ("last_login", "date_joined")}),
    )
    filter_horizontal = ()
    list_display = (
        *("username", "last_name", "first_name", "show_roles", "is_active", "last_login"),
    )
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", RolesFilter))
    list_title = _("Учётные записи офиса")
    change_form_outer_before_template = "office/lost_phone_link.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page for an account whose phone is lost."""
        address = path(
            f"<path:object_id>/{lost_phone.NAME}/",
            self.admin_site.admin_view(self._lost_phone),
            name=f"auth_user_{lost_phone.NAME}",
        )
        return [address, *super().get_urls()]

    def _lost_phone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.get_object(request, object_id)
        if account is None or not self.has_change_permission(request, account):
            raise PermissionDenied
        return lost_phone.page(request, self, account)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read accounts with their groups, in two queries."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("groups", Group.objects.order_by("name")))

    @column(description=_("Роли"))
    def show_roles(self, account: User) -> str:
        """The groups that it is in; one that may everything needs none."""
        if account.is_superuser:
            return gettext("все")
        return ", ".join(group_title(group.name) for group in account.groups.all()) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Fields:
        """Rights come from roles alone: an administrator gives none past them, not to himself."""
        usual: Fields = super().get_readonly_fields(request, obj)
        return usual if request.user.is_superuser else (*usual, "is_superuser")

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Ask for the roles by boxes: they are few."""
        boxes: dict[str, Any] = {"widget": UnfoldAdminCheckboxSelectMultipleWidget()}
        if db_field.name == "groups":
            boxes["form_class"] = Groups
        field: ModelMultipleChoiceField | None = super().formfield_for_manytomany(
            db_field, request, **kwargs | boxes
        )
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that may everything is changed, its password too, only by such a one."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and not above


@admin.register(Group)
class GroupPage(OnRecord, GroupAdmin, OfficeAdmin):  # type: ignore[misc]  # both are pages of Django
    """Office roles and their rights."""

    list_title = _("Группы офиса")
    comes = _("Группы офиса заводит программа при установке.")
    list_display = ("show_name",)

    @column(description=_("Название"), ordering="name")
    def show_name(self, group: Group) -> str:
        """The role that it is."""
        return group_title(group.name)
