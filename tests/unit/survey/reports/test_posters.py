"""Posters as they come out: read back as a phone reads them, and as a screen reader does."""

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from questionnaires.model import Text
from survey.reports.posters import PAPERS, Paper, Poster, render_poster, render_posters
from tests.factories import SHIPPED_FORMS, shipped_form

MILLIMETRES = 72 / 25.4
SIZES = {"a4": (210, 297), "a5": (148, 210)}
UNIT = Text(
    vi="Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Quảng Trị",
    en="Office of the National Assembly Delegation and the People's Council of Quang Tri Province",
)
PROCEDURE = Text(
    vi="Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài "
    "sản gắn liền với đất lần đầu đối với cá nhân, cộng đồng dân cư, hộ gia đình, người gốc Việt Nam "
    "định cư ở nước ngoài",
    en="First registration of land and attached assets and first certificate of land use rights and "
    "ownership, for persons, communities, households and people of Vietnamese origin living abroad",
)


def make_poster(form_id: str = "tthc", **changes: object) -> Poster:
    questionnaire = shipped_form(form_id)
    address = f"https://khaosat.quangtri.gov.vn/khao-sat/dot-2026-q3/{form_id}/18880"
    return Poster(**{"questionnaire": questionnaire, "unit_name": UNIT, "address": address, **changes})  # type: ignore[arg-type]


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("form_id", SHIPPED_FORMS)
def test_every_form_has_a_poster_of_one_page_that_can_be_read(form_id: str) -> None:
    poster = make_poster(form_id, is_demonstration=True)

    pdf = render_poster(poster, "a4", "pdf")

    questionnaire = poster.questionnaire
    words = words_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert UNIT.vi.upper() in words
    for text in (questionnaire.short_title, questionnaire.introduction.contact):
        assert text.vi in words
        assert text.en in words
    assert ("Mời em cho ý kiến" in words) == (questionnaire.address == "em")
    assert poster.address in words.replace("\u200b", "")


@pytest.mark.parametrize("paper", PAPERS)
def test_whom_the_round_names_stands_on_the_poster(paper: Paper) -> None:
    contact = Text(
        vi="Sở Nội vụ tỉnh Quảng Trị, điện thoại 0233 000 000, hailong@example.vn",
        en="Department of Home Affairs, telephone 0233 000 000, hailong@example.vn",
    )

    pdf = render_poster(make_poster(contact=contact, procedure=PROCEDURE), paper, "pdf")

    words = words_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert contact.vi in words
    assert contact.en in words


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("procedure", [None, PROCEDURE])
def test_a_phone_reads_the_address_off_the_page(paper: Paper, procedure: Text | None) -> None:
    address = "https://khaosat.quangtri.gov.vn/khao-sat/dot-2026-q3/tthc/18880?thu-tuc=1.013978"
    poster = make_poster(procedure=procedure, address=address, is_demonstration=True)

    picture = Image.open(io.BytesIO(render_poster(poster, paper, "png")))

    read = zxingcpp.read_barcodes(picture)

    assert [code.text for code in read] == [address]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("code", ["danh-gia-quy-iv-2026", "danh-gia-su-hai-long-cua-nguoi-dan-quy-iv-2026"])
def test_the_address_never_breaks_inside_a_word(paper: Paper, code: str) -> None:
    address = f"https://khaosat.quangtri.gov.vn/khao-sat/{code}/tthc/18880?thu-tuc=1.013978"

    pdf = render_poster(make_poster(address=address, procedure=PROCEDURE), paper, "pdf")

    lines = PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("https://"))
    last = next(number for number, line in enumerate(lines) if line.strip().endswith("1.013978"))
    printed = [line.strip() for line in lines[first : last + 1]]
    assert "".join(printed) == address
    assert all(line.startswith(("/", "?")) for line in printed[1:])


@pytest.mark.parametrize("paper", PAPERS)
def test_the_longest_names_fit_on_one_page_of_its_size(paper: Paper) -> None:
    poster = make_poster(procedure=PROCEDURE, is_demonstration=True)

    pages = PdfReader(io.BytesIO(render_poster(poster, paper, "pdf"))).pages

    assert len(pages) == 1
    size = (float(pages[0].mediabox.width), float(pages[0].mediabox.height))
    assert size == pytest.approx([side * MILLIMETRES for side in SIZES[paper]], abs=1)


def test_the_pdf_is_tagged_named_and_accessible() -> None:
    reader = PdfReader(io.BytesIO(render_poster(make_poster(), "a4", "pdf")))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert UNIT.vi in str(reader.metadata.title)


def test_the_picture_is_the_same_drawing() -> None:
    svg = render_poster(make_poster(), "a5", "svg")

    assert svg.lstrip().startswith(b"<svg")
    assert b"http://www.w3.org/2000/svg" in svg


def test_wording_is_never_read_as_markup() -> None:
    odd = Text(vi="#panic() *Sở* $x$ @a \\ <b>", en="#include")

    words = words_of(render_poster(make_poster(unit_name=odd, procedure=odd), "a4", "pdf"))

    assert odd.vi in words
    assert odd.vi.upper() in words


def test_many_posters_are_one_file() -> None:
    posters = [make_poster(unit_name=Text(vi=f"Đơn vị {number}", en="Unit")) for number in range(3)]

    pages = PdfReader(io.BytesIO(render_posters(posters, "a5"))).pages

    assert [f"ĐƠN VỊ {number}" in page.extract_text() for number, page in enumerate(pages)] == [True] * 3
