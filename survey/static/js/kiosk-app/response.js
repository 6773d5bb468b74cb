// The response that is being filled: in memory alone until it is complete.
import { checkValue, findOpenQuestion, isRequired, listedFor } from "./answers.js";
import { spanOf } from "./clock.js";
import { dropOffPath, visibleQuestions, walkPath } from "./routing.js";

export function beginResponse(form, config) {
  const id = crypto.randomUUID();
  // A questionnaire that is one screen stands there untouched for hours; it is begun with its first answer.
  // Measured by a clock that nobody can set.
  let begunAt = form.layout === "single_screen" ? null : performance.now();
  let answers = {};
  let hasAnswers = false;

  const path = () => walkPath(form, answers);

  // The problem of an answer, or null after it was taken; undefined takes an answer back.
  function take(question, value) {
    if (value === undefined && isRequired(question)) return { code: "required" };
    const problem = value === undefined ? null : checkValue(form, question, value, listedOf(question));
    if (problem) return problem;
    const { [question.id]: _old, ...others } = answers;
    answers = dropOffPath(form, value === undefined ? others : { ...others, [question.id]: value });
    begunAt ??= performance.now();
    hasAnswers = true;
    return null;
  }

  const listedOf = (question) => listedFor(form, question, answers);

  function neighbours(question) {
    const visible = visibleQuestions(form, answers);
    const place = visible.findIndex((other) => other.id === question.id);
    const [before, after] = [visible[place - 1] ?? null, visible[place + 1] ?? null];
    return { before, after, number: place + 1, of: visible.length };
  }

  // The text that is stored and, with the moment of sending filled in, posted. Where somebody knows who was asked
  // at what hour, the hour is left out.
  function body(language, { hasHour = true } = {}) {
    const [begun, completed] = spanOf(performance.now() - begunAt, { hasHour });
    return JSON.stringify({
      id,
      round: config.round.code,
      questionnaire: form.id,
      version: form.version,
      unit: config.unit.code,
      language,
      answers: dropOffPath(form, answers),
      started_at: begun,
      completed_at: completed,
      sent_at: null,
      invitation: null,
    });
  }

  return {
    id,
    form,
    config,
    take,
    listedOf,
    neighbours,
    body,
    answers: () => answers,
    hasAnswers: () => hasAnswers,
    openQuestion: () => findOpenQuestion(form, answers),
    first: () => path()[0].question,
    last: () => path().at(-1).question,
    stepOf: (question) => path().find((step) => step.question.id === question.id),
    isFirstOfSection: (question) => {
      const steps = path();
      const own = steps.find((step) => step.question.id === question.id);
      return steps.find((step) => step.section.id === own.section.id) === own;
    },
  };
}
