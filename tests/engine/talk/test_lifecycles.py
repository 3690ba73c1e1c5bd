"""The shipped lifecycles rehearsed: mixes on two lines, tasks on phones, places, signatures, the
clock. Every talk plays on one small plant with an order of four mixes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.talk.parse import TalkError, read_talk
from engine.talk.play import play
from engine.talk.rehearse import Rehearser
from engine.talk.stage import Stage
from tests.engine.rehearsal import copied, loaded

MIX_ANALYSIS = """\
flow: mix_analysis
title: Начать анализ
roles: [lab]
given: {task_mix: mix}
steps:
  - number: fat
    unit: "%"
    prompt: "Жир, %"
  - review: {save: Сохранить}
save:
  - {fire: analysis_pass, on: task_mix}
after:
  - reply: "Замес {task_mix.number} прошёл"
"""
LOAD_PLATE = """\
flow: load_plate
title: Загрузить в плиточник
crew: mixer
given: {mix: mix}
steps:
  - integer: plate
    range: [1, 14]
    prompt: Плиточник
  - review: {save: Сохранить}
save:
  - {fire: discharge, on: mix}
"""
PALLETIZE = """\
flow: palletize
title: Начать палетирование и маркировку
roles: [storekeeper]
given: {pallet: pallet}
steps:
  - number: gross
    unit: kg
    prompt: Общий вес
  - review: {save: Принять}
save:
  - {fire: accept, on: pallet}
"""
ORDER = """{kind: minced_order, id: order-1, number: Ф1/3, state: active, product_line: mmo, \
route: plate, priority: 5, start_not_before: '2026-11-22T08:00+03:00', \
created_at: '2026-11-22T08:00+03:00'}"""
FACTS = """
facts:
  mixes_without_place: []
  is_order_held: false
  lines_for: [1, 2]
  is_turn_of: true
  is_line_open: true
  is_unpacking_free: true
  mixes_by_hand: []
  order_left: 0
  drip_cuts: null
  components_usable: true
  is_mixer_free: true
  has_waited_for_mixer: false
  component_waited: партия
  order_before: Ф0
  is_mix_in_norm: true
  mix_text: Спинка 100 кг
  mix_result: УСПЕШНО прошёл ФХП
  due_of: '2026-11-22T12:30+03:00'
  load_content: замес Ф1/3/1
  shock_places: 5
  pallet_photos: 1
  pallet_content: замес Ф1/3/1
  antibiotic_found: true
  analysis_failures: антибиотик
  is_used_up: false
  is_collecting: false
  pallets_accepted: false
  is_mix_held: false
  is_batch_held: true
"""


def records() -> str:
    mixes = "".join(
        f"  - {{kind: mix, id: mix-{at}, number: =Ф1/3/{at}, title: Ф1/3/{at}, index: {at}, "
        f"remake: false, created_at: '2026-11-22T08:00+03:00', order: {ORDER}}}\n"
        for at in range(1, 5)
    )
    pallet = (
        "  - {kind: pallet, id: pallet-1, number: 7, kind_of: mix, net: 900, state: unloaded}\n"
    )
    load = (
        "  - {kind: freezer_load, id: load-1, title: Загрузка 1, "
        "freezer: {kind: freezer, id: f-3, number: 3, line: 1, fields: {kind: plate}}}\n"
    )
    batch = (
        "  - {kind: raw_batch, id: batch-1, number: 2211/3, state: quarantine, "
        "analysed_by: {kind: person, id: '6', title: Серова Т. Н.}}\n"
    )
    return f"records:\n  - {ORDER}\n{mixes}{pallet}{load}{batch}"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Stage]:
    """Return a maker of fresh stages: the shipped lifecycles, three short flows of the tests."""
    flows = copied(tmp_path_factory.mktemp("lives"))
    (flows / "test").mkdir()
    for name, text in (("mix_analysis", MIX_ANALYSIS), ("load_plate", LOAD_PLATE),
                       ("palletize", PALLETIZE)):  # fmt: skip
        for old in flows.rglob(f"{name}*"):
            old.unlink()
        (flows / "test" / f"{name}.yaml").write_text(text, encoding="utf-8")
    samples = flows / "samples.yaml"
    kept = samples.read_text("utf-8").split("\nfacts:")[0].split("\nrecords:")[0]
    samples.write_text(f"{kept}\n{FACTS}{records()}", encoding="utf-8")
    return Rehearser(flows, loaded(flows)).stage


def played(make: Callable[[], Stage], *texts: str) -> Stage:
    """Play the lines of a talk; raise TalkError where one does not hold."""
    on = make()
    play(read_talk("test.talk", "\n".join(texts)), on)
    return on


PLAN = "\n".join(f"* fire plan mix-{at} technologist" for at in (1, 2, 3))


def test_mixes_go_to_the_two_lines_and_the_third_waits_for_a_place(stage: Callable[[], Stage]):
    played(
        stage, PLAN,
        "= occupied unpack_line_1 1", "= occupied unpack_line_2 1", "= occupied buffer_line_1 1",
        "= waits mix-1", "= waits mix-3 Растарка линии 1 — занято: Ф1/3/1 с 10:00",
        "unpacker_line_1< …Спинка 100 кг…", "unpacker_line_1< [Замес растарен]",
        "unpacker_line_2< [Замес растарен]",
    )  # fmt: skip


def test_a_button_of_a_card_moves_the_mix_on_and_the_next_one_in(stage: Callable[[], Stage]):
    played(
        stage, PLAN,
        "unpacker_line_1> [Замес растарен]", "unpacker_line_1< …Замес растарен: готово…",
        "= record mix-3 state unpacking",  # the third has taken the place of the first
        "= occupied press_line_1 1", "= occupied unpack_line_1 1", "= occupied buffer_line_1 1",
        "= task press_mix open", "press_line_1< [Просепарировано]",
    )  # fmt: skip


def test_a_mix_waits_in_the_press_until_the_mixer_is_free(stage: Callable[[], Stage]):
    played(
        stage, PLAN,
        "unpacker_line_1> [Замес растарен]", "press_line_1> [Просепарировано]",
        "= occupied mixer_line_1 1", "= occupied press_line_1 0",
        "unpacker_line_1> [Замес растарен]", "press_line_1> [Просепарировано]",
        "= occupied press_line_1 1", "= waits mix-3 Миксер линии 1",
    )  # fmt: skip


THROUGH = (PLAN, "unpacker_line_1> [Замес растарен]", "press_line_1> [Просепарировано]",
           "mixer_line_1> [Перемешивание и анализ]")  # fmt: skip


def test_the_first_of_a_role_takes_a_task_and_the_others_card_says_so(stage: Callable[[], Stage]):
    on = played(
        stage, *THROUGH,
        "lab< [Начать анализ]", "lab2< [Начать анализ]",
        "lab> [Начать анализ]", "lab< …Жир…", "= task mix_analysis claimed",
        "lab2<! [Начать анализ]",
    )  # fmt: skip
    texts = [one.text for one in on.messages if one.chat == on.plant.chat_of("lab", 1)]
    assert texts[-1].endswith("Взял(а): Лапина О. В., 10:00")


def test_a_saved_form_ends_its_task_and_brings_the_next_one(stage: Callable[[], Stage]):
    on = played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "lab> 17,5", "lab> [Сохранить]", "lab< …прошёл…",
        "= task mix_analysis done", "= task load_plate open", "= field fat 17,5",
        "mixer_line_1< …УСПЕШНО прошёл ФХП…", "mixer_line_1< [Загрузить в плиточник]",
    )  # fmt: skip
    texts = [one.text for one in on.messages if one.chat == on.plant.chat_of("lab", 1)]
    assert texts[-1].endswith("Уже сделано: Лапина О. В., 10:00")


def test_a_form_that_is_cancelled_puts_its_task_back(stage: Callable[[], Stage]):
    played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "lab> /cancel", "lab> [Да, отменить]",
        "= task mix_analysis open", "lab2> [Начать анализ]", "lab2< …Жир…",
    )  # fmt: skip


def test_a_task_left_lying_for_a_quarter_of_an_hour_goes_back(stage: Callable[[], Stage]):
    played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "* after 10m", "lab> 17,5", "* after 14m",
        "= task mix_analysis claimed", "* after 2m", "= task mix_analysis open",
    )  # fmt: skip


def test_another_takes_a_task_over_after_he_was_told_who_has_it(stage: Callable[[], Stage]):
    played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "lab2> /tasks", "lab2> […Анализ замеса…]",
        "lab2< …Взял(а): Лапина О. В., 10:00…", "lab2> [Взять себе]", "lab2< …Жир…",
    )  # fmt: skip


def test_a_task_over_an_open_form_asks_whether_to_put_it_off(stage: Callable[[], Stage]):
    played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "lab> 11", "lab< …проверка…",
        "unpacker_line_2> [Замес растарен]", "press_line_2> [Просепарировано]",
        "mixer_line_2> [Перемешивание и анализ]",
        "lab> [Начать анализ]", "lab< …Отложить «Начать анализ» и открыть задачу?…",
        "lab> [Остаться]", "lab< …проверка…",
        "lab> [Начать анализ]", "lab> [Отложить]", "lab< …Жир…",
        "lab> 22", "lab> [Сохранить]", "lab< [Продолжить]",
        "lab> [Продолжить]", "lab< …11…", "lab> [Сохранить]",
        "= record mix-1 state ready_to_discharge",
        "= record mix-2 state ready_to_discharge",
    )  # fmt: skip


def test_a_mix_issued_again_takes_its_tasks_off_the_phones(stage: Callable[[], Stage]):
    on = played(
        stage, *THROUGH,
        "lab> [Начать анализ]", "lab> 17,5",
        "* fire reissue mix-1 technologist рецептура изменена", "= task mix_analysis cancelled",
        "= occupied mixer_line_1 0", "lab2<! [Начать анализ]",
    )  # fmt: skip
    texts = [one.text for one in on.messages if one.chat == on.plant.chat_of("lab", 1)]
    assert texts[-1].endswith("Задача снята: рецептура изменена")


def test_my_tasks_lists_the_overdue_first(stage: Callable[[], Stage]):
    on = played(stage, *THROUGH, "* after 41m", "lab> /tasks", "lab< …Мои задачи…")
    screen = on.screen(on.plant.chat_of("lab"))
    assert screen is not None
    assert screen.buttons[0].title == "⏱ Анализ замеса Ф1/3/1, ждёт 41 мин"


def test_reminders_of_a_task_go_to_the_crew_then_to_the_leads(stage: Callable[[], Stage]):
    played(
        stage, PLAN, "* after 20m", "unpacker_line_1< …Ждёт 20 мин…",
        "* after 20m", "shift_lead< …Ждёт 40 мин…", "* after 40m", "director< …Ждёт 80 мин…",
    )  # fmt: skip


def test_a_timer_of_a_state_rings_at_its_moment_and_only_in_its_state(stage: Callable[[], Stage]):
    played(
        stage, "* fire load load-1 freezer_storekeeper", "= record freezer_load state freezing",
        "* after 149m", "= record freezer_load state freezing",
        "* after 2m", "= record freezer_load state due", "= task unload_plate open",
        "* fire void load-1 production_office ошибка", "= task unload_plate cancelled",
        "* after 9h", "= record freezer_load state voided",
    )  # fmt: skip


def test_a_claim_moves_the_record_and_leaving_the_form_undoes_it(stage: Callable[[], Stage]):
    played(
        stage,
        "* fire start_palletizing pallet-1 storekeeper", "= occupied palletizing 1",
        "* fire stop_palletizing pallet-1 storekeeper", "= task palletize open",
        "= occupied palletizing 0",
        "storekeeper> [Начать палетирование и маркировку]", "storekeeper< …Общий вес…",
        "= record pallet state palletizing", "= occupied palletizing 1", "= task palletize claimed",
        "storekeeper> /cancel", "storekeeper> [Да, отменить]",
        "= record pallet state unloaded", "= occupied palletizing 0", "= task palletize open",
        "storekeeper> [Начать палетирование и маркировку]", "storekeeper> 900",
        "storekeeper> [Принять]", "= record pallet state in_stock", "= task palletize done",
    )  # fmt: skip


def test_two_persons_release_what_an_antibiotic_holds(stage: Callable[[], Stage]):
    on = played(
        stage, "* fire release batch-1 technologist антибиотик не подтвердился",
        "= record raw_batch state quarantine", "= task countersign open",
        "quality_manager< …Орлова М. С. просит подтвердить…", "quality_manager> [✅ Подтвердить]",
        "= record raw_batch state released", "= task countersign done",
    )  # fmt: skip
    cards = [one.text for one in on.messages if "просит подтвердить" in one.text]
    both = "Уже сделано: Орлова М. С., подтвердил(а) Панина Ю. Г., 10:00"
    assert cards
    assert all(both in card for card in cards)


def test_a_declined_signature_leaves_the_record_and_tells_the_first(stage: Callable[[], Stage]):
    played(
        stage, "* fire release batch-1 technologist антибиотик не подтвердился",
        "quality_manager> [❌ Отклонить]", "quality_manager> нужен повторный анализ",
        "= record raw_batch state quarantine", "= task countersign cancelled",
        "technologist< …не подтвердил(а)…нужен повторный анализ…",
    )  # fmt: skip


def test_a_second_command_is_refused_while_another_one_waits_for_its_second_person(
    stage: Callable[[], Stage],
):
    on = played(stage, "* fire release batch-1 technologist антибиотик не подтвердился")
    play(
        read_talk("test.talk", "* fire release batch-1 technologist антибиотик не подтвердился"), on
    )
    with pytest.raises(TalkError, match="Второго человека уже ждёт другая команда"):
        play(read_talk("test.talk", "* fire release batch-1 technologist иначе"), on)


def test_a_transition_that_is_refused_says_why(stage: Callable[[], Stage]):
    with pytest.raises(TalkError, match="нужна другая роль"):
        played(stage, "* fire plan mix-1 lab")
