"""The production server: gunicorn with this application, without a command line of its own."""

import os
from typing import Any

from gunicorn.app.base import BaseApplication

from survey.app import create_app
from survey.settings import Settings
from survey.web.gateway import Gateway


class Server(BaseApplication):
    """Serves until it is stopped; the settings alone decide how."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self.settings.address,
            "workers": self.settings.processes,
            "worker_class": "asgi",
            "asgi_lifespan": "off",
            "preload_app": True,
            "accesslog": None,
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": 20,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 - heartbeat files only
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # SciPy, before the processes part: they share it, and nobody's first page of results waits for it.
        from survey.services import index_reports  # noqa: F401

        return Gateway(create_app(self.settings))
