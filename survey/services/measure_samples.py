"""The responses of all questionnaires that serve one measure, stacked into arrays for `analysis`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis import Element, IndexDefinition, SurveyDesign
from analysis.index_definition import Composition
from questionnaires.model import Question, Questionnaire, Text
from survey.services.measure_forms import require_one_index_each
from survey.services.weighting import WeightedSample

# A stratum left with one PSU is centred at the mean of all strata: wider rather than narrower.
LONELY_PSU: Final = "adjust"
_ROW_COLUMNS = ("ratings", "weights", "strata", "psus", "unit_ids", "sectors", "expectation")


@dataclass(frozen=True)
class FormSample:
    """A questionnaire of the measure and its weighted responses."""

    questionnaire: Questionnaire
    sample: WeightedSample

    @cached_property
    def answered_cells(self) -> set[tuple[int, str]]:
        """Units and sectors of the responses in the index."""
        columns, used = self.sample.columns, self.sample.is_used
        return set(zip(columns.unit_id[used].tolist(), columns.sector_code[used].tolist(), strict=True))


@dataclass(frozen=True)
class ItemKey:
    """A rated question of one of the measure's questionnaires."""

    form_id: str
    question: Question


@dataclass(frozen=True)
class MeasureSample:
    """The used responses of a measure, one row each; (n, m) ratings with -1 for no valid answer."""

    forms: tuple[FormSample, ...]
    items: tuple[ItemKey, ...]
    element_titles: dict[str, Text]
    ratings: NDArray[np.int8]
    weights: NDArray[np.float64]
    strata: NDArray[np.str_]
    psus: NDArray[np.str_]
    unit_ids: NDArray[np.int64]
    sectors: NDArray[np.str_]
    expectation: NDArray[np.float64]
    is_weighted: bool
    first_stage: str

    def __len__(self) -> int:
        return len(self.weights)

    @cached_property
    def stratum_codes(self) -> NDArray[np.intp]:
        """A number for the stratum of each row."""
        return np.unique(self.strata, return_inverse=True)[1]

    @cached_property
    def psu_codes(self) -> NDArray[np.intp]:
        """A number for the first-stage unit of each row; equal names in two strata are two units."""
        names, codes = np.unique(self.psus, return_inverse=True)
        pairs = self.stratum_codes * len(names) + codes
        return np.unique(pairs, return_inverse=True)[1]

    def of_units(self, unit_ids: Collection[int]) -> "MeasureSample":
        """The rows of these units alone; what is drawn within them does not depend on the others."""
        rows = np.isin(self.unit_ids, list(unit_ids))
        columns = {name: getattr(self, name)[rows] for name in _ROW_COLUMNS}
        return replace(self, **columns)

    @property
    def asks_expectation(self) -> bool:
        """Whether any questionnaire of the measure asks how far expectations were met."""
        return any(form.questionnaire.question_with_role("expectation") for form in self.forms)

    @property
    def composition(self) -> Composition:
        return next(form.questionnaire.index.composition for form in self.forms if form.questionnaire.index)

    def definition(self) -> IndexDefinition:
        """Items gathered by element id over all questionnaires of the measure."""
        columns: dict[str, list[int]] = {}
        for column, item in enumerate(self.items):
            if item.question.element is not None:
                columns.setdefault(item.question.element, []).append(column)
        weights = {
            element.id: element.weight
            for form in self.forms
            if form.questionnaire.index
            for element in form.questionnaire.index.elements
        }
        return IndexDefinition(
            elements=tuple(
                Element(element_id, items=tuple(items), weight=_weight(weights.get(element_id)))
                for element_id, items in columns.items()
            ),
            composition=self.composition,
            satisfied_codes=tuple(_satisfied_codes(self.forms, item) for item in self.items),
            lowest_code=tuple(min(_valid_codes(item.question)) for item in self.items),
            highest_code=tuple(max(_valid_codes(item.question)) for item in self.items),
        )

    def round_design(self) -> SurveyDesign:
        """The design of the round: its strata, its service points as first stage."""
        return SurveyDesign.from_columns(
            self.weights, strata=self.strata, ids=(self.psus,), nest=True, lonely_psu=LONELY_PSU
        )

    def within_unit_design(self) -> SurveyDesign:
        """The second stage alone: respondents drawn within units, for figures of one unit.

        The frame counts sectors, so that weighted respondents were as good as drawn within each.
        """
        strata = self.unit_ids.astype(np.str_)
        if self.is_weighted:
            strata = np.char.add(np.char.add(strata, "/"), self.sectors)
        return SurveyDesign.from_columns(self.weights, strata=strata, ids=(), lonely_psu=LONELY_PSU)


def stack(forms: list[FormSample]) -> MeasureSample:
    """Put the questionnaires' rows under each other and their items beside each other."""
    require_one_index_each(form.questionnaire for form in forms)
    items = tuple(
        ItemKey(form.questionnaire.id, question) for form in forms for question in form.questionnaire.rated
    )
    used = [form.sample.is_used for form in forms]
    ratings = np.full((sum(int(mask.sum()) for mask in used), len(items)), -1, dtype=np.int8)
    row = column = 0
    for form, mask in zip(forms, used, strict=True):
        block = _valid_ratings(form.questionnaire, form.sample.columns.ratings[mask])
        ratings[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]

    def joined(name: str, of_columns: bool = False) -> NDArray[np.generic]:
        parts = [
            getattr(form.sample.columns if of_columns else form.sample, name)[mask]
            for form, mask in zip(forms, used, strict=True)
        ]
        return np.concatenate(parts)

    return MeasureSample(
        forms=tuple(forms),
        items=items,
        element_titles=_element_titles(forms),
        ratings=ratings,
        weights=joined("final_weight"),  # type: ignore[arg-type]
        strata=joined("stratum"),  # type: ignore[arg-type]
        psus=joined("psu"),  # type: ignore[arg-type]
        unit_ids=joined("unit_id", of_columns=True),  # type: ignore[arg-type]
        sectors=joined("sector_code", of_columns=True),  # type: ignore[arg-type]
        expectation=joined("expectation_percent", of_columns=True),  # type: ignore[arg-type]
        is_weighted=any(mask.any() for mask in used)
        and all(form.sample.is_weighted for form, mask in zip(forms, used, strict=True) if mask.any()),
        first_stage=next(
            (form.sample.first_stage for form, mask in zip(forms, used, strict=True) if mask.any()), ""
        ),
    )


def _valid_ratings(questionnaire: Questionnaire, ratings: NDArray[np.int8]) -> NDArray[np.int8]:
    """Codes that stand for 'not applicable' leave numerator and denominator."""
    valid = ratings.copy()
    for column, question in enumerate(questionnaire.rated):
        valid[np.isin(valid[:, column], question.not_applicable), column] = -1
    return valid


def _element_titles(forms: list[FormSample]) -> dict[str, Text]:
    titles: dict[str, Text] = {}
    for form in forms:
        for element in form.questionnaire.index.elements if form.questionnaire.index else ():
            titles.setdefault(element.id, element.title)
    return titles


def _satisfied_codes(forms: tuple[FormSample, ...], item: ItemKey) -> tuple[int, ...]:
    questionnaire = next(form.questionnaire for form in forms if form.questionnaire.id == item.form_id)
    codes = set(questionnaire.index.satisfied) if questionnaire.index else set()
    return tuple(sorted(codes & set(_valid_codes(item.question))))


def _valid_codes(question: Question) -> list[int]:
    return [int(code) for code in question.option_codes if code not in question.not_applicable]


def _weight(weight: float | None) -> float:
    return 1.0 if weight is None else weight
