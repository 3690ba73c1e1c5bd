"""Addresses of the office."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from crm.office.views import local_file, local_small

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/language/", admin.site.admin_view(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("api/", include("crm.api.service")),
    path("files/<str:token>", local_file, name="file"),
    path("files/<str:token>/small", local_small, name="small_file"),
]

handler500 = "crm.office.failed.failed"
