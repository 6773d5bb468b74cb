// One question as it stands on the screen: what is pressed or typed, and the sentence about what is wrong.
import { isNumeric, isRequired, optionsOf, readTyped, scaleOf } from "./answers.js";
import { button, h } from "./dom.js";
import { face, facesOf } from "./face.js";
import { keypad } from "./keypad.js";
import { say, text } from "./words.js";

const MOST_DIGITS = 6;
const LONG = 60;
const MISSING = {
  rating: "missing_rating",
  single: "missing_choice",
  yes_no: "missing_choice",
  multiple: "missing_choices",
  percentage: "missing_number",
  number: "missing_number",
  short_text: "missing_text",
  long_text: "missing_text",
};
const UNFIT = new Set([
  "not_an_option",
  "not_a_number",
  "not_a_whole_number",
  "too_small",
  "too_large",
  "too_long",
  "too_many_choices",
  "exclusive_choice",
]);

export const movesOn = (question) => ["rating", "single", "yes_no"].includes(question.kind);

export function sentenceAbout(problem, question, number, address) {
  const key = problem.code === "required" ? MISSING[question.kind] : UNFIT.has(problem.code) ? problem.code : "other";
  return say(`answer_${key}`, { ...problem, number }, address);
}

export function errorSummary(sentences, address) {
  return h(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1", "aria-labelledby": "error-summary-heading" },
    h("h2", { id: "error-summary-heading" }, say("check_one", {}, address)),
    h("ul", {}, sentences.map((sentence) => h("li", {}, sentence))),
  );
}

// What can be pressed, in the order of the form; `onChoose` gets the code and the pressed button.
export function choiceButtons({ questionnaire, question, options, value, onChoose }) {
  const scale = scaleOf(questionnaire, question);
  const apart = new Set(scale?.not_applicable ?? []);
  const faces = facesOf(scale);
  const classOf = (option) => {
    if (apart.has(option.code)) return "choice choice--apart";
    return text(option.label).length > LONG ? "choice choice--long" : "choice";
  };
  const row = (option) =>
    button(
      [face(faces.get(option.code)), h("span", { class: "choice-label" }, text(option.label))].filter(Boolean),
      (event) => onChoose(option.code, event.currentTarget),
      {
        class: classOf(option),
        value: String(option.code),
        "aria-pressed": String(value === option.code),
      },
    );
  return h("div", { class: "choices", role: "group", "aria-label": say("answers") }, [
    ...options.filter((option) => !apart.has(option.code)).map(row),
    ...options.filter((option) => apart.has(option.code)).map(row),
  ]);
}

// A typed or ticked answer: the element, and `read` for {value}, {problem} or {}.
export function entry({ question, options, value, raw, isInvalid, labelledBy = "question" }) {
  if (question.kind === "multiple") return ticks({ question, options, value, raw, labelledBy });
  const common = {
    class: isNumeric(question) ? "control control--number" : "control",
    id: `answer_${question.id}`,
    autocomplete: "off",
    "aria-labelledby": labelledBy,
    "aria-invalid": isInvalid ? "true" : null,
  };
  const input =
    question.kind === "long_text" ? h("textarea", { ...common, rows: 6 }) : h("input", { ...common, type: "text" });
  input.value = raw ?? (value === undefined ? "" : String(value));
  return {
    element: isNumeric(question) ? withKeypad(question, input) : input,
    raw: () => input.value,
    read: () => readTyped(question, input.value),
  };
}

function withKeypad(question, input) {
  const unit = question.unit_label ? text(question.unit_label) : question.kind === "percentage" ? "%" : "";
  const line = h("div", { class: "with-unit" }, input, h("span", { class: "unit" }, unit));
  return h("div", {}, line, keypad(input, MOST_DIGITS));
}

function ticks({ question, options, value, raw, labelledBy }) {
  const chosen = new Set(raw ?? value ?? []);
  const boxes = options.map((option) =>
    h("input", {
      type: "checkbox",
      value: option.code,
      id: `answer_${question.id}-${option.code}`,
      autocomplete: "off",
    }),
  );
  for (const box of boxes) box.checked = chosen.has(box.value);
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const rows = boxes.map((box, place) =>
    h("label", { class: "option" }, box, h("span", { class: "option-label" }, text(options[place].label))),
  );
  return {
    element: h(
      "div",
      { class: "question", role: "group", "aria-labelledby": labelledBy },
      h("div", { class: "options" }, rows),
    ),
    raw: ticked,
    read: () => (ticked().length ? { value: ticked() } : {}),
  };
}

// A question with few answers on a questionnaire that is one screen.
export function tiles({ questionnaire, question, number, options, value, error, address, onChoose }) {
  const faces = facesOf(scaleOf(questionnaire, question));
  const name = `answer_${question.id}`;
  const tile = (option) => {
    const input = h("input", {
      type: "radio",
      name,
      value: String(option.code),
      autocomplete: "off",
      onchange: () => onChoose(option.code),
    });
    input.checked = value === option.code;
    const label = h("span", { class: "option-label" }, text(option.label));
    return h("label", { class: "option" }, input, face(faces.get(option.code)), label);
  };
  return h(
    "fieldset",
    {
      class: error ? "question tiles has-error" : "question tiles",
      role: "radiogroup",
      "aria-invalid": error ? "true" : null,
    },
    h(
      "legend",
      {},
      h("span", { class: "question-number" }, `${number}.`),
      " ",
      h("span", { class: "question-words" }, text(question.text)),
      isRequired(question) ? null : h("span", { class: "optional" }, ` (${say("optional")})`),
    ),
    question.hint ? h("p", { class: "hint" }, text(question.hint)) : null,
    error ? h("p", { class: "field-error" }, sentenceAbout(error, question, number, address)) : null,
    h("div", { class: "options" }, options.map(tile)),
  );
}

export const optionsFor = (response, question) => optionsOf(response.form, question, response.listedOf(question));
export { isRequired };
