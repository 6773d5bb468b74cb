"""Index reports made by hand, in every state that a page or an export must be able to show."""

from dataclasses import replace
from datetime import UTC, date, datetime

from questionnaires.model import Text
from survey.services.index_report_values import (
    ChannelLine,
    DomainFigures,
    ElementLine,
    Figure,
    FormLine,
    IndexFigures,
    IndexReport,
    ItemLine,
    MeasureResult,
    PulseLine,
    SectorLine,
    TargetLine,
    UnitResult,
    WeightSummary,
)
from survey.services.withheld_channels import withhold_channels, withhold_pulses

CUT_OFF = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
MEASURE_NAMES = {
    "tthc": Text(vi="Giải quyết thủ tục hành chính", en="Handling of administrative procedures"),
    "sipas": Text(
        vi="Phục vụ của cơ quan hành chính nhà nước", en="Service of state administrative agencies"
    ),
    "health": Text(vi="Dịch vụ y tế công lập", en="Public health services"),
    "education": Text(vi="Dịch vụ giáo dục công lập", en="Public education services"),
}
SECTOR_NAMES = {
    "land": Text(vi="Đất đai", en="Land"),
    "construction": Text(vi="Xây dựng", en="Construction"),
    "investment": Text(vi="Đầu tư", en="Investment"),
    "other": Text(vi="Lĩnh vực khác", en="Other fields"),
}
ELEMENTS = {
    "access": Text(vi="Tiếp cận dịch vụ", en="Access to the service"),
    "procedure": Text(vi="Thủ tục hành chính", en="Procedures"),
    "staff": Text(vi="Công chức trực tiếp giải quyết công việc", en="Staff"),
}
ITEMS = (
    ("q01", "access", "Nơi ngồi chờ có đủ chỗ ngồi", 0.046),
    ("q02", "access", "Trang thiết bị phục vụ đầy đủ", 0.031),
    ("q05", "procedure", "Thủ tục hành chính được niêm yết công khai đầy đủ", 0.012),
    (
        "q09",
        "procedure",
        "Thời hạn giải quyết (tính từ ngày hồ sơ được tiếp nhận đến ngày nhận được kết quả) đúng quy định",
        -0.128,
    ),
    ("q10", "staff", "Công chức có thái độ giao tiếp lịch sự", 0.021),
    ("q14", "staff", "Công chức hướng dẫn hồ sơ dễ hiểu", -0.066),
    ("q22", "staff", "Có thông báo kết quả xử lý góp ý, phản ánh, kiến nghị kịp thời", -0.093),
)
UNITS = (
    ("18880", "Phường Đồng Hới", "Dong Hoi Ward", "ward", 210, 0.842),
    ("18859", "Phường Đồng Thuận", "Dong Thuan Ward", "ward", 96, 0.917),
    ("19093", "Xã Nam Gianh", "Nam Gianh Commune", "commune", 41, 0.776),
    ("19147", "Xã Thượng Trạch", "Thuong Trach Commune", "commune", 3, None),
)
INVITED_WEIGHTS = WeightSummary(
    is_weighted=True,
    population=312480,
    covered_population=301066,
    stratum_count=24,
    psu_count=78,
    single_psu_stratum_count=1,
    kish_design_effect=1.31,
    excluded_count=12,
)
NO_WEIGHTS = WeightSummary(False, 0, 0, 4, 40, 0, 1.0, 0)


def share(n: int, value: float | None, half: float = 0.02, *, reason: str = "") -> Figure:
    """A share with an interval of that half width; without a value, the reason alone."""
    if value is None:
        return Figure(n=n, reason=reason)
    if reason:
        return Figure(n=n, value=value, reason=reason)
    low, high = max(0.0, value - half), min(1.0, value + half)
    return Figure(n, value, low, high, half / 2, 70.0, 1.8, "logit_t")


def mean(n: int, value: float | None, half: float, *, reason: str = "") -> Figure:
    figure = share(n, 0.5 if value is not None else None, reason=reason)
    if value is None or reason:
        return replace(figure, value=value)
    return replace(figure, value=value, low=value - half, high=value + half, interval_method="t")


def index(n: int, value: float | None, half: float = 0.02, *, reason: str = "") -> IndexFigures:
    score = None if value is None else 1 + 4 * (value * 0.9)
    return IndexFigures(
        n=n,
        answer_count=n * len(ITEMS),
        satisfied_share=share(n, value, half, reason=reason),
        mean_score=mean(n, score, 0.05, reason=reason),
    )


def domain(n: int, value: float | None, half: float = 0.02, *, reason: str = "") -> DomainFigures:
    """A domain with its elements and items around its index."""

    def near(shift: float) -> IndexFigures:
        return index(n, None if value is None else min(0.995, value + shift), half * 1.3, reason=reason)

    return DomainFigures(
        n=n,
        index=index(n, value, half, reason=reason),
        wholly_satisfied_share=share(n, None if value is None else value - 0.3, half * 2, reason=reason),
        expectation_percent=mean(n, None if value is None else value * 95, 2.1, reason=reason),
        elements=tuple(
            ElementLine(element_id, title, near(shift))
            for (element_id, title), shift in zip(ELEMENTS.items(), (0.02, -0.01, -0.02), strict=True)
        ),
        items=tuple(
            ItemLine("tthc", item_id, element_id, Text(vi=title, en=f"Criterion {item_id}"), near(shift))
            for item_id, element_id, title, shift in ITEMS
        ),
    )


def result(
    measure: str,
    sector: str,
    n: int,
    value: float | None,
    half: float,
    target: float,
    verdict: str,
    *,
    reason: str = "",
    further: int | None = None,
    weights: WeightSummary = INVITED_WEIGHTS,
) -> MeasureResult:
    """A line of the scorecard; `reason` says why it is not judged."""
    units = tuple(
        UnitResult(
            code,
            Text(vi=name, en=name_en),
            kind,
            "within_unit" if number else "round",
            domain(count, unit_value, 0.06, reason="" if unit_value else "suppressed"),
        )
        for number, (code, name, name_en, kind, count, unit_value) in enumerate(UNITS)
    )
    sectors = tuple(
        SectorLine(code, name, domain(count, sector_value, 0.03))
        for (code, name), count, sector_value in zip(
            SECTOR_NAMES.items(), (2210, 1480, 390, 2040), (0.812, 0.887, 0.861, 0.943), strict=True
        )
    )
    return MeasureResult(
        measure_code=measure,
        sector_code=sector,
        name=SECTOR_NAMES[sector] if sector else MEASURE_NAMES[measure],
        target=TargetLine(target, 2025, "III.2.a" if measure == "tthc" else "III.3.a", "Mức độ hài lòng"),
        composition="pooled",
        selection="self_selected" if reason == "self_selected" else "invited",
        figures=domain(n, value, half, reason=reason),
        verdict=verdict,
        verdict_reason=reason,
        further_responses=further,
        weights=weights,
        sectors=sectors if measure == "tthc" and not sector else (),
        units=units if n else (),
    )


def sketch_results() -> tuple[MeasureResult, ...]:
    """The seven lines of the sketch of the scorecard."""
    return (
        result("tthc", "", 6120, 0.916, 0.008, 0.90, "met"),
        result("tthc", "land", 2210, 0.812, 0.022, 0.85, "not_met"),
        result("tthc", "construction", 1480, 0.887, 0.02, 0.85, "met"),
        result("tthc", "investment", 390, 0.861, 0.037, 0.85, "inconclusive", further=637),
        result("sipas", "", 2340, 0.904, 0.0145, 0.90, "inconclusive", weights=NO_WEIGHTS),
        result("health", "", 2010, 0.883, 0.015, 0.85, "met"),
        result("education", "", 1530, 0.928, 0.014, 0.85, "met"),
    )


def troubled_results() -> tuple[MeasureResult, ...]:
    """Lines that cannot be judged, each for another reason."""
    nothing = WeightSummary(False, 0, 0, 0, 0, 0, None, 0)
    return (
        result("tthc", "", 900, 0.897, 0.03, 0.90, "inconclusive", further=2312),
        result("tthc", "land", 60, None, 0, 0.85, "inconclusive", reason="no_degrees_of_freedom"),
        result("tthc", "construction", 3, None, 0, 0.85, "inconclusive", reason="suppressed"),
        result("tthc", "investment", 390, 0.861, 0.037, 0.85, "inconclusive", further=637),
        result("sipas", "", 0, None, 0, 0.90, "inconclusive", reason="not_surveyed", weights=nothing),
        result("health", "", 512, 0.961, 0, 0.85, "inconclusive", reason="self_selected", weights=NO_WEIGHTS),
        result("education", "", 0, None, 0, 0.85, "inconclusive", reason="not_surveyed", weights=nothing),
    )


def report(results: tuple[MeasureResult, ...] | None = None, **changes: object) -> IndexReport:
    """The report of the sketch, or one with these results and changes."""
    made = IndexReport(
        round_code="2026-q3",
        round_title=Text(
            vi="Khảo sát mức độ hài lòng quý III năm 2026", en="Satisfaction survey, third quarter of 2026"
        ),
        is_demonstration=False,
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 9, 30),
        status="closed",
        cut_off_at=CUT_OFF,
        target_set_code="3028/QĐ-UBND",
        target_set_name="Quyết định số 3028/QĐ-UBND ngày 21/9/2021 của Ủy ban nhân dân tỉnh Quảng Bình",
        target_year=2025,
        confidence_level=0.95,
        code_version="0.1.0",
        response_count=15120,
        quarantined_count=2,
        forms=(
            FormLine(
                "tthc",
                1,
                "9f2c" * 16,
                Text(vi="Giải quyết thủ tục hành chính", en="Administrative procedures"),
                Text(vi="Theo bộ câu hỏi SIPAS 2018", en="After the questions of SIPAS 2018"),
                "tthc",
                8880,
            ),
            FormLine(
                "quay-motcua",
                1,
                "0a1b" * 16,
                Text(vi="Đánh giá nhanh tại quầy", en="Quick reading at the counter"),
                Text(vi="Câu hỏi tự soạn", en="Own questions"),
                None,
                240,
            ),
        ),
        results=sketch_results() if results is None else results,
        channels=withhold_channels(
            (
                ChannelLine("tthc", "kiosk", "self_selected", 2400, 48000, 46080),
                ChannelLine("tthc", "phone", "invited", 3900, 78000, 71400),
                ChannelLine("tthc", "paper", "invited", 2220, 44400, 40500),
                ChannelLine("sipas", "interviewer", "invited", 2340, 70200, 63461),
                ChannelLine("health", "phone", "self_selected", 4, 120, 118),
                ChannelLine("health", "paper", "invited", 2010, 62310, 55020),
                ChannelLine("education", "phone", "invited", 1530, 38250, 35496),
            )
        ),
        pulses=withhold_pulses(
            PulseLine(
                "quay-motcua",
                "p1",
                Text(vi="Ông/Bà có hài lòng không?", en="Are you satisfied?"),
                Text(vi=label, en=english),
                count,
                240,
            )
            for label, english, count in (
                ("Không hài lòng", "Dissatisfied", 14),
                ("Bình thường", "Neutral", 38),
                ("Hài lòng", "Satisfied", 188),
            )
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
