"""What the scorecard says in sentences, and how its numbers were made in one line."""

from collections.abc import Iterator

from survey.reports.figure_words import format_moment, format_number
from survey.reports.labels import REASONS, WEIGHTED, words_of
from survey.services.index_report_values import NOT_SURVEYED, SELF_SELECTED, IndexReport, MeasureResult

VERDICT_ORDER = ("met", "not_met", "inconclusive", "not_judged", "no_data")

_COUNTED = {
    "vi": {
        "met": "đạt",
        "not_met": "chưa đạt",
        "inconclusive": "chưa đủ cơ sở kết luận",
        "not_judged": "không xét",
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
    """The counts of the verdicts, what would settle the open ones, and why others are not judged."""
    sentences = [f"{count_words(report, language)}."]
    sentences += _further_responses(report, language)
    sentences += _reasons(report, language)
    return " ".join(sentences)


def origin(report: IndexReport, language: str) -> str:
    """Responses, cut-off, weights, targets and version in one line."""
    moment = format_moment(report.cut_off_at, language)
    if language == "en":
        parts = [
            f"data as of {moment}",
            weights_words(report, language),
            f"targets of {report.target_set_code} for {report.target_year}",
            *(["provisional: the round is not closed"] if report.status != "closed" else []),
        ]
    else:
        parts = [
            f"số liệu tính đến {moment}",
            weights_words(report, language),
            f"chỉ tiêu năm {report.target_year} theo {report.target_set_code}",
            *(["số liệu tạm tính vì đợt khảo sát chưa đóng"] if report.status != "closed" else []),
        ]
    return " · ".join([_responses_words(report, language), *parts, f"hailong {report.code_version}"])


def used_response_count(report: IndexReport) -> int:
    """Responses that stand in an index; a sector's are among its measure's."""
    return sum(result.figures.n for result in report.results if not result.sector_code)


def rounded_up(count: int) -> int:
    """Two leading digits, upwards: more precision would be pretended."""
    step = max(10, 10 ** (len(str(count)) - 2))
    return -(-count // step) * step


def weights_words(report: IndexReport, language: str) -> str:
    """Whether the measures are weighted, and how many of them."""
    answered = [result for result in report.results if not result.sector_code and result.figures.n]
    weighted = [result for result in answered if result.weights.is_weighted]
    if not weighted:
        return words_of(WEIGHTED, "no", language)
    whole = "weighted by transaction counts" if language == "en" else "có quyền số theo số giao dịch"
    if len(weighted) == len(answered):
        return whole
    count = f"{len(weighted)}/{len(answered)}"
    return f"{whole} in {count} groups" if language == "en" else f"{whole} ở {count} chỉ tiêu đo lường"


def _responses_words(report: IndexReport, language: str) -> str:
    used = used_response_count(report)
    total, in_index = format_number(report.response_count, language), format_number(used, language)
    if used == report.response_count:
        return f"{total} responses" if language == "en" else f"{total} phiếu"
    if language == "en":
        return f"{total} responses, {in_index} of them in the indices"
    return f"{total} phiếu, trong đó {in_index} phiếu được tính vào chỉ số"


def _further_responses(report: IndexReport, language: str) -> Iterator[str]:
    needed = [
        (_phrase(result, language), format_number(rounded_up(result.further_responses), language))
        for result in report.undecided()
        if result.further_responses and shown_verdict(result) == "inconclusive"
    ]
    if len(needed) == 1:
        name, count = needed[0]
        if language == "en":
            yield f"For {name} about {count} more responses are needed to conclude."
        else:
            yield f"Với {name} cần thêm khoảng {count} phiếu để kết luận."
    elif needed and language == "en":
        listed = _joined([f"about {count} for {name}" for name, count in needed], "and")
        yield f"To conclude, more responses are needed: {listed}."
    elif needed:
        listed = _joined([f"khoảng {count} phiếu với {name}" for name, count in needed], "và")
        yield f"Để kết luận cần thêm {listed}."


def _reasons(report: IndexReport, language: str) -> Iterator[str]:
    """One sentence a reason, with the measures it holds for."""
    names: dict[str, list[str]] = {}
    for result in report.results:
        if result.verdict_reason:
            names.setdefault(result.verdict_reason, []).append(_phrase(result, language))
    for reason, listed in names.items():
        phrase = ", ".join(listed)
        yield f"{phrase[:1].upper()}{phrase[1:]}: {words_of(REASONS, reason, language)}."


def _phrase(result: MeasureResult, language: str) -> str:
    """The name inside a sentence: `lĩnh vực đầu tư`, `the investment sector`."""
    name = result.name.in_language(language)
    phrase = name[:1].lower() + name[1:]
    if not result.sector_code:
        return phrase
    return f"the {phrase} sector" if language == "en" else f"lĩnh vực {phrase}"


def _joined(parts: list[str], word: str) -> str:
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
