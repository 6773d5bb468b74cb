"""The rules by which every report is made, in words: subject and explanation.

Braces stand for what a report fills in: `level`, `methods`, `minimum` and `lonely_psu`.
"""

from questionnaires.model import Text

RULES: tuple[tuple[Text, Text], ...] = (
    (
        Text(vi="Câu trả lời hợp lệ", en="Valid answer"),
        Text(
            vi="“Không sử dụng, không ý kiến”, câu bỏ trống và câu không phải trả lời theo hướng dẫn chuyển "
            "câu không được tính vào cả tử số và mẫu số. Mức nào là hài lòng do từng mẫu phiếu quy định.",
            en="“Not used, no opinion”, blank answers and questions off the respondent's path are in neither "
            "numerator nor denominator. Each questionnaire declares which levels count as satisfied.",
        ),
    ),
    (
        Text(vi="Ba số đo khác nhau", en="Three different figures"),
        Text(
            vi="Chỉ số hài lòng là tỷ lệ câu trả lời hài lòng. Điểm trung bình là trung bình các mức của "
            "thang đo. Đáp ứng mong đợi là trung bình số phần trăm do người trả lời tự ghi và có thể "
            "vượt 100. Không so sánh chéo và không thay thế nhau.",
            en="The index is the share of satisfied answers. The mean score is the mean of the levels of "
            "the scale. Expectation met is the mean of the percentage that respondents state themselves "
            "and may exceed 100. They are not comparable and none replaces another.",
        ),
    ),
    (
        Text(vi="Hài lòng toàn diện", en="Wholly satisfied"),
        Text(
            vi="Tỷ lệ người trả lời hài lòng ở mọi tiêu chí mà họ có câu trả lời hợp lệ.",
            en="Share of respondents who are satisfied in every criterion to which they gave a valid answer.",
        ),
    ),
    (
        Text(vi="Quyền số", en="Weights"),
        Text(
            vi="Quyền số của một phiếu là N/n: số giao dịch (hoặc số người) của đơn vị và lĩnh vực trong "
            "dàn mẫu chia cho số phiếu được dùng ở đó. Không có số đếm trong dàn mẫu thì mọi phiếu có "
            "quyền số 1 và ghi “không có quyền số”.",
            en="A response's weight is N/n: transactions (or people) of its unit and sector in the frame "
            "over the responses used there. Without counts in the frame every response has weight 1, "
            "marked “no weights”.",
        ),
    ),
    (
        Text(vi="Sai số", en="Error"),
        Text(
            vi="Phương sai theo thiết kế mẫu: tuyến tính hóa Taylor, tầng và đơn vị mẫu cấp một, chọn có "
            "hoàn lại; miền ước lượng giữ nguyên thiết kế của cả mẫu. Tầng chỉ có một đơn vị mẫu cấp một: "
            "{lonely_psu}. Bậc tự do là số đơn vị mẫu cấp một trừ số tầng.",
            en="Design-based variance: Taylor linearisation, strata and primary sampling units, with "
            "replacement; domains keep the design of the whole sample. A stratum with one primary sampling "
            "unit is {lonely_psu}. Degrees of freedom: primary sampling units minus strata.",
        ),
    ),
    (
        Text(vi="Không có dàn mẫu", en="Without a frame"),
        Text(
            vi="Không có quyền số; đơn vị được coi là đơn vị mẫu cấp một, tất cả trong một tầng. Chỉ "
            "một đơn vị có phiếu thì không có khoảng tin cậy chung, trừ khi đợt chỉ hỏi ở đơn vị đó.",
            en="No weights; units count as the first stage, all in one stratum. Where a single one of "
            "several has responses there is no interval for the whole; where the round asks at one unit "
            "alone, its respondents count as drawn at random.",
        ),
    ),
    (
        Text(vi="Sai số của một đơn vị", en="Error of a unit"),
        Text(
            vi="“Thiết kế của đợt”: đơn vị có nhiều đơn vị mẫu cấp một. “Mẫu trong đơn vị”: bản thân đơn vị "
            "là một đơn vị mẫu cấp một; sai số chỉ tính việc chọn người trả lời trong đơn vị (có quyền số "
            "thì theo lĩnh vực).",
            en="“Design of the round”: the unit has several survey points. “Sample within the unit”: the "
            "unit is one survey point; the error is that of drawing respondents within it (by sector where "
            "there are weights).",
        ),
    ),
    (
        Text(vi="Khoảng tin cậy {level}", en="{level} confidence interval"),
        Text(vi="{methods}.", en="{methods}."),
    ),
    (
        Text(vi="Kết luận", en="Conclusion"),
        Text(
            vi="Đạt: toàn bộ khoảng tin cậy {level} bằng hoặc cao hơn mức tối thiểu. Chưa đạt: toàn bộ "
            "khoảng thấp hơn mức tối thiểu. Các trường hợp khác: chưa đủ cơ sở kết luận.",
            en="Met: the whole {level} interval is at or above the target. Not met: the whole interval is "
            "below it. Otherwise there is not enough evidence to conclude.",
        ),
    ),
    (
        Text(vi="Cần thêm (phiếu)", en="Further responses needed"),
        Text(
            vi="Số phiếu cần thêm để kết luận với khả năng 80%, nếu tỷ lệ thật đúng bằng ước lượng và "
            "phiếu thêm đến từ những đơn vị mẫu cấp một như trước.",
            en="Responses that would settle the question with a chance of 80%, if the truth is the "
            "estimate and they come from the same kind of survey points.",
        ),
    ),
    (
        Text(vi="Phiếu được mời và phiếu tự nguyện", en="Invited and self-selected responses"),
        Text(
            vi="Chỉ số chỉ dùng phiếu của người được mời. Nơi nào chỉ có phiếu tự nguyện thì nêu tỷ lệ, "
            "không có khoảng tin cậy và không xét theo chỉ tiêu. Hai loại không bao giờ được gộp; mục “Kênh "
            "thu thập” để riêng.",
            en="The index uses responses of invited people only. Where all are self-selected the share is "
            "given without interval and verdict. The two are never mixed; “Channels” keeps them "
            "apart.",
        ),
    ),
    (
        Text(vi="Đánh giá nhanh tại quầy", en="Quick readings at the counter"),
        Text(
            vi="Số lần bấm tại quầy, không phải chỉ số hài lòng và không so với chỉ tiêu.",
            en="Counts of what was pressed at the counter; no index, compared with no target.",
        ),
    ),
    (
        Text(vi="Số người trả lời tối thiểu", en="Minimum of respondents"),
        Text(
            vi="Ô có dưới {minimum} người trả lời không được công bố.",
            en="A cell with fewer than {minimum} respondents is not published.",
        ),
    ),
    (
        Text(vi="Tỷ lệ đủ tin cậy để nêu", en="Shares reliable enough to be shown"),
        Text(
            vi="Theo quy tắc NCHS 2017: số người trả lời và cỡ mẫu hiệu dụng từ 30 trở lên; khoảng tin "
            "cậy 95% rộng dưới 30 điểm %, và trên 5 điểm % thì không quá 130% của tỷ lệ. Không đạt thì "
            "ghi “chưa đủ tin cậy”, không nêu số và chưa kết luận. Điểm trung bình và đáp ứng mong đợi "
            "không phải tỷ lệ nên không theo quy tắc này. Dấu *: số được nêu nhưng cần xem lại (dưới 8 "
            "bậc tự do, đúng 0% hoặc 100%, hoặc phần còn lại chưa đủ tin cậy).",
            en="By the rule of the NCHS (2017): at least 30 respondents and as large an effective sample; "
            "a 95% interval narrower than 30 points and, above 5 points, not wider than 130% of the "
            "share. Otherwise “not reliable enough” stands in its place and nothing is concluded. Mean "
            "score and expectation met are no shares and are outside this rule. The mark *: shown, but to "
            "be reviewed (fewer than 8 degrees of freedom, exactly 0% or 100%, or an unreliable rest).",
        ),
    ),
    (
        Text(vi="Làm tròn", en="Rounding"),
        Text(
            vi="Số hiện ra được làm tròn đến một chữ số thập phân, một lần, từ 5 trở lên làm tròn lên; số "
            "trong các tệp để tính lại giữ giá trị chưa làm tròn.",
            en="What is shown is rounded once, half up, to one decimal; the numbers in the files for "
            "computing are unrounded.",
        ),
    ),
)
