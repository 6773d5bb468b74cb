"""Posters with a QR code: chosen on one page, made as a file for a unit or for all of them."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from survey.reports.posters import PAPERS, Paper, Poster, render_poster, render_posters
from survey.reports.typesetting import PageFormat
from survey.services import rounds
from survey.services.procedures import ProcedureLine, group_by_sector, list_procedures
from survey.services.round_forms import RoundForm, get_round_form
from survey.services.rounds import UnitLine
from survey.web import clock, database, request_guard, signed_in
from survey.web.form_addresses import poster_path
from survey.web.public_address import guessed_address, public_url

blueprint = Blueprint("posters", __name__, url_prefix="/quan-tri/dot/<round_code>/ap-phich/<form_id>")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

_TYPES: dict[PageFormat, str] = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png"}
_PROCEDURE, _PAPER, _SEARCH = "thu-tuc", "kho-giay", "tim"


@dataclass(frozen=True)
class Choice:
    """What the address of a page or of a file asks for: a procedure, if any, and the size of the paper."""

    procedure: ProcedureLine | None
    paper: Paper

    @property
    def query(self) -> dict[str, str]:
        """The same for the address of another page."""
        code = {_PROCEDURE: self.procedure.code} if self.procedure else {}
        return {**code, _PAPER: self.paper}


@blueprint.get("")
def show_posters(round_code: str, form_id: str) -> ResponseReturnValue:
    search = request.args.get(_SEARCH, "").strip()
    with database.read() as session:
        line = rounds.get_overview(session, round_code).line
        round_form = get_round_form(session, round_code, form_id)
        procedures = list_procedures(session, round_form.questionnaire, clock.today())
    units = _list_units(round_code, form_id, search)
    choice = _read_choice(procedures)
    return render_template(
        "posters/choose.html",
        line=line,
        questionnaire=round_form.questionnaire,
        units=units,
        addresses={unit.code: public_url(_path(round_form, unit.code, choice)) for unit in units},
        procedures=group_by_sector(procedures),
        choice=choice,
        papers=PAPERS,
        search=search,
        guessed_address=guessed_address(),
        is_bound=not signed_in.sees_every_unit(),
        round_code=line.code,
        is_demonstration=line.is_demonstration,
    )


@blueprint.get("/tat-ca.pdf")
def all_posters(round_code: str, form_id: str) -> Response:
    """The posters of all units of the questionnaire, one a page."""
    signed_in.require_every_unit()
    round_form, choice = _fetch(round_code, form_id)
    units = _list_units(round_code, form_id)
    posters = [_poster(round_form, unit, choice) for unit in units]
    return _file(render_posters(posters, choice.paper), "pdf", "tat-ca", round_form, choice)


@blueprint.get("/<unit_code>.<any(pdf, svg, png):form>")
def poster(round_code: str, form_id: str, unit_code: str, form: PageFormat) -> Response:
    signed_in.require_unit(unit_code)
    round_form, choice = _fetch(round_code, form_id)
    unit = next((unit for unit in _list_units(round_code, form_id) if unit.code == unit_code), None)
    if unit is None:
        abort(404)
    content = render_poster(_poster(round_form, unit, choice), choice.paper, form)
    return _file(content, form, unit_code, round_form, choice)


def _fetch(round_code: str, form_id: str) -> tuple[RoundForm, Choice]:
    with database.read() as session:
        round_form = get_round_form(session, round_code, form_id)
        procedures = list_procedures(session, round_form.questionnaire, clock.today())
    return round_form, _read_choice(procedures)


def _read_choice(procedures: list[ProcedureLine]) -> Choice:
    """404 for what cannot be chosen: no poster is printed for something else than was asked for."""
    code, paper = request.args.get(_PROCEDURE), request.args.get(_PAPER, PAPERS[0])
    procedure = next((line for line in procedures if line.code == code), None)
    known_paper = next((known for known in PAPERS if known == paper), None)
    if known_paper is None or (code and procedure is None):
        abort(404)
    return Choice(procedure, known_paper)


def _list_units(round_code: str, form_id: str, search: str = "") -> list[UnitLine]:
    """The units of the questionnaire whose posters the account may print."""
    own = signed_in.own_unit()
    with database.read() as session:
        units = rounds.list_units(session, round_code, form_id, search)
    return units if own is None else [unit for unit in units if unit.code == own.code]


def _path(round_form: RoundForm, unit_code: str, choice: Choice) -> str:
    code = choice.procedure.code if choice.procedure else None
    return poster_path(round_form.round_code, round_form.questionnaire.id, unit_code, code)


def _poster(round_form: RoundForm, unit: UnitLine, choice: Choice) -> Poster:
    return Poster(
        questionnaire=round_form.questionnaire,
        unit_name=unit.name,
        address=public_url(_path(round_form, unit.code, choice)),
        is_demonstration=round_form.is_demonstration,
        procedure=choice.procedure.name if choice.procedure else None,
        contact=round_form.contact,
    )


def _file(content: bytes, form: PageFormat, name: str, round_form: RoundForm, choice: Choice) -> Response:
    code = choice.procedure.code if choice.procedure else ""
    parts = ("ap-phich", round_form.questionnaire.id, name, code, choice.paper)
    plain = "-".join(filter(None, parts)) + f".{form}"
    headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
    return Response(content, content_type=_TYPES[form], headers=headers)
