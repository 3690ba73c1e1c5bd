"""Types that several agreed names share."""

from __future__ import annotations

PRODUCT_LINE = "choice(mmo, mko)"
KIND_OF_GOODS = "choice(pet_food, mko, mko_sale, rework)"
HOLD = "choice(lab, antibiotic, fhp, ash)"
