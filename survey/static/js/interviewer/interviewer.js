// The application on an interviewer's device: the list, the visits, the interview, and the lock. A kiosk's device
// never opens it.
import * as clock from "../kiosk-app/clock.js";
import { h, primary } from "../kiosk-app/dom.js";
import * as frame from "../kiosk-app/frame.js";
import { watchIdle } from "../kiosk-app/idle.js";
import { Unreachable } from "../kiosk-app/server.js";
import * as storage from "../kiosk-app/storage.js";
import { say, text } from "../kiosk-app/words.js";
import { createInterview } from "./interview.js";
import { drawAddress, drawConfirmation, drawList } from "./list.js";
import { createVisits, makeVisit } from "./visits.js";

const LOCK_AFTER_SECONDS = 600;

export function createInterviewer(app, device, staff, api) {
  const visits = createVisits({ api, credential: () => device.credential, onChange: redrawList });
  const interview = createInterview({ show, toAddress: showAddress, confirm, record, complete });
  let shown = null;
  let drawn = "";
  let notice = null;
  let isLocked = false;

  const isOn = () => device.config?.device.kind === "interviewer";

  // A device that sleeps counts no time; the clock of the day does.
  let hiddenAt = null;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (isOn() && hiddenAt && Math.abs(Date.now() - hiddenAt) > LOCK_AFTER_SECONDS * 1000) lock();
  });
  addEventListener("beforeunload", (event) => interview.isOn() && event.preventDefault());

  // What stands on the screen is kept, so that the lock can give it back.
  function show(name, draw) {
    const screen = { name, parts: null };
    const { round, unit } = device.config;
    screen.draw = () => (screen.parts = { isDemonstration: round.is_demonstration, place: text(unit.name), ...draw() });
    shown = screen;
    frame.show(name, screen.draw);
  }

  // The list -----------------------------------------------------------------------------------------------------

  async function open() {
    try {
      await visits.load();
      isLocked = (await storage.getSetting("locked")) === true;
    } catch (error) {
      app.noteStorageError(error);
      return app.showStorageFailure(null);
    }
    shown = null;
    watch();
    if (isLocked) return showLock();
    showList();
  }

  function showList() {
    const words = notice;
    const state = { isDoneOpen: false };
    notice = null;
    drawn = describeList();
    show("assignments", () => ({
      ...drawList({
        assignments: visits.assignments(),
        unsent: visits.unsent(),
        refused: visits.refused(),
        notice: words?.(),
        state,
        onOpen: showAddress,
        onRetry: () => quietly(visits.retryRefused),
      }),
      staff: app.openStaff,
    }));
    refreshAndSend();
  }

  const describeList = () => JSON.stringify([visits.assignments(), visits.unsent(), visits.refused()]);

  // Only for something new, and without moving what is being read.
  function redrawList() {
    if (frame.screenName() !== "assignments" || drawn === describeList()) return;
    drawn = describeList();
    const top = scrollY;
    frame.redraw({ focus: false });
    scrollTo(0, top);
  }

  function showAddress(assignment) {
    const form = device.config.forms.find(({ id }) => id === assignment.questionnaire);
    show("address", () =>
      drawAddress(assignment, form, {
        onStart: () => startInterview(form, assignment),
        onRecord: (outcome) => confirm(assignment, outcome),
        onBack: app.goHome,
      }),
    );
  }

  // Nobody is asked anything where the answers could not be kept.
  async function startInterview(form, assignment) {
    try {
      await storage.probe();
    } catch (error) {
      app.noteStorageError(error);
      return app.showStorageFailure(() => showAddress(assignment));
    }
    interview.begin(device.config, form, assignment);
  }

  // What came of a visit -----------------------------------------------------------------------------------------

  function confirm(assignment, outcome) {
    const state = { isDone: false };
    show("confirm", () =>
      drawConfirmation(assignment, outcome, {
        onBack: () => showAddress(assignment),
        onRecord: () => {
          if (state.isDone) return;
          state.isDone = true;
          record(assignment, outcome);
        },
      }),
    );
  }

  function record(assignment, outcome) {
    return keep(makeVisit(assignment, outcome));
  }

  async function keep(visit) {
    try {
      await visits.record(visit);
    } catch (error) {
      app.noteStorageError(error);
      return app.showStorageFailure(() => keep(visit));
    }
    notice = () => say("recorded", { outcome: say(`outcome_${visit.outcome}`) });
    app.goHome();
  }

  // Response and visit in one transaction: neither is ever there without the other.
  async function complete(item, assignment) {
    const visit = makeVisit(assignment, "completed");
    await quietly(visits.noteResponseSent);
    try {
      await storage.addResponse(item, clock.deviceTime(), visit);
    } catch (error) {
      app.noteStorageError(error);
      app.keepInMemory(item, showThanks, visit);
      return app.showStorageFailure(null);
    }
    app.send(item.id);
    showThanks();
  }

  // No receipt number: with it the interviewer could name the response of this address.
  function showThanks() {
    show("interview-thanks", () => ({
      heading: say("say_thanks"),
      leads: [say("interview_stored")],
      content: h("div", { class: "actions" }, primary(say("to_list"), app.goHome)),
    }));
  }

  // The lock -----------------------------------------------------------------------------------------------------

  // A screen that holds something unsaved in memory alone stays as it is.
  const mayLock = () => !isLocked && !["storage-failed", "pairing"].includes(frame.screenName());

  function watch() {
    watchIdle({
      seconds: LOCK_AFTER_SECONDS,
      warningSeconds: 0,
      isActive: mayLock,
      onWarn: () => {},
      onLeave: lock,
    });
  }

  async function lock() {
    if (!mayLock()) return;
    isLocked = true;
    shown?.parts?.keep?.();
    if (shown?.name !== frame.screenName()) shown = null;
    await storage.putSetting("locked", true).catch((error) => app.noteStorageError(error));
    showLock();
  }

  const showLock = () => staff.askPin({ heading: "locked", back: null, then: unlock });

  async function unlock() {
    isLocked = false;
    await storage.putSetting("locked", false).catch((error) => app.noteStorageError(error));
    if (shown) frame.show(shown.name, shown.draw);
    else showList();
  }

  // In the background --------------------------------------------------------------------------------------------

  async function refreshAndSend() {
    await quietly(visits.refresh);
    await quietly(visits.send);
  }

  async function quietly(deed) {
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof Unreachable)) app.noteStorageError(error);
    }
  }

  return {
    isOn,
    open,
    watch,
    tick: () => isOn() && refreshAndSend(),
    send: () => (isOn() ? quietly(visits.send) : null),
    noteResponseSent: () => isOn() && quietly(visits.noteResponseSent),
    forget: interview.forget,
  };
}
