"""The checker of pages finds what it is there for."""

import pytest

from tests.html import check_html

PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Tên</title></head>
<body><main><h1>Đầu đề</h1>{}</main></body></html>"""
SOUND = """<h2>Phần</h2><form action="/gui" method="post"><label for="a">Tên</label><input id="a" name="a">
<label><input type="radio" name="b"> Có</label><button>Gửi</button></form><a href="/">Về</a>"""


def test_a_sound_page_passes():
    check_html(PAGE.format(SOUND))


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<p><div></p>", "invalid HTML"),
        ("<h1>Hai</h1>", "2 h1"),
        ("<h3>Ba</h3>", "skips a level"),
        ('<input name="x">', "no label"),
        ('<label for="x"></label><input id="x">', "no label"),
        ("<textarea name=x></textarea>", "no label"),
        ("<button></button>", "no words"),
        ('<img src="/a.png">', "no alt"),
        ("<svg></svg>", "neither named nor hidden"),
        ('<p id="x"></p><p id="x"></p>', "used 2 times"),
        ('<label for="nowhere">A</label>', "not there"),
        ('<a href="#nowhere">A</a>', "not there"),
        ('<p aria-describedby="nowhere">A</p>', "not there"),
        ('<p style="color:red">A</p>', "inline style"),
        ("<style>p{}</style>", "inline <style>"),
        ("<script>1</script>", "inline <script>"),
        ('<button onclick="x()">A</button>', "inline onclick"),
        ('<a href="javascript:x()">A</a>', "script in href"),
        ('<img alt="" src="https://cdn.test/a.png">', "another host"),
        ('<a href="//other.test">A</a>', "another host"),
        ("<fieldset><p>A</p></fieldset>", "legend"),
        ("<table><tbody><tr><td>A</td></tr></tbody></table>", "no caption"),
    ],
)
def test_a_fault_is_named(part, fault):
    with pytest.raises(AssertionError, match=fault):
        check_html(PAGE.format(part))


def test_all_faults_are_listed_at_once():
    page = '<html><head></head><body><p id=""></p></body></html>'
    with pytest.raises(AssertionError) as raised:
        check_html(page)
    for fault in ("invalid HTML", "lang", "no title", "0 h1", "one main", "not a name"):
        assert fault in str(raised.value)


def test_the_headers_of_an_answer_are_checked_too(app):
    @app.get("/loose")
    def loose():
        return PAGE.format(""), 200, {"Content-Security-Policy": "default-src *"}

    with pytest.raises(AssertionError, match="Content-Security-Policy"):
        check_html(app.test_client().get("/loose"))
