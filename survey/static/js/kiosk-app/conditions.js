// When a section or a question is shown: the same rule as questionnaires/conditions.py.
// A condition on a question that is not answered does not hold; only `not` turns this round.

export function holds(condition, answers) {
  if ("all" in condition) return condition.all.every((part) => holds(part, answers));
  if ("any" in condition) return condition.any.some((part) => holds(part, answers));
  if ("not" in condition) return !holds(condition.not, answers);
  if (!Object.hasOwn(answers, condition.question)) return false;
  const value = answers[condition.question];
  if ("in" in condition) return [value].flat().some((code) => condition.in.includes(code));
  if ("at_least" in condition) return Number.isInteger(value) && value >= condition.at_least;
  if ("at_most" in condition) return Number.isInteger(value) && value <= condition.at_most;
  return true;
}
