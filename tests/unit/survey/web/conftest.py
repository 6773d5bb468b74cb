"""An application without a database behind it, and pages that show every component."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, abort, render_template, request
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, FileSystemLoader

from survey.app import create_app
from survey.settings import Settings

LEVELS = [
    SimpleNamespace(code=code, label=label)
    for code, label in (
        (1, "Rất không hài lòng"),
        (2, "Không hài lòng"),
        (3, "Bình thường"),
        (4, "Hài lòng"),
        (5, "Rất hài lòng"),
        (0, "Không sử dụng, không ý kiến"),
    )
]
WAYS = [
    SimpleNamespace(code="counter", label="Trực tiếp tại Bộ phận Một cửa"),
    SimpleNamespace(code="online", label="Trực tuyến qua Cổng Dịch vụ công"),
    SimpleNamespace(code="post", label="Qua dịch vụ bưu chính công ích"),
]
ITEMS = [
    "Thủ tục được niêm yết công khai đầy đủ",
    "Thủ tục được niêm yết chính xác",
    "Thành phần hồ sơ phải nộp đúng quy định",
    "Thời hạn giải quyết (tính từ ngày hồ sơ được tiếp nhận đến ngày nhận được kết quả) đúng quy định",
]
MEASURES = [
    ("Giải quyết thủ tục hành chính", False, 6120, 0.916, 0.908, 0.924, 0.90, "met"),
    ("Đất đai", True, 2210, 0.812, 0.790, 0.833, 0.85, "not_met"),
    ("Đầu tư", True, 390, 0.861, 0.822, 0.895, 0.85, "inconclusive"),
    ("Dịch vụ y tế công lập", False, 12, None, None, None, 0.85, None),
]


def add_style_pages(app: Flask) -> None:
    """Pages that show every component, for the tests and for whoever wants to look at them."""
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_loader = ChoiceLoader([app.jinja_loader, templates])  # type: ignore[list-item]
    names = ("name", "sub", "n", "estimate", "low", "high", "target", "verdict")
    measures = [dict(zip(names, row, strict=True)) for row in MEASURES]

    @app.route("/style/<page>")
    def style(page: str) -> str:
        errors = [
            ("q03", "Xin Ông/Bà chọn một mức cho câu 3."),
            ("visits", "Xin Ông/Bà ghi số lần bằng chữ số."),
        ]
        return render_template(
            f"style_{page}.html",
            levels=LEVELS,
            ways=WAYS,
            items=ITEMS,
            measures=measures,
            errors=errors if "errors" in request.args else [],
        )

    @app.post("/break/<int:status>")
    def fail(status: int) -> str:
        request.form.get("anything")
        abort(status)


def build_app(directory: Path, **changes: object) -> Flask:
    settings = Settings(
        data_directory=directory,
        database_url=f"sqlite:///{directory / 'absent.db'}",
        secret_key="only for tests",
        **changes,  # type: ignore[arg-type]
    )
    app = create_app(settings)
    add_style_pages(app)
    return app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return build_app(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
