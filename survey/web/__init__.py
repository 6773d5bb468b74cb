"""HTTP only: views read a request, ask one service, and show a page or send the browser on."""

from flask import Blueprint


def list_blueprints() -> tuple[Blueprint, ...]:
    """Every part of the site, in the order of the address table."""
    from survey.web import (
        assignments,
        auth,
        devices,
        further_answers,
        health,
        invitations,
        kiosk,
        kiosk_app,
        language,
        manage,
        paper,
        paper_corrections,
        paper_files,
        paper_keying,
        posters,
        quality,
        quarantine,
        respond,
        result_files,
        results,
        round_plans,
    )
    from survey.web.api import assignments as api_assignments
    from survey.web.api import device, openapi, problems, responses

    return (
        language.blueprint,
        respond.blueprint,
        kiosk.blueprint,
        kiosk_app.blueprint,
        auth.blueprint,
        manage.blueprint,
        round_plans.blueprint,
        paper.blueprint,
        paper_keying.blueprint,
        paper_corrections.blueprint,
        paper_files.blueprint,
        posters.blueprint,
        invitations.blueprint,
        devices.blueprint,
        quarantine.blueprint,
        assignments.blueprint,
        results.blueprint,
        quality.blueprint,
        result_files.blueprint,
        further_answers.blueprint,
        health.blueprint,
        responses.blueprint,
        device.blueprint,
        api_assignments.blueprint,
        openapi.blueprint,
        problems.blueprint,
    )
