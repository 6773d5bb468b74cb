"""The columns of a workbook's tables: heads in both languages, kind of number, width."""

from dataclasses import dataclass
from typing import Literal

from questionnaires.model import Text
from survey.reports.figure_words import NOTHING, known, mark_words, missing_interval_reason
from survey.reports.labels import INTERVAL_METHODS, REASONS, words_of
from survey.services.index_report_values import AT_END, Figure, IndexFigures

Cell = str | int | float
Row = list[Cell]
Kind = Literal[
    "text", "long", "code", "verdict", "count", "share", "error", "score", "points", "degrees", "effect"
]


@dataclass(frozen=True)
class Column:
    head: Text
    kind: Kind
    width: float


def _column(vi: str, en: str, kind: Kind, width: float) -> Column:
    return Column(Text(vi=vi, en=en), kind, width)


COLUMNS: dict[str, Column] = {
    "target_name": _column("Chỉ tiêu đo lường", "Measure", "long", 36),
    "measure": _column("Chỉ tiêu đo lường", "Measure", "long", 25),
    "sector": _column("Lĩnh vực", "Sector", "text", 13),
    "element": _column("Yếu tố", "Element", "long", 24),
    "item": _column("Tiêu chí", "Criterion", "long", 50),
    "question": _column("Mẫu phiếu và câu hỏi", "Form and question", "code", 19),
    "unit_code": _column("Mã đơn vị", "Unit code", "code", 12),
    "unit": _column("Đơn vị", "Unit", "long", 30),
    "unit_kind": _column("Loại", "Kind", "text", 14),
    "design": _column("Cách tính sai số", "Design of the error", "text", 17),
    "n": _column("Số phiếu", "Responses", "count", 10),
    "answers": _column("Số câu trả lời", "Answers", "count", 11),
    "index": _column("Chỉ số", "Index", "share", 14),
    "share": _column("Tỷ lệ hài lòng", "Satisfied", "share", 14),
    "low": _column("Cận dưới", "Lower limit", "share", 9),
    "high": _column("Cận trên", "Upper limit", "share", 9),
    "target": _column("Chỉ tiêu (tối thiểu)", "Target (at least)", "share", 11),
    "verdict": _column("Kết luận", "Conclusion", "verdict", 26),
    "further": _column("Cần thêm (phiếu)", "Further responses needed", "count", 10),
    "error": _column("Sai số chuẩn (điểm %)", "Standard error (points)", "error", 11),
    "degrees": _column("Bậc tự do", "Degrees of freedom", "degrees", 8),
    "effect": _column("Hiệu ứng thiết kế", "Design effect", "effect", 9),
    "method": _column("Cách tính khoảng tin cậy", "Interval method", "long", 20),
    "weights": _column("Quyền số", "Weights", "text", 17),
    "note": _column("Ghi chú", "Note", "long", 20),
    "mean": _column("Điểm trung bình", "Mean score", "score", 10),
    "mean_low": _column("Cận dưới", "Lower limit", "score", 9),
    "mean_high": _column("Cận trên", "Upper limit", "score", 9),
    "wholly": _column("Hài lòng toàn diện", "Wholly satisfied", "share", 12),
    "expectation_n": _column("Số phiếu có mức mong đợi", "Responses with expectation", "count", 13),
    "expectation": _column("Đáp ứng mong đợi", "Expectation met", "points", 12),
    "points_low": _column("Cận dưới", "Lower limit", "points", 9),
    "points_high": _column("Cận trên", "Upper limit", "points", 9),
    "channel": _column("Kênh thu thập", "Channel", "text", 18),
    "selection": _column("Cách chọn người trả lời", "Selection", "text", 16),
    "satisfied": _column("Số câu trả lời hài lòng", "Satisfied answers", "count", 12),
    "plain_share": _column("Tỷ lệ, không có quyền số", "Share, unweighted", "share", 14),
    "form": _column("Mẫu phiếu", "Form", "code", 16),
    "pulse_question": _column("Câu hỏi", "Question", "long", 50),
    "option": _column("Phương án", "Option", "text", 24),
    "chosen": _column("Số lần chọn", "Times chosen", "count", 11),
    "chart_label": _column("Nhãn", "Label", "text", 52),
    "chart_value": _column("Tỷ lệ hài lòng", "Satisfied", "share", 10),
    "below": _column("Khoảng phía dưới", "Below", "share", 9),
    "above": _column("Khoảng phía trên", "Above", "share", 9),
}

SHARE_COLUMNS = ("low", "high", "error", "degrees", "effect", "method")
MEAN_COLUMNS = ("mean", "mean_low", "mean_high")


def columns_of(*names: str) -> list[Column]:
    return [COLUMNS[name] for name in names]


def value_cells(figure: Figure, language: str) -> Row:
    """The number, or the reason why there is none, and the limits of its interval."""
    value = known(figure.value)
    first: Cell = words_of(REASONS, figure.reason, language) if value is None else value
    if value is not None and figure.reason == AT_END:
        return [first, words_of(REASONS, AT_END, language), NOTHING]
    return [first, *(_or_nothing(limit) for limit in _limits(figure))]


def share_cells(figures: IndexFigures, language: str) -> Row:
    """Respondents, answers, the share and everything that says how sure it is."""
    figure = figures.satisfied_share
    return [
        figures.n,
        figures.answer_count,
        *value_cells(figure, language),
        *error_cells(figure, language),
    ]


def error_cells(figure: Figure, language: str) -> Row:
    """Standard error, degrees of freedom, design effect; how the interval is made, or why there is none."""
    return [
        _or_nothing(figure.standard_error),
        _or_nothing(figure.degrees_of_freedom),
        _or_nothing(figure.design_effect),
        "; ".join(
            filter(
                None, (words_of(INTERVAL_METHODS, figure.interval_method, language), note(figure, language))
            )
        ),
    ]


def note(figure: Figure, language: str) -> str:
    """Why a number has no interval or should be reviewed; the reason of a missing one stands in its place."""
    return words_of(REASONS, missing_interval_reason(figure), language) or mark_words(figure.marks, language)


def _limits(figure: Figure) -> tuple[float | None, float | None]:
    low, high = known(figure.low), known(figure.high)
    return (None, None) if low is None or high is None else (low, high)


def _or_nothing(value: float | None) -> Cell:
    found = known(value)
    return NOTHING if found is None else found
