"""«Учётные записи»: who may enter the office, and with which rights."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountPage(UserAdmin, ModelAdmin):
    """Office accounts; the groups are the office roles."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "last_name", "first_name", "is_active", "last_login")
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name the list in words."""
        title = {"title": gettext("Учётные записи офиса"), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, title)
        return page

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An account is switched off, never deleted: history names it."""
        return False


@admin.register(Group)
class GroupPage(GroupAdmin, ModelAdmin):
    """Office roles and their rights."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name the list in words."""
        title = {"title": gettext("Группы офиса"), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, title)
        return page

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A role stays."""
        return False
