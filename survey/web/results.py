"""The results of a round: scorecard, how it was computed, measures, sectors and units."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.i18n import current_language
from survey.reports.findings import count_words, finding, origin, shown_verdict
from survey.services import rounds
from survey.services.index_report_values import IndexReport, MeasureResult, UnitResult
from survey.services.problems import MeasureUnknown, UnitUnknown
from survey.web import (
    clock,
    database,
    official_words,
    request_guard,
    result_lines,
    signed_in,
)
from survey.web.form_addresses import list_addresses
from survey.web.index_report_cache import get_index_report
from survey.web.public_address import guessed_address
from survey.web.sorting import address_with, sort_lines, wanted_order

blueprint = Blueprint("results", __name__, url_prefix="/quan-tri/dot/<round_code>")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)


@blueprint.get("/ket-qua")
def show_scorecard(round_code: str) -> ResponseReturnValue:
    signed_in.require_every_unit()
    report = get_index_report(round_code)
    targets = [result.target.minimum_share for result in report.results]
    counts = count_words(report, current_language())
    lowest = result_lines.results_with_lowest_items(report)
    shown = [
        *result_lines.index_figures(report.results),
        *(item.figures.satisfied_share for _, items in lowest for item in items),
    ]
    return render_template(
        "results/scorecard.html",
        finding_counts=counts,
        finding_rest=finding(report, current_language()).removeprefix(f"{counts}.").strip(),
        axis=result_lines.axis_of(result_lines.index_figures(report.results), targets),
        lowest=lowest,
        remarks=result_lines.remarks_on(shown, current_language()),
        channels=result_lines.channel_shares(report),
        pulses=result_lines.pulse_questions(report),
        selections_of=result_lines.selections_of,
        **_report_values(report),
    )


@blueprint.get("/cach-tinh")
def show_method(round_code: str) -> ResponseReturnValue:
    """Method, design, weights and versions: what an inspector needs to compute the numbers again."""
    from survey.reports.method_notes import method_notes

    report = get_index_report(round_code)
    values = _report_values(report)
    if not _may_see_figures(report):
        # The design effects are figures too.
        values["report"] = replace(report, results=())
        report = report.without_figures()
    groups = result_lines.group_notes(method_notes(report, current_language()))
    return render_template("results/method.html", note_groups=groups, **values)


@blueprint.get("/ket-qua/<measure_code>")
@blueprint.get("/ket-qua/<measure_code>/<sector_code>")
def show_measure(round_code: str, measure_code: str, sector_code: str = "") -> ResponseReturnValue:
    """What lies behind a line of the scorecard: elements, criteria, sectors, channels, units."""
    signed_in.require_every_unit()
    report = get_index_report(round_code)
    result = get_result(report, measure_code, sector_code)
    unit_order = wanted_order(result_lines.unit_result_keys("vi"), "ten")
    item_order = wanted_order(result_lines.item_keys(), "ty-le", "tieu-chi")
    search = request.args.get("tim", "").strip()
    units = result_lines.find_unit_results(result.units, search)
    shares = result_lines.index_figures([result, *result.sectors])
    shown = [
        *result.figures.list_figures(),
        *result_lines.head_figures([*result.sectors, *units]),
    ]
    return render_template(
        "results/measure.html",
        result=result,
        remarks=result_lines.remarks_on(shown, current_language()),
        axis=result_lines.axis_of(shares, [result.target.minimum_share]),
        unit_axis=result_lines.axis_of(result_lines.index_figures(units), [result.target.minimum_share]),
        detail_axis=result_lines.detail_axis(result.figures),
        items=sort_lines(result.figures.items, result_lines.item_keys(), item_order),
        item_order=item_order,
        element_titles={line.element_id: line.title for line in result.figures.elements},
        units=sort_lines(units, result_lines.unit_result_keys(current_language()), unit_order),
        unit_order=unit_order,
        search=search,
        channels=[] if sector_code else result_lines.channels_of(report, measure_code),
        address_with=address_with,
        **_report_values(report),
    )


@blueprint.get("/ket-qua/<measure_code>/don-vi/<unit_code>")
def show_unit(round_code: str, measure_code: str, unit_code: str) -> ResponseReturnValue:
    """One unit's figures, with the design that its intervals come from."""
    signed_in.require_unit(unit_code)
    report = get_index_report(round_code)
    if not _may_see_figures(report):
        return redirect(url_for("results.show_own_unit", round_code=round_code), 303)
    result = get_result(report, measure_code, request.args.get("linh-vuc", ""))
    unit = get_unit_result(result, unit_code)
    item_order = wanted_order(result_lines.item_keys(), "ty-le", "tieu-chi")
    return render_template(
        "results/unit.html",
        result=result,
        unit=unit,
        remarks=result_lines.remarks_on(unit.figures.list_figures(), current_language()),
        axis=result_lines.axis_of(result_lines.index_figures([unit]), [result.target.minimum_share]),
        detail_axis=result_lines.detail_axis(unit.figures),
        items=sort_lines(unit.figures.items, result_lines.item_keys(), item_order),
        item_order=item_order,
        element_titles={line.element_id: line.title for line in unit.figures.elements},
        address_with=address_with,
        **_report_values(report),
    )


@blueprint.get("/don-vi")
def show_own_unit(round_code: str) -> ResponseReturnValue:
    """The round for an official of one unit: its forms, their addresses, its results."""
    unit = signed_in.own_unit()
    if unit is None:
        return redirect(url_for("manage.show_round", round_code=round_code), 303)
    with database.read() as session:
        overview = rounds.get_overview(session, round_code)
        forms = [
            (form, list_addresses(round_code, form.form_id, [unit]))
            for form in overview.forms
            if any(line.code == unit.code for line in rounds.list_units(session, round_code, form.form_id))
        ]
    report = get_index_report(round_code)
    may_see_figures = _may_see_figures(report)
    found = [(result, find_unit_result(result, unit.code)) for result in report.results]
    results = [(result, own) for result, own in found if own] if may_see_figures else []
    own_shares = result_lines.index_figures(own for _, own in results)
    return render_template(
        "results/own_unit.html",
        unit=unit,
        overview=overview,
        state=official_words.round_state(overview.line, clock.today()),
        forms=forms,
        guessed_address=guessed_address(),
        response_count=next((n for line, n in overview.by_unit if line.code == unit.code), 0),
        may_see_figures=may_see_figures,
        results=results,
        remarks=result_lines.remarks_on(own_shares, current_language()),
        **_report_values(report),
    )


def get_result(report: IndexReport, measure_code: str, sector_code: str = "") -> MeasureResult:
    result = report.find_result(measure_code, sector_code)
    if result is None:
        raise MeasureUnknown("/".join(filter(None, (measure_code, sector_code))))
    return result


def get_unit_result(result: MeasureResult, unit_code: str) -> UnitResult:
    unit = find_unit_result(result, unit_code)
    if unit is None:
        raise UnitUnknown(unit_code)
    return unit


def find_unit_result(result: MeasureResult, unit_code: str) -> UnitResult | None:
    return next((unit for unit in result.units if unit.unit_code == unit_code), None)


def _may_see_figures(report: IndexReport) -> bool:
    """An official of one unit may know who answers: figures that move with each response would tell how."""
    return signed_in.sees_every_unit() or report.is_demonstration or report.status == "closed"


def _report_values(report: IndexReport) -> dict[str, Any]:
    """What every page with numbers says of their origin."""
    return {
        "report": report,
        "how_made": origin(report, current_language()),
        "shown_verdict": shown_verdict,
        "sees_every_unit": signed_in.sees_every_unit(),
        "is_demonstration": report.is_demonstration,
        "round_code": report.round_code if signed_in.sees_every_unit() else None,
    }
