"""`cli.py texts`: what there is to translate, how far each language is, and what programs read."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.languages.sources import Source, Status
    from engine.load.texts import Locales

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 60  # characters of a text in a list


class Work(StrEnum):
    """What is done with the translations."""

    EXTRACT = "extract"
    COMPILE = "compile"
    STATUS = "status"


def texts(
    work: Annotated[
        Work,
        typer.Argument(
            help="extract: внести новые тексты в .po; compile: собрать .mo; status: чего нет."
        ),
    ],
    flows: Annotated[Path, typer.Option(help="Папка с формами.")] = Path("flows"),
    locales: Annotated[Path, typer.Option(help="Папка с переводами.")] = Path("locales"),
    pseudo: Annotated[
        bool,
        typer.Option("--pseudo", help="extract: язык без папки перевести понарошку, длиннее."),
    ] = False,
) -> None:
    """Вести переводы: тексты программы и форм на языках из project.yaml."""
    from engine.check.spoken import texts as findings  # noqa: PLC0415 - heavy
    from engine.languages.compiled import compile_changed  # noqa: PLC0415 - with the rest
    from engine.load.project import load_project  # noqa: PLC0415 - heavy
    from engine.load.texts import locales_of  # noqa: PLC0415 - heavy

    project, _ = load_project(flows)
    if project is None:
        typer.echo(f"В папке {flows} нет project.yaml, который читается", err=True)
        raise typer.Exit(2)
    found = locales_of(locales, ROOT, project, findings())
    if work is Work.EXTRACT:
        found.extract(made_up=pseudo)
    if work in (Work.EXTRACT, Work.COMPILE):
        for path in compile_changed(locales):
            typer.echo(f"собран {path}")
    lines = list(_lines(found, every=work is Work.STATUS))
    typer.echo("\n".join(lines))
    complete = all(one.complete for one in found.status().values())
    raise typer.Exit(1 if work is Work.STATUS and not complete else 0)


def _lines(found: Locales, *, every: bool) -> Iterator[str]:
    """Return a line a language and domain, and, where `every`, a line a text that is left."""
    for (language, domain), state in found.status().items():
        yield (
            f"{language} {domain}: переведено {len(state.translated)}, нет {len(state.missing)}, "
            f"устарело {len(state.stale)}, с другими подстановками {len(state.broken)}"
        )
        if every:
            yield from _left(state)


def _left(state: Status) -> Iterator[str]:
    for word, sources in (
        ("нет", state.missing),
        ("устарел", state.stale),
        ("подстановки", state.broken),
    ):
        yield from (f"  {word:12}{_where(source)}" for source in sources)


def _where(source: Source) -> str:
    text = " ".join(source.text.split())
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return f"{source.context or source.file}: {cut}"
