"""Note who tried to enter the office, and refuse those who guess."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.crypto import salted_hmac

from crm.people.models import SignIn

WINDOW = timedelta(minutes=15)
FROM_ONE_PLACE = 5  # wrong tries of one account from one address
FROM_ANYWHERE = 50  # of one account: a guesser with many addresses
NOTED = timedelta(minutes=1)
OF_ALL = 30  # from one address, whatever the account
KNOWN = timedelta(days=30)  # since an account entered from an address


def note(
    outcome: SignIn.Outcome,
    *,
    name: str,
    account: User | None,
    address: str | None,
    program: str,
    at: datetime,
) -> None:
    """Write a try down; of those that are refused unseen one a minute, or a guesser could fill the
    disk with them."""
    if outcome == SignIn.Outcome.LOCKED:
        lately = SignIn.objects.filter(outcome=outcome, at__gt=at - NOTED)
        if lately.filter(account=account, address=address).exists():
            return
    SignIn.objects.create(
        outcome=outcome,
        name_bits=bits_of(name),
        account=account,
        address=address,
        program=program[:200],
        at=at,
    )


def bits_of(name: str) -> str:
    """Return what is kept of a name that was typed: two bytes, by the program's key."""
    return salted_hmac("crm.people.sign_in", name).hexdigest()[:4]


def locked_until(
    name: str, account: User | None, address: str | None, at: datetime
) -> datetime | None:
    """Return until when nobody is let in by this name from this address; None when he may try.

    Wrong tries of fifteen minutes count, of a name from one address those since its account last
    entered from there; of a name that is no account too, or the answer would tell that it is none.
    What is refused by this counts no more: an end is an end. Tries from elsewhere do not count
    where the account has lately entered from: or a stranger, who only has to know its name, would
    keep an administrator out of his own office for good."""
    since = at - WINDOW
    lately = SignIn.objects.filter(at__gt=since, at__lte=at)  # a clock that jumped wrote later ones
    wrong = lately.filter(outcome=SignIn.Outcome.WRONG).order_by("-at")
    limits = [(Q(address=address), OF_ALL)]
    if name:
        here, named = Q(account=account, address=address), Q(name_bits=bits_of(name))
        entered = lately.filter(here, outcome=SignIn.Outcome.ENTERED)
        last = entered.order_by("-at").values_list("at", flat=True).first()
        limits += [(named & Q(address=address, at__gt=last or since), FROM_ONE_PLACE)]
        if not _is_known(here, address, at):
            limits += [(named, FROM_ANYWHERE)]
    ends = [
        moment + WINDOW
        for those, most in limits
        for moment in wrong.filter(those).values_list("at", flat=True)[most - 1 : most]
    ]
    return max(ends, default=None)


def _is_known(here: Q, address: str | None, at: datetime) -> bool:
    """Tell whether an account has lately entered from an address."""
    entered = SignIn.objects.filter(here, outcome=SignIn.Outcome.ENTERED)
    return address is not None and entered.filter(at__gt=at - KNOWN, at__lte=at).exists()
