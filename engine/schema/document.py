"""A document: a layout of templates/, the record it prints, what stands in each placeholder."""

from __future__ import annotations

from pydantic import Field

from engine.expressions.written import Expression, Naming, Title, Written


class DocumentForm(Written):
    """`templates/<document>/document.yaml`."""

    document: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name of the document: its folder."
    )
    title: Title = Field(min_length=1, description="Title for people.")
    record: str = Field(description="Kind of the record that is printed.")
    file: Naming = Field(
        description="Name of the file, .docx or .pdf as it is to be; knows the fields below."
    )
    draft: str = Field(default="", description="Mark on a paper that is not final.")
    final: Expression | None = Field(
        default=None,
        description="When the paper is final and loses the mark; never without it.",
    )
    fields: dict[str, Expression] = Field(
        min_length=1,
        description="Placeholder of the layout to expression; knows the fields of the record, and "
        "the record itself by its kind.",
    )
    later: tuple[str, ...] = Field(
        default=(), description="Placeholders whose data are not kept yet; printed as «—»."
    )
