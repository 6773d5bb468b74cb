"""Pages that show every component are valid, labelled and free of inline code."""

import pytest

from tests.html import check_html

PAGES = ["citizen", "citizen?errors=1", "kiosk", "official"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_of_components_has_no_fault(client, page, language):
    client.set_cookie("ngon_ngu", language)
    check_html(client.get(f"/style/{page}"))


def test_nothing_is_chosen_for_the_respondent(client):
    page = client.get("/style/citizen").text
    question = page.split('id="q02-question"')[1].split("</fieldset>")[0]
    assert "checked" not in question


def test_an_error_is_tied_to_its_question_and_to_the_summary(client):
    page = client.get("/style/citizen?errors=1").text
    assert '<a href="#q03">' in page
    assert 'id="q03"' in page
    assert 'aria-describedby="q03-error" aria-invalid="true"' in page
    assert page.split("<title>")[1].startswith(("Lỗi: ", "Error: "))
    assert 'value="hai"' in page


def test_the_banner_stands_on_demonstration_pages_only(client):
    assert 'class="demonstration"' in client.get("/style/official").text
    assert 'class="demonstration"' not in client.get("/style/citizen").text


def test_a_verdict_is_sign_word_and_colour(client):
    page = client.get("/style/official").text
    for kind, sign in (("met", "✓"), ("not-met", "✕"), ("inconclusive", "≈")):
        badge = page.split(f"verdict verdict--{kind}")[1].split("</td>")[0]
        assert sign in badge
        assert len(badge.split("</span>")[1].strip()) > 2


def test_a_drawn_interval_says_in_words_what_it_shows(client):
    drawing = (
        client.get("/style/official").text.split('class="interval interval--not-met"')[1].split("</svg>")[0]
    )
    assert "81,2%" in drawing
    assert "79,0–83,3%" in drawing
    assert "85%" in drawing
    assert 'x1="30.00%" x2="44.33%"' in drawing


def test_an_interval_beyond_the_axis_is_marked_as_cut(app):
    macro = app.jinja_env.get_template("components/interval.html").module.interval_drawing
    with app.test_request_context():
        drawing = macro(low=0.5, high=0.9, estimate=0.6, target=0.5, axis_low=0.7, axis_high=1)
    assert "interval-cut" in drawing
    assert "<circle" not in drawing
    assert "interval-target" not in drawing


def test_the_styles_of_a_citizen_page_stay_small(client):
    packed = [
        client.get(f"/static/css/{name}.css", headers={"Accept-Encoding": "gzip"}, buffered=True).data
        for name in ("base", "citizen")
    ]
    assert sum(map(len, packed)) <= 5 * 1024
