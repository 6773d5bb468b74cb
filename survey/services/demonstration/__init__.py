"""The demonstration round: a synthetic population that answers through the service of real respondents."""

from survey.services.demonstration.loading import ROUND_CODE, load_demonstration, remove_demonstration

__all__ = ["ROUND_CODE", "load_demonstration", "remove_demonstration"]
