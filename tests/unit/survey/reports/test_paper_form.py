"""The printed form: every word of the questionnaire, the numbers that are keyed, a code on each page."""

import io
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pypdf
import pytest
import zxingcpp
from PIL import Image

from questionnaires import loader
from questionnaires.examples import example_document
from questionnaires.model import Questionnaire, Text
from survey.reports.paper_blocks import PaperBlocks
from survey.reports.paper_form import count_pages, render_paper_forms, render_pictures
from survey.services.paper_batches import Batch
from survey.services.paper_codes import number_questions
from survey.services.paper_printing import FORMS_PER_FILE
from tests import factories

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"


def batch_of(questionnaire: Questionnaire, **changes: object) -> Batch:
    batch = Batch(
        id=1,
        code="L0012",
        round_id=1,
        round_code="2026-h2",
        round_title=Text(vi="Đợt khảo sát 2026", en="Survey round 2026"),
        is_round_closed=False,
        is_demonstration=False,
        questionnaire=questionnaire,
        unit_code="18880",
        unit_name=Text(vi="Phường Đồng Hới", en="Đồng Hới ward"),
        selection="invited",
        language="vi",
        printed_count=100,
        handed_out_count=None,
        returned_count=None,
        status="open",
        created_on=date(2026, 9, 1),
        closed_on=None,
        closed_by=None,
        unsettled_count=0,
        without_sector_count=0,
    )
    return replace(batch, **changes)  # type: ignore[arg-type]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page; lines are joined, since a sentence may be broken anywhere."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text_of(form_id: str, language: str = "vi") -> str:
    return " ".join(
        pages_of(render_paper_forms(batch_of(factories.shipped_form(form_id), language=language), [7]))
    )


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_every_wording_is_on_the_paper(form_id, language):
    text = without_spaces(text_of(form_id, language))
    form = factories.shipped_form(form_id)
    wordings = [form.title, form.introduction.anonymous, *(section.title for section in form.sections)]
    for question in form.questions:
        wordings += [question.text, *(option.label for option in question.options)]
        wordings += [variant.text for variant in question.variants or ()]
    missing = [each.in_language(language) for each in wordings]
    assert [words for words in missing if without_spaces(words) not in text] == []


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_an_english_form_has_no_vietnamese_word(form_id):
    ward = Text(vi="Phường Đồng Hới", en="Ward 7")
    batch = batch_of(factories.shipped_form(form_id), language="en", unit_name=ward)
    text = " ".join(pages_of(render_paper_forms(batch, [7])))
    assert [word for word in text.split() if any(letter in VIETNAMESE for letter in word.casefold())] == []


def test_a_form_says_how_it_is_filled_in_and_where_it_belongs():
    text = text_of("tthc")
    for words in (
        "Đánh dấu ✓ hoặc x",
        "PHƯỜNG ĐỒNG HỚI",
        "Đợt khảo sát 2026",
        "Mẫu tthc, phiên bản 2",
        "Trang 1/3",
    ):
        assert words in text
    assert "Khi điền và nộp phiếu này, Ông/Bà xác nhận" in text
    assert "Bắt đầu" not in text


def test_pupils_are_addressed_as_pupils():
    assert "em có thể để trống" in text_of("giaoduc-hocsinh")


@pytest.mark.parametrize(
    ("language", "said", "generated"),
    [
        (
            "vi",
            ("Có thể chọn nhiều kênh.", "Chọn nhiều nhất 3 nội dung."),
            ("Có thể chọn nhiều ô.", "nhất 3 ô"),
        ),
        ("en", ("You may choose several.", "Choose at most 3."), ("tick several", "Tick at most")),
    ],
)
def test_how_many_boxes_may_be_ticked_is_said_once(language, said, generated):
    text = text_of("sipas", language)
    assert [text.count(sentence) for sentence in said] == [1, 1]
    assert [text.count(sentence) for sentence in generated] == [0, 0]


@pytest.mark.parametrize(
    ("hint", "bound", "how"),
    [
        (None, None, "Có thể chọn nhiều ô."),
        ("Xin kể cả đài của xã.", None, "Có thể chọn nhiều ô."),
        ("Có thể chọn nhiều kênh.", None, ""),
        ("Có thể chọn nhiều kênh.", 2, "Chọn nhiều nhất 2 ô."),
        ("Chọn nhiều nhất 2 kênh.", 2, ""),
        ("Chọn nhiều nhất 2 kênh.", 12, "Chọn nhiều nhất 12 ô."),
    ],
)
def test_how_many_boxes_may_be_ticked_is_said_unless_the_wording_says_it(hint, bound, how):
    form = factories.shipped_form("sipas")
    changes = {"hint": Text(vi=hint, en=hint) if hint else None, "max_choices": bound}
    question = form.question("information_channels").model_copy(update=changes)
    assert PaperBlocks(form, "vi").how_to_tick(question) == how


def test_routing_is_said_in_words():
    assert (
        "Nếu câu 6 chọn “Chưa có kết quả, chưa đến ngày hẹn” hoặc “Chưa có kết quả, đã quá ngày hẹn”, "
        "xin bỏ qua các câu 22–24 và chuyển sang câu 25." in text_of("tthc")
    )


def test_a_demonstration_is_marked():
    batch = batch_of(factories.shipped_form("quay-motcua"), is_demonstration=True)
    assert "PHIẾU MINH HỌA" in pages_of(render_paper_forms(batch, [1]))[0]


def test_each_copy_has_its_number_on_each_page_and_begins_on_a_new_sheet():
    batch = batch_of(factories.shipped_form("tthc"))
    pages = pages_of(render_paper_forms(batch, [7, 8]))
    assert [("L0012-0007" in page, "L0012-0008" in page) for page in pages] == [(True, False)] * 4 + [
        (False, True)
    ] * 4
    assert "Trang này để trống" in pages[3]
    assert "Trang 1/3" in pages[4]


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_the_code_on_every_page_is_read_back(form_id):
    form = factories.shipped_form(form_id)
    batch = batch_of(form)
    for picture in render_pictures(batch, 7):
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
        assert found.text == f"hailong:L0012:7:{form_id}:v{form.version}"


def test_the_heads_of_a_table_stand_on_every_page_of_it():
    document = deepcopy(example_document())
    questions = document["sections"][1]["questions"]
    questions += [{**questions[0], "id": f"more_{number}"} for number in range(60)]
    batch = batch_of(loader.parse_questionnaire(document))
    pages = pages_of(render_paper_forms(batch, [1]))
    with_ratings = [page for page in pages if "Thái độ phục vụ" in page]
    assert len(with_ratings) > 1
    assert all("Bình thường" in page for page in with_ratings)


def test_wording_is_never_read_as_markup():
    document = deepcopy(example_document())
    wild = '#read("/etc/passwd") *đậm* $x$ _a_ \\ <b> @x // ~'
    document["sections"][0]["questions"][0]["text"] = {"vi": wild, "en": wild}
    batch = batch_of(loader.parse_questionnaire(document))
    text = without_spaces(" ".join(pages_of(render_paper_forms(batch, [1]))))
    assert without_spaces(wild) in text


def test_every_vietnamese_letter_comes_from_the_serif():
    """A letter that the font lacks would be drawn with another one, or as a box."""
    document = deepcopy(example_document())
    both = VIETNAMESE + VIETNAMESE.upper()
    document["sections"][0]["questions"][0]["text"] = {"vi": both, "en": both}
    pdf = render_paper_forms(batch_of(loader.parse_questionnaire(document)), [1])
    assert without_spaces(both) in without_spaces(" ".join(pages_of(pdf)))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("Libertinus" in font or "DejaVu" in font for font in fonts)


def test_the_forms_of_one_file_make_a_small_file():
    batch = batch_of(factories.shipped_form("tthc"))
    pdf = render_paper_forms(batch, range(1, FORMS_PER_FILE + 1))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 4 * FORMS_PER_FILE
    assert len(pdf) < 1_000_000


def test_pages_are_counted_without_the_blank_one():
    assert count_pages(batch_of(factories.shipped_form("tthc"))) == 3


def test_a_long_head_stays_on_the_part_of_the_paper_that_is_printed():
    long = " ".join(["Trung tâm Phục vụ hành chính công"] * 12)
    batch = batch_of(
        factories.shipped_form("quay-motcua"),
        unit_name=Text(vi=long, en=long),
        round_title=Text(vi=long, en=long),
        is_demonstration=True,
    )
    page = pypdf.PdfReader(io.BytesIO(render_paper_forms(batch, [1]))).pages[0]
    tops: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, tm, _font, _size: tops.append(tm[5]) if text.strip() else None
    )
    least_margin = 6 / 25.4 * 72
    assert max(tops) < float(page.mediabox.height) - least_margin
    assert "…" in page.extract_text()


def test_the_longest_form_fits_on_five_pages():
    assert count_pages(batch_of(factories.shipped_form("sipas"))) == 5


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_a_table_is_torn_apart_only_with_three_rows_on_either_side(form_id):
    """The numbers of neighbouring ratings on a page: never one or two of a table alone."""
    form = factories.shipped_form(form_id)
    pages = pages_of(render_paper_forms(batch_of(form), [1]))
    on_page = {}
    for numbered in number_questions(form):
        words = without_spaces(numbered.question.text.vi)
        on_page[numbered.number] = next(
            (place for place, text in enumerate(pages) if words in without_spaces(text)), None
        )
    for block in PaperBlocks(form, "vi").blocks():
        if block["kind"] != "grid":
            continue
        places = [on_page[row["number"]] for row in block["rows"]]
        counts = [places.count(place) for place in sorted({place for place in places if place is not None})]
        assert len(counts) == 1 or min(counts) >= 3


def test_the_question_for_the_sector_says_that_it_is_needed():
    text = text_of("tthc")
    assert text.count("Câu này cần được trả lời") == 1


def test_whom_the_round_names_stands_behind_the_words_of_the_questionnaire() -> None:
    questionnaire = factories.shipped_form("tthc")
    contact = Text(vi="Sở Nội vụ, 0233 000 000", en="Home Affairs, 0233 000 000")

    text = " ".join(pages_of(render_paper_forms(batch_of(questionnaire, contact=contact), [1])))

    assert without_spaces(f"{questionnaire.introduction.contact.vi}{contact.vi}") in without_spaces(text)
