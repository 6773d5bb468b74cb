"""The application factory."""

from typing import Any

from flask import Flask, request
from jinja2 import StrictUndefined

from survey import i18n, security
from survey.settings import Settings
from survey.store.database import Database, DatabaseUnreachable
from survey.web import assets, compression, errors, language, list_blueprints, request_guard
from survey.web.api import callers


class Application(Flask):
    """Names the page of an error, not its address: that holds the id of a response."""

    def log_exception(self, exc_info: Any) -> None:
        self.logger.error("error on the page %s", request.endpoint, exc_info=exc_info)


def create_app(settings: Settings) -> Flask:
    app = Application("survey")
    app.testing = settings.testing
    app.extensions["settings"] = settings
    _register_database(app, settings)
    _register_responses(app, settings)
    _register_templates(app, settings)
    _register_blueprints(app)
    _register_error_pages(app)
    return app


def _register_database(app: Flask, settings: Settings) -> None:
    app.extensions["database"] = Database(settings.database_url)


def _register_responses(app: Flask, settings: Settings) -> None:
    # Flask runs these in reverse order: compression sees the finished answer.
    compression.init_app(app)
    security.init_app(app, settings.secret_key, settings.trusted_proxies, settings.trusted_hosts)
    assets.init_app(app)


def _register_templates(app: Flask, settings: Settings) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    i18n.init_app(app, settings.default_language)
    app.jinja_env.globals["path_to_return_to"] = language.path_to_return_to


def _register_blueprints(app: Flask) -> None:
    request_guard.init_app(app)
    callers.init_app(app)
    for blueprint in list_blueprints():
        app.register_blueprint(blueprint)


def _register_error_pages(app: Flask) -> None:
    errors.init_app(app)
    app.register_error_handler(DatabaseUnreachable, errors.show_unavailable)
