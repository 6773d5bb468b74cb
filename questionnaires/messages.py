"""One line about a problem, in Vietnamese or English, for the command line.

The web pages have sentences of their own, for respondents; these are for form
authors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from questionnaires.problems import Problem
from questionnaires.values import Language

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    # The writing of the file.
    "not_utf8": (
        "tệp không phải mã UTF-8 (nhận thấy: {encoding}, dòng {line}); hãy lưu lại bằng UTF-8",
        "the file is not UTF-8 (seen: {encoding}, line {line}); save it as UTF-8",
    ),
    "file_too_large": ("tệp lớn hơn {max} byte", "the file is larger than {max} bytes"),
    "empty_file": ("tệp không có nội dung", "the file is empty"),
    "yaml_syntax": (
        "sai cú pháp YAML ở dòng {line}, cột {column}: {reason}",
        "YAML syntax error in line {line}, column {column}: {reason}",
    ),
    "duplicate_key": ("khóa “{key}” lặp lại ở dòng {line}", "the key “{key}” is repeated in line {line}"),
    "key_not_text": ("khóa phải là chữ", "a key must be text"),
    "yaml_boolean": (
        '{value} không có dấu ngoặc kép (dòng {line}) bị YAML hiểu là đúng/sai; hãy viết "{value}"',
        'bare {value} (line {line}) is read as true or false; write "{value}"',
    ),
    "yaml_tag": (
        "không dùng thẻ YAML {tag} (dòng {line})",
        "the YAML tag {tag} is not allowed (line {line})",
    ),
    "nested_too_deeply": (
        "tệp lồng quá sâu hoặc quá nhiều phần tử (dòng {line})",
        "the file is nested too deeply or has too many entries (line {line})",
    ),
    "wrong_file_name": ("phiếu này phải nằm ở tệp {expected}", "this form belongs in the file {expected}"),
    # The shape.
    "missing_field": ("thiếu “{field}”", "“{field}” is missing"),
    "unknown_field": ("không có trường “{field}” trong mẫu này", "there is no field “{field}” here"),
    "wrong_type": ("sai kiểu, cần: {expected}", "wrong type, expected: {expected}"),
    "not_one_of": ("{value} không hợp lệ, chỉ dùng: {allowed}", "{value} is not one of: {allowed}"),
    "bad_id": (
        "mã “{value}” không hợp lệ: chỉ dùng chữ thường không dấu, chữ số, gạch dưới",
        "“{value}” is no valid code: use plain lower-case letters, digits, underscores",
    ),
    "too_few_entries": ("cần ít nhất {min} mục", "at least {min} entries are needed"),
    "missing_text": ("để trống", "is blank"),
    "missing_vietnamese": ("thiếu lời tiếng Việt", "the Vietnamese text is missing"),
    "missing_english": ("thiếu lời tiếng Anh", "the English text is missing"),
    "bad_condition": (
        "điều kiện phải có một trong: in, at_least, at_most, answered, all, any, not",
        "a condition needs one of: in, at_least, at_most, answered, all, any, not",
    ),
    "not_above": ("phải lớn hơn {min}", "must be more than {min}"),
    "invalid": ("không hợp lệ: {reason}", "not valid: {reason}"),
    # The form.
    "duplicate_id": ("mã “{value}” đã dùng ở {first}", "the id “{value}” is already used at {first}"),
    "duplicate_role": (
        "vai trò “{value}” đã dùng ở {first}",
        "the role “{value}” is already used at {first}",
    ),
    "duplicate_code": ("mã {value} đã dùng ở {first}", "the code {value} is already used at {first}"),
    "single_screen_sections": (
        "bố cục single_screen chỉ có một phần, tệp có {count}",
        "the layout single_screen has one section, the file has {count}",
    ),
    "pulse_with_index": (
        "đánh giá nhanh (pulse) không được có chỉ số",
        "a pulse must not have an index",
    ),
    "pulse_with_measure": (
        "đánh giá nhanh (pulse) không đo chỉ tiêu nào: measure phải là null",
        "a pulse serves no measure: measure must be null",
    ),
    "index_missing": ("phiếu đo chỉ số thiếu phần index", "a form for an index needs the part index"),
    "measure_missing": ("phiếu đo chỉ số thiếu measure", "a form for an index needs a measure"),
    # Scales.
    "unused_scale": ("thang đo “{scale}” không câu hỏi nào dùng", "no question uses the scale “{scale}”"),
    "code_not_one_digit": (
        "mã {value} của thang đo phải là một chữ số 0–9",
        "the code {value} of a scale must be one digit 0–9",
    ),
    "wrong_scale_codes": (
        "thang {kind} phải có đúng các mã {expected}, đang có {found}",
        "a scale of kind {kind} has exactly the codes {expected}, found {found}",
    ),
    "codes_out_of_order": (
        "các mã {found} phải xếp tăng dần hoặc giảm dần",
        "the codes {found} must rise or fall",
    ),
    "not_applicable_missing": (
        "thang five_level_na phải ghi not_applicable: [0]",
        "a scale of kind five_level_na needs not_applicable: [0]",
    ),
    "not_applicable_not_allowed": (
        "chỉ thang five_level_na có not_applicable, thang này là {kind}",
        "only five_level_na has not_applicable, this scale is {kind}",
    ),
    # Index.
    "element_without_items": (
        "yếu tố “{element}” không có tiêu chí nào",
        "no question belongs to the element “{element}”",
    ),
    "weight_missing": ("thiếu trọng số của yếu tố", "the element's weight is missing"),
    "weight_not_allowed": (
        "chỉ weighted_elements mới có weight, cách tính ở đây là {composition}",
        "only weighted_elements has weights, the composition is {composition}",
    ),
    "weights_do_not_sum": (
        "tổng trọng số các yếu tố là {sum}, phải bằng 1",
        "the weights of the elements sum to {sum}, not to 1",
    ),
    "mixed_scales": (
        "thang {kind} không gộp được với thang {first} trong cùng một chỉ số",
        "a scale of kind {kind} cannot share an index with {first}",
    ),
    "satisfied_not_on_scale": (
        "mã hài lòng {code} không có trong thang đo “{scale}”",
        "the satisfied code {code} is not on the scale “{scale}”",
    ),
    "satisfied_not_applicable": (
        "mã {code} nghĩa là không có ý kiến, không thể tính là hài lòng",
        "the code {code} means not applicable and cannot count as satisfied",
    ),
    "all_codes_satisfied": (
        "mọi mã đều tính là hài lòng, chỉ số sẽ luôn là 100%",
        "every code counts as satisfied, the index would always be 100%",
    ),
    # Questions.
    "field_not_for_kind": (
        "câu hỏi loại {kind} không có trường “{field}”",
        "a question of kind {kind} has no field “{field}”",
    ),
    "unknown_scale": ("không có thang đo “{scale}”", "there is no scale “{scale}”"),
    "unknown_element": ("chỉ số không có yếu tố “{element}”", "the index has no element “{element}”"),
    "element_without_index": (
        "phiếu không có chỉ số nên câu hỏi không thể thuộc yếu tố “{element}”",
        "the form has no index, so no question can belong to the element “{element}”",
    ),
    "role_not_for_kind": (
        "vai trò {role} dành cho câu hỏi loại {expected}, câu này là {kind}",
        "the role {role} is for the kind {expected}, this question is {kind}",
    ),
    "min_above_max": ("min {min} lớn hơn max {max}", "min {min} is above max {max}"),
    "too_few_options": (
        "cần ít nhất {min} phương án (câu chọn nhiều: {min} phương án chọn được cùng nhau)",
        "at least {min} options are needed (multiple: {min} that can be chosen together)",
    ),
    "exclusive_only_multiple": (
        "exclusive chỉ dùng cho câu chọn nhiều phương án",
        "exclusive is for questions of kind multiple only",
    ),
    "sector_after_procedure": (
        "câu hỏi lĩnh vực phải đứng trước câu hỏi thủ tục",
        "the question for the sector must come before that for the procedure",
    ),
    # Conditions.
    "unknown_question": ("không có câu hỏi “{question}”", "there is no question “{question}”"),
    "later_question": (
        "điều kiện chỉ được nêu câu hỏi đứng trước; “{question}” không đứng trước",
        "a condition may name earlier questions only; “{question}” is not earlier",
    ),
    "operator_not_for_kind": (
        "{operator} không dùng được với “{question}” (loại {kind})",
        "{operator} does not work on “{question}” (kind {kind})",
    ),
    "impossible_code": (
        "“{question}” không thể có câu trả lời {code}; chỉ có: {allowed}",
        "“{question}” cannot be answered {code}; possible: {allowed}",
    ),
    "impossible_bound": (
        "“{question}” không bao giờ đạt tới {bound}",
        "“{question}” can never reach {bound}",
    ),
    "compares_not_applicable": (
        "phép so sánh tính cả mã “không có ý kiến” của “{question}”; hãy dùng in: [các mã]",
        "the comparison includes the not-applicable code of “{question}”; use in: [codes]",
    ),
    # Answers; too_small, too_large and too_long are problems of a form too.
    "required": ("chưa trả lời", "is not answered"),
    "not_an_option": ("{value} không phải là phương án trả lời", "{value} is not an option"),
    "not_a_number": ("{value} không phải là số", "{value} is not a number"),
    "not_a_whole_number": ("{value} không phải là số nguyên", "{value} is not a whole number"),
    "too_small": ("nhỏ hơn {min}", "is below {min}"),
    "too_large": ("lớn hơn {max}", "is above {max}"),
    "too_long": ("dài hơn {max} ký tự", "is longer than {max} characters"),
    "too_many_choices": ("chọn nhiều hơn {max} phương án", "has more than {max} choices"),
    "exclusive_choice": (
        "phương án loại trừ được chọn cùng phương án khác",
        "an exclusive option is chosen together with another one",
    ),
    "off_path": (
        "câu này không phải trả lời, theo hướng dẫn chuyển câu",
        "the question is not on this respondent's path",
    ),
}


_TYPE_NAMES: Final[Mapping[object, tuple[str, str]]] = {
    "text": ("chữ", "text"),
    "whole_number": ("số nguyên", "a whole number"),
    "number": ("số", "a number"),
    "true_or_false": ("true hoặc false", "true or false"),
    "list": ("danh sách", "a list"),
    "mapping": ("nhóm khóa: giá trị", "a group of key: value"),
    "code": ("mã (số nguyên hoặc chữ)", "a code (a whole number or text)"),
}


class _Params(dict[str, object]):
    """Fills a sentence even when a value is not given."""

    def __missing__(self, key: str) -> str:
        return "?"


def render_problem(problem: Problem, language: Language = "vi") -> str:
    """Return one line about a problem, without its path.

    Examples
    --------
    >>> render_problem(Problem("unknown_scale", "sections[0].questions[1].scale", {"scale": "five"}), "en")
    'there is no scale “five”'
    """
    sentences = MESSAGES.get(problem.code)
    if sentences is None:
        return problem.code
    place = 1 if language == "en" else 0
    params = _Params({name: _render_value(value) for name, value in problem.params.items()})
    if problem.code == "wrong_type":
        names = _TYPE_NAMES.get(params["expected"])
        params["expected"] = names[place] if names else "?"
    return sentences[place].format_map(params)


def _render_value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(entry) for entry in value)
    return " ".join(str(value).split())[:120]
