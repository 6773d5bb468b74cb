"""HTTP only: views read a request, ask one service, and show a page or send the browser on."""

from flask import Blueprint


def list_blueprints() -> tuple[Blueprint, ...]:
    """Every part of the site, in the order of the address table."""
    from survey.web import auth, health, kiosk, language, manage, respond, result_files, results

    return (
        language.blueprint,
        respond.blueprint,
        kiosk.blueprint,
        auth.blueprint,
        manage.blueprint,
        results.blueprint,
        result_files.blueprint,
        health.blueprint,
    )
