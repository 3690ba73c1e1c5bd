"""A small plant that any implementation can run: raw batches, one at a time on the only scales, and
a form that waits for one."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.run.program import Program, compile_program
from tests.engine.rehearsal import FLOWS, loaded

SCALES = "resources:\n  scales: {title: Весы, capacity: 1}\n"
LIFE = """lifecycle: raw_batch
record: raw_batch
title: Партия
states:
  received: {title: Принята, owner: technologist}
  released: {title: На весах, owner: technologist, occupies: [scales]}
  quarantine: {title: Снята с весов, owner: technologist}
  refused: {title: Отказано, final: true}
transitions:
  accept:
    from: new
    to: received
    by: receiver
    do: [{run: receive_into_stock, with: {batch: raw_batch}}]
  too_heavy:
    from: new
    to: refused
    by: system
    require: [{that: weight_received > 30000, say: Масса в норме}]
  weigh:
    title: Взвесить
    from: received
    to: released
    by: system
    when: weight_received == 18250.5  # not those that an implementation began with
    queue: [created_at]
  look: {title: Осмотреть, from: received, to: same, by: technologist}
  hold: {title: Снять, from: released, to: quarantine, by: technologist}
"""
BREAKS = "queue: [created_at]\n    do: [{fire: hold, on: raw_batch}]"
WAITS = """flow: wait_batch
title: Ждать весы
roles: [receiver]
given: {batch: raw_batch}
steps:
  - wait: ready
    until: batch.state == released
    leave: Не ждать
    prompt: Весы заняты
after:
  - reply: Готово
"""


@cache
def scales(*, broken: bool = False) -> Program:
    """Return the plant's Program; `broken`: what goes with going on the scales is refused."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "flows"
        (root / "lifecycles").mkdir(parents=True)
        (root / "test").mkdir()
        for name in ("limits.yaml", ".vocabulary.json"):
            shutil.copy(FLOWS / name, root / name)
        text = (FLOWS / "project.yaml").read_text("utf-8")
        begin = text.index("resources:")
        (root / "project.yaml").write_text(text[:begin] + SCALES, "utf-8")
        (root / "menu.yaml").write_text("[]\n", "utf-8")
        life = LIFE.replace("queue: [created_at]", BREAKS) if broken else LIFE
        (root / "lifecycles" / "raw_batch.yaml").write_text(life, "utf-8")
        (root / "test" / "wait_batch.yaml").write_text(WAITS, "utf-8")
        return compile_program(loaded(root).sources())
