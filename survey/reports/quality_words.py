"""What the checks of data quality say, in both languages: names, meanings, advice, evidence, the finding.

No sentence accuses anybody: a flag is a reason to ask, and most questions have a harmless answer.
"""

from questionnaires.model import Text
from survey.reports.figure_words import format_day, format_moment, format_number, format_percent
from survey.reports.labels import CHANNELS, Words, words_of
from survey.services.quality_thresholds import USUAL
from survey.services.quality_values import (
    BURST,
    COVERAGE,
    FAST,
    HOURS,
    IDENTICAL,
    INTERVIEWS,
    STRAIGHT,
    EffectLine,
    Evidence,
    Interviews,
    QualityReport,
    UnitQuality,
)

NAMES: Words = {
    STRAIGHT: Text(vi="Chọn một mức", en="One level throughout"),
    FAST: Text(vi="Quá nhanh", en="Too fast"),
    BURST: Text(vi="Dồn dập", en="Burst"),
    HOURS: Text(vi="Ngoài giờ", en="Outside hours"),
    IDENTICAL: Text(vi="Trùng nhau", en="Identical"),
    COVERAGE: Text(vi="Độ phủ", en="Coverage"),
    INTERVIEWS: Text(vi="Phỏng vấn không có lượt đến", en="Interviews without a visit"),
}
MEANINGS: Words = {
    STRAIGHT: Text(
        vi="Mọi tiêu chí trả lời được đều chọn cùng một mức. Người thật sự hài lòng cũng hay trả lời như "
        "vậy, nên chỉ đáng chú ý khi tỷ lệ cao hơn hẳn các đơn vị khác.",
        en="All criteria got the same level. Satisfied people answer so too: it matters only where the share "
        "is far above that of other units.",
    ),
    FAST: Text(
        vi="Thời gian trả lời ngắn hơn thời gian cần để đọc các câu hỏi.",
        en="The response took less time than reading the questions takes.",
    ),
    BURST: Text(
        vi="Rất nhiều phiếu từ một nơi trong cùng một giờ, nhiều hơn mức thường thấy khi từng người lần lượt "
        "trả lời.",
        en="Very many responses from one place within one hour: more than people one after another usually "
        "give.",
    ),
    HOURS: Text(
        vi="Phiếu ở kiosk hoặc của điều tra viên được trả lời ngoài giờ làm việc, hoặc ở kiosk vào "
        "ngày nghỉ. Kiosk ở bệnh viện không xét vì bệnh viện mở cửa cả ngày đêm.",
        en="Responses at a kiosk or by an interviewer outside opening hours, or at a kiosk on a day of the "
        "week on which the unit is closed. Kiosks of hospitals, which never close, are not judged.",
    ),
    IDENTICAL: Text(
        vi="Nhiều phiếu dài của cùng đơn vị giống nhau ở mọi câu trả lời, dù không phải chọn một mức. Trùng "
        "ngẫu nhiên đến mức này chỉ gặp ở chưa tới 1 trong 1.000 đơn vị.",
        en="Several long responses of the unit agree in every answer, although not on one level throughout. "
        "By chance this is seen at fewer than 1 in 1,000 units.",
    ),
    COVERAGE: Text(
        vi="Số phiếu so với số giao dịch của đơn vị khác hẳn các đơn vị khác, hoặc nhiều hơn số giao dịch, "
        "hoặc đơn vị có phiếu mà không có giao dịch nào trong dàn mẫu.",
        en="Responses for each transaction are far from those of other units, or more than the transactions, "
        "or there are responses and no transactions in the frame.",
    ),
    INTERVIEWS: Text(
        vi="Số phiếu phỏng vấn nhiều hơn số lượt đến được báo là hoàn thành. Máy của điều tra viên chỉ phỏng "
        "vấn theo địa chỉ và báo từng lượt, nên phần chênh không có lượt đến nào đứng sau.",
        en="There are more responses by interview than visits told of as completed. A tablet interviews at "
        "addresses alone and tells of each visit, so that no visit stands behind the rest.",
    ),
}
ADVICE: Words = {
    STRAIGHT: Text(
        vi="Gọi cho đơn vị: ai mời người dân trả lời, người dân có tự bấm không. Xem thử một buổi tại quầy.",
        en="Call the unit: who asks people to answer, and do they press themselves? Watch for an hour.",
    ),
    FAST: Text(
        vi="Hỏi đơn vị xem phiếu có do cán bộ bấm giúp hoặc nhập lại từ giấy không. Nhập từ giấy thì dùng "
        "màn hình nhập phiếu giấy để kênh thu thập ghi đúng.",
        en="Ask whether staff pressed for people or copied paper forms. Paper belongs on the keying screen, "
        "so that the channel is right.",
    ),
    BURST: Text(
        vi="Xem thiết bị đặt ở đâu và hôm đó có sự kiện đông người không. Nếu không, hỏi ai giữ thiết bị "
        "vào giờ ấy.",
        en="See where the device stands and whether there was an event that day. If not, ask who had the "
        "device in that hour.",
    ),
    HOURS: Text(
        vi="Kiểm tra đồng hồ của thiết bị và giờ làm việc thật của đơn vị trước; sau đó mới hỏi ai ở nơi "
        "đặt thiết bị vào giờ ấy.",
        en="Check the clock of the device and the real opening hours first; then ask who was there.",
    ),
    IDENTICAL: Text(
        vi="Xem kênh thu thập: phiếu giấy có thể đã nhập trùng; kênh khác thì hỏi đơn vị cách lấy phiếu.",
        en="Look at the channel: paper may have been keyed twice; else ask how the responses were taken.",
    ),
    COVERAGE: Text(
        vi="Kiểm tra số giao dịch đã nhập. Nếu đúng mà ít phiếu: hỏi kiosk có hoạt động, áp phích có "
        "được treo không; nhiều phiếu hơn giao dịch: hỏi ai đã trả lời.",
        en="Check the imported counts. If they are right and responses few: do kiosk and poster work? If "
        "there are more responses than transactions: who answered?",
    ),
    INTERVIEWS: Text(
        vi="Xem máy nào còn giữ kết quả lần đến (trang “Danh sách phỏng vấn”): kết quả đến sau phiếu tới một "
        "giờ. Nếu không còn máy nào giữ, hỏi ai đã dùng máy và phỏng vấn ai; gọi lại vài địa chỉ.",
        en="See which tablets still hold results of visits (list of interviews): these come up to an hour "
        "later than responses. If none does, ask who used the tablets and whom they asked; call some places.",
    ),
}
BANDS: Words = {
    "under_1m": Text(vi="dưới 1 phút", en="under 1 minute"),
    "1_to_3m": Text(vi="1–3 phút", en="1–3 minutes"),
    "3_to_10m": Text(vi="3–10 phút", en="3–10 minutes"),
    "10_to_30m": Text(vi="10–30 phút", en="10–30 minutes"),
}
SOURCES: Words = {
    "kiosk": Text(vi="kiosk chưa đăng ký", en="kiosk that is not enrolled"),
    "phone": Text(
        vi="các điện thoại qua đường dẫn chung (trên áp phích, mã QR)", en="phones through the open link"
    ),
    "": Text(vi="không rõ thiết bị", en="device not known"),
}
CLOCK_OFF = Text(vi="Đồng hồ thiết bị sai", en="Wrong clock of the device")
CLOCKS: Words = {
    "days_off": Text(vi="lệch từ 1 ngày trở lên", en="off by a day or more"),
    "hours_off": Text(vi="lệch từ 1 giờ đến dưới 1 ngày", en="off by 1 to 24 hours"),
    "minutes_off": Text(vi="lệch từ 2 phút đến dưới 1 giờ", en="off by 2 to 60 minutes"),
}
COVERAGE_FAULTS: Words = {
    "above": Text(
        vi="số phiếu nhiều bất thường so với số giao dịch", en="more responses than transactions allow"
    ),
    "below": Text(vi="rất ít phiếu so với đơn vị khác", en="very few responses beside other units"),
    "no_transactions": Text(vi="có phiếu mà không có giao dịch", en="responses without transactions"),
}
NOT_AN_ACCUSATION = Text(
    vi="Phiếu có dấu hiệu cần xem lại vẫn được giữ và vẫn được tính: chỉ số công bố luôn là của tất cả các "
    "phiếu. Dấu hiệu là lý do để hỏi lại, không phải kết luận rằng phiếu sai.",
    en="Flagged responses stay and count: the published index is always that of all responses. A flag is a "
    "reason to ask, not a finding that the response is wrong.",
)
CLOSED_DAYS: Words = {
    "6": Text(vi=" vào thứ Bảy", en=" on Saturdays"),
    "7": Text(vi=" vào Chủ nhật", en=" on Sundays"),
}
MOST_NAMES = 3


def finding(report: QualityReport, language: str) -> str:
    """Which units to look at, and what the flagged responses do to the index."""
    sentences = (_units_sentence, _effect_sentence, _clock_sentence)
    return " ".join(words for sentence in sentences if (words := sentence(report, language)))


def origin(report: QualityReport, language: str) -> str:
    """Responses, flags, cut-off, whether the thresholds are the usual ones, and version in one line."""
    total = format_number(report.response_count, language)
    flagged = format_number(report.flagged_count, language)
    straight = format_number(report.straight_count, language)
    moment = format_moment(report.cut_off_at, language)
    if language == "en":
        words = (
            f"{total} responses, {flagged} with a flag on their origin, {straight} on one level throughout"
        )
        own = ["thresholds of the round's own"]
        parts = [words, f"data as of {moment}"]
    else:
        words = (
            f"{total} phiếu, {flagged} phiếu có dấu hiệu cần xem lại về cách thu thập, "
            f"{straight} phiếu chọn một mức"
        )
        own = ["ngưỡng riêng của đợt khảo sát"]
        parts = [words, f"số liệu tính đến {moment}"]
    if report.thresholds == USUAL:
        own = []
    return " · ".join([*parts, *own, f"hailong {report.code_version}"])


def signs_words(line: UnitQuality, language: str) -> str:
    """`Quá nhanh, dồn dập`; nothing where the unit is like the others."""
    names = [words_of(NAMES, sign, language) for sign in line.signs]
    return ", ".join([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])])


def interviews_words(interviews: Interviews | None, language: str) -> str:
    """`30 phiếu phỏng vấn, 12 lượt đến hoàn thành`; nothing where nobody was interviewed."""
    if interviews is None:
        return ""
    responses, visits = (format_number(n, language) for n in (interviews.responses, interviews.visits))
    if language == "en":
        return f"interview responses: {responses}, completed visits: {visits}"
    return f"{responses} phiếu phỏng vấn, {visits} lượt đến hoàn thành"


def evidence_words(evidence: Evidence, language: str) -> str:
    """One line of what was seen."""
    return _EVIDENCE[evidence.rule](evidence, language)


def _units_sentence(report: QualityReport, language: str) -> str:
    names = list(dict.fromkeys(line.unit.name.in_language(language) for line in report.standing_out))
    if not names:
        return (
            "No unit stands out from the others."
            if language == "en"
            else "Không có đơn vị nào khác hẳn các đơn vị còn lại."
        )
    listed, more = ", ".join(names[:MOST_NAMES]), len(names) - MOST_NAMES
    if language == "en":
        noun = "unit" if len(names) == 1 else "units"
        rest = f" and {more} more" if more > 0 else ""
        return f"{len(names)} {noun} to look at: {listed}{rest}."
    rest = f" và {more} đơn vị khác" if more > 0 else ""
    return f"{len(names)} đơn vị cần xem lại: {listed}{rest}."


def _effect_sentence(report: QualityReport, language: str) -> str:
    is_english = language == "en"
    if not report.flagged_count:
        return (
            "No response has a flag on its origin."
            if is_english
            else "Không phiếu nào có dấu hiệu cần xem lại về cách thu thập."
        )
    if not any(line.taken_out for line in report.effects):
        return (
            "None of the flagged responses stands in an index."
            if is_english
            else "Các phiếu có dấu hiệu cần xem lại không nằm trong chỉ số nào."
        )
    line = largest_effect(report)
    if line is None or line.all.value is None or line.without.value is None:
        return (
            "What they do to the index is not shown: the responses are too few."
            if is_english
            else "Chưa nêu được ảnh hưởng đến chỉ số vì có quá ít phiếu."
        )
    before, after = (format_percent(value, language) for value in (line.all.value, line.without.value))
    name = line.name.in_language(language)
    name = name[:1].lower() + name[1:]
    count = format_number(line.taken_out, language)
    if is_english:
        change = f"goes from {before} to {after}" if before != after else f"stays at {before}"
        return f"Without {count} flagged responses the index of {name} {change}."
    change = f"đổi từ {before} thành {after}" if before != after else f"vẫn là {before}"
    return f"Bỏ {count} phiếu có dấu hiệu cần xem lại, chỉ số {name} {change}."


def _clock_sentence(report: QualityReport, language: str) -> str:
    """Information, and no flag: a wrong clock puts no answer in question."""
    if not report.clock_off_count:
        return ""
    count = _responses(report.clock_off_count, language)
    if language == "en":
        return f"Wrong clock of the device: {count}, counted by the day of arrival."
    return f"Đồng hồ thiết bị sai: {count}, đã tính theo ngày máy chủ nhận."


def clock_words(line: UnitQuality, language: str) -> str:
    """`5 phiếu: 3 lệch từ 1 ngày, 2 lệch từ 2 phút đến 1 giờ`; nothing where every clock was right."""
    if not line.clock_off:
        return ""
    parts = [
        f"{format_number(count, language)} {words_of(CLOCKS, band, language)}"
        for band, count in line.clock_off
    ]
    return f"{_responses(line.clock_off_count, language)}: {', '.join(parts)}"


def largest_effect(report: QualityReport) -> EffectLine | None:
    """The measure whose index moves most without the flagged responses."""
    moved = [line for line in report.effects if line.taken_out and line.change is not None]
    whole = [line for line in moved if not line.sector_code]
    return max(whole or moved, key=lambda line: abs(line.change or 0.0), default=None)


def _level_words(evidence: Evidence, language: str) -> str:
    label = evidence.label.in_language(language) if evidence.label else ""
    if evidence.count is None:
        return f"mostly “{label}”" if language == "en" else f"phần lớn chọn “{label}”"
    count = _responses(evidence.count, language)
    return f"{count}: “{label}” throughout" if language == "en" else f"{count} chọn toàn mức “{label}”"


def _band_words(evidence: Evidence, language: str) -> str:
    channel = words_of(CHANNELS, evidence.channel, language).lower()
    band = words_of(BANDS, evidence.band, language)
    return f"{_responses(evidence.count, language)} ({channel}): {band}"


def _burst_words(evidence: Evidence, language: str) -> str:
    assert evidence.day is not None
    day, hours = format_day(evidence.day, language), _hour_words(evidence.hour or 0, language)
    words = f"{_source_words(evidence, language)}: {_responses(evidence.count, language)}"
    return f"{words} on {day}, {hours}" if language == "en" else f"{words} ngày {day}, {hours}"


def _hours_words(evidence: Evidence, language: str) -> str:
    words = f"{_source_words(evidence, language)}: {_responses(evidence.count, language)}"
    if language == "en":
        clock = "by the clock of the device" if evidence.by_device_clock else "by arrival at the server"
    else:
        clock = "theo đồng hồ thiết bị" if evidence.by_device_clock else "theo giờ máy chủ nhận"
    day = words_of(CLOSED_DAYS, str(evidence.weekday), language) if evidence.weekday else ""
    return f"{words}{day}, {_hour_words(evidence.hour or 0, language)} ({clock})"


def _copy_words(evidence: Evidence, language: str) -> str:
    channel = words_of(CHANNELS, evidence.channel, language).lower()
    groups, size = format_number(evidence.group_count, language), format_number(evidence.count or 0, language)
    if language == "en":
        noun = "group" if evidence.group_count == 1 else "groups"
        return f"{groups} {noun} of {size} equal responses ({channel})"
    return f"{groups} nhóm, mỗi nhóm {size} phiếu giống hệt nhau ({channel})"


def _source_words(evidence: Evidence, language: str) -> str:
    if evidence.source == "device":
        return f"{evidence.device_code} “{evidence.device_name}”"
    words = words_of(SOURCES, evidence.source, language)
    return words[:1].upper() + words[1:]


def _hour_words(hour: int, language: str) -> str:
    return f"{hour}:00–{hour}:59" if language == "en" else f"{hour}–{hour + 1} giờ"


def _responses(count: int | None, language: str) -> str:
    number = format_number(count or 0, language)
    if language == "en":
        return f"{number} response" if count == 1 else f"{number} responses"
    return f"{number} phiếu"


_EVIDENCE = {
    STRAIGHT: _level_words,
    FAST: _band_words,
    BURST: _burst_words,
    HOURS: _hours_words,
    IDENTICAL: _copy_words,
}
