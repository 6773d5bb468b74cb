"""What the scorecard says in sentences, and how its numbers were made in one line."""

from collections.abc import Iterator

from survey.reports.figure_words import format_moment, format_number
from survey.reports.labels import WEIGHTED, words_of
from survey.services.index_report_values import NOT_SURVEYED, SELF_SELECTED, IndexReport, MeasureResult

VERDICT_ORDER = ("met", "not_met", "inconclusive", "not_judged", "no_data")

_COUNTED = {
    "vi": {
        "met": "đạt",
        "not_met": "chưa đạt",
        "inconclusive": "chưa đủ cơ sở kết luận",
        "not_judged": "không kết luận",
        "no_data": "chưa có số liệu",
    },
    "en": {
        "met": "met",
        "not_met": "not met",
        "inconclusive": "without enough evidence to conclude",
        "not_judged": "not judged",
        "no_data": "without data",
    },
}


def shown_verdict(result: MeasureResult) -> str:
    """The verdict, or why there is none: `no_data`, or `not_judged` where all responses are self-selected."""
    if result.verdict_reason == NOT_SURVEYED or result.figures.n == 0:
        return "no_data"
    return "not_judged" if result.verdict_reason == SELF_SELECTED else result.verdict


def count_words(report: IndexReport, language: str) -> str:
    """`4 chỉ tiêu đạt, 1 chưa đạt, 2 chưa đủ cơ sở kết luận`."""
    verdicts = [shown_verdict(result) for result in report.results]
    present = [(verdict, verdicts.count(verdict)) for verdict in VERDICT_ORDER if verdict in verdicts]
    if not present:
        return "Bộ chỉ tiêu không có chỉ tiêu nào" if language != "en" else "The target set has no target"
    noun = "chỉ tiêu" if language != "en" else "target" if present[0][1] == 1 else "targets"
    words = _COUNTED["en" if language == "en" else "vi"]
    parts = [f"{count} {words[verdict]}" for verdict, count in present]
    parts[0] = f"{present[0][1]} {noun} {words[present[0][0]]}"
    return ", ".join(parts)


def finding(report: IndexReport, language: str) -> str:
    """The counts of the verdicts, and how many further responses would settle the open ones."""
    needed = ", ".join(_further_responses(report, language))
    if not needed:
        return count_words(report, language) + "."
    if language == "en":
        return f"{count_words(report, language)}. Further responses needed to conclude: {needed}."
    return f"{count_words(report, language)}. Để kết luận cần thêm: {needed}."


def origin(report: IndexReport, language: str) -> str:
    """Responses, cut-off, weights, targets and version in one line."""
    total = format_number(report.response_count, language)
    used = format_number(used_response_count(report), language)
    moment = format_moment(report.cut_off_at, language)
    weights = _weights_words(report, language)
    if language == "en":
        parts = [
            f"{total} responses, {used} of them in the indices",
            f"data as of {moment}",
            weights,
            f"targets of {report.target_set_code} for {report.target_year}",
        ]
    else:
        parts = [
            f"{total} phiếu, trong đó {used} phiếu được tính vào chỉ số",
            f"số liệu đến {moment}",
            weights,
            f"chỉ tiêu năm {report.target_year} của {report.target_set_code}",
        ]
    return " · ".join([*parts, f"hailong {report.code_version}"])


def used_response_count(report: IndexReport) -> int:
    """Responses that stand in an index; a sector's are among its measure's."""
    return sum(result.figures.n for result in report.results if not result.sector_code)


def rounded_up(count: int) -> int:
    """Two leading digits, upwards: more precision would be pretended."""
    step = max(10, 10 ** (len(str(count)) - 2))
    return -(-count // step) * step


def _further_responses(report: IndexReport, language: str) -> Iterator[str]:
    for result in report.undecided():
        if not result.further_responses or shown_verdict(result) != "inconclusive":
            continue
        count = format_number(rounded_up(result.further_responses), language)
        name = result.name.in_language(language)
        phrase = name[:1].lower() + name[1:]
        if language == "en":
            yield f"about {count} for {f'the {phrase} sector' if result.sector_code else phrase}"
        else:
            yield f"khoảng {count} phiếu với {f'lĩnh vực {phrase}' if result.sector_code else phrase}"


def _weights_words(report: IndexReport, language: str) -> str:
    answered = [result for result in report.results if not result.sector_code and result.figures.n]
    states = {result.weights.is_weighted for result in answered}
    if len(states) == 2:
        return "có quyền số ở một số chỉ tiêu" if language != "en" else "weights for some of the measures"
    return words_of(WEIGHTED, "yes" if True in states else "no", language)
