"""The entry point of a WSGI server: `gunicorn survey.wsgi:application`."""

from survey.app import create_app
from survey.settings import Settings

application = create_app(Settings.from_environ())
