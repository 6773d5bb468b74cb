"""The entry point of an ASGI server: `gunicorn --worker-class asgi survey.asgi:application`."""

from survey.app import create_app
from survey.settings import Settings
from survey.web.gateway import Gateway

application = Gateway(create_app(Settings.from_environ()))
