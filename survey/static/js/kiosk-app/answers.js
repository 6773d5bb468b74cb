// Reading and checking answers: the same rule as questionnaires/answers.py. The server stays the judge.
import { walkPath } from "./routing.js";

const REQUIRED_BY_DEFAULT = new Set(["rating", "single", "yes_no"]);
const MAX_LENGTH_OF_KIND = { short_text: 200, long_text: 2000 };
const YES_NO = [
  { code: "yes", label: { vi: "Có", en: "Yes" } },
  { code: "no", label: { vi: "Không", en: "No" } },
];
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufeff]/gu;
const SPACES = /[\s\u00a0\u2009\u202f]+/g;
const WHOLE_NUMBER = /^([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,0{1,2}|,0{4,})?$/;
const WHOLE_WITH_POINT = /^([+-]?)([0-9]+)\.0{1,2}$/;
const ANY_NUMBER = /^[+-]?[0-9]+(?:[.,][0-9]+)*$/;
const MOST_DIGITS = 15;

export const isRequired = (question) => question.required ?? REQUIRED_BY_DEFAULT.has(question.kind);
export const isNumeric = (question) => question.kind === "number" || question.kind === "percentage";
export const lengthLimit = (question) => question.max_length ?? MAX_LENGTH_OF_KIND[question.kind];

export function scaleOf(questionnaire, question) {
  return question.kind === "rating" ? questionnaire.scales[question.scale] : null;
}

// What can be chosen, in the order shown; `listed` comes from the catalogue.
export function optionsOf(questionnaire, question, listed = []) {
  const scale = scaleOf(questionnaire, question);
  if (scale) return scale.options;
  return [...listed, ...(question.kind === "yes_no" ? YES_NO : (question.options ?? []))];
}

export function cleanText(raw, lines) {
  const cleaned = raw.replace(/\r\n?/g, "\n").replace(UNWANTED, "").normalize("NFC");
  return lines ? cleaned.trim() : cleaned.split(/\s+/).filter(Boolean).join(" ");
}

// A typed number or text as an answer: {value}, {problem}, or {} where nothing was answered.
export function readTyped(question, raw) {
  if (!raw.trim()) return {};
  if (isNumeric(question)) return readNumeral(raw);
  const value = cleanText(raw, question.kind === "long_text");
  return value ? { value } : {};
}

function readNumeral(raw) {
  const numeral = raw.replace(SPACES, "").replace(/%$/, "").replace("−", "-");
  const match = WHOLE_NUMBER.exec(numeral) ?? WHOLE_WITH_POINT.exec(numeral);
  if (!match) return { problem: { code: ANY_NUMBER.test(numeral) ? "not_a_whole_number" : "not_a_number" } };
  const digits = match[2].replaceAll(".", "").replace(/^0+/, "") || "0";
  const number = Number(digits.slice(0, MOST_DIGITS + 1));
  return { value: match[1] === "-" && number ? -number : number };
}

// What is wrong with one answer, or null. `listed` are the options that the catalogue allows.
export function checkValue(questionnaire, question, value, listed = []) {
  const codes = optionsOf(questionnaire, question, listed).map((option) => option.code);
  if (question.kind === "multiple") return checkCodes(question, value, codes);
  if (isNumeric(question)) return checkNumber(question, value);
  if (question.kind in MAX_LENGTH_OF_KIND) return checkText(question, value);
  const fits = question.kind === "rating" ? Number.isInteger(value) : typeof value === "string";
  if (!fits) return { code: "wrong_type" };
  return codes.includes(value) ? null : { code: "not_an_option" };
}

function checkCodes(question, value, codes) {
  if (!Array.isArray(value) || !value.length || value.some((code) => typeof code !== "string"))
    return { code: "wrong_type" };
  if (value.some((code) => !codes.includes(code))) return { code: "not_an_option" };
  if (new Set(value).size < value.length) return { code: "wrong_type" };
  const alone = (question.options ?? []).filter((option) => option.exclusive).map((option) => option.code);
  if (value.length > 1 && value.some((code) => alone.includes(code))) return { code: "exclusive_choice" };
  if (question.max_choices && value.length > question.max_choices)
    return { code: "too_many_choices", max: question.max_choices };
  return null;
}

function checkNumber(question, value) {
  if (!Number.isInteger(value)) return { code: "wrong_type" };
  if (question.min !== undefined && value < question.min) return { code: "too_small", min: question.min };
  if (question.max !== undefined && value > question.max) return { code: "too_large", max: question.max };
  return null;
}

function checkText(question, value) {
  if (typeof value !== "string" || !value) return { code: "wrong_type" };
  if (cleanText(value, question.kind === "long_text") !== value) return { code: "wrong_type" };
  const limit = lengthLimit(question);
  return [...value].length > limit ? { code: "too_long", max: limit } : null;
}

// The catalogue's options of a question: procedures of the sector that was answered, or of all.
export function listedFor(form, question, answers) {
  const listed = form.choices?.[question.id] ?? [];
  const asked = form.sections.flatMap((section) => section.questions).find((other) => other.role === "sector");
  const sector = asked && Object.hasOwn(answers, asked.id) ? answers[asked.id] : null;
  return sector ? listed.filter((option) => option.sector === sector) : listed;
}

// The first question on the path that must be answered and is not, or whose answer is not allowed.
export function findOpenQuestion(form, answers) {
  const open = walkPath(form, answers).find(({ question, value }) => {
    if (value === undefined) return isRequired(question);
    return checkValue(form, question, value, listedFor(form, question, answers)) !== null;
  });
  return open?.question ?? null;
}
