"""The export of responses: what goes out, what stays, and in which order."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest

from survey.reports.responses_csv import FIXED_COLUMNS, iterate_responses_csv
from survey.services.exports import export_responses
from survey.services.frames import import_frame
from survey.services.problems import QuestionnaireUnknown, RoundUnknown
from survey.store.database import Database, Session
from tests.factories import (
    OTHER_UNIT_CODE,
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_document,
)
from tests.rounds import SMALL, open_small_round, send, send_many, small_answers, small_document

SECRET = "Gọi tôi qua số 0912 345 678"


def export_csv(session: Session, form_id: str | None = None) -> bytes:
    return b"".join(iterate_responses_csv(session, ROUND_CODE, form_id=form_id))


def read_lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def export_lines(session: Session, form_id: str | None = None) -> list[dict[str, str]]:
    return read_lines(export_csv(session, form_id))


def send_in_order(session: Session, numbers: Sequence[int]) -> None:
    """Responses whose ids rise in the order given, with answers that tell them apart."""
    for position, number in enumerate(numbers):
        answers = small_answers(4, 5, expected=number)
        send(session, answers, response_id=UUID(int=(position + 1) << 96))


def test_a_response_is_a_line_and_each_question_a_column(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 0, 5, expected=110, ways=("radio", "web")), channel="kiosk")
        [line] = export_lines(session)

    assert list(line) == [*FIXED_COLUMNS, *(f"{SMALL}.{name}" for name in ("came", "q1", "q2", "q3"))] + [
        f"{SMALL}.expected",
        f"{SMALL}.ways",
    ]
    answers = {name: value for name, value in line.items() if name.startswith(SMALL)}
    assert list(answers.values()) == ["yes", "4", "0", "5", "110", "radio|web"]
    assert (line["unit_code"], line["channel"], line["selection"]) == (UNIT_CODE, "kiosk", "invited")


def test_a_question_without_answer_is_an_empty_cell(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4))
        [line] = export_lines(session)

    assert [line[f"{SMALL}.{name}"] for name in ("q2", "q3", "expected", "ways")] == [""] * 4


def test_no_id_no_day_and_no_free_text_go_out(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        receipt = send(session, small_answers(4, 5, why=SECRET))
        content = export_csv(session).decode()

    assert "0912" not in content
    assert f"{SMALL}.why" not in content
    assert str(receipt.response_id) not in content
    assert receipt.response_id.hex not in content
    assert "2026-09" not in content.replace(ROUND_CODE, "")


def test_the_order_follows_from_the_answers_and_not_from_the_ids(database: Database) -> None:
    numbers = list(range(40))
    orders = []
    for given in (numbers, numbers[::-1]):
        with database.read() as session:
            open_small_round(session)
            send_in_order(session, given)
            orders.append([int(line[f"{SMALL}.expected"]) for line in export_lines(session)])
            session.rollback()

    assert sorted(orders[0]) == numbers
    assert orders[0] == orders[1]
    assert orders[0] not in (numbers, numbers[::-1])


def test_weights_stratum_and_psu_are_those_of_the_frame(database: Database) -> None:
    frame = (
        "form,unit_code,sector,population,stratum,psu\r\n"
        f"{SMALL},{UNIT_CODE},,90,wards,hall 1\r\n"
        f"{SMALL},{OTHER_UNIT_CODE},,50,wards,hall 2\r\n"
    )
    with database.write() as session:
        open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])
        import_frame(session, ROUND_CODE, frame.encode())
        send_many(session, [(4, 5), (3, 3), (5, 5)])
        send_many(session, [(4, 4)], unit_code=OTHER_UNIT_CODE)
        lines = export_lines(session)

    designs = {(line["final_weight"], line["stratum"], line["psu"]) for line in lines}
    assert designs == {("30.0", "wards", "hall 1"), ("50.0", "wards", "hall 2")}


def test_self_selected_responses_beside_invited_ones_are_marked_and_have_no_weight(
    database: Database,
) -> None:
    with database.write() as session:
        open_small_round(session)
        send_many(session, [(4, 5)])
        send_many(session, [(1, 1)], selection="self_selected", channel="kiosk")
        lines = export_lines(session)

    used = {line["selection"]: (line["used_in_index"], line["final_weight"]) for line in lines}
    assert used == {"invited": ("1", "1.0"), "self_selected": ("0", "")}


def test_invited_responses_to_one_form_keep_self_selected_ones_to_another_out(database: Database) -> None:
    """Both forms serve the same measure, so the choice is one for both, also where one form is exported."""
    with database.write() as session:
        load_catalogue(session)
        for form_id in ("phieu-a", "phieu-b"):
            publish_document(session, small_document(form_id, measure="health"))
        open_round_with(session, ["phieu-a", "phieu-b"], [UNIT_CODE])
        send_many(session, [(4, 5)], form_id="phieu-a")
        send_many(session, [(1, 1)], form_id="phieu-b", selection="self_selected")
        [line] = export_lines(session, "phieu-b")

    assert line["used_in_index"] == "0"


def test_a_pulse_is_in_no_index(database: Database) -> None:
    document = small_document()
    pulse = {**{name: value for name, value in document.items() if name != "index"}, "purpose": "pulse"}
    pulse["measure"] = None
    for question in pulse["sections"][1]["questions"]:
        question.pop("element", None)
    with database.write() as session:
        load_catalogue(session)
        publish_document(session, pulse)
        open_round_with(session, [SMALL], [UNIT_CODE])
        send_many(session, [(4, 5)])
        [line] = export_lines(session)

    assert (line["measure"], line["used_in_index"], line["final_weight"]) == ("", "0", "")


def test_questionnaires_have_columns_of_their_own(database: Database) -> None:
    with database.write() as session:
        load_catalogue(session)
        for form_id in ("phieu-a", "phieu-b"):
            publish_document(session, small_document(form_id))
        open_round_with(session, ["phieu-a", "phieu-b"], [UNIT_CODE])
        send_many(session, [(4, 5)], form_id="phieu-b")
        [line] = export_lines(session)
        [alone] = export_lines(session, "phieu-b")

    assert (line["phieu-a.q1"], line["phieu-b.q1"]) == ("", "4")
    assert not [name for name in alone if name.startswith("phieu-a.")]


def test_a_demonstration_is_marked_on_every_line(database: Database) -> None:
    with database.write() as session:
        load_catalogue(session)
        publish_document(session, small_document())
        open_round_with(session, [SMALL], [UNIT_CODE], is_demonstration=True)
        send_many(session, [(4, 5), (3, 3)])
        lines = export_lines(session)

    assert {(line["data"], line["is_demonstration"]) for line in lines} == {("DỮ LIỆU MINH HỌA", "1")}


def test_more_responses_than_one_piece_holds_all_arrive(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.services.exports._BATCH", 2)
    monkeypatch.setattr("survey.reports.responses_csv._BATCH", 3)
    with database.write() as session:
        open_small_round(session)
        send_many(session, [(1 + number % 5, 5) for number in range(7)])
        pieces = list(iterate_responses_csv(session, ROUND_CODE))

    assert len(pieces) == 4
    assert sorted(line[f"{SMALL}.q1"] for line in read_lines(b"".join(pieces))) == list("1122345")


def test_a_round_without_responses_has_its_heads_alone(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        content = export_csv(session)

    assert content.startswith("\ufeffdata,round_code,".encode())
    assert content.count(b"\r\n") == 1


def test_unknown_codes_are_refused_before_the_first_piece(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        with pytest.raises(RoundUnknown):
            iterate_responses_csv(session, "khong-co")
        with pytest.raises(QuestionnaireUnknown):
            export_responses(session, ROUND_CODE, "khong-co")


def test_few_interviews_at_a_unit_do_not_say_their_channel(database: Database) -> None:
    """Who was visited is known from the interviewers' list."""
    with database.write() as session:
        open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])
        for unit, interviews in ((UNIT_CODE, 4), (OTHER_UNIT_CODE, 5)):
            send_many(session, [(4, 4)] * interviews, unit_code=unit, channel="interviewer")
            send_many(session, [(5, 5)] * 6, unit_code=unit, channel="paper")
        lines = export_lines(session)

    cells = Counter((line["unit_code"], line["channel"], line["clock_band"]) for line in lines)
    assert cells == {
        (UNIT_CODE, "withheld", "withheld"): 10,
        (OTHER_UNIT_CODE, "interviewer", "unknown"): 5,
        (OTHER_UNIT_CODE, "paper", "unknown"): 6,
    }
