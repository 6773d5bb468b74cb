"""Bilingual wording and the one way in which text is normalised."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from questionnaires.values import Language


class FrozenModel(BaseModel):
    """Base of every part of a questionnaire: immutable, and no unknown field is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


Wording = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


class Text(FrozenModel):
    """Wording in Vietnamese and in English; both are complete.

    Examples
    --------
    >>> Text(vi="Có", en="Yes").in_language("en")
    'Yes'
    """

    vi: Wording
    en: Wording

    def in_language(self, language: Language | str) -> str:
        """Return the English wording for ``"en"``, the Vietnamese one for everything else."""
        return self.en if language == "en" else self.vi


def normalise_text(text: str) -> str:
    """Return the text in Unicode normalisation form C.

    Examples
    --------
    >>> len(normalise_text("e\u0302\u0301"))
    1
    """
    return unicodedata.normalize("NFC", text)


def normalise_document(document: object) -> object:
    """Copy a document with all its text, keys included, in form C, and tuples as lists."""
    if isinstance(document, str):
        return normalise_text(document)
    if isinstance(document, Mapping):
        return {normalise_document(key): normalise_document(value) for key, value in document.items()}
    if isinstance(document, (list, tuple)):
        return [normalise_document(value) for value in document]
    return document
