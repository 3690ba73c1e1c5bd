"""«Новая версия» of a recipe's norm and of a limit: corrections that change no fact and overwrite
nothing (domain 11.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django import forms
from django.contrib.admin.utils import label_for_field
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import RawMaterial, Recipe, RecipeVersion
from crm.catalogue.operations.change import change
from crm.catalogue.operations.new_guide import new_guide
from crm.catalogue.operations.new_norm import NUMBERS, new_norm
from crm.office.correction import Asks, Correction, Given, Number
from crm.people.roles import Duty, OfficeRole, on_duty
from crm.production.models import RawBatch
from crm.quality.models import LimitVersion
from crm.quality.operations.new_limit import new_limit

EQUALS = re.compile(r"(\w+) == (\w+)")
CASES = {"condition": RawBatch.Condition}  # what the cases of limits ask a delivery for
SHARE = "share_"  # before the code of a material: the name of its field


class Begins(forms.DateTimeField):
    """From when something holds, in plant time; empty means at once."""

    def __init__(self, planned: datetime | None = None) -> None:
        super().__init__(
            label=_("Действует с"),
            initial=planned,
            required=False,
            help_text=_("Пусто — с этой минуты"),
            widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )


def norm_now(recipe: Recipe) -> RecipeVersion | None:
    """Return the version of a recipe's norm that holds now."""
    return recipe.norm_at(timezone.now())


def _asks_norm(recipe: Recipe) -> Asks:
    before = norm_now(recipe)
    titles = {name: label_for_field(name, RecipeVersion) for name in NUMBERS}
    return {
        **{
            name: Number(label=titles[name], initial=getattr(before, name, None), decimals=2)
            for name in NUMBERS
        },
        "since": Begins(),
    }


def _new_norm(recipe: Recipe, given: Given) -> None:
    numbers = {name: given.values[name] for name in NUMBERS}
    new_norm(
        given.by,
        recipe=recipe,
        numbers=numbers,
        reason=given.reason,
        at=given.at,
        since=given.values["since"],
    )


NEW_NORM = Correction(
    "new_norm",
    title=lambda: gettext("Новая версия нормы"),
    explains=_(
        "Действует с этой минуты или с выбранной. Прежние анализы остаются при своей норме."
    ),
    may=lambda: {OfficeRole.QUALITY_MANAGER.value, *on_duty(Duty.OFFICE)},
    stands=lambda recipe: recipe.active,
    do=_new_norm,
    asks=_asks_norm,
)


def _materials(shares: Mapping[str, int]) -> QuerySet[RawMaterial]:
    """Return the materials that a guide may name: the plant's own, and those it has already."""
    known = Q(active=True, custom=False) | Q(code__in=[*shares])
    return RawMaterial.objects.filter(known).order_by("name_key")


def _asks_guide(recipe: Recipe) -> Asks:
    before = norm_now(recipe)
    shares = before.guide if before else {}
    sources = before.rework_sources.all() if before else Recipe.objects.none()
    return {
        **{
            f"{SHARE}{one.code}": forms.IntegerField(
                label=gettext("{material}, %").format(material=one.name),
                initial=shares.get(one.code), min_value=0, max_value=100, required=False,
            )
            for one in _materials(shares)
        },
        "rework_limit_pct": Number(
            label=_("Вторфарша не больше, %"), decimals=1, least=Decimal(0),
            initial=before.rework_limit_pct if before else None,
        ),
        "rework_sources": forms.ModelMultipleChoiceField(
            label=_("Вторфарш только из рецептов"), required=False, initial=sources,
            queryset=Recipe.objects.filter(Q(active=True) | Q(pk__in=sources)).order_by("number"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Не отмечен ни один — из любых"),
        ),
    }  # fmt: skip


def _new_guide(recipe: Recipe, given: Given) -> None:
    values = given.values
    new_guide(
        given.by,
        recipe=recipe,
        shares={
            name.removeprefix(SHARE): share
            for name, share in values.items()
            if name.startswith(SHARE) and share
        },
        rework_limit_pct=values["rework_limit_pct"],
        rework_sources=list(values["rework_sources"]),
        reason=given.reason,
        at=given.at,
    )


NEW_GUIDE = Correction(
    "new_guide",
    title=lambda: gettext("Изменить состав"),
    explains=_(
        "Из чего рецепт обычно делают и сколько вторфарша он берёт. Действует с этой минуты, "
        "запланированное раньше остаётся при своём. Пустой предел — вторфарш не берут."
    ),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value, *on_duty(Duty.OFFICE)},
    stands=lambda recipe: recipe.active and norm_now(recipe) is not None,
    do=_new_guide,
    asks=_asks_guide,
)


def _asks_recipe(recipe: Recipe) -> Asks:
    return {
        "report_name": forms.CharField(
            label=_("Название в отчётах"), max_length=200, required=False,
            initial=recipe.report_name,
        ),
        "active": forms.BooleanField(label=_("Действует"), required=False, initial=recipe.active),
    }  # fmt: skip


CHANGE_RECIPE = Correction(
    "rename",
    title=lambda: gettext("Изменить рецепт"),
    explains=_("Отключённый рецепт больше не предлагается. Уже сделанное по нему остаётся."),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value, *on_duty(Duty.OFFICE)},
    stands=lambda recipe: True,
    do=lambda recipe, given: change(
        given.by, entry=recipe, values=dict(given.values), at=given.at, reason=given.reason
    ),
    asks=_asks_recipe,
)


def _asks_limit(limit: LimitVersion) -> Asks:
    return {
        "least": Number(label=_("Не меньше"), initial=limit.least),
        "most": Number(label=_("Не больше"), initial=limit.most),
        "since": Begins(limit.since if limit.since > timezone.now() else None),
    }


def _holds_or_will(limit: LimitVersion) -> bool:
    """Tell whether another version may follow: this one holds now, or from its moment on."""
    return limit in LimitVersion.objects.in_force(limit.name, max(limit.since, timezone.now()))


NEW_LIMIT = Correction(
    "new_version",
    title=lambda: gettext("Новая версия предела"),
    explains=_(
        "Действует с этой минуты или с выбранной. Измеренное раньше остаётся при своём пределе."
    ),
    # Settings of the plant stand among them, and those are the administrator's (domain 2.2, 11.2).
    may=lambda: {OfficeRole.ADMINISTRATOR.value, OfficeRole.QUALITY_MANAGER.value},
    stands=_holds_or_will,
    do=lambda limit, given: new_limit(
        given.by, case=limit, reason=given.reason, at=given.at, **given.values
    ),
    asks=_asks_limit,
)


def case_of(limit: LimitVersion) -> str:
    """Say of what a case of a limit is: «Замороженное» of `condition == frozen`; a condition that
    asks for something else stays as the forms have it."""
    one = EQUALS.fullmatch(limit.when)
    if one is None or one[1] not in CASES or one[2] not in CASES[one[1]].values:
        return limit.when
    return str(CASES[one[1]](one[2]).label)
