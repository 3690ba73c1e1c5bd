"""The texts of a plant as messages: every schema object of a Program knows its translations.

Documents and the cells of reports are Russian by rule (domain 3.23); of them only the titles that
people choose by are translated."""

from __future__ import annotations

from dataclasses import replace

from engine.run.program import Sources
from engine.schema.report import ReportForm
from engine.schema.texts import PlantText, Spot, Texts


def named(sources: Sources) -> Sources:
    """Return the sources of a Program with every text a message."""
    return _named(sources, Texts())


def texts_of(sources: Sources) -> tuple[PlantText, ...]:
    """Return every text of a plant, in order."""
    texts = Texts()
    _named(sources, texts)
    return tuple(texts.met)


def _named(sources: Sources, texts: Texts) -> Sources:
    return replace(
        sources,
        project=texts.form(sources.project, Spot("project")),
        menu=tuple(
            texts.form(entry, Spot("menu").key(at, entry.text_key))
            for at, entry in enumerate(sources.menu)
        ),
        limits={
            name: texts.form(form, Spot(f"limit/{name}", path=(name,)))
            for name, form in sources.limits.items()
        },
        flows=texts.each(sources.flows),
        lifecycles=texts.each(sources.lifecycles, "lifecycle/"),
        documents=texts.each(sources.documents, "document/"),
        reports={name: _report(texts, form) for name, form in sources.reports.items()},
    )


def _report(texts: Texts, form: ReportForm) -> ReportForm:
    spot = Spot(f"report/{form.report}")
    chosen_by = form.model_fields_set & {"title", "section"}
    bare = ReportForm.model_construct(chosen_by, title=form.title, section=form.section)
    titles = texts.form(bare, spot)
    params = {
        name: texts.form(param, spot.key("params").key(name)) for name, param in form.params.items()
    }
    update = {"title": titles.title, "section": titles.section, "params": params}
    return form.model_copy(update=update)
