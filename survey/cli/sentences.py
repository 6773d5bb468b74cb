"""Refusals as sentences for the terminal: Vietnamese first, English after the bar."""

from questionnaires.messages import render_problem
from questionnaires.problems import Problem
from survey.services.problems import AnswersRefused, ImportRefused, RowFault, SurveyError
from survey.services.rescue_files import LineFault

_REFUSALS = {
    "round_unknown": "không có đợt khảo sát “{round_code}” | no round {round_code!r}",
    "round_code_malformed": (
        "mã đợt “{round_code}” chỉ được gồm chữ không dấu, số, gạch nối, nhiều nhất {most} ký tự | "
        "round code {round_code!r} may have letters a–z, digits and hyphens only, {most} at most"
    ),
    "title_malformed": (
        "tên đợt khảo sát phải có từ 1 đến {most} ký tự in được | "
        "a round's title has 1 to {most} printable characters"
    ),
    "contact_malformed": (
        "thông tin liên hệ có nhiều nhất {most} ký tự in được | "
        "a contact has {most} printable characters at most"
    ),
    "target_year_unknown": (
        "bộ chỉ tiêu không có năm {year}, chỉ có: {known} | no targets for {year}, only for: {known}"
    ),
    "unit_kind_unknown": (
        "không có loại đơn vị “{kind}”, chỉ có: {known} | no kind of unit {kind!r}, only: {known}"
    ),
    "round_not_draft": (
        "đợt khảo sát “{round_code}” không còn là bản thảo | round {round_code!r} is no draft any more"
    ),
    "round_holds_responses": (
        "đợt khảo sát “{round_code}” đã nhận {count} mục để riêng nên không xóa được | "
        "round {round_code!r} holds {count} things that were set aside and cannot be deleted"
    ),
    "unit_not_valid": (
        "đơn vị “{unit_code}” không có hiệu lực vào ngày {opens_on} | "
        "unit {unit_code!r} does not exist on {opens_on}"
    ),
    "target_set_code_malformed": (
        "mã bộ chỉ tiêu phải có từ 1 đến {most} ký tự in được | "
        "the code of a target set has 1 to {most} printable characters"
    ),
    "target_set_name_malformed": (
        "tên bộ chỉ tiêu phải có từ 1 đến {most} ký tự in được | "
        "the name of a target set has 1 to {most} printable characters"
    ),
    "display_name_malformed": (
        "tên hiển thị phải có từ 1 đến {most} ký tự in được | "
        "the name that is shown has 1 to {most} printable characters"
    ),
    "round_closed": (
        "đợt khảo sát “{round_code}” đã đóng, số liệu không đổi nữa | "
        "round {round_code!r} is closed and its figures are final"
    ),
    "dates_reversed": (
        "ngày đóng {closes_on} trước ngày mở {opens_on} | "
        "the last day {closes_on} is before the first day {opens_on}"
    ),
    "printing_busy": (
        "máy đang tạo tệp in khác, xin thử lại sau | another file is being made; try again later"
    ),
    "printing_failed": "không tạo được tệp in: {reason} | the file could not be made: {reason}",
    "batch_unknown": "không có lô phiếu giấy “{batch_code}” | no batch of paper forms {batch_code!r}",
    "batch_of_codes_unknown": "không có lô mã khảo sát “{batch_code}” | no batch of codes {batch_code!r}",
    "count_out_of_range": (
        "mỗi đơn vị cần từ {min} đến {max} mã; ít hơn thì số mã đã dùng cho biết ai đã trả lời | "
        "from {min} to {max} codes for a unit; of fewer, the count of used ones would tell who has answered"
    ),
    "round_over": "đợt khảo sát đã hết hạn, không tạo thêm mã được | the round is over; no codes can be made",
    "no_sample": "phiếu này không chọn mẫu người trả lời | nobody is drawn for this questionnaire",
    "withdrawn": "lô mã đã thu hồi | the batch of codes was withdrawn",
    "key_changed": (
        "khóa bí mật của hệ thống đã đổi nên không in lại được các mã này; mã đã phát vẫn dùng được | "
        "the secret key has changed, so that these codes cannot be shown again; those handed out are valid"
    ),
    "units_missing": "mẫu phiếu “{form_id}” chưa có đơn vị nào | {form_id!r} has no units",
    "index_rules_differ": (
        "mẫu phiếu “{form_id}” và “{other_form_id}” cùng đo chỉ tiêu “{measure_code}” nhưng gộp chỉ số "
        "theo cách hoặc trọng số khác nhau | {form_id!r} and {other_form_id!r} serve the measure "
        "{measure_code!r} but make its index in different ways or with different weights"
    ),
    "round_exists": "đã có đợt khảo sát “{round_code}” | round {round_code!r} exists already",
    "round_not_open": (
        "đợt khảo sát “{round_code}” hiện không nhận phiếu (thời gian khảo sát: {opens_on}–{closes_on}) | "
        "round {round_code!r} is not open ({status}, {opens_on}–{closes_on})"
    ),
    "questionnaire_unknown": "không có mẫu phiếu “{form_id}” | no questionnaire {form_id!r}",
    "questionnaire_changed": (
        "mẫu phiếu “{form_id}” phiên bản {version} đã ban hành với nội dung khác; hãy tăng số phiên bản | "
        "{form_id!r} version {version} is published with other content; raise the version number"
    ),
    "unit_unknown": "không có đơn vị “{unit_code}” | no unit {unit_code!r}",
    "unit_not_in_round": (
        "đợt khảo sát “{round_code}” không hỏi ở đơn vị “{unit_code}” | "
        "round {round_code!r} does not ask at unit {unit_code!r}"
    ),
    "target_set_unknown": "không có bộ chỉ tiêu “{target_set_code}” | no target set {target_set_code!r}",
    "not_a_demonstration": (
        "“{round_code}” không phải đợt minh họa | {round_code!r} is not a demonstration round"
    ),
    "sector_unknown": "không có lĩnh vực “{sector_code}” | no sector {sector_code!r}",
    "measure_unknown": "không có chỉ tiêu đo lường “{measure_code}” | no measure {measure_code!r}",
    "username_malformed": (
        "tên đăng nhập “{username}” không được trống, có dấu cách hay dài quá {most} ký tự | "
        "user name {username!r} may not be empty, have spaces or more than {most} characters"
    ),
    "username_taken": "đã có tài khoản “{username}” | account {username!r} exists already",
    "device_unknown": "không có thiết bị “{device_code}” | no device {device_code!r}",
    "device_withdrawn": "thiết bị “{device_code}” đã thu hồi | device {device_code!r} is withdrawn",
    "device_kind_unknown": "không có loại thiết bị “{kind}” | no kind of device {kind!r}",
    "device_name_malformed": (
        "tên thiết bị phải có từ 1 đến {most} ký tự | a device's name has 1 to {most} characters"
    ),
    "pin_malformed": "mã PIN phải gồm 4 đến 8 chữ số | a PIN has 4 to 8 digits",
    "device_other_unit": (
        "thiết bị “{device_code}” thuộc đơn vị khác với địa chỉ “{number}” | "
        "device {device_code!r} belongs to another unit than address {number!r}"
    ),
    "storage_state_unknown": "không có trạng thái bộ nhớ “{storage}” | no state of storage {storage!r}",
    "rescue_device_elsewhere": (
        "tệp là của thiết bị “{device_code}”, không thuộc đơn vị hay đợt khảo sát này | "
        "the file is of device {device_code!r}, which belongs to another unit or round"
    ),
    "rescue_device_missing": (
        "tệp thiếu dòng đầu ghi mã thiết bị; hãy thêm --device MÃ | "
        "the first line with the device is missing; add --device CODE"
    ),
    "rescue_device_unknown": (
        "không có thiết bị “{device_code}” như tệp ghi | no device {device_code!r}, which the file names"
    ),
    "account_unknown": "không có tài khoản “{username}” | no account {username!r}",
}
_FAULTS = {
    "column_missing": "thiếu cột | column is missing",
    "column_unknown": "cột không có trong mẫu | unknown column",
    "column_twice": "cột lặp lại | column stands twice",
    "no_rows": "tệp không có dòng nào | the file has no rows",
    "empty": "ô trống | cell is empty",
    "too_many_cells": "dòng có nhiều ô hơn tiêu đề | more cells than the heading",
    "not_a_date": "không phải ngày (ví dụ 2025-07-01 hoặc 1/7/2025) | not a date",
    "not_a_count": "không phải số nguyên dương | not a whole number above 0",
    "too_large": "số quá lớn | number is too large",
    "not_a_number": "không phải số | not a number",
    "not_a_percentage": (
        "không phải tỷ lệ phần trăm trên 1 đến 100 (85, không phải 0,85) | not a percentage above 1 up to 100"
    ),
    "not_known": "giá trị không có trong danh mục | not in the catalogue",
    "sector_not_asked": "mẫu phiếu này không hỏi lĩnh vực | this questionnaire does not ask for a sector",
    "not_in_round": "không thuộc đợt khảo sát này | not part of this round",
    "twice": "lặp lại | stands twice",
    "not_an_interviewer": "không phải máy của điều tra viên | not an interviewer's device",
    "device_withdrawn": "thiết bị đã thu hồi | the device was withdrawn",
    "device_other_unit": "thiết bị thuộc đơn vị khác | the device belongs to another unit",
    "too_long": "quá dài | too long",
    "code_malformed": (
        "mã chỉ được gồm chữ không dấu, số, dấu chấm, gạch nối, gạch dưới | "
        "a code may have letters a–z, digits, points, hyphens and underscores only"
    ),
    "own_successor": "không thể thay thế chính mình | cannot be its own successor",
    "not_printable": "có ký tự không in được | has characters that cannot be printed",
    "personal_number": (
        "giống số điện thoại hoặc số căn cước; danh sách không được có thông tin cá nhân | "
        "looks like a phone number or an identity card; the list may name nobody"
    ),
    "visited": "điều tra viên đã đến, không sửa được | cannot be changed: somebody has been there",
    "before_valid_from": "trước ngày bắt đầu | before valid_from",
    "in_use": (
        "đợt khảo sát đã đóng dùng giá trị cũ; hãy thêm dòng có ngày (năm) bắt đầu mới | "
        "a closed round has used the former value; add a row with a new first day (or year)"
    ),
    "in_use_open": (
        "đợt khảo sát đang mở dùng chỉ tiêu này; hãy giữ nguyên, hoặc lập bộ chỉ tiêu khác | "
        "an open round is judged by this target; keep it, or make another target set"
    ),
    "name_in_use": (
        "đợt khảo sát đã đóng dùng tên cũ của mã này; hãy dùng mã mới cho tên mới | "
        "a closed round has used the former name of this code; take a new code for the new name"
    ),
    "overlaps": "trùng thời gian hiệu lực với dòng khác cùng mã | overlaps another row of this code",
    "not_csv": "không đọc được dạng CSV (dấu ngoặc kép?) | not readable as CSV (quotation marks?)",
    "encoding": "tệp không phải UTF-8; hãy lưu lại dạng “CSV UTF-8” | the file is not UTF-8",
    "encoding_unknown": (
        "tệp không phải UTF-8 (có thể là Windows-1258 hoặc TCVN3); hãy lưu lại dạng “CSV UTF-8” | "
        "the file is not UTF-8 (it may be Windows-1258 or TCVN3); save it as “CSV UTF-8”"
    ),
}

_RESCUE_FAULTS = {
    "no_first_line": "thiếu dòng đầu ghi mã thiết bị | the first line with the device is missing",
    "cut": (
        "thiếu dòng cuối: tệp bị cắt hoặc thiết bị không đọc được hết phiếu | its last line is missing: the "
        "file was cut, or the device could not read all that it holds"
    ),
    "device_unknown": "do thiết bị không có ở đây thu | was taken by a device that is not known here",
    "device_elsewhere": (
        "do thiết bị của đợt hoặc đơn vị khác thu | was taken by a device of another round or unit"
    ),
    "count_differs": "số phiếu khác với số ghi ở dòng cuối | not as many responses as the last line says",
    "not_readable": "không đọc được | cannot be read",
    "not_a_line": "không phải dòng của tệp cứu phiếu | no line of a rescue file",
    "changed": "đã bị sửa sau khi thiết bị ghi | was changed after the device wrote it",
    "too_long": "quá dài | is too long",
    "other_format": "thuộc loại tệp khác hoặc phiên bản khác | belongs to another kind or version of file",
    "no_device": "không ghi mã thiết bị | names no device",
    "visit_count_differs": (
        "số lần đến khác với số ghi ở dòng cuối | not as many visits as the last line says"
    ),
    "visit_malformed": "ghi kết quả lần đến không hiểu được | says of a visit what cannot be understood",
    "visit_conflict": (
        "ghi lần đến đã lưu với kết quả khác; giữ kết quả đã lưu | "
        "gives a visit that is stored another outcome; the stored one stands"
    ),
    "assignment_unknown": (
        "là lần đến một địa chỉ không có trong danh sách của đơn vị này | "
        "is a visit to an address that is not in the list of the device's unit"
    ),
    "not_an_interviewer": (
        "là lần đến nhưng thiết bị không phải máy của điều tra viên | "
        "is a visit, but the device is no interviewer's"
    ),
    "round_not_open": "là lần đến nhưng đợt khảo sát chưa mở | is a visit, but the round was not opened yet",
}


def sentences_of(error: SurveyError) -> list[str]:
    """One sentence a fault."""
    if isinstance(error, ImportRefused):
        return [_fault_sentence(fault) for fault in error.faults]
    if isinstance(error, AnswersRefused):
        return [problem_sentence(problem) for problem in error.problems]
    pattern = _REFUSALS.get(str(error.params.get("reason", error.code)))
    return [pattern.format(**error.params) if pattern else f"{error.code} {error.params}"]


def problem_sentence(problem: Problem) -> str:
    """Where a questionnaire or an answer is faulty, and why."""
    place = f"{problem.path}: " if problem.path else ""
    return f"{place}{render_problem(problem, 'vi')} | {render_problem(problem, 'en')}"


def _fault_sentence(fault: RowFault) -> str:
    place = ", ".join(
        part
        for part in (f"dòng {fault.row}" if fault.row else "", f"cột {fault.column}" if fault.column else "")
        if part
    )
    value = f" “{fault.value}”" if fault.value else ""
    return f"{place or 'tệp'}: {_FAULTS[fault.code]}{value}"


def rescue_fault_sentence(fault: LineFault) -> str:
    """One faulty line of a rescue file, or a fault of the file as a whole."""
    detail = f" ({fault.detail})" if fault.detail else ""
    return f"{f'dòng {fault.line}' if fault.line else 'tệp'}: {_RESCUE_FAULTS[fault.code]}{detail}"
