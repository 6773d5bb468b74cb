"""The words of reports for codes, in both languages; the pages have the same words through gettext."""

from collections.abc import Mapping

from questionnaires.model import Text

Words = Mapping[str, Text]

DEMONSTRATION = Text(
    vi="DỮ LIỆU MINH HỌA: số liệu giả định, không phải kết quả khảo sát",
    en="DEMONSTRATION DATA: invented figures, not the result of a survey",
)
DEMONSTRATION_MARK = Text(vi="DỮ LIỆU MINH HỌA", en="DEMONSTRATION DATA")
SURVEY_DATA = Text(vi="Số liệu khảo sát", en="Survey data")

VERDICTS: Words = {
    "met": Text(vi="Đạt", en="Met"),
    "not_met": Text(vi="Chưa đạt", en="Not met"),
    "inconclusive": Text(vi="Chưa đủ cơ sở kết luận", en="Not enough evidence to conclude"),
    "not_judged": Text(vi="Không xét theo chỉ tiêu", en="Not judged"),
    "no_data": Text(vi="Chưa có số liệu", en="No data yet"),
}
VERDICT_SIGNS = {"met": "✓", "not_met": "✕", "inconclusive": "≈"}

# Why a cell has no number, or a number no interval: short, as it stands in a cell.
REASONS: Words = {
    "not_surveyed": Text(vi="không khảo sát", en="not surveyed"),
    "suppressed": Text(vi="không công bố", en="not published"),
    "few": Text(vi="dưới 5", en="fewer than 5"),
    "self_selected": Text(
        vi="chỉ có phiếu tự nguyện, không có khoảng tin cậy", en="self-selected only, no interval"
    ),
    "empty_domain": Text(vi="không có câu trả lời", en="no answer"),
    "not_asked": Text(vi="phiếu không hỏi", en="not asked"),
    "empty_element": Text(vi="một yếu tố không có câu trả lời", en="an element has no answer"),
    "mixed_scales": Text(vi="thang đo khác nhau", en="several scales"),
    "no_degrees_of_freedom": Text(vi="chỉ có một đơn vị mẫu cấp một", en="only 1 survey point"),
    "no_variance": Text(vi="không tính được khoảng tin cậy", en="interval cannot be computed"),
    "unreliable": Text(vi="chưa đủ tin cậy", en="not reliable enough"),
    "at_end_of_scale": Text(
        vi="mọi câu trả lời ở cùng một đầu thang đo", en="all answers at one end of the scale"
    ),
}
# The same, explained.
REASON_MEANINGS: Words = {
    "not_surveyed": Text(
        vi="Đợt khảo sát không dùng mẫu phiếu đo chỉ tiêu này, hoặc chưa có ai trả lời.",
        en="No questionnaire of the round serves this target, or nobody has answered yet.",
    ),
    "suppressed": Text(
        vi="Có dưới {minimum} người trả lời nên không công bố, để không ai bị nhận ra.",
        en="Fewer than {minimum} respondents, so the figure is not published and nobody can be recognised.",
    ),
    "few": Text(
        vi="Phương án có từ 1 người đến dưới {minimum} người chọn. Một phương án khác cũng không công bố để "
        "không tính ngược ra được.",
        en="Chosen by at least one and fewer than {minimum} people. Another option is not published "
        "either, so that the number cannot be computed.",
    ),
    "self_selected": Text(
        vi="Chỉ có phiếu tự nguyện. Người tự nguyện không phải là mẫu xác suất nên không có khoảng tin cậy "
        "và không xét theo chỉ tiêu.",
        en="Self-selected responses only. They are no probability sample, so there is neither an interval "
        "nor a verdict.",
    ),
    "empty_domain": Text(
        vi="Không có phiếu nào có câu trả lời hợp lệ.", en="No response has a valid answer."
    ),
    "not_asked": Text(
        vi="Không phiếu khảo sát nào của chỉ tiêu này hỏi nội dung đó.",
        en="No questionnaire of this measure asks for it.",
    ),
    "empty_element": Text(
        vi="Một yếu tố không có câu trả lời hợp lệ nên không tính được chỉ số.",
        en="An element has no valid answer, so there is no index.",
    ),
    "mixed_scales": Text(
        vi="Các tiêu chí dùng thang đo khác nhau nên không có điểm trung bình chung.",
        en="The criteria have different scales, so there is no common mean score.",
    ),
    "no_degrees_of_freedom": Text(
        vi="Mỗi tầng chỉ có một đơn vị mẫu cấp một nên không ước lượng được sai số.",
        en="Each stratum has only 1 survey point, so no error can be estimated.",
    ),
    "no_variance": Text(
        vi="Phương pháp không cho khoảng tin cậy với số liệu này.",
        en="The method gives no interval for these data.",
    ),
    "unreliable": Text(
        vi="Tỷ lệ không được nêu vì chưa đủ tin cậy: số người trả lời hoặc cỡ mẫu hiệu dụng dưới 30, hoặc "
        "khoảng tin cậy 95% quá rộng. Cần thêm phiếu; nơi nào có chỉ tiêu thì chưa kết luận.",
        en="The share is not given because it is not reliable enough: fewer than 30 respondents, an "
        "effective sample below 30, or a 95% interval that is too wide. More responses are needed; where "
        "there is a target, nothing is concluded.",
    ),
    "at_end_of_scale": Text(
        vi="Mọi câu trả lời đều ở mức cao nhất (hoặc thấp nhất) của thang đo nên điểm trung bình không có "
        "khoảng tin cậy.",
        en="All answers are on the highest (or lowest) level of the scale, so the mean has no interval.",
    ),
}
# Why a share is shown with a mark.
MARK = "*"
TO_BE_REVIEWED = Text(vi="cần xem lại", en="to be reviewed")
MARKS: Words = {
    "few_degrees_of_freedom": Text(
        vi="ít đơn vị mẫu cấp một (dưới 8 bậc tự do)",
        en="few survey points (fewer than 8 degrees of freedom)",
    ),
    "at_edge": Text(vi="đúng 0% hoặc 100%", en="exactly 0% or 100%"),
    "complement_flagged": Text(
        vi="phần còn lại (100% trừ tỷ lệ) chưa đủ tin cậy",
        en="the rest (100% minus the share) is not reliable enough",
    ),
}
INTERVAL_METHODS: Words = {
    "logit_t": Text(vi="t trên thang logit", en="t on the logit scale"),
    "logit": Text(vi="t trên thang logit", en="t on the logit scale"),
    "kg_nchs": Text(vi="Korn–Graubard NCHS", en="Korn–Graubard NCHS"),
    "beta": Text(vi="Korn–Graubard", en="Korn–Graubard"),
    "bounded_logit_t": Text(
        vi="t trên thang logit của vị trí giữa hai đầu thang đo",
        en="t on the logit scale of the position between the ends of the scale",
    ),
    "t": Text(vi="t Student", en="Student's t"),
    "wald": Text(vi="t Student", en="Student's t"),
    "wilson": Text(vi="Wilson", en="Wilson"),
}
INTERVAL_METHOD_USES: Words = {
    "logit_t": Text(vi="chỉ số và yếu tố", en="indices and elements"),
    "kg_nchs": Text(
        vi="tỷ lệ người trả lời; chỉ số và yếu tố, với cỡ mẫu là số người trả lời",
        en="shares of respondents; indices and elements, with the respondents as sample size",
    ),
    "bounded_logit_t": Text(vi="điểm trung bình", en="mean scores"),
    "t": Text(vi="đáp ứng mong đợi", en="expectation met"),
}
CHANNELS: Words = {
    "kiosk": Text(vi="Kiosk", en="Kiosk"),
    "phone": Text(vi="Điện thoại", en="Phone"),
    "paper": Text(vi="Phiếu giấy", en="Paper"),
    "interviewer": Text(vi="Điều tra viên", en="Interviewer"),
    "import": Text(vi="Nhập tệp", en="Imported file"),
}
SELECTIONS: Words = {
    "invited": Text(vi="Được mời", en="Invited"),
    "self_selected": Text(vi="Tự nguyện", en="Self-selected"),
}
COMPOSITIONS: Words = {
    "pooled": Text(
        vi="số câu trả lời hài lòng trên tổng số câu trả lời hợp lệ của mọi tiêu chí",
        en="satisfied answers among all valid answers of all criteria",
    ),
    "mean_of_elements": Text(
        vi="trung bình cộng tỷ lệ hài lòng của các yếu tố", en="plain mean of the shares of the elements"
    ),
    "weighted_elements": Text(
        vi="trung bình tỷ lệ hài lòng của các yếu tố, theo trọng số ghi trong mẫu phiếu",
        en="mean of the shares of the elements, with the weights of the questionnaire",
    ),
}
DESIGNS: Words = {
    "round": Text(vi="thiết kế của đợt", en="design of the round"),
    "within_unit": Text(vi="mẫu trong đơn vị", en="sample within the unit"),
}
UNIT_KINDS: Words = {
    "ward": Text(vi="Phường", en="Ward"),
    "commune": Text(vi="Xã", en="Commune"),
    "special_zone": Text(vi="Đặc khu", en="Special zone"),
    "department": Text(vi="Sở, ban, ngành", en="Department"),
    "agency": Text(vi="Cơ quan", en="Agency"),
    "hospital": Text(vi="Cơ sở y tế", en="Hospital or health centre"),
    "school": Text(vi="Trường học", en="School"),
}
ROUND_STATUSES: Words = {
    "draft": Text(vi="đang chuẩn bị", en="draft"),
    "open": Text(vi="đang mở, số liệu tạm tính", en="open, provisional figures"),
    "closed": Text(vi="đã đóng", en="closed"),
}
LONELY_PSU_POLICIES: Words = {
    "adjust": Text(
        vi="lấy độ lệch so với trung bình chung của các tầng (thận trọng: khoảng rộng hơn)",
        en="centred at the mean of all strata (cautious: a wider interval)",
    ),
    "fail": Text(vi="không ước lượng", en="not estimated"),
    "remove": Text(vi="coi là không có biến động", en="taken to add no variance"),
    "certainty": Text(vi="coi là không có biến động", en="taken to add no variance"),
    "average": Text(
        vi="lấy phương sai bình quân của các tầng khác", en="given the average of the other strata"
    ),
}
FIRST_STAGES: Words = {
    "frame": Text(vi="thiết kế theo dàn mẫu", en="design of the frame"),
    "units": Text(
        vi="không có dàn mẫu nên đơn vị được coi là đơn vị mẫu cấp một, tất cả trong một tầng",
        en="no frame, so units count as the first stage, all in one stratum",
    ),
    "respondents": Text(
        vi="không có dàn mẫu và chỉ hỏi ở một đơn vị: số liệu chỉ nói về đơn vị đó",
        en="no frame and asked at one unit alone: the figures speak of that unit",
    ),
}
YES_NO: Words = {"yes": Text(vi="có", en="yes"), "no": Text(vi="không", en="no")}
WEIGHTED: Words = {
    "yes": Text(vi="có quyền số", en="weighted"),
    "no": Text(vi="không có quyền số", en="no weights"),
}
OUTSIDE_INDEX = Text(vi="ngoài chỉ số", en="outside the index")
WHOLE = Text(vi="Chung", en="All")


def words_of(words: Words, code: str, language: str) -> str:
    """The word for a code; a code without a word stays as it is."""
    return words[code].in_language(language) if code in words else code
