"""The file with the first administrator's one-time password; gone once that password is changed."""

from flask import current_app

from survey.services.accounts import FIRST_USERNAME


def forget_first_password(username: str) -> None:
    if username != FIRST_USERNAME:
        return
    file = current_app.extensions["settings"].first_password_file
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        current_app.logger.warning("%s could not be removed: %s", file, error.strerror)
