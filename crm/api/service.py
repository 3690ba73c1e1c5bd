"""The API as Django serves it: its addresses, its problems and its schema."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from crm.api.endpoints import router
from crm.api.problems import MIME, NoAnswer, answer, missing, wrong

TEXT = {"schema": {"type": "string"}}
HEADERS = {  # what goes with a problem, by its status
    401: {"WWW-Authenticate": {**TEXT, "description": "How to name oneself."}},
    403: {"WWW-Authenticate": {**TEXT, "description": "Which scope is needed."}},
    429: {"Retry-After": {**TEXT, "description": "Seconds to wait."}},
}


class Strict(Parser):
    """The parameters of an address, those of the schema and each at most once: ninja would take
    the last of two, and leave one that is misspelt aside."""

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the parameters. Raises ValidationError that names each wrong one."""
        known = _known(request.resolver_match.route if request.resolver_match else "")
        wrong_ones = {name: "There is no such parameter" for name in data if name not in known}
        wrong_ones |= {
            name: "Input should be given once"
            for name in data
            if len(data.getlist(name)) > 1 and name not in wrong_ones
        }
        if wrong_ones:
            raise ValidationError(
                [{"loc": ("query", name), "msg": why} for name, why in wrong_ones.items()]
            )
        return super().parse_querydict(data, list_fields, request)


@cache
def _known(route: str) -> frozenset[str]:
    """Return the parameters that the schema has for an address, as Django writes addresses."""
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    operation = api.get_openapi_schema()["paths"][address]["get"]
    return frozenset(one["name"] for one in operation["parameters"] if one["in"] == "query")


class Api(NinjaAPI):
    """Ninja, with problems under their own media type in the schema."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the schema as it is answered."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, told in operation["responses"].items():
                    if status >= 400:
                        told["content"] = {MIME: told["content"].pop("application/json")}
                        told["headers"] = HEADERS.get(status, {})
        return schema

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; what the plant has is nobody's to keep on the way."""
        response = super().create_response(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


api = Api(
    title="MeatBot Production Suite",
    version="1",
    description="Lots, their traces and the stock of the plant, read only. A token is given by the "
    "plant's administrator; it is sent as «Authorization: Bearer …».",
    docs_url=None,  # its pages would fetch their scripts from elsewhere
    urls_namespace="api",
    parser=Strict(),
)
api.add_router("", router)


@api.exception_handler(NoAnswer)
def _told(request: HttpRequest, refused: NoAnswer) -> HttpResponse:
    return answer(refused)


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return wrong(error.errors)


urlpatterns = [
    path("v1/", missing, name="api_root"),
    path("v1/", api.urls),
    re_path("^(?P<rest>.*)$", missing, name="api_missing"),
]
