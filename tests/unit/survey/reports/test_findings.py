import pytest

from survey.reports.findings import count_words, finding, origin, rounded_up, shown_verdict
from tests import report_values


def test_the_finding_counts_the_verdicts_and_says_what_is_missing() -> None:
    assert finding(report_values.report(), "vi") == (
        "4 chỉ tiêu đạt, 1 chưa đạt, 2 chưa đủ cơ sở kết luận. "
        "Với lĩnh vực đầu tư cần thêm khoảng 640 phiếu để kết luận."
    )
    assert finding(report_values.report(), "en") == (
        "4 targets met, 1 not met, 2 without enough evidence to conclude. "
        "For the investment sector about 640 more responses are needed to conclude."
    )


def test_what_cannot_be_judged_is_counted_apart() -> None:
    troubled = report_values.report(report_values.troubled_results())

    assert count_words(troubled, "vi") == (
        "4 chỉ tiêu chưa đủ cơ sở kết luận, 1 không xét, 2 chưa có số liệu"
    )


def test_a_single_target_is_singular_in_english() -> None:
    one = report_values.report(report_values.sketch_results()[:1])

    assert count_words(one, "en") == "1 target met"
    assert finding(one, "en") == "1 target met."


def test_a_target_set_without_targets_says_so() -> None:
    assert count_words(report_values.report(()), "vi") == "Bộ chỉ tiêu không có chỉ tiêu nào"


def test_the_origin_names_responses_cut_off_weights_and_targets() -> None:
    words = origin(report_values.report(), "vi")

    for part in (
        "15.120 phiếu",
        "12.000 phiếu được tính",
        "30/9/2026 17:00",
        "3028/QĐ-UBND",
        "hailong 0.1.0",
    ):
        assert part in words
    assert "có quyền số theo số giao dịch ở 3/4 chỉ tiêu đo lường" in words
    assert "tạm tính" not in words


def test_the_verdict_of_a_measure_without_judgement_says_why() -> None:
    verdicts = [shown_verdict(result) for result in report_values.troubled_results()]

    assert verdicts == [*["inconclusive"] * 4, "no_data", "not_judged", "no_data"]


@pytest.mark.parametrize(("count", "rounded"), [(3, 10), (45, 50), (637, 640), (4101, 4200), (12001, 13000)])
def test_missing_responses_are_rounded_up_to_two_digits(count: int, rounded: int) -> None:
    assert rounded_up(count) == rounded


def test_missing_responses_of_several_measures_are_one_sentence() -> None:
    words = finding(report_values.report(report_values.troubled_results()), "vi")

    assert (
        "Để kết luận cần thêm khoảng 2.400 phiếu với giải quyết thủ tục hành chính "
        "và khoảng 640 phiếu với lĩnh vực đầu tư." in words
    )
    assert "Lĩnh vực đất đai: chỉ có một đơn vị mẫu cấp một." in words
    assert "Phục vụ của cơ quan hành chính nhà nước, dịch vụ giáo dục công lập: không khảo sát." in words


def test_an_open_round_is_provisional() -> None:
    assert "số liệu tạm tính vì đợt khảo sát chưa đóng" in origin(report_values.report(status="open"), "vi")


def test_a_round_where_every_response_counts_says_the_number_once() -> None:
    words = origin(report_values.report(response_count=12000), "en")

    assert words.startswith("12,000 responses · data as of 30 Sep 2026, 17:00 · ")
