"""Recipes with their norms as versions."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models.entry import Entry
from crm.fields import PercentField
from crm.prepared import MOMENT, NUMBER, Prepared

PARTS = ("fat", "protein", "moisture", "ash")


class Recipe(Entry):
    """What mince may be made by. `number` is printed in the number of an order; `report_name` is
    how reports call it (domain 13.4)."""

    number = models.PositiveSmallIntegerField(_("№"), unique=True)
    report_name = models.CharField(_("Название в отчётах"), max_length=200, blank=True)
    product_line = models.CharField(
        _("Линия продукта"), max_length=3, choices=[("mmo", _("ММО")), ("mko", _("Пет-фуд"))]
    )

    class Meta(Entry.Meta):
        verbose_name = _("рецепт")
        verbose_name_plural = _("рецепты")
        ordering = ["number"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                name="recipe_line_is_known", condition=Q(product_line__in=["mmo", "mko"])
            ),
        ]

    def norm_at(self, at: datetime) -> RecipeVersion | None:
        """Return the version of the norm that holds at a moment: the one that began last, of two
        that began at once the later one; None when there is none."""
        version = next(iter(_IN_FORCE.rows(self.pk, at)), None)
        if version is not None:
            version.recipe = self
        return version


class RecipeVersion(models.Model):
    """One version of a recipe: norms in per cent with what they may miss by below and above (both
    ends included, domain Q6), the share of вторфарш it allows and out of which recipes (none named:
    out of any), the guide by materials. It holds from `since` until another one begins. Never
    overwritten. `made_at` is empty of the first values."""

    recipe = models.ForeignKey(
        Recipe, models.PROTECT, related_name="versions", verbose_name=_("Рецепт")
    )
    version = models.PositiveIntegerField(_("Версия"))
    since = models.DateTimeField(_("Действует с"))
    author = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Автор")
    )
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("Записано"), null=True, blank=True)
    fat = PercentField(_("Жир, %"))
    fat_minus = PercentField(_("Жир, меньше не более чем на"))
    fat_plus = PercentField(_("Жир, больше не более чем на"))
    protein = PercentField(_("Белок, %"))
    protein_minus = PercentField(_("Белок, меньше не более чем на"))
    protein_plus = PercentField(_("Белок, больше не более чем на"))
    moisture = PercentField(_("Влага, %"))
    moisture_minus = PercentField(_("Влага, меньше не более чем на"))
    moisture_plus = PercentField(_("Влага, больше не более чем на"))
    ash = PercentField(_("Зола, %"), null=True, blank=True)
    ash_minus = PercentField(_("Зола, меньше не более чем на"), null=True, blank=True)
    ash_plus = PercentField(_("Зола, больше не более чем на"), null=True, blank=True)
    rework_limit_pct = PercentField(_("Вторфарша не больше, %"), null=True, blank=True)
    rework_sources = models.ManyToManyField(
        Recipe, related_name="+", blank=True, verbose_name=_("Вторфарш только из рецептов")
    )
    guide = models.JSONField(_("Состав по видам сырья, %"), default=dict, blank=True)

    class Meta:
        verbose_name = _("норма рецепта")
        verbose_name_plural = _("нормы рецептов")
        ordering = ["recipe", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "version"], name="recipe_version_is_counted"),
            models.CheckConstraint(
                name="recipe_ash_is_whole_or_absent",
                condition=Q(ash__isnull=True, ash_minus__isnull=True, ash_plus__isnull=True)
                | Q(ash__isnull=False, ash_minus__isnull=False, ash_plus__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipe}, {self.version}"


_IN_FORCE = Prepared(
    lambda recipe, at: RecipeVersion.objects.filter(recipe_id=recipe, since__lte=at).order_by(
        "-since", "-version"
    )[:1],
    NUMBER,
    MOMENT,
)
