"""The data quality of a round: what to look at, what it does to the index, the thresholds."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.i18n import current_language
from survey.reports.quality_tables import (
    WordTable,
    coverage_words,
    effects_table,
    render_quality_csv,
    share_words,
    units_table,
)
from survey.reports.quality_words import (
    CLOCK_OFF,
    NOT_AN_ACCUSATION,
    clock_words,
    evidence_words,
    finding,
    interviews_words,
    origin,
    signs_words,
)
from survey.services.problems import QuestionnaireUnknown, UnitUnknown
from survey.services.quality_thresholds import (
    BOUNDS,
    USUAL,
    change_thresholds,
    check_thresholds,
    get_thresholds,
    list_threshold_changes,
)
from survey.services.quality_values import QualityReport, UnitQuality
from survey.services.round_forms import get_round
from survey.web import clock, database, quality_words, report_pages, request_guard, signed_in
from survey.web.forms.quality import ThresholdsForm
from survey.web.quality_report_cache import get_quality_report

blueprint = Blueprint("quality", __name__, url_prefix="/quan-tri/dot/<round_code>/chat-luong")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)
quality_words.register(blueprint)
report_pages.register(blueprint)

CSV = "text/csv; charset=utf-8"


@blueprint.get("")
def show_quality(round_code: str) -> ResponseReturnValue:
    """The finding, the index with and without flagged responses, the units: the worst first."""
    signed_in.require_every_unit()
    report = get_quality_report(round_code)
    form_id = request.args.get("phieu", "")
    lines = _wanted_lines(report, form_id)
    return render_template(
        "quality/round.html",
        finding=finding(report, current_language()),
        effects=effects_table(report.effects, current_language()),
        units=units_table(lines, current_language()),
        hrefs=[_unit_address(report, line) for line in lines],
        form_id=form_id,
        **_report_values(report),
    )


@blueprint.get("/<any('don-vi', 'chi-so'):table>.csv")
def table_csv(round_code: str, table: str) -> ResponseReturnValue:
    """The table as it is seen."""
    signed_in.require_every_unit()
    report = get_quality_report(round_code)
    shown: WordTable
    if table == "don-vi":
        shown = units_table(_wanted_lines(report, request.args.get("phieu", "")), current_language())
    else:
        shown = effects_table(report.effects, current_language())
    headers = {"Content-Disposition": f'attachment; filename="chat-luong-{table}-{report.round_code}.csv"'}
    content = render_quality_csv(report, shown, current_language())
    return Response(content, content_type=CSV, headers=headers)


@blueprint.get("/don-vi/<unit_code>")
def show_unit(round_code: str, unit_code: str) -> ResponseReturnValue:
    """What was seen at one unit, what it means and what to do."""
    signed_in.require_unit(unit_code)
    if not _may_see(round_code):
        return redirect(url_for("results.show_own_unit", round_code=round_code), 303)
    report = get_quality_report(round_code)
    lines = report.lines_of_unit(unit_code)
    if not lines:
        raise UnitUnknown(unit_code)
    effects = [line for line in report.unit_effects if line.unit and line.unit.code == unit_code]
    return render_template(
        "quality/unit.html",
        unit=lines[0].unit,
        lines=[line for line in lines if line.n],
        effects=effects_table(effects, current_language()) if effects else None,
        sees_every_unit=signed_in.sees_every_unit(),
        **_report_values(report),
    )


@blueprint.get("/nguong")
def show_thresholds(round_code: str) -> ResponseReturnValue:
    signed_in.require_every_unit()
    with database.read() as session:
        thresholds = get_thresholds(session, round_code)
    return _thresholds_page(round_code, quality_words.typed_values(thresholds), [])


@blueprint.post("/nguong")
def set_thresholds(round_code: str) -> ResponseReturnValue:
    """Keep what was typed, or say everything that is wrong with it."""
    signed_in.require_every_unit()
    form = ThresholdsForm()
    typed = {name: request.form.get(name, "") for name in BOUNDS}
    if not form.validate():
        late = _("This page was open for too long or was opened twice. Please send it again.")
        return _thresholds_page(round_code, typed, [("", late)]), 400
    thresholds, faults = check_thresholds(typed)
    if faults:
        errors = [(fault.name, quality_words.fault_sentence(fault)) for fault in faults]
        return _thresholds_page(round_code, typed, errors), 400
    with database.write() as session:
        changes = change_thresholds(
            session, round_code, thresholds, signed_in.get_account(), today=clock.today()
        )
    if changes:
        flash(_("The thresholds are saved. The flags below follow them; no response was changed."), "success")
    return redirect(url_for("quality.show_quality", round_code=round_code), 303)


def _thresholds_page(round_code: str, typed: dict[str, str], errors: list[tuple[str, str]]) -> str:
    with database.read() as session:
        survey_round = get_round(session, round_code)
        changes = list_threshold_changes(session, round_code)
    return render_template(
        "quality/thresholds.html",
        survey_round=survey_round,
        changes=changes,
        threshold_label=quality_words.threshold_label,
        fields=quality_words.threshold_fields(typed, USUAL),
        errors=errors,
        round_code=survey_round.code,
        is_demonstration=survey_round.is_demonstration,
    )


def _wanted_lines(report: QualityReport, form_id: str) -> tuple[UnitQuality, ...]:
    """The units of a questionnaire, or those of all that should be looked at."""
    if not form_id:
        return report.standing_out
    form = report.find_form(form_id)
    if form is None:
        raise QuestionnaireUnknown(form_id)
    return form.units


def _unit_address(report: QualityReport, line: UnitQuality) -> str:
    return url_for("quality.show_unit", round_code=report.round_code, unit_code=line.unit.code)


def _may_see(round_code: str) -> bool:
    """As with figures: an official of one unit could tell from live ones what a single person answered."""
    with database.read() as session:
        survey_round = get_round(session, round_code)
    return signed_in.sees_every_unit() or survey_round.is_demonstration or survey_round.status == "closed"


def _report_values(report: QualityReport) -> dict[str, Any]:
    language = current_language()
    return {
        "report": report,
        "how_made": origin(report, language),
        "not_an_accusation": NOT_AN_ACCUSATION,
        "evidence_words": lambda evidence: evidence_words(evidence, language),
        "share_words": lambda share: share_words(share, language),
        "interviews_words": lambda interviews: interviews_words(interviews, language),
        "coverage_words": lambda coverage: coverage_words(coverage, language),
        "signs_words": lambda line: signs_words(line, language),
        "clock_heading": CLOCK_OFF,
        "clock_words": lambda line: clock_words(line, language),
        "is_demonstration": report.is_demonstration,
        "round_code": report.round_code if signed_in.sees_every_unit() else None,
    }
