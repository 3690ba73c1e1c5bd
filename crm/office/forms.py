"""«Формы»: what runs on the shop floor, its pictures and texts with what is wrong in them, who is
at which version now, and the versions of before. `forms_change.py` changes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm.bridge import form_files
from crm.bridge.form_files import Looked
from crm.bridge.program import folder, kept_out, program
from crm.bridge.stranded import CODE
from crm.bridge.versions import runs
from crm.office import acts, exports
from crm.office.card import Cell, Table, cell
from crm.office.language import said
from crm.office.links import list_link
from crm.office.parts import record_cell
from crm.office.rights import account_roles
from crm.office.roles import title
from crm.people.roles import Duty, on_duty
from crm.work.models import Proposal, Session, Version
from engine.errors import Finding
from engine.schema.flow import Flow

RIGHT = "work.view_version"
SHOWN = 30  # versions and sessions of a list
FEW = 3  # roles named in a list
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PLANT = "plant"
LIVE = (Session.State.TALKING, Session.State.PARKED)
AROUND = 2  # lines shown before and after one with a mistake


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in the reader's language."""

    code: str
    message: str
    hint: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its number, its text in three pieces of which the middle one is wrong, and
    what is wrong there. Lines that were left out before it are a `gap`."""

    number: int
    before: str
    wrong: str
    after: str
    findings: tuple[Said, ...] = ()
    gap: bool = False


def allowed(request: HttpRequest) -> None:
    """Let in who may see the forms."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def may_publish(request: HttpRequest) -> bool:
    """Tell whether an account publishes forms: the role that the forms themselves name for it."""
    return bool(account_roles(request.user) & {*on_duty(Duty.FORMS)})


@require_safe
def forms(request: HttpRequest, site: Any) -> HttpResponse:
    """List forms, lifecycles, versions and who is at what now."""
    allowed(request)
    running, now, live = program().digest[:8], form_files.present(), live_by_flow()
    strands = tuple(one for one in kept_out() if one.code == CODE)
    found = replace(now, findings=(*strands, *now.findings))
    context = {
        **site.each_context(request),
        "title": gettext("Формы"),
        "running": running,
        "findings": findings_of(found),
        "broken": not all(map(runs, found.findings)),
        "flows": _flows(now, live),
        "lives": _lives(now),
        "versions": _versions(live),
        "live": _live(live),
        "may_publish": may_publish(request),
        "areas": _areas(now),
    }
    return TemplateResponse(request, "office/forms.html", context)


@require_safe
def form(request: HttpRequest, form: str, site: Any) -> HttpResponse:
    """Show one form or lifecycle: picture, who may, who is in it now, the text."""
    allowed(request)
    now = form_files.present()
    name = _file_of(now, form)
    found = [one for one in now.findings if one.place.path == name]
    sessions = Session.objects.filter(flow=form, state__in=LIVE).select_related("person")
    context = {
        **site.each_context(request),
        "title": _title(now, form),
        "name": form,
        "file": name,
        "picture": _picture(now, form),
        "table": _running(list(sessions[:SHOWN])),
        "is_flow": form in now.project.sketches if now.project else False,
        "wrong": len(found),
        "lines": list(underlined(now.lines(name), found, around=None)),
    }
    return TemplateResponse(request, "office/form.html", context)


@require_safe
def form_picture(request: HttpRequest, form: str) -> HttpResponse:
    """Draw a form, a lifecycle or the whole plant."""
    allowed(request)
    project = form_files.present().project
    drawing = form_files.picture(project, form) if project else None
    if drawing is None:
        raise Http404
    response = HttpResponse(drawing, content_type="image/svg+xml")
    response["Content-Security-Policy"] = SVG_POLICY
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_POST
def archive(request: HttpRequest, version: str) -> HttpResponse:
    """Give the files of the present forms or of a version as a zip, to be changed and sent back: an
    export, put on record."""
    allowed(request)
    if version == "present":
        files, name = form_files.present().files, program().digest[:8]
    else:
        row = Version.objects.filter(pk=version).first()
        if row is None:
            raise Http404
        files, name = form_files.of_version(row), str(row)
    exports.record(request, Version, name, acts.FORMS_TAKEN.with_values({"version": name}))
    return exports.answer(f"forms-{name}.zip", "application/zip", form_files.packed(files))


def underlined(
    lines: list[str], findings: Iterable[Finding], *, around: int | None = AROUND
) -> Iterator[Line]:
    """Give the lines of a file with what is wrong underlined; of a whole file with `around` None,
    else only those near a mistake."""
    at: dict[int, list[Finding]] = {}
    for one in findings:
        at.setdefault(min(one.place.line, max(len(lines), 1)), []).append(one)
    last = 0
    for number, text in enumerate(lines or [""], 1):
        near = around is None or any(abs(number - line) <= around for line in at)
        if not near:
            continue
        first = at.get(number, [])[:1]
        start = min(first[0].place.column - 1, len(text)) if first else len(text)
        end = min(start + first[0].place.width, len(text)) if first else len(text)
        yield Line(
            number,
            text[:start],
            text[start:end] or (" " if first else ""),
            text[end:],
            tuple(map(_said, at.get(number, ()))),
            gap=number > last + 1 and last > 0,
        )
        last = number


def findings_of(looked: Looked) -> list[tuple[str, list[Line]]]:
    """Return files with mistakes, each with the lines around them."""
    by_file: dict[str, list[Finding]] = {}
    for one in looked.findings:
        by_file.setdefault(one.place.path, []).append(one)
    return [(name, list(underlined(looked.lines(name), found))) for name, found in by_file.items()]


def _said(finding: Finding) -> Said:
    texts = (finding.message, finding.hint, finding.consequence)
    return Said(finding.code, *map(said, texts))


def live_by_flow() -> dict[tuple[str, str], int]:
    """Count who is in which form under which version now, by (flow, digest)."""
    rows = Session.objects.filter(state__in=LIVE).order_by().values_list("flow", "digest")
    return {(flow, digest): count for flow, digest, count in rows.annotate(Count("pk"))}


def _title(now: Looked, name: str) -> str:
    present, project = program(), now.project
    flow, life = present.flows.get(name), present.lifecycles.get(name)
    if flow is not None or life is not None:
        text = flow.title if flow is not None else life.lifecycle.title if life else name
        return present.languages.say(text, get_language() or "")
    known = project.flows.get(name) or project.lifecycles.get(name) if project else None
    return str(known.title) if known else name


def _file_of(now: Looked, name: str) -> str:
    files = now.project.files if now.project else {}
    for kind in ("flow", "lifecycle"):
        if (kind, name) in files:
            return files[kind, name]
    raise Http404


def _address(name: str) -> str:
    return reverse("admin:form", args=[name])


def _flows(now: Looked, live: Mapping[tuple[str, str], int]) -> Table:
    project = now.project
    busy: Counter[str] = Counter()
    for (flow, _digest), count in live.items():
        busy[flow] += count
    wrong = Counter(one.place.path for one in now.findings)
    names = sorted(project.sketches) if project else []
    rows = []
    for name in names:
        file = _file_of(now, name)
        whole = project.flows.get(name) if project else None
        rows.append(
            (
                (file, name),
                (
                    cell(_title(now, name), href=_address(name)),
                    cell(file.partition("/")[2]),
                    cell(_who(whole)),
                    cell(len(whole.steps) if whole else None),
                    cell(busy[name] or None),
                    _state(wrong[file]),
                ),
            )
        )
    headers = (_("Форма"), _("Файл"), _("Кто ведёт"), _("Вопросов"), _("Идёт сейчас"), _("Ошибки"))
    empty = gettext("Форм пока нет. Пришлите первую файлом .yaml")
    return Table(gettext("Формы"), headers, [row for _key, row in sorted(rows)], empty)


def _who(flow: Flow | None) -> str:
    if flow is None:
        return ""
    if flow.crew:
        return gettext("бригада")
    names, more = list(map(title, flow.roles[:FEW])), len(flow.roles) - FEW
    if more > 0:
        names.append(gettext("и ещё ролей: {count}").format(count=more))
    return ", ".join(names) or gettext("открывают другие формы")


def _state(count: int) -> Cell:
    return Cell(str(count), tone="bad") if count else Cell(gettext("нет"), tone="good")


def _lives(now: Looked) -> Table:
    lives = now.project.lifecycles if now.project else {}
    rows = [
        (
            cell(_title(now, name), href=_address(name)),
            cell(_file_of(now, name).partition("/")[2]),
            cell(len(life.states)),
            cell(len(life.transitions)),
        )
        for name, life in sorted(lives.items())
    ]
    headers = (_("Запись"), _("Файл"), _("Состояний"), _("Переходов"))
    return Table(gettext("Жизненные циклы"), headers, rows)


def _versions(live: Mapping[tuple[str, str], int]) -> Table:
    rows = list(Version.objects.defer("texts")[:SHOWN])
    known = Proposal.objects.filter(version__in=[row.pk for row in rows]).order_by("published_at")
    why = {one.version: one for one in known.select_related("published_by")}
    busy: Counter[str] = Counter()
    for (_flow, digest), count in live.items():
        busy[digest] += count
    present = program().digest
    return Table(
        gettext("Версии"),
        (_("Версия"), _("Стала текущей"), _("Кто"), _("Причина"), _("Идёт форм")),
        [
            (
                cell(str(row), href=reverse("admin:forms_version", args=[row.pk])),
                cell(row.current_at),
                cell(why[row.pk].published_by if row.pk in why else row.saved_by),
                Cell(gettext("работает"), tone="good")
                if row.pk == present
                else cell(why[row.pk].reason if row.pk in why else None),
                cell(busy[row.pk] or None),
            )
            for row in rows
        ],
        empty=gettext("Версий пока нет: их запоминает бот при запуске и при каждой правке форм"),
    )


def _live(live: Mapping[tuple[str, str], int]) -> Table:
    now, present = form_files.present(), program().digest
    rows = [
        (
            cell(_title(now, flow), href=list_link(Session, f"q={flow}")),
            Cell(digest[:8], tone="good" if digest == present else "warn"),
            cell(count),
        )
        for (flow, digest), count in sorted(live.items())
    ]
    headers = (_("Форма"), _("Версия"), _("Разговоров"))
    empty = gettext("Сейчас никто ничего не заполняет")
    return Table(gettext("Идут сейчас"), headers, rows, empty)


def _running(sessions: list[Session]) -> Table:
    present = program().digest
    rows = [
        (
            record_cell(one),
            cell(one.person),
            Cell(one.digest[:8], tone="good" if one.digest == present else "warn"),
            cell(one.step),
            cell(timezone.localtime(one.updated_at)),
        )
        for one in sessions
    ]
    headers = (_("Разговор"), _("Кто"), _("Версия"), _("Вопрос"), _("Последний ответ"))
    return Table(gettext("Идут сейчас"), headers, rows, gettext("Сейчас её никто не заполняет"))


def _picture(now: Looked, name: str) -> str:
    project = now.project
    whole = project is not None and (name in project.flows or name in project.lifecycles)
    query = f"?{now.digest[:12]}"  # another picture after a change
    return reverse("admin:form_picture", args=[name]) + query if whole else ""


def _areas(now: Looked) -> list[str]:
    """Return the folders that a new file may go to."""
    parts = [name.split("/") for name in now.files]
    return sorted({one[1] for one in parts if len(one) == 3 and one[0] == folder().name})
