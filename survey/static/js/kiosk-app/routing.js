// Which questions a respondent is shown, in what order and wording: the same rule as questionnaires/routing.py.
// A stale answer to a question that is no longer shown counts as no answer.
import { holds } from "./conditions.js";

// Each question on the path, with its section and its answer or undefined.
export function walkPath(questionnaire, answers) {
  const onPath = {};
  const path = [];
  for (const section of questionnaire.sections) {
    if (section.show_if && !holds(section.show_if, onPath)) continue;
    for (const question of section.questions) {
      if (question.show_if && !holds(question.show_if, onPath)) continue;
      const value = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
      if (value !== undefined) onPath[question.id] = value;
      path.push({ section, question, value });
    }
  }
  return path;
}

export const visibleQuestions = (questionnaire, answers) =>
  walkPath(questionnaire, answers).map((step) => step.question);

// The answers that are on the path, after an earlier one changed.
export function dropOffPath(questionnaire, answers) {
  const steps = walkPath(questionnaire, answers).filter((step) => step.value !== undefined);
  return Object.fromEntries(steps.map((step) => [step.question.id, step.value]));
}

// The wording for a respondent: the first variant whose condition holds, or the text.
export function textFor(question, answers) {
  const variant = (question.variants ?? []).find((candidate) => holds(candidate.when, answers));
  return (variant ?? question).text;
}
