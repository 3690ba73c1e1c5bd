"""«Второй фактор» of another account (domain 11.1): a colleague who lost his phone gets a code that
is good once, or ties another phone. An administrator does it for others, never for himself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from crm.office import acts
from crm.office.correction import reason
from crm.office.language import said
from crm.office.links import link
from crm.office.second_factor import forget_phone, lend_code

NAME = "lost_phone"  # the last part of the address


class _Why(forms.Form):
    """The reason, which the log keeps."""

    reason = reason()


@never_cache
def page(request: HttpRequest, admin: ModelAdmin[Any], account: User) -> HttpResponse:
    """Show both ways, or go one. The code is shown once and kept in no log."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if account.pk == request.user.pk:
        raise PermissionDenied
    form = _Why(request.POST if request.method == "POST" else None, label_suffix="")
    code, step = "", request.POST.get("step", "")
    if step in ("lend", "forget") and form.is_valid():
        why = form.cleaned_data["reason"]
        if step == "forget":
            forget_phone(account)
            done = acts.PHONE_FORGOTTEN.with_values({"why": why})
            admin.log_change(request, account, str(done))
            messages.success(request, said(done))
            return HttpResponseRedirect(link(account))
        code = lend_code(account)
        admin.log_change(request, account, str(acts.CODE_LENT.with_values({"why": why})))
    context = {
        **admin.admin_site.each_context(request),
        "title": gettext("Потерян телефон: {who}").format(who=account),
        "opts": admin.opts,
        "original": account,
        "back": link(account),
        "form": form,
        "code": code,
        "tied": TOTPDevice.objects.filter(user=account, confirmed=True).exists(),
        "left": StaticToken.objects.filter(device__user=account).count(),
    }
    return TemplateResponse(request, "office/lost_phone.html", context)
