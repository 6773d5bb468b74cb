"""How the numbers of a report were made, as labelled notes for the page and the files."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import default_method
from questionnaires.model import Text
from survey.reports.figure_words import (
    format_day,
    format_moment,
    format_number,
    format_percent,
    format_target,
    known,
)
from survey.reports.findings import used_response_count
from survey.reports.labels import (
    COMPOSITIONS,
    DEMONSTRATION,
    FIRST_STAGES,
    INTERVAL_METHOD_USES,
    INTERVAL_METHODS,
    LONELY_PSU_POLICIES,
    REASON_MEANINGS,
    REASONS,
    ROUND_STATUSES,
    SELECTIONS,
    SURVEY_DATA,
    WEIGHTED,
    words_of,
)
from survey.reports.method_rules import RULES
from survey.services.index_report_values import Figure, FormLine, IndexReport, MeasureResult
from survey.services.measure_samples import LONELY_PSU
from survey.services.withholding import MINIMUM_RESPONDENTS


@dataclass(frozen=True)
class MethodNote:
    """A subject with its explanation; a heading has no explanation."""

    subject: str
    explanation: str = ""


def method_notes(report: IndexReport, language: str) -> list[MethodNote]:
    """Origin, questionnaires, method, weights and meanings: enough to compute every number again."""
    return [
        MethodNote(_HEADINGS["origin"].in_language(language)),
        *_origin_notes(report, language),
        MethodNote(_HEADINGS["forms"].in_language(language)),
        *(_form_note(form, language) for form in report.forms),
        MethodNote(_HEADINGS["method"].in_language(language)),
        *_rules(report, language),
        MethodNote(_HEADINGS["weights"].in_language(language)),
        *(_weight_note(result, language) for result in report.results),
        MethodNote(_HEADINGS["reasons"].in_language(language)),
        *_reason_notes(language),
    ]


_HEADINGS = {
    "origin": Text(vi="Nguồn gốc", en="Origin"),
    "forms": Text(vi="Mẫu phiếu", en="Questionnaires"),
    "method": Text(vi="Cách tính", en="Method"),
    "weights": Text(vi="Mẫu và quyền số", en="Sample and weights"),
    "reasons": Text(vi="Chữ trong ô không có số", en="Words where there is no number"),
}

# What makes the intervals of a report that shows none.
_DEFAULT_METHODS = (
    default_method("share", 0.5),
    default_method("mean", 0.5, (0, 1)),
    default_method("mean", 0.5),
)
_COUNTS = ("population", "stratum_count", "psu_count", "single_psu_stratum_count", "excluded_count")


def _origin_notes(report: IndexReport, language: str) -> Iterator[MethodNote]:
    english = language == "en"
    yield MethodNote(
        "Data" if english else "Loại số liệu",
        (DEMONSTRATION if report.is_demonstration else SURVEY_DATA).in_language(language),
    )
    status = words_of(ROUND_STATUSES, report.status, language)
    days = f"{format_day(report.opens_on, language)} – {format_day(report.closes_on, language)}"
    yield MethodNote(
        "Survey round" if english else "Đợt khảo sát",
        f"{report.round_title.in_language(language)} ({report.round_code}); {days}; {status}",
    )
    yield MethodNote(
        "Data as of" if english else "Số liệu tính đến", format_moment(report.cut_off_at, language)
    )
    yield MethodNote("Responses" if english else "Số phiếu", _response_words(report, language))
    targets = "targets of the year" if english else "chỉ tiêu năm"
    yield MethodNote(
        "Target set" if english else "Bộ chỉ tiêu",
        f"{report.target_set_code}: {report.target_set_name}; {targets} {report.target_year}",
    )
    version = f"hailong {report.code_version}"
    yield MethodNote("Version of the program" if english else "Phiên bản chương trình", version)


def _response_words(report: IndexReport, language: str) -> str:
    total, used, quarantined = (
        format_number(count, language)
        for count in (report.response_count, used_response_count(report), report.quarantined_count)
    )
    if language == "en":
        words = (
            f"{total} stored, {used} of them in the indices; {quarantined} set aside (no part of any number)"
        )
    else:
        words = (
            f"{total} phiếu đã lưu, {used} phiếu được tính vào chỉ số; "
            f"{quarantined} phiếu để riêng, không tính"
        )
    return "; ".join(filter(None, (words, _late_words(report, language))))


def _late_words(report: IndexReport, language: str) -> str:
    """Of those set aside, what came to the round after its end; a closed round never takes it in."""
    if not report.late_count:
        return ""
    count = format_number(report.late_count, language)
    if language == "en":
        return f"{count} of these came after the round was closed"
    return f"trong đó {count} phiếu đến sau khi đóng đợt, không tính vào số liệu"


def _form_note(form: FormLine, language: str) -> MethodNote:
    count = format_number(form.response_count, language)
    title = form.title.in_language(language).rstrip(".")
    source = form.source.in_language(language)
    if language == "en":
        subject, rest = f"{form.form_id}, version {form.version}", f"{count} responses. Source of the wording"
    else:
        subject, rest = f"{form.form_id}, phiên bản {form.version}", f"{count} phiếu. Nguồn câu hỏi"
    return MethodNote(
        subject, f"{title}. {_code_words(form, language)}{rest}: {source} SHA-256: {form.digest}"
    )


def _code_words(form: FormLine, language: str) -> str:
    """Which levels count as satisfied, and which leave the index; nothing for a form without an index."""
    satisfied, left_out = (
        ", ".join(map(str, codes)) for codes in (form.satisfied_codes, form.not_applicable_codes)
    )
    if not satisfied:
        return ""
    if language == "en":
        return f"Satisfied: levels {satisfied}" + (f"; left out: {left_out}. " if left_out else ". ")
    return f"Hài lòng: mức {satisfied}" + (f"; không tính: mức {left_out}. " if left_out else ". ")


def _rules(report: IndexReport, language: str) -> Iterator[MethodNote]:
    values = {
        "minimum": str(MINIMUM_RESPONDENTS),
        "level": format_percent(report.confidence_level, language, digits=0),
        "methods": "; ".join(_method_words(report, language)),
        "lonely_psu": words_of(LONELY_PSU_POLICIES, LONELY_PSU, language),
    }
    for composition in sorted({result.composition for result in report.results}):
        yield MethodNote(
            "Chỉ số hài lòng" if language != "en" else "Index",
            f"{words_of(COMPOSITIONS, composition, language).capitalize()} ({composition}).",
        )
    for subject, explanation in RULES:
        yield MethodNote(
            subject.in_language(language).format(**values), explanation.in_language(language).format(**values)
        )
    # Below 1 as it is shown, with two decimals.
    if any((known(figure.design_effect) or 1.0) < 0.995 for figure in _figures(report)):
        yield MethodNote(_SMALL_EFFECT[0].in_language(language), _SMALL_EFFECT[1].in_language(language))


_SMALL_EFFECT = (
    Text(vi="Hiệu ứng thiết kế dưới 1", en="Design effect below 1"),
    Text(
        vi="Hiệu ứng thiết kế so với mẫu ngẫu nhiên đơn giản gồm bấy nhiêu người, mỗi người một câu trả "
        "lời. Mỗi người ở đây trả lời nhiều câu và mẫu được chia tầng, nên hiệu ứng có thể dưới 1.",
        en="The design effect compares with a simple random sample of as many respondents who give one "
        "answer each. Here each gives several and the sample has strata, so it may be below 1.",
    ),
)


def _method_words(report: IndexReport, language: str) -> Iterator[str]:
    used = {figure.interval_method for figure in _figures(report)} - {""}
    for method in sorted(used or _DEFAULT_METHODS):
        use = words_of(INTERVAL_METHOD_USES, method, language) if method in INTERVAL_METHOD_USES else ""
        name = f"{words_of(INTERVAL_METHODS, method, language)} ({method})"
        yield f"{name}: {use}" if use else name


def _figures(report: IndexReport) -> Iterator[Figure]:
    return (figure for result in report.results for figure in result.figures.list_figures())


def _weight_note(result: MeasureResult, language: str) -> MethodNote:
    weights, english = result.weights, language == "en"
    name = f"{result.name.in_language(language)} ({format_target(result.target.minimum_share, language)})"
    if not result.figures.n:
        return MethodNote(name, words_of(REASONS, result.verdict_reason, language))
    number = {field: format_number(getattr(weights, field), language) for field in _COUNTS}
    parts = [words_of(SELECTIONS, result.selection, language)]
    parts.append(words_of(WEIGHTED, "yes" if weights.is_weighted else "no", language))
    if not weights.is_weighted and result.selection == "invited":
        parts.append(words_of(FIRST_STAGES, weights.first_stage, language))
    if weights.covered_share is not None:
        covered = format_percent(weights.covered_share, language)
        parts.append(
            f"population of the frame {number['population']}, {covered} of it in cells with responses"
            if english
            else f"tổng thể trong dàn mẫu {number['population']}, {covered} thuộc các ô có phiếu"
        )
    parts.append(
        f"{number['stratum_count']} strata, {number['psu_count']} primary sampling units, "
        f"{number['single_psu_stratum_count']} strata with a single one"
        if english
        else f"{number['stratum_count']} tầng, {number['psu_count']} đơn vị mẫu cấp một, "
        f"{number['single_psu_stratum_count']} tầng chỉ có một đơn vị mẫu cấp một"
    )
    if weights.kish_design_effect is not None:
        effect = format_number(weights.kish_design_effect, language, 2)
        parts.append(f"{'design effect of the weights' if english else 'hiệu ứng quyền số'} (Kish) {effect}")
    if weights.excluded_count:
        count = number["excluded_count"]
        parts.append(
            f"{count} responses left out, the frame does not count their unit and sector"
            if english
            else f"{count} phiếu không được tính vì dàn mẫu không có đơn vị và lĩnh vực đó"
        )
    return MethodNote(name, "; ".join(parts))


def _reason_notes(language: str) -> Iterator[MethodNote]:
    for code, meaning in REASON_MEANINGS.items():
        yield MethodNote(
            words_of(REASONS, code, language),
            meaning.in_language(language).format(minimum=MINIMUM_RESPONDENTS),
        )
