"""The file with the first administrator's one-time password; gone once that password is changed."""

from flask import current_app

from survey.services.accounts import FIRST_USERNAME

FILE_NAME = "first-password.txt"


def forget_first_password(username: str) -> None:
    if username != FIRST_USERNAME:
        return
    file = current_app.extensions["settings"].data_directory / FILE_NAME
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        current_app.logger.warning("%s could not be removed: %s", FILE_NAME, error.strerror)
