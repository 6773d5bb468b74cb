"""`/health`: is this process alive, and does its database answer?"""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show() -> ResponseReturnValue:
    # An unreachable database raises, and the table of errors answers 503.
    current_app.extensions["database"].check()
    return jsonify(status="ok")
