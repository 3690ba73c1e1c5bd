"""Types that several agreed names share."""

from __future__ import annotations

KIND_OF_GOODS = "choice(pet_food, mko, mko_sale, rework)"
