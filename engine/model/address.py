"""Addresses of answers: `weight`, `items.2.kg` in a row, `docs.step` in a called flow.

A name begins with a letter, a row's key does not: `items.2.kg` is the field `kg` of the row `2` of
`items`."""

from __future__ import annotations

ROW_MARK = "*"  # stands for any key in the path of a step


def inside(address: str, name: str) -> str:
    """Return the address of a name (or a row's key) inside another one; "" is the flow itself.

    >>> inside("items.2", "kg")
    'items.2.kg'
    """
    return f"{address}.{name}" if address else name


def within(address: str, owner: str) -> bool:
    """Tell whether an address stands inside another one.

    >>> within("items.2.kg", "items.2"), within("items.20.kg", "items.2")
    (True, False)
    """
    return address.startswith(owner + ".")


def parent(address: str) -> str:
    """Return what an address stands in; "" for the flow.

    >>> parent("items.2.kg")
    'items.2'
    """
    return address.rpartition(".")[0]


def is_key(part: str) -> bool:
    """Tell whether a part of an address is a row's key."""
    return bool(part) and not ("a" <= part[0] <= "z")


def path_of(address: str) -> str:
    """Return the path of the step that an address belongs to.

    >>> path_of("docs.items.2.kg")
    'docs.items.*.kg'
    """
    return ".".join(ROW_MARK if is_key(part) else part for part in address.split("."))


def without_keys(address: str) -> str:
    """Return an address without row keys: the name that suggestions are kept under.

    >>> without_keys("items.2.kg")
    'items.kg'
    """
    return ".".join(part for part in address.split(".") if not is_key(part))
