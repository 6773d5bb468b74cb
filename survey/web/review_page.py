"""The answers once more, before they are sent."""

from dataclasses import dataclass

from flask import render_template

from questionnaires.model import Section
from questionnaires.routing import visible_questions, visible_sections
from survey.services.drafts import Draft
from survey.web import open_responses, section_page
from survey.web.forms.answers import render_raw
from survey.web.question_fields import QuestionField, build_fields


@dataclass(frozen=True)
class ReviewLine:
    field: QuestionField
    correction_url: str


@dataclass(frozen=True)
class ReviewPart:
    section: Section
    correction_url: str
    lines: tuple[ReviewLine, ...]


def show_review(draft: Draft, *, has_lost_token: bool) -> str:
    parts = [_build_part(draft, section) for section in visible_sections(draft.questionnaire, draft.answers)]
    return render_template(
        "respond/review.html",
        draft=draft,
        questionnaire=draft.questionnaire,
        parts=parts,
        back_url=section_page.section_url(draft, parts[-1].section),
        has_lost_token=has_lost_token,
        was_refused=open_responses.was_refused(),
    )


def _build_part(draft: Draft, section: Section) -> ReviewPart:
    questions = visible_questions(draft.questionnaire, draft.answers, section)
    raw = render_raw(draft.questionnaire, draft.answers)
    fields = build_fields(questions, raw, draft.answers, draft.choice_labels)
    lines = (
        ReviewLine(field, section_page.correction_url(draft, section, field.question_id)) for field in fields
    )
    return ReviewPart(section, section_page.correction_url(draft, section), tuple(lines))
