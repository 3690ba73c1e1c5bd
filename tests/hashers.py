"""Passwords hashed as the program does it, but with one round instead of a million: a test signs in
to see what an account may, not how long a password withstands (tests/crm/office/test_sign_in.py
holds the program to its rounds)."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Quick(PBKDF2PasswordHasher):
    """The program's hasher, of one round."""

    iterations = 1
