"""The sheets of the catalogue: companies, suppliers, customers, goods, materials, recipes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.care.imports.cells import (
    Column,
    Wrong,
    choice,
    field_of,
    number,
    shown_number,
    tax_no,
    text,
)
from crm.care.imports.kinds import Given, Kind, Values, active
from crm.catalogue.models import (
    Company,
    Customer,
    Entry,
    Nomenclature,
    RawMaterial,
    Recipe,
    RecipeVersion,
    Supplier,
)
from crm.catalogue.operations.add import add
from crm.catalogue.operations.change import change
from crm.catalogue.operations.new_norm import NUMBERS, new_norm
from crm.fields import fold
from crm.people.accounts import account_roles
from crm.people.roles import Duty, OfficeRole, on_duty

ACTIVE = active(_("Действует"))
TAX = Column("tax_no", _("ИНН"), tax_no, _("10 или 12 цифр"))
KEEPS_RECIPES = {OfficeRole.PRODUCTION_OFFICE.value}  # and whoever has a desk by the forms
KEEPS_NORMS = {OfficeRole.QUALITY_MANAGER.value}
LINES = dict(field_of(Recipe, "product_line").flatchoices)


def _share(name: str) -> Column:
    field = field_of(RawMaterial, name)
    return Column(name, field.verbose_name, number(field), _("в процентах: 3,2"), show=shown_number)


def _entries(model: type[Entry], *columns: Column) -> Kind:
    app, name = model._meta.app_label, model._meta.model_name
    named = Column(
        "name",
        field_of(model, "name").verbose_name,
        text(field_of(model, "name")),
        _("по нему запись и узнаётся"),
        required=True,
    )
    return Kind(
        title=_SHEETS[model],
        columns=(named, *columns, ACTIVE),
        may=lambda user: user.has_perms((f"{app}.add_{name}", f"{app}.change_{name}")),
        find=partial(_entry, model),
        held=partial(_held, ("name", *(one.name for one in columns), "active")),
        add=partial(_added, model),
        change=_changed,
        rows=lambda: _all(model).filter(merged_into=None).order_by("name_key"),
    )


def _all(model: type[Entry]) -> QuerySet[Any]:
    return model._default_manager.all()


def _entry(model: type[Entry], values: Values) -> Entry | None:
    rows = _all(model).select_related("merged_into")
    found: Entry | None = rows.filter(name_key=fold(values["name"])).first()
    if found is not None and found.merged_into:
        raise Wrong(
            gettext("эта запись объединена с другой"),
            gettext("Пишите «{name}»").format(name=found.merged_into),
        )
    return found


def _held(names: tuple[str, ...], record: Any) -> Values:
    return {name: getattr(record, name) for name in names}


def _added(model: type[Entry], given: Given, values: Values) -> Entry:
    rest = {name: value for name, value in values.items() if name != "name"}
    return add(given.by, model=model, name=values["name"], custom=False, values=rest)


def _changed(given: Given, entry: Entry, values: Values) -> None:
    change(given.by, entry=entry, values=dict(values), at=given.at, reason=given.reason)


def _recipe(values: Values) -> Recipe | None:
    return Recipe.objects.filter(number=values["number"]).first()


def _add_recipe(given: Given, values: Values) -> Recipe:
    same = Recipe.objects.filter(name_key=fold(values["name"])).first()
    if same is not None:
        raise Wrong(
            gettext("рецепт «{name}» уже есть под № {number}").format(
                name=same, number=same.number
            ),
            gettext("Исправьте номер или название"),
            "name",
        )
    code = f"recipe_{values['number']}"
    rest = {name: value for name, value in values.items() if name != "name"}
    return add(given.by, model=Recipe, name=values["name"], code=code, custom=False, values=rest)


def _change_recipe(given: Given, recipe: Recipe, values: Values) -> None:
    if "product_line" in values:
        raise Wrong(
            gettext("линию рецепта менять нельзя: по ней уже работали"),
            gettext("Заведите другой рецепт"),
            "product_line",
        )
    _changed(given, recipe, values)


def _norm_recipe(values: Values) -> Recipe:
    found = _recipe(values)
    if found is None:
        raise Wrong(
            gettext("рецепта № {number} нет").format(number=values["number"]),
            gettext("Добавьте его на лист «{sheet}»").format(sheet=RECIPES.title),
        )
    return found


def _held_norm(recipe: Recipe) -> Values:
    before = recipe.norm_at(timezone.now())
    return {
        "number": recipe.number,
        **{name: getattr(before, name, None) for name in NUMBERS},
    }


def _new_norm(given: Given, recipe: Recipe, values: Values) -> None:
    numbers = {name: _held_norm(recipe)[name] for name in NUMBERS}
    numbers |= {name: value for name, value in values.items() if name in NUMBERS}
    new_norm(given.by, recipe=recipe, numbers=numbers, reason=given.reason, at=given.at)


def _never(given: Given, values: Values) -> Any:
    raise ValueError("a norm is of a recipe that is there")


_SHEETS: dict[type[Entry], Any] = {
    Company: _("Компании"),
    Supplier: _("Поставщики"),
    Customer: _("Заказчики"),
    Nomenclature: _("Номенклатура"),
    RawMaterial: _("Виды сырья"),
}
_NUMBER = Column(
    "number",
    "№",
    number(field_of(Recipe, "number")),
    _("по нему рецепт и узнаётся"),
    required=True,
    show=shown_number,
)
RECIPES = Kind(
    title=_("Рецепты"),
    columns=(
        _NUMBER,
        Column(
            "name",
            _("Название"),
            text(field_of(Recipe, "name")),
            _("без него новый рецепт не завести"),
            required=True,
        ),
        Column(
            "report_name",
            _("Название в отчётах"),
            text(field_of(Recipe, "report_name")),
            _("как его называют отчёты"),
        ),
        Column(
            "product_line",
            _("Линия продукта"),
            choice(LINES),
            _("ММО или Пет-фуд; у рецепта, который есть, не меняется"),
            required=True,
            show=lambda code: str(LINES.get(code, code)),
        ),
        ACTIVE,
    ),
    may=lambda user: (
        user.has_perm("catalogue.add_recipe")
        and not account_roles(user).isdisjoint({*KEEPS_RECIPES, *on_duty(Duty.OFFICE)})
    ),
    find=_recipe,
    held=partial(_held, ("number", "name", "report_name", "product_line", "active")),
    add=_add_recipe,
    change=_change_recipe,
    rows=lambda: Recipe.objects.order_by("number"),
)
NORMS = Kind(
    title=_("Нормы рецептов"),
    columns=(
        _NUMBER,
        *(
            Column(
                name,
                field_of(RecipeVersion, name).verbose_name,
                number(field_of(RecipeVersion, name)),
                _("в процентах: 18,5; пусто: как было"),
                show=shown_number,
            )
            for name in NUMBERS
        ),
    ),
    may=lambda user: not account_roles(user).isdisjoint({*KEEPS_NORMS, *on_duty(Duty.OFFICE)}),
    find=_norm_recipe,
    held=_held_norm,
    add=_never,
    change=_new_norm,
    rows=lambda: Recipe.objects.order_by("number"),
)
ENTRIES = (
    _entries(Company, TAX),
    _entries(Supplier, TAX),
    _entries(Customer, TAX),
    _entries(Nomenclature),
    _entries(RawMaterial, _share("defrost_loss_pct"), _share("exit_pct")),
)
