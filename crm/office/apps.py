"""The office app and Django's admin with our site."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Names the app for people."""

    name = "crm.office"
    verbose_name = _("Офис")


class OfficeAdminConfig(AdminConfig):
    """Django's admin, served by the office's site."""

    default_site = "crm.office.site.OfficeSite"
