"""A small complete questionnaire, used by the examples of the docstrings and by tests."""

from __future__ import annotations

from typing import Any


def _text(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def example_document() -> dict[str, Any]:
    """Return a new copy of the example, as a form file would be read.

    Examples
    --------
    >>> [section["id"] for section in example_document()["sections"]]
    ['visit', 'service', 'closing']
    """
    return {
        "format": 1,
        "id": "vi-du",
        "version": 1,
        "measure": "tthc",
        "purpose": "index",
        "layout": "sections",
        "address": "ong_ba",
        "title": _text("Phiếu ví dụ", "Example form"),
        "short_title": _text("Ví dụ", "Example"),
        "introduction": _introduction(),
        "consent": _text("Tôi đồng ý trả lời.", "I agree to answer."),
        "source": _text("Câu chữ của dự án.", "The project's own words."),
        "scales": {"satisfaction": _scale()},
        "index": {
            "satisfied": [3],
            "elements": [{"id": "service", "title": _text("Sự phục vụ", "Service")}],
        },
        "sections": [_visit_section(), _service_section(), _closing_section()],
    }


def _introduction() -> dict[str, Any]:
    return {
        "who": _text("Sở Nội vụ hỏi.", "The Department of Home Affairs asks."),
        "why": _text("Để phục vụ tốt hơn.", "To serve better."),
        "duration": _text("Khoảng 2 phút.", "About 2 minutes."),
        "voluntary": _text("Trả lời là tự nguyện.", "Answering is voluntary."),
        "anonymous": _text("Phiếu không ghi tên.", "The form records no name."),
        "contact": _text("Hỏi bộ phận một cửa.", "Ask the one-stop desk."),
    }


def _scale() -> dict[str, Any]:
    labels = [
        (1, "Không hài lòng", "Dissatisfied"),
        (2, "Bình thường", "Neutral"),
        (3, "Hài lòng", "Satisfied"),
    ]
    return {
        "kind": "three_level",
        "options": [{"code": code, "label": _text(vi, en)} for code, vi, en in labels],
    }


def _visit_section() -> dict[str, Any]:
    return {
        "id": "visit",
        "title": _text("Lần đến gần nhất", "The last visit"),
        "questions": [
            {"id": "visited", "kind": "yes_no", "text": _text("Ông/Bà đã đến chưa?", "Did you visit?")},
        ],
    }


def _service_section() -> dict[str, Any]:
    return {
        "id": "service",
        "title": _text("Sự phục vụ", "Service"),
        "show_if": {"question": "visited", "in": ["yes"]},
        "questions": [
            _rating("q01", "Thái độ phục vụ", "Attitude"),
            _rating("q02", "Thời gian giải quyết", "Time taken"),
        ],
    }


def _rating(question_id: str, vi: str, en: str) -> dict[str, Any]:
    return {
        "id": question_id,
        "kind": "rating",
        "scale": "satisfaction",
        "element": "service",
        "text": _text(vi, en),
    }


def _closing_section() -> dict[str, Any]:
    return {
        "id": "closing",
        "title": _text("Ý kiến khác", "Other opinions"),
        "questions": [
            {
                "id": "expected",
                "kind": "percentage",
                "role": "expectation",
                "min": 0,
                "max": 200,
                "text": _text("Đáp ứng bao nhiêu phần trăm mong đợi?", "What % of expectation was met?"),
            },
            {
                "id": "channels",
                "kind": "multiple",
                "max_choices": 2,
                "text": _text("Ông/Bà biết qua đâu?", "How did you learn of it?"),
                "options": [
                    {"code": "radio", "label": _text("Truyền thanh", "Radio")},
                    {"code": "web", "label": _text("Trang mạng", "Web site")},
                    {"code": "friends", "label": _text("Người quen", "Friends")},
                    {"code": "none", "label": _text("Không biết", "Did not"), "exclusive": True},
                ],
            },
            {"id": "why", "kind": "long_text", "max_length": 100, "text": _text("Góp ý", "Remarks")},
        ],
    }
