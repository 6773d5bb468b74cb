"""What a citizen's phone loads from the first page to the thanks."""

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.load.page_weight import weigh_session

LIMIT_BYTES = 60 * 1024


def test_a_whole_session_is_light_and_asks_nobody_else(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, factories.SHIPPED_FORMS)

    # A client that leaves compressed pages as they are.
    client = FlaskClient(app, app.response_class)
    weight = weigh_session(client, f"/khao-sat/{factories.ROUND_CODE}/tthc/{factories.UNIT_CODE}")

    assert weight.total <= LIMIT_BYTES, weight.parts
    assert not weight.other_hosts
    assert len(weight.kept) == len([name for name in weight.parts if name.startswith("/static/")])
