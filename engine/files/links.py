"""Links that expire and cannot be forged, for the store that is only a folder.

A token is base64url(JSON [key, expiry, name]) "." base64url(HMAC-SHA256). Whoever holds it may
read one file until its second of expiry, so it is made on demand and never kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import quote

from engine.files.errors import LinkExpired, LinkForged
from engine.files.keys import checked

LONGEST_LIFE_S = 7 * 24 * 3600  # what S3 allows for a presigned link
_PURPOSE = b"meatbot file link\n"  # the secret also signs other things; this keeps them apart
_SHOWN = (".jpg", ".jpeg", ".png", ".webp", ".pdf")  # browsers show these, the rest is saved


def life(seconds: int) -> int:
    """Return the life of a link in seconds. Raises ValueError outside of 1 s … 7 days."""
    if not 0 < seconds <= LONGEST_LIFE_S:
        raise ValueError(f"a link lives 1…{LONGEST_LIFE_S} s, not {seconds}")
    return seconds


def seal(secret: str, key: str, expires: datetime, name: str) -> str:
    """Return a token that opens `key` before `expires` (whole seconds)."""
    said = [checked(key), int(expires.timestamp()), name]
    payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_encode(payload)}.{_encode(_signature(secret, payload))}"


def unseal(secret: str, token: str, now: datetime) -> tuple[str, str]:
    """Return the key and the name of a token. Raises LinkForged or LinkExpired."""
    said, _, signature = token.partition(".")
    try:
        payload, given = _decode(said), _decode(signature)
    except (binascii.Error, ValueError) as error:
        raise LinkForged("not a token") from error
    if not hmac.compare_digest(_signature(secret, payload), given):
        raise LinkForged("signed by somebody else")
    key, expires, name = json.loads(payload)
    if now >= datetime.fromtimestamp(expires, UTC):
        raise LinkExpired(f"{key}: over since {expires}")
    return key, name


def disposition(name: str) -> str:
    """Return a Content-Disposition with a name in any language (RFC 6266).

    Pictures and PDFs are shown in the browser, everything else is saved.

    >>> disposition("Акт.docx")
    'attachment; filename="___.docx"; filename*=UTF-8\\'\\'%D0%90%D0%BA%D1%82.docx'
    """
    clean = "".join(" " if letter in '/\\"' else letter for letter in name if letter.isprintable())
    clean = clean.strip() or "file"
    plain = "".join(letter if letter.isascii() else "_" for letter in clean)
    way = "inline" if clean.lower().endswith(_SHOWN) else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _signature(secret: str, payload: bytes) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + payload, hashlib.sha256).digest()


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    content = base64.b64decode(padded, altchars=b"-_", validate=True)
    if _encode(content) != text:  # the last letter has unused bits: one token, one spelling
        raise ValueError("not canonical base64")
    return content
