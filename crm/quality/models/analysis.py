"""Analyses of raw batches and mixes: every attempt is a row, also one that fails; the last valid
one counts (domain 4.8, 4.22, 4.24)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.fields import PercentField


class Verdict(models.TextChoices):
    """What an analysis says against the limits of its moment."""

    PASS = "pass", _("Соответствует")
    FAIL = "fail", _("Не соответствует")
    NO_STANDARD = "no_standard", _("Нет нормы")


class Mark(models.TextChoices):
    """What senses say."""

    GOOD = "good", _("Соответствует")
    BAD = "bad", _("Не соответствует")


class Sign(models.TextChoices):
    """What a test for an antibiotic says."""

    POSITIVE = "positive", _("Положительное")
    NEGATIVE = "negative", _("Отрицательное")


class Broth(models.TextChoices):
    """How the broth looks."""

    CLOUDY = "cloudy", _("Мутный")
    CLEAR = "clear", _("Светлый")
    TRANSLUCENT = "translucent", _("Полупрозрачный")


ORGANOLEPTIC = ("appearance", "smell", "colour", "broth_aroma")
ANTIBIOTICS = ("beta_lactams", "chloramphenicols", "tetracyclines", "streptomycins")


class Attempt(models.Model):
    """One attempt of an analysis: values with the limits as they were. `voided_at` is set when a
    correction takes it back; then the attempt before counts."""

    attempt = models.PositiveSmallIntegerField(_("Попытка"))
    session = models.UUIDField(_("Сессия"), unique=True)
    verdict = models.CharField(_("Заключение"), max_length=12, choices=Verdict.choices)
    limits_snapshot = models.JSONField(_("Нормы на тот момент"), default=dict)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто"))
    at = models.DateTimeField(_("Когда"))
    voided_at = models.DateTimeField(_("Аннулирована"), null=True, blank=True)

    class Meta:
        abstract = True


class RawAnalysis(Attempt):
    """An attempt of the incoming analysis of a raw batch. `failures` are the fields that failed;
    `certified_at` is when its author had checked the certificate."""

    raw_batch = models.ForeignKey(
        "production.RawBatch",
        models.PROTECT,
        related_name="analyses",
        verbose_name=_("Партия сырья"),
    )
    responsible = models.ForeignKey(
        "catalogue.ResponsiblePerson", models.PROTECT, verbose_name=_("Ответственный")
    )
    ttn_date = models.DateField(_("Дата ТТН"))
    separator = models.ForeignKey(
        "catalogue.Separator", models.PROTECT, verbose_name=_("Сепаратор")
    )
    separator_mode = models.ForeignKey(
        "catalogue.SeparatorMode", models.PROTECT, verbose_name=_("Режим сепаратора")
    )
    fat = PercentField(_("Жир, %"))
    protein = PercentField(_("Белок, %"))
    moisture = PercentField(_("Влага, %"))
    appearance = models.CharField(_("Внешний вид"), max_length=4, choices=Mark.choices)
    smell = models.CharField(_("Запах"), max_length=4, choices=Mark.choices)
    colour = models.CharField(_("Цвет"), max_length=4, choices=Mark.choices)
    broth_aroma = models.CharField(_("Аромат бульона"), max_length=4, choices=Mark.choices)
    broth_quality = models.CharField(_("Качество бульона"), max_length=12, choices=Broth.choices)
    beta_lactams = models.CharField(_("Бета-лактамы"), max_length=8, choices=Sign.choices)
    chloramphenicols = models.CharField(_("Хлорамфениколы"), max_length=8, choices=Sign.choices)
    tetracyclines = models.CharField(_("Тетрациклины"), max_length=8, choices=Sign.choices)
    streptomycins = models.CharField(_("Стрептомицины"), max_length=8, choices=Sign.choices)
    failures = models.JSONField(_("Что не прошло"), default=list)
    certified_at = models.DateTimeField(_("Акт проверен"), null=True, blank=True)
    certified_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто проверил акт"),
    )

    class Meta:
        verbose_name = _("анализ сырья")
        verbose_name_plural = _("анализы сырья")
        ordering = ["raw_batch", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["raw_batch", "attempt"], name="raw_analysis_attempts_are_counted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.raw_batch}, {self.attempt}"


class MixAttempt(Attempt):
    """An attempt of some analysis of a mix. `superseded` marks those before it was issued again:
    another load went into the mixer."""

    superseded = models.BooleanField(_("До повторной выдачи"), default=False)

    class Meta:
        abstract = True


class MixAnalysis(MixAttempt):
    """An attempt of the analysis of a mix."""

    mix = models.ForeignKey(
        "production.Mix", models.PROTECT, related_name="analyses", verbose_name=_("Замес")
    )
    fat = PercentField(_("Жир, %"))
    protein = PercentField(_("Белок, %"))
    moisture = PercentField(_("Влага, %"))

    class Meta:
        verbose_name = _("анализ замеса")
        verbose_name_plural = _("анализы замесов")
        ordering = ["mix", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["mix", "attempt"], name="mix_analysis_attempts_are_counted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mix}, {self.attempt}"


class AshAnalysis(MixAttempt):
    """An attempt of the ash analysis of a mix, per cent from 0 to 15."""

    mix = models.ForeignKey(
        "production.Mix", models.PROTECT, related_name="ash_analyses", verbose_name=_("Замес")
    )
    ash = PercentField(_("Зола, %"))

    class Meta:
        verbose_name = _("анализ золы")
        verbose_name_plural = _("анализы золы")
        ordering = ["mix", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["mix", "attempt"], name="ash_analysis_attempts_are_counted"
            ),
            models.CheckConstraint(name="ash_is_0_to_15", condition=Q(ash__gte=0, ash__lte=15)),
        ]

    def __str__(self) -> str:
        return f"{self.mix}, {self.attempt}"
