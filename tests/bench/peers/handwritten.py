"""The documented style of aiogram 3: a handler a question, `State` and `F` as filters.

A `State` and an `F` are synchronous, so aiogram asks each of them in a thread."""

from __future__ import annotations

from aiogram import Dispatcher, F, Router
from aiogram.filters import Command, CommandStart, StateFilter
from aiogram.fsm.storage.memory import MemoryStorage

from tests.bench.peers import answers
from tests.bench.peers.form import Intake, Store


def dispatcher(store: Store) -> Dispatcher:
    """Make the bot's dispatcher."""
    made = Dispatcher(storage=MemoryStorage(), store=store)
    made.include_router(intake())
    return made


def intake() -> Router:
    """Register the form's handlers: commands, questions in their order, ways around, the rest."""
    router = Router()
    router.message.register(answers.start, CommandStart())
    router.message.register(answers.help_, Command("help"))
    router.callback_query.register(answers.new, F.data == "new")
    _questions(router)
    _around(router)
    router.message.register(answers.not_this)
    router.callback_query.register(answers.old)
    return router


def _questions(router: Router) -> None:
    message, press = router.message.register, router.callback_query.register
    for state in (Intake.company, Intake.material, Intake.nomenclature):
        message(answers.listed, state, F.text)
        press(answers.option, state, F.data.startswith("option:"))
    message(answers.chosen, Intake.condition, F.text)
    press(answers.option, Intake.condition, F.data.startswith("option:"))
    message(answers.photo, Intake.truck_unit_photo, F.photo | F.document)
    message(answers.photo, Intake.body_temp_photo, F.photo | F.document)
    message(answers.temperature, Intake.body_temp, F.text)
    message(answers.manufacture_date, Intake.manufacture_date, F.text)
    press(answers.ready, Intake.manufacture_date, F.data.startswith("ready:"))
    message(answers.ttn_number, Intake.ttn_number, F.text)
    for state in (Intake.upd_photo, Intake.ttn_photos, Intake.tn_photo, Intake.vet_photos):
        message(answers.photos, state, F.photo | F.document)
        press(answers.done, state, F.data == "done")
    message(answers.listed, Intake.supplier, F.text)
    press(answers.option, Intake.supplier, F.data.startswith("option:"))
    message(answers.manufacturer, Intake.manufacturer, F.text)
    message(answers.chosen, Intake.accounting_type, F.text)
    press(answers.option, Intake.accounting_type, F.data.startswith("option:"))
    message(answers.weight, Intake.weight, F.text)
    message(answers.photo, Intake.product_temp_photo, F.photo | F.document)
    message(answers.temperature, Intake.product_temp, F.text)
    message(answers.photo, Intake.pallet_photo, F.photo | F.document)
    message(answers.tags_number, Intake.tags_number, F.text)
    press(answers.save, Intake.review, F.data == "save")
    press(answers.edit, Intake.review, F.data.startswith("edit:"))
    press(answers.edit, Intake.waiting, F.data.startswith("edit:"))


def _around(router: Router) -> None:
    """Register what works at every question."""
    press = router.callback_query.register
    press(answers.skip, StateFilter(Intake), F.data == "skip")
    press(answers.keep, StateFilter(Intake), F.data == "keep")
    press(answers.back, StateFilter(Intake), F.data == "back")
    press(answers.page, StateFilter(Intake), F.data.startswith("page:"))
    press(answers.search, StateFilter(Intake), F.data == "search")
    press(answers.whole_list, StateFilter(Intake), F.data == "list")
    press(answers.keep_typed, StateFilter(Intake), F.data == "keep_typed")
    press(answers.less, StateFilter(Intake), F.data == "less")
    press(answers.cancel, StateFilter(Intake), F.data == "cancel")
    press(answers.drop, StateFilter(Intake), F.data == "drop")
    press(answers.menu, F.data == "menu")
    press(answers.resume, StateFilter(Intake), F.data == "resume")
    press(answers.tasks, F.data == "tasks")
