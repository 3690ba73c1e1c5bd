"""The API as Django serves it: its addresses, its problems and its schema."""

from __future__ import annotations

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


class OnceEach(Parser):
    """Parameters of an address, each at most once: of two, ninja would take the last."""

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the parameters. Raises ValidationError for one that is there twice."""
        twice = [name for name in data if len(data.getlist(name)) > 1 and name not in list_fields]
        if twice:
            said = "Input should be given once"
            raise ValidationError([{"loc": ("query", name), "msg": said} for name in twice])
        return super().parse_querydict(data, list_fields, request)


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
    parser=OnceEach(),
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
