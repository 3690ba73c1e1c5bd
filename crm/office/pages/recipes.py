"""«Рецепты» with the versions of their norms, and «Нормы»: the twelve numbers of every version
(domain 11.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from crm.catalogue.models import Recipe, RecipeVersion
from crm.catalogue.models.recipe import PARTS
from crm.catalogue.operations.add import add
from crm.catalogue.operations.new_guide import guide_of
from crm.catalogue.operations.new_norm import NUMBERS
from crm.office import columns, editions, parts
from crm.office.base import CardAdmin, acting
from crm.office.card import Card, Cell, Fields, Section, Table, cell
from crm.office.columns import column
from crm.office.corrected import CorrectedAdmin
from crm.office.language import own_said
from crm.office.links import link
from crm.office.pages.catalogue import EntryForm
from crm.office.standards import CHANGE_RECIPE, NEW_GUIDE, NEW_NORM
from crm.quality.norms import norms_of

# In the order of PARTS.
TITLES: tuple[str | Promise, ...] = (_("Жир, %"), _("Белок, %"), _("Влага, %"), _("Зола, %"))


@admin.register(Recipe)
class RecipePage(CorrectedAdmin):
    """Recipes: added with their number, changed and given norms by commands."""

    form = EntryForm
    fields = ("number", "name", "report_name", "product_line")
    list_display = ("number", "name", "report_name", "product_line", "show_norm", "active")
    list_display_links = ("number", "name")
    list_filter = (("product_line", ChoicesDropdownFilter), ("active", BooleanRadioFilter))
    folded = ("name_key",)
    search_fields = ("=number", "report_name")
    ordering = ("number",)
    comes = _("Добавьте первый рецепт кнопкой «+», потом дайте ему норму на его карточке.")
    corrections = (NEW_NORM, NEW_GUIDE, CHANGE_RECIPE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who keep recipes add them."""
        return request.user.has_perm("catalogue.add_recipe")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipe]:
        """Read recipes with whether they have a norm."""
        norms = RecipeVersion.objects.filter(recipe=OuterRef("pk"), since__lte=timezone.now())
        return Recipe.objects.annotate(has_norm=Exists(norms, output_field=BooleanField()))

    @column(description=_("Норма задана"), boolean=True)
    def show_norm(self, recipe: Any) -> bool:
        """Whether analyses of its mixes are judged."""
        return bool(recipe.has_norm)

    def save_model(self, request: HttpRequest, obj: Recipe, form: Any, change: bool) -> None:
        """Add through the operation."""
        values = {name: form.cleaned_data[name] for name in self.fields if name != "name"}
        by = acting(request)
        obj.pk = add(by, model=Recipe, name=obj.name, custom=False, values=values).pk

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: what it is, all versions of its norm and when each holds, what the present one
        says of materials."""
        recipe: Recipe = record
        found = editions.with_ends(RecipeVersion.objects.filter(recipe=recipe), "recipe")
        versions = list(found.select_related("author").order_by("-since", "-version"))
        now = timezone.now()
        holds = [one for one in versions if editions.standing(one, now)[0] == editions.HOLDS]
        return Card(
            title=str(recipe),
            badge=Cell(gettext("действует"), tone="good")
            if recipe.active
            else Cell(gettext("отключён"), tone="calm"),
            main=(_versions(versions, now),),
            side=(_about(recipe), *_guide(holds), parts.history(recipe)),
        )


def _about(recipe: Recipe) -> Fields:
    return Fields(
        gettext("Рецепт"),
        [
            ("№", cell(recipe.number)),
            (gettext("Название в отчётах"), cell(recipe.report_name)),
            (gettext("Линия продукта"), cell(recipe.get_product_line_display())),
            (gettext("Код"), cell(recipe.code)),
        ],
    )


def _versions(versions: list[RecipeVersion], now: datetime) -> Table:
    rows = []
    for one in versions:
        norms = norms_of(one, PARTS)
        texts = (cell(norms[part].text if part in norms else None) for part in PARTS)
        rows.append(
            (
                cell(one.version, href=link(one)),
                *editions.cells(one, now),
                *texts,
                cell(one.author),
                cell(own_said(one.reason)),
            )
        )
    headers = (_("Версия"), *editions.HEADERS, *TITLES, _("Автор"), _("Причина"))
    empty = gettext("Нормы нет: анализы замесов ни с чем не сверяются. Задайте её командой выше.")
    return Table(gettext("Версии нормы"), headers, rows, empty)  # fmt: skip


def _guide(holds: list[RecipeVersion]) -> list[Section]:
    if not holds:
        return []
    guide = [(name, cell(share)) for name, share in guide_of(holds[0])]
    rework = (gettext("Вторфарша не больше, %"), cell(holds[0].rework_limit_pct))
    sources = ", ".join(map(str, holds[0].rework_sources.all()))
    only = (gettext("Вторфарш только из рецептов"), cell(sources or gettext("из любых")))
    return [Fields(gettext("Состав по видам сырья, %"), [*guide, rework, only])]


@admin.register(RecipeVersion)
class NormPage(CardAdmin):
    """Norms: every version with its twelve numbers."""

    comes = _("Норму дают рецепту на его карточке.")
    list_title = _("Нормы")
    list_display = (
        *("recipe", "version", "since", "show_standing"),
        *("fat", "show_fat_minus", "show_fat_plus"),
        *("protein", "show_protein_minus", "show_protein_plus"),
        *("moisture", "show_moisture_minus", "show_moisture_plus"),
        *("ash", "show_ash_minus", "show_ash_plus"),
    )
    more_columns = ("show_until", "made_at", "author", "show_reason", "rework_limit_pct")
    list_filter = (("recipe", RelatedDropdownFilter),)
    search_fields = ("recipe__report_name", "reason")
    folded = ("recipe__name_key",)
    ordering = ("recipe__number", "-since", "-version")
    show_until, show_standing = editions.show_until, editions.show_standing
    show_fat_minus = columns.plain("fat_minus", _("Жир −"))
    show_fat_plus = columns.plain("fat_plus", _("Жир +"))
    show_protein_minus = columns.plain("protein_minus", _("Белок −"))
    show_protein_plus = columns.plain("protein_plus", _("Белок +"))
    show_moisture_minus = columns.plain("moisture_minus", _("Влага −"))
    show_moisture_plus = columns.plain("moisture_plus", _("Влага +"))
    show_ash_minus = columns.plain("ash_minus", _("Зола −"))
    show_ash_plus = columns.plain("ash_plus", _("Зола +"))
    show_reason = columns.own("reason", _("Причина"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecipeVersion]:
        """Read norms with recipes, authors and until when they hold."""
        rows = RecipeVersion.objects.select_related("recipe", "author")
        return editions.with_ends(rows, "recipe")

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of one version."""
        version: RecipeVersion = record
        numbers = [
            (str(label_for_field(name, RecipeVersion)), cell(getattr(version, name)))
            for name in NUMBERS
        ]
        said = [
            (gettext("Рецепт"), cell(version.recipe, href=link(version.recipe))),
            (gettext("Версия"), cell(version.version)),
            *zip(map(str, editions.HEADERS), editions.cells(version, timezone.now()), strict=True),
            (gettext("Записано"), cell(version.made_at)),
            (gettext("Автор"), cell(version.author)),
            (gettext("Причина"), cell(own_said(version.reason))),
        ]
        title = gettext("Норма: {version}").format(version=version)
        return Card(
            title=title,
            main=(Fields(gettext("Норма"), numbers),),
            side=(Fields(gettext("Версия"), said), *_guide([version])),
        )
