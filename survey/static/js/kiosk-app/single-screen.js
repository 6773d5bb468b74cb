// A questionnaire that is one screen: a press an answer, and one to send.
import { h, paragraph, primary } from "./dom.js";
import * as frame from "./frame.js";
import { entry, errorSummary, isRequired, movesOn, optionsFor, sentenceAbout, tiles } from "./question.js";
import { textFor, visibleQuestions } from "./routing.js";
import { say, text } from "./words.js";

export function singleScreen({ app, response, onBack, frame: parts, mark, complete }) {
  const { form } = response;
  const section = form.sections[0];
  const problems = new Map();
  const raws = new Map();
  let entries = new Map();
  let isSending = false;

  const asked = () => visibleQuestions(form, response.answers());

  function draw() {
    entries = new Map();
    const sentences = asked()
      .map((question, place) => [question, place + 1])
      .filter(([question]) => problems.has(question.id))
      .map(([question, number]) => sentenceAbout(problems.get(question.id), question, number, form.address));
    return {
      ...parts,
      staff: app.openStaff,
      back: onBack,
      heading: text(section.title),
      leads: section.note ? [text(section.note)] : [],
      keep: keepTyped,
      spoken: () => [text(section.title), ...asked().flatMap(spokenOf)],
      content: [
        sentences.length ? errorSummary(sentences, form.address) : null,
        ...asked().map((question, place) => drawQuestion(question, place + 1)),
        paragraph(`${text(form.introduction.anonymous)} ${text(form.consent)}`, "small-print"),
        h("div", { class: "actions" }, primary(say("send"), send)),
      ],
    };
  }

  const spokenOf = (question) => [
    text(textFor(question, response.answers())),
    ...optionsFor(response, question).map((option) => text(option.label)),
  ];

  function drawQuestion(question, number) {
    const options = optionsFor(response, question);
    const value = response.answers()[question.id];
    if (movesOn(question)) {
      const error = problems.get(question.id);
      return tiles({
        questionnaire: form,
        question,
        number,
        options,
        value,
        error,
        address: form.address,
        onChoose: (code) => choose(question, code),
      });
    }
    const labelledBy = `answer_${question.id}-label`;
    const isInvalid = problems.has(question.id);
    const control = entry({ question, options, value, raw: raws.get(question.id), isInvalid, labelledBy });
    entries.set(question, control);
    const optional = isRequired(question) ? "" : ` (${say("optional")})`;
    const words = `${number}. ${text(textFor(question, response.answers()))}${optional}`;
    const label = h("p", { class: "field-label", id: labelledBy }, words);
    return h("div", { class: "question" }, label, control.element);
  }

  async function choose(question, code) {
    const before = asked().map((other) => other.id).join();
    response.take(question, code);
    problems.delete(question.id);
    if (asked().map((other) => other.id).join() !== before) frame.redraw({ focus: false });
    if (!(await mark())) app.showStorageFailure(() => frame.show("single", draw));
  }

  function keepTyped() {
    for (const [question, control] of entries) raws.set(question.id, control.raw());
  }

  function send() {
    if (isSending) return;
    problems.clear();
    for (const [question, control] of entries) {
      const { value, problem } = control.read();
      const found = problem ?? response.take(question, value);
      if (found) problems.set(question.id, found);
    }
    for (const question of asked())
      if (isRequired(question) && !Object.hasOwn(response.answers(), question.id) && !problems.has(question.id))
        problems.set(question.id, { code: "required" });
    if (problems.size) return frame.redraw();
    isSending = true;
    complete();
  }

  frame.show("single", draw);
}
