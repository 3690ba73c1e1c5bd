"""The office over days that its plant has lived through, with an account in every role:
`python -m tests.e2e.lived PORT PASSWORD [rare]`."""

from __future__ import annotations

import sys

from crm.ready import ready

LOGIN = "admin"
RARE = "rare"
SECOND = "2"  # behind the name of an account: another one of the same role
LONG = 150  # rows of a list that is long here: so many a plant has of tasks after a day


def accounts(password: str) -> None:
    """Make two accounts in every role of the office, named as the role, and two that may all."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, User

    from crm.office.roles import title
    from crm.office.seed import seed
    from crm.people.roles import OfficeRole

    seed()
    secret = make_password(password)  # once: it takes a good part of a second
    for name in (LOGIN, f"{LOGIN}{SECOND}"):
        User.objects.create(username=name, password=secret, is_staff=True, is_superuser=True)
    for role in (*OfficeRole.values, "technologist"):
        for name in (role, f"{role}{SECOND}"):
            user = User.objects.create(username=name, password=secret, is_staff=True)
            user.groups.add(Group.objects.get(name=title(role)))


def main(port: int, password: str, *more: str) -> None:
    """Make the accounts, with `rare` what is seldom there (`rare.py`), and serve until SIGINT."""
    ready(rows=True)
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    from crm.office import exports, paging
    from crm.office.server import serve

    settings.PASSWORD_HASHERS = ["tests.hashers.Quick"]  # a browser signs in a hundred times
    exports.AT_ONCE = paging.AT_ONCE = LONG
    accounts(password)
    if RARE in more:
        from tests.e2e.rare import make_rare

        make_rare(timezone.localtime())
    connections.close_all()  # what gunicorn forks opens its own
    serve("127.0.0.1", port, 4)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
