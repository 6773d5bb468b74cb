"""Conditions of a questionnaire in words, for a form on which nothing moves by itself."""

from collections.abc import Mapping, Sequence

from questionnaires.conditions import AllOf, Answered, AnyOf, AtLeast, AtMost, Condition, Not, OneOf
from questionnaires.model import Question, Questionnaire, Text

_ONE_OF = Text(vi="câu {number} chọn {labels}", en="you chose {labels} in question {number}")
_AT_LEAST = Text(vi="câu {number} từ {bound} trở lên", en="question {number} is {bound} or more")
_AT_MOST = Text(vi="câu {number} từ {bound} trở xuống", en="question {number} is {bound} or less")
_ANSWERED = Text(vi="câu {number} có câu trả lời", en="you answered question {number}")
_NOT = Text(vi="không phải là: {condition}", en="it is not so that {condition}")
_AND, _OR = Text(vi="và", en="and"), Text(vi="hoặc", en="or")
_PART = Text(vi="({condition})", en="({condition})")

_SKIP = Text(
    vi="Nếu {condition}, xin bỏ qua {range} và {next}.",
    en="If {condition}, please skip {range} and {next}.",
)
_ONLY = Text(
    vi="Chỉ trả lời {range} nếu {condition}. Nếu không, xin {next}.",
    en="Please answer {range} only if {condition}. Otherwise {next}.",
)
_GO_TO = Text(vi="chuyển sang câu {number}", en="go to question {number}")
_FINISH = Text(vi="kết thúc phiếu", en="finish the form")
_QUESTION = Text(vi="câu {first}", en="question {first}")
_QUESTIONS = Text(vi="các câu {first}–{last}", en="questions {first}–{last}")


class RoutingWords:
    """Writes conditions and ways on with the numbers that are printed."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self._questions = questionnaire.questions_by_id
        self._numbers = {name: number for number, name in enumerate(self._questions, 1)}
        self._language = language

    def way_on(self, condition: Condition, questions: Sequence[Question]) -> str:
        """Who answers these neighbouring questions, and where everybody else goes on."""
        first, last = self._numbers[questions[0].id], self._numbers[questions[-1].id]
        is_end = last == len(self._numbers)
        going = self._in(_FINISH) if is_end else self._in(_GO_TO, number=last + 1)
        asked = self._in(_QUESTION if first == last else _QUESTIONS, first=first, last=last)
        if isinstance(condition, Not):
            return self._in(_SKIP, condition=self.describe(condition.condition), range=asked, next=going)
        return self._in(_ONLY, condition=self.describe(condition), range=asked, next=going)

    def describe(self, condition: Condition) -> str:
        if isinstance(condition, OneOf):
            labels = f" {self._in(_OR)} ".join(f"“{label}”" for label in self._labels(condition))
            return self._in(_ONE_OF, number=self._numbers[condition.question], labels=labels)
        if isinstance(condition, AtLeast):
            return self._bound(_AT_LEAST, condition.question, condition.at_least)
        if isinstance(condition, AtMost):
            return self._bound(_AT_MOST, condition.question, condition.at_most)
        if isinstance(condition, Answered):
            return self._in(_ANSWERED, number=self._numbers[condition.question])
        if isinstance(condition, Not):
            return self._in(_NOT, condition=self.describe(condition.condition))
        return self._joined(condition)

    def _joined(self, condition: AllOf | AnyOf) -> str:
        parts = [
            self._in(_PART, condition=self.describe(part))
            if isinstance(part, (AllOf, AnyOf))
            else self.describe(part)
            for part in condition.conditions
        ]
        return f" {self._in(_AND if isinstance(condition, AllOf) else _OR)} ".join(parts)

    def _bound(self, words: Text, question_id: str, bound: int) -> str:
        return self._in(words, number=self._numbers[question_id], bound=bound)

    def _labels(self, condition: OneOf) -> list[str]:
        """What the boxes say; a code without a box, for instance of a catalogue, as it is."""
        labels: Mapping[int | str, Text] = {
            option.code: option.label for option in self._questions[condition.question].options
        }
        return [self._in(labels[code]) if code in labels else str(code) for code in condition.codes]

    def _in(self, words: Text, **values: object) -> str:
        text = words.in_language(self._language) or words.vi
        return text.format(**values) if values else text
