// An interview: consent is read out and asked for, then a question a screen in the wording to be read out. The
// answers are in memory alone until the end; then response and visit are written together.
import { button, h, paragraph, primary, secondary } from "../kiosk-app/dom.js";
import * as frame from "../kiosk-app/frame.js";
import { choiceButtons, entry, errorSummary, isRequired, movesOn, optionsFor, sentenceAbout } from "../kiosk-app/question.js";
import { beginResponse } from "../kiosk-app/response.js";
import { textFor } from "../kiosk-app/routing.js";
import { language, say, text } from "../kiosk-app/words.js";

const CONFIRM_MILLISECONDS = 350;

// `host` shows screens, goes back to the address, records a refusal, stores what is complete.
export function createInterview(host) {
  let assignment = null;
  let response = null;
  let place = null;

  function begin(config, form, toVisit) {
    assignment = toVisit;
    const { who, why, duration, anonymous, voluntary, contact } = form.introduction;
    // Nothing is pressed by who answers, and nothing read; a device that has not updated its forms yet has the former.
    const consent = form.spoken_consent ?? form.consent;
    const spoken = [who, why, duration, anonymous, voluntary, contact, consent];
    host.show("consent", () => ({
      heading: text(form.title),
      eyebrow: say("read_consent"),
      back: () => host.toAddress(toVisit),
      content: [
        h("div", { class: "script" }, spoken.map((words) => paragraph(text(words)))),
        h(
          "div",
          { class: "actions" },
          primary(say("consent_given"), () => start(config, form)),
          secondary(say("outcome_refused"), () => host.confirm(toVisit, "refused")),
        ),
      ],
    }));
  }

  function start(config, form) {
    response = beginResponse(form, config);
    showQuestion(response.first());
  }

  // Questions ------------------------------------------------------------------------------------------------

  function showQuestion(question) {
    place = question;
    const state = { raw: undefined, problem: null, isMoving: false };
    host.show("interview", () => drawQuestion(question, state));
  }

  function drawQuestion(question, state) {
    const { number, of } = response.neighbours(question);
    const { section } = response.stepOf(question);
    const options = optionsFor(response, question);
    const control = movesOn(question) ? null : controlFor(question, options, state);
    const notes = [question.hint, response.isFirstOfSection(question) ? section.note : null];
    const sentence = state.problem && sentenceAbout(state.problem, question, number);
    return {
      place: `${say("address", { number: assignment.number })} · ${text(section.title)}`,
      progress: { number, of },
      eyebrow: say(options.length ? "read_question" : "read_open_question"),
      heading: text(textFor(question, response.answers())),
      leads: notes.filter(Boolean).map(text),
      back: () => goBack(question, control),
      keep: () => (state.raw = control?.raw()),
      content: [
        sentence && errorSummary([sentence]),
        control ? control.element : choicesFor(question, options, state),
        moves(question, control, state),
      ],
    };
  }

  function controlFor(question, options, state) {
    const value = response.answers()[question.id];
    return entry({ question, options, value, raw: state.raw, isInvalid: Boolean(state.problem) });
  }

  const choicesFor = (question, options, state) =>
    choiceButtons({
      questionnaire: response.form,
      question,
      options,
      value: response.answers()[question.id],
      onChoose: (code, row) => choose(question, code, row, state),
    });

  function moves(question, control, state) {
    return h(
      "div",
      { class: "actions interview-moves" },
      control && primary(say("continue"), () => goOn(question, control, state)),
      !isRequired(question) && secondary(say("no_answer"), () => answer(question, undefined, state)),
      button(say("break_off"), askToStop, { class: "button stop" }),
    );
  }

  async function choose(question, code, row, state) {
    if (state.isMoving) return;
    state.isMoving = true;
    for (const other of row.parentElement.children) other.setAttribute("aria-pressed", String(other === row));
    frame.announce(row.textContent);
    const own = response;
    await new Promise((resolve) => setTimeout(resolve, CONFIRM_MILLISECONDS));
    // Another press, or the lock, may have gone elsewhere meanwhile.
    if (response === own && place === question && frame.screenName() === "interview") answer(question, code, state);
    state.isMoving = false;
  }

  function goOn(question, control, state) {
    const { value, problem } = control.read();
    if (!problem) return answer(question, value, state);
    state.problem = problem;
    frame.redraw();
  }

  function answer(question, value, state) {
    state.problem = response.take(question, value);
    if (state.problem) return frame.redraw();
    const { after } = response.neighbours(question);
    if (after) showQuestion(after);
    else showEnd();
  }

  function goBack(question, control) {
    const { value, problem } = control?.read() ?? {};
    if (!problem && value !== undefined) response.take(question, value);
    const { before } = response.neighbours(question);
    if (before) showQuestion(before);
    else askToStop();
  }

  // The end, and stopping before it ----------------------------------------------------------------------------

  function showEnd() {
    const open = response.openQuestion();
    if (open) return showQuestion(open);
    place = null;
    const state = { isDone: false };
    host.show("finish", () => ({
      heading: say("all_asked"),
      leads: [say("all_asked_note")],
      back: () => showQuestion(response.last()),
      content: h("div", { class: "actions" }, primary(say("finish"), () => {
        if (state.isDone) return;
        state.isDone = true;
        finish();
      })),
    }));
  }

  function finish() {
    const { id, config } = response;
    const item = { id, device: config.device.code, body: response.body(language(), { hasHour: false }) };
    const visited = assignment;
    forget();
    host.complete(item, visited);
  }

  function askToStop() {
    const question = place;
    const visited = assignment;
    const state = { isDone: false };
    const once = (next) => () => {
      if (state.isDone) return;
      state.isDone = true;
      next();
    };
    const stop = (next) => once(() => {
      forget();
      next();
    });
    const goOnAsking = once(() => showQuestion(question));
    host.show("break-off", () => ({
      heading: say("break_off_heading"),
      leads: [say("break_off_note")],
      back: goOnAsking,
      content: h(
        "div",
        { class: "actions stacked" },
        primary(say("go_on"), goOnAsking),
        secondary(say("keep_as_partial"), stop(() => host.record(visited, "partial"))),
        secondary(say("opened_by_mistake"), stop(() => host.toAddress(visited))),
      ),
    }));
  }

  function forget() {
    frame.announce("");
    response = null;
    assignment = null;
    place = null;
  }

  return { begin, forget, isOn: () => Boolean(response) };
}
