"""What the API answers when it gives nothing: RFC 9457 problems, each with a code for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Schema
from ninja.errors import HttpError

MIME = "application/problem+json"
REALM = 'Bearer realm="meatbot"'


class Fault(Schema):
    """One parameter that is wrong."""

    where: str = Field(description="Where it stands and what it is called: `query.limit`.")
    why: str


class Problem(Schema):
    """Why there is no answer."""

    type: str = Field(description="Always `about:blank`: `code` tells the kind.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    code: str = Field(description="What is wrong, for programs: it does not change.")
    detail: str = Field(description="What is wrong, for people.")
    errors: list[Fault] = Field([], description="Of 422: every parameter that is wrong.")


class NoAnswer(HttpError):
    """Raised where a request gets no answer; `headers` go with the problem."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(status, detail)
        self.code = code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def unknown_token() -> NoAnswer:
    """Nobody, or a token that is not, or no more, let in: which of these is not told."""
    detail = "A valid token is needed: «Authorization: Bearer …»"
    return NoAnswer(401, "token_needed", detail, WWW_Authenticate=REALM)


def not_allowed(scope: str) -> NoAnswer:
    """The token may not read this."""
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"The token has no scope {scope}"
    return NoAnswer(403, "scope_needed", detail, WWW_Authenticate=challenge)


def no_lot() -> NoAnswer:
    """There is no lot of this id."""
    return NoAnswer(404, "no_lot", "There is no lot of this id")


def no_store() -> NoAnswer:
    """There is no store of this name."""
    return NoAnswer(404, "no_store", "There is no store of this name; see /stock")


def too_many(wait_s: int) -> NoAnswer:
    """The token asked more often than it may."""
    detail = f"The token asks too often; again in {wait_s} s"
    return NoAnswer(429, "too_many_requests", detail, Retry_After=str(wait_s))


def answer(refused: NoAnswer, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """Return the problem of a request that gets no answer."""
    body = Problem(
        type="about:blank",
        title=HTTPStatus(refused.status_code).phrase,
        status=refused.status_code,
        code=refused.code,
        detail=refused.message,
        errors=[Fault(**error) for error in errors or []],
    )
    response = JsonResponse(body.model_dump(), status=refused.status_code, content_type=MIME)
    for name, value in refused.headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer under an address that the API does not have."""
    return answer(NoAnswer(404, "no_address", "There is no such address; see openapi.json"))


def wrong(faults: list[dict[str, Any]]) -> HttpResponse:
    """Answer when parameters are wrong, with each of them."""
    errors = [
        {"where": ".".join(map(str, fault["loc"])), "why": str(fault["msg"])} for fault in faults
    ]
    return answer(NoAnswer(422, "wrong_parameters", "Parameters are wrong"), errors)
