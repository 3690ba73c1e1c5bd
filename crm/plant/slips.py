"""The faults of the simulated plant (domain 13.10): mistakes that workers make, and what befalls
them. Nothing of it may break the plant.

Each has a chance; `Slips` counts what was done, so that a run can say that it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from crm.plant.asked import Asked, Thing
from crm.plant.meat import typed

# Chances per answer, in thousandths.
CHANCES: Mapping[str, int] = {
    "wrong kind": 6,  # a sticker, a photo instead of a number
    "mistyped": 6,  # letters among digits
    "grams": 5,  # kilograms typed as grams
    "missing photo": 30,  # none where one is asked for: skipped, or words instead
    "double tap": 12,
    "back": 10,
    "edit": 40,  # of a review
    "menu": 4,  # leaves the form and comes back
    "cancel": 1,
    "old button": 2,
    "offline": 2,  # without network for 40 minutes, then everything at once
    # What comes about without anybody's mistake, per question about it.
    "warm truck": 30,
    "positive antibiotic": 2,
    "full shocker": 250,  # per day: no place in any for hours
}
NO_PHOTO = "Фото нет, телефон разбит"


@dataclass
class Slips:
    """Decides about mistakes; `scale` 0 makes none."""

    scale: float = 1.0
    made: Counter[str] = field(default_factory=Counter)

    def happens(self, name: str, chance: Random) -> bool:
        """Tell whether a mistake is made now, and count it."""
        done = chance.random() * 1000 < CHANCES[name] * self.scale
        if done:
            self.made[name] += 1
        return done

    def instead(self, asked: Asked, meant: Thing) -> Thing:
        """Return what is done instead of an answer; the answer itself, mostly."""
        chance = asked.chance
        if asked.kind == "review":
            edits = [one for one in asked.buttons if one.act == "edit"]
            once = asked.memory.setdefault("edited", 0) < 2
            if edits and once and self.happens("edit", chance):
                asked.memory["edited"] += 1
                return chance.choice(edits)
            return meant
        if asked.kind == "photos" and meant == "{photo}" and self.happens("missing photo", chance):
            return asked.act("skip") or NO_PHOTO
        if self.happens("wrong kind", chance):
            return "{sticker}" if asked.kind in ("photos", "file") else "{voice}"
        if asked.kind in ("number", "integer") and isinstance(meant, str):
            if self.happens("mistyped", chance):
                return f"{meant},,5"
            unit = getattr(asked.step, "unit", "")
            if unit == "kg" and self.happens("grams", chance):
                asked.memory["slipped"] = True
                return typed(int(Decimal(meant.replace(",", ".")) * 1000))
        back = asked.act("back")
        if back is not None and self.happens("back", chance):
            return back
        return meant
