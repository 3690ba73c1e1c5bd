"""System transitions that break: parked in plain sight, tried again when a person says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.model.values import Row
from engine.talk.parse import read_talk
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.play import play
from engine.talk.stage import Stage
from tests.engine.rehearsal import samples, shipped
from tests.engine.run.scales import scales

BATCH = Row(
    "raw_batch",
    "batch-9",
    "2211/9",
    {"number": "2211/9", "state": "received", "weight_received": Decimal("18250.5")},
)
PARKED = """\
* after 1m
* after 1m
* after 1m
technologist< …2211/9: не получается «Взвесить»…остановлено после 3 ошибок…
* after 10m
"""


def plant(*, broken: bool) -> Plant:
    on = rehearsal_plant(scales(broken=broken), shipped().vocabulary, samples())
    on.memory.rows[BATCH.id] = BATCH
    return on


def mending(old: Plant) -> Plant:
    """Return the plant restarted with the transition mended."""
    return rehearsal_plant(scales(), shipped().vocabulary, samples(), old.memory, old.clock)


def played(stage: Stage, *texts: str) -> Stage:
    play(read_talk("test.talk", "\n".join(texts)), stage)
    return stage


def test_the_owner_of_the_state_sees_what_is_parked_and_has_it_tried_again(
    caplog: pytest.LogCaptureFixture,
):
    stage = Stage(plant(broken=True), mending)
    played(stage, PARKED)
    assert len([one for one in caplog.records if "is left behind" in one.getMessage()]) == 3
    played(
        stage, "technologist> [🔁 Попробовать ещё раз]", "technologist< Снова не получилось…",
        "* after 1m", "* after 1m", "technologist< …не получается «Взвесить»…",
        "* restart", "technologist> [🔁 Попробовать ещё раз]",
        "technologist< Система попробовала ещё раз…", "= waits batch-9",
    )  # fmt: skip
    assert stage.plant.memory.rows[BATCH.id].fields["state"] == "released"


def test_who_does_not_own_the_state_cannot_have_it_tried_again():
    stage = Stage(plant(broken=True), mending)
    played(stage, PARKED)
    (task,) = stage.plant.memory.tasks.values()
    assert task.wanted.to.roles == ("technologist",)


def test_what_went_well_in_the_end_is_counted_from_the_beginning_again():
    on = plant(broken=True)
    for _ in range(2):
        with on.ports.transaction():
            on.timers.sweep(on.clock.now())
    mended = mending(on)
    with on.ports.transaction():
        mended.timers.sweep(on.clock.now())
    assert on.memory.rows[BATCH.id].fields["state"] == "released"
    assert on.memory.failures == {}
