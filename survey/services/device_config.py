"""What a device needs to ask its questionnaires without a network."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any, Final

from questionnaires.model import Questionnaire, Text
from survey.services.devices import DeviceAccess
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import contact_of
from survey.services.spoken_consent import speak_consent
from survey.store import catalogue, rounds
from survey.store.database import Session

SETTINGS: Final = {
    "idle_seconds": 80,
    # WCAG 2.2.1 asks for 20 seconds to answer a warning at least.
    "warning_seconds": 20,
    "minimum_interval_seconds": 10,
    "thanks_seconds": 20,
}


@dataclass(frozen=True)
class DeviceConfig:
    """`content` is ready for JSON; `etag` changes with it."""

    content: dict[str, Any]
    etag: str


def build_device_config(session: Session, device: DeviceAccess, *, today: date) -> DeviceConfig:
    """The round, the unit and the forms asked there, with the choices that come from the catalogue."""
    survey_round = rounds.fetch_round(session, device.round_id)
    unit = rounds.fetch_unit(session, device.unit_id)
    content = {
        "device": {name: getattr(device, name) for name in ("code", "name", "kind", "pin_hash")},
        "round": {
            "code": survey_round.code,
            "title": {"vi": survey_round.title, "en": survey_round.title_en},
            "status": survey_round.status,
            "opens_on": survey_round.opens_on.isoformat(),
            "closes_on": survey_round.closes_on.isoformat(),
            "is_demonstration": survey_round.is_demonstration,
        },
        "unit": {"code": unit.code, "name": {"vi": unit.name, "en": unit.name_en}},
        "forms": [
            _form(session, device, contact_of(survey_round), questionnaire, today)
            for questionnaire in _list_questionnaires(session, device)
        ],
        "settings": SETTINGS,
        "app_version": version("hailong"),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return DeviceConfig(content, hashlib.sha256(text.encode()).hexdigest()[:32])


def _document(questionnaire: Questionnaire, contact: Text | None) -> dict[str, Any]:
    """The questionnaire as it was published; whom the round names stands behind its own words."""
    document = questionnaire.document()
    if contact is None:
        return document
    told = questionnaire.introduction
    both = {"vi": f"{told.contact.vi} {contact.vi}", "en": f"{told.contact.en} {contact.en}"}
    return document | {"introduction": {**document["introduction"], "contact": both}}


def _list_questionnaires(session: Session, device: DeviceAccess) -> list[Questionnaire]:
    return [
        get_questionnaire(session, form.version_id, form.digest)
        for form in rounds.list_forms(session, device.round_id)
        if rounds.find_round_unit(session, device.round_id, form.version_id, device.unit_code) is not None
    ]


def _form(
    session: Session, device: DeviceAccess, contact: Text | None, questionnaire: Questionnaire, today: date
) -> dict[str, Any]:
    form = _document(questionnaire, contact) | {"choices": _list_choices(session, questionnaire, today)}
    if device.kind == "interviewer":
        form["spoken_consent"] = _plain(speak_consent(questionnaire.consent))
    return form


def _list_choices(session: Session, questionnaire: Questionnaire, today: date) -> dict[str, Any]:
    question = questionnaire.question_with_role("procedure")
    if question is None:
        return {}
    return {
        question.id: [
            {
                "code": procedure.code,
                "label": _plain(Text(vi=procedure.name, en=procedure.name_en)),
                "sector": procedure.sector_code,
            }
            for procedure in catalogue.list_procedures(session, today)
        ]
    }


def _plain(text: Text) -> dict[str, str | None]:
    return {"vi": text.vi, "en": text.en}
