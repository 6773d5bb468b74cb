// One respondent's way: start, a question a screen, send, thanks. The screens themselves are drawn here; what is
// kept is kept by `storage`, what follows is decided by `app`.
import * as clock from "./clock.js";
import { h, paragraph, primary, secondary } from "./dom.js";
import * as frame from "./frame.js";
import { choiceButtons, entry, errorSummary, isRequired, movesOn, optionsFor, sentenceAbout } from "./question.js";
import { receiptNumber } from "./receipt.js";
import { beginResponse } from "./response.js";
import { textFor } from "./routing.js";
import { singleScreen } from "./single-screen.js";
import * as storage from "./storage.js";
import { language, say, text } from "./words.js";

const CONFIRM_MILLISECONDS = 350;
const WAIT_FOR_RECEIPT = 1_000;

export function createVisit(app) {
  let response = null;
  let place = null;
  let endMark = null;
  let isSending = false;

  const address = () => response?.form.address ?? "ong_ba";
  const frameOf = (config, form) => ({
    isDemonstration: config.round.is_demonstration,
    place: form ? `${text(config.unit.name)} · ${text(form.short_title)}` : text(config.unit.name),
  });
  const here = () => frameOf(response.config, response.form);

  // Start ----------------------------------------------------------------------------------------------------

  function start(config, form, onBack) {
    if (form.layout === "single_screen") return beginSingleScreen(config, form, onBack);
    const { who, why, duration, anonymous, voluntary, contact } = form.introduction;
    const points = [duration, anonymous, voluntary, contact];
    frame.show("start", () => ({
      ...frameOf(config),
      staff: app.openStaff,
      back: onBack,
      heading: text(form.title),
      leads: [`${text(who)} ${text(why)}`],
      spoken: () => [text(form.title), ...[who, why, duration, anonymous, voluntary, form.consent].map(text)],
      content: [
        h("ul", { class: "start-points" }, points.map((point) => h("li", {}, text(point)))),
        h(
          "div",
          { class: "start-form" },
          paragraph(text(form.consent)),
          h("div", { class: "actions" }, primary(say("start"), () => begin(config, form))),
        ),
      ],
    }));
  }

  function begin(config, form) {
    response = beginResponse(form, config);
    showQuestion(response.first());
  }

  function beginSingleScreen(config, form, onBack) {
    response = beginResponse(form, config);
    place = null;
    singleScreen({ app, response, onBack, frame: frameOf(config), mark, complete });
  }

  // Questions ------------------------------------------------------------------------------------------------

  function showQuestion(question) {
    place = question;
    const state = { raw: undefined, problem: null, isMoving: false };
    frame.show("question", () => drawQuestion(question, state));
  }

  function drawQuestion(question, state) {
    const { number, of } = response.neighbours(question);
    const { section } = response.stepOf(question);
    const wording = text(textFor(question, response.answers()));
    const options = optionsFor(response, question);
    const control = movesOn(question) ? null : controlFor(question, options, state);
    const leads = [question.hint, response.isFirstOfSection(question) ? section.note : null].filter(Boolean).map(text);
    const sentence = state.problem && sentenceAbout(state.problem, question, number, address());
    return {
      ...here(),
      progress: { number, of },
      heading: wording,
      eyebrow: text(section.title),
      leads,
      back: () => goBack(question, control),
      keep: () => (state.raw = control?.raw()),
      spoken: () => [wording, ...leads, ...options.map((option) => text(option.label))],
      content: [
        sentence && errorSummary([sentence], address()),
        control
          ? control.element
          : choiceButtons({
              questionnaire: response.form,
              question,
              options,
              value: response.answers()[question.id],
              onChoose: (code, row) => choose(question, code, row, state),
            }),
        moves(question, control, state),
      ],
    };
  }

  function controlFor(question, options, state) {
    const value = response.answers()[question.id];
    return entry({ question, options, value, raw: state.raw, isInvalid: Boolean(state.problem) });
  }

  function moves(question, control, state) {
    if (movesOn(question) && isRequired(question)) return null;
    return h(
      "div",
      { class: "actions" },
      control && primary(say("continue"), () => goOn(question, control, state)),
      !isRequired(question) && secondary(say("skip"), () => answer(question, undefined, state)),
    );
  }

  async function choose(question, code, row, state) {
    if (state.isMoving) return;
    state.isMoving = true;
    for (const other of row.parentElement.children) other.setAttribute("aria-pressed", String(other === row));
    frame.announce(row.textContent);
    const shown = new Promise((resolve) => setTimeout(resolve, CONFIRM_MILLISECONDS));
    await answer(question, code, state, shown);
  }

  async function goOn(question, control, state) {
    const { value, problem } = control.read();
    if (!problem) return answer(question, value, state);
    state.problem = problem;
    frame.redraw();
  }

  async function answer(question, value, state, shown) {
    const own = response;
    const problem = own.take(question, value);
    if (problem) {
      Object.assign(state, { problem, isMoving: false });
      return frame.redraw();
    }
    const isMarked = await mark();
    await shown;
    // The idle reset, or another press, may have gone elsewhere meanwhile.
    if (response !== own || place !== question || frame.screenName() !== "question") return;
    const { after } = own.neighbours(question);
    const next = () => (after ? showQuestion(after) : showSend());
    if (isMarked) next();
    else app.showStorageFailure(next);
  }

  function goBack(question, control) {
    const { value, problem } = control?.read() ?? {};
    if (!problem && value !== undefined) response.take(question, value);
    const { before } = response.neighbours(question);
    if (before) showQuestion(before);
    else app.goHome();
  }

  // Says on disk that a response was begun, not what was answered; false where nothing can be stored any more.
  async function mark() {
    const own = response;
    if (!own) return true;
    if (!endMark) {
      endMark = () => {};
      // Held as long as this page fills the response: another tab knows that it is not abandoned.
      navigator.locks.request(`partial:${own.id}`, () => new Promise((resolve) => (endMark = resolve)));
    }
    try {
      await storage.markPartial(own.id);
      return true;
    } catch (error) {
      app.noteStorageError(error);
      return false;
    }
  }

  // Sending --------------------------------------------------------------------------------------------------

  function showSend() {
    const open = response.openQuestion();
    if (open) return showQuestion(open);
    place = null;
    // The screen outlives the response, which is gone as soon as it is sent.
    const own = response;
    const state = { isSent: false };
    frame.show("send", () => ({
      ...frameOf(own.config, own.form),
      heading: say("all_answered"),
      leads: [state.isSent ? say("being_sent") : say("not_sent_yet", {}, own.form.address)],
      spoken: () => [say("all_answered"), say("not_sent_yet", {}, own.form.address)],
      back: state.isSent ? null : () => !state.isSent && showQuestion(own.last()),
      hasLanguages: !state.isSent,
      content: h(
        "div",
        { class: "kiosk-rest" },
        state.isSent ? null : h("div", { class: "actions" }, primary(say("send"), () => {
          if (state.isSent) return;
          state.isSent = true;
          frame.redraw();
          complete();
        })),
      ),
    }));
  }

  // Written to the disk and read back before any thanks.
  async function complete() {
    const done = response;
    const item = { id: done.id, device: done.config.device.code, body: done.body(language()) };
    forget();
    // Nothing that comes meanwhile may take the place of the thanks.
    isSending = true;
    try {
      await storage.addResponse(item, clock.deviceTime());
    } catch (error) {
      isSending = false;
      app.noteStorageError(error);
      app.keepInMemory(item, () => showThanks(done));
      return app.showStorageFailure(null);
    }
    frame.announce("");
    const arrived = app.send(done.id);
    await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, WAIT_FOR_RECEIPT))]);
    isSending = false;
    showThanks(done);
  }

  const storedWords = (id) =>
    app.isDelivered(id) ? say("stored_at", { time: clock.timeOfDay() }) : say("stored_here");

  function showThanks({ id, form, config }) {
    frame.show("thanks", () => ({
      ...frameOf(config, form),
      hasLanguages: false,
      heading: say("thank_you", {}, form.address),
      leads: [storedWords(id)],
      spoken: () => [say("thank_you", {}, form.address), storedWords(id)],
      content: h(
        "div",
        { class: "kiosk-rest" },
        h(
          "div",
          { class: "card" },
          paragraph(say("receipt")),
          paragraph(receiptNumber(id), "receipt"),
          paragraph(say(app.isDelivered(id) ? "receipt_note" : "receipt_note_here")),
        ),
        h("div", { class: "actions" }, primary(say("to_first"), app.goHome)),
        paragraph(say("returns_itself"), "small-print"),
      ),
    }));
    app.returnAfter(config.settings.thanks_seconds);
  }

  // Leaving --------------------------------------------------------------------------------------------------

  function forget() {
    response = null;
    place = null;
    endMark?.();
    endMark = null;
  }

  // Gives the id of a response that had answers, to be counted.
  function drop() {
    const own = response;
    forget();
    return own?.hasAnswers() ? own.id : null;
  }

  const isBegun = () => Boolean(response);
  const hasAnswers = () => isSending || Boolean(response?.hasAnswers());

  return { start, drop, forget, address, isBegun, hasAnswers };
}
