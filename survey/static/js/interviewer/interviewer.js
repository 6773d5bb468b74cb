// The application on an interviewer's device: the list, the visits, the interview, and the lock. A kiosk's device
// never opens it.
import { h, primary } from "../kiosk-app/dom.js";
import * as frame from "../kiosk-app/frame.js";
import { watchIdle } from "../kiosk-app/idle.js";
import { Unreachable } from "../kiosk-app/server.js";
import * as storage from "../kiosk-app/storage.js";
import { say, text } from "../kiosk-app/words.js";
import { createInterview } from "./interview.js";
import { drawAddress, drawConfirmation, drawList } from "./list.js";
import { createVisits } from "./visits.js";

const LOCK_AFTER_SECONDS = 600;

export function createInterviewer(app, device, staff, api) {
  const visits = createVisits({ api, credential: () => device.credential, onChange: redrawList });
  const interview = createInterview({ show, toAddress: showAddress, confirm, record, complete });
  let shown = null;
  let drawn = "";
  let notice = null;
  let isLocked = null;
  let isKeeping = false;
  let running = null;
  let isAskedAgain = false;

  const isOn = () => device.config?.device.kind === "interviewer";

  // A device that sleeps counts no time; the clock of the day does.
  let hiddenAt = null;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (isOn() && hiddenAt && Math.abs(Date.now() - hiddenAt) > LOCK_AFTER_SECONDS * 1000) lock();
  });
  addEventListener("beforeunload", (event) => (interview.isOn() || isKeeping) && event.preventDefault());

  // What stands on the screen is kept, so that the lock can give it back.
  function show(name, draw) {
    const screen = { name, parts: null };
    const { round, unit } = device.config;
    screen.draw = () => (screen.parts = { isDemonstration: round.is_demonstration, place: text(unit.name), ...draw() });
    shown = screen;
    frame.show(name, screen.draw);
  }

  // The list -----------------------------------------------------------------------------------------------------

  async function open(isWanted) {
    try {
      await visits.load();
      // Asked once: where nothing can be written any more, the right PIN must open the device all the same.
      isLocked ??= (await storage.getSetting("locked")) === true;
    } catch (error) {
      app.noteStorageError(error);
      return app.showStorageFailure(null);
    }
    if (!isWanted()) return;
    shown = null;
    watch();
    if (isLocked) return showLock();
    showList();
  }

  // Where there is nothing to give back, the application decides what comes first: the device may have to stop.
  function goOn() {
    if (shown) frame.show(shown.name, shown.draw);
    else app.goHome();
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
    // The heading has the focus, and a status that was there from the start is not read out.
    if (words) frame.announce(words());
    refreshAndSend();
  }

  const describeList = () => JSON.stringify([visits.assignments(), visits.unsent(), visits.refused()]);

  // Only for something new, without moving what is being read or what the keyboard stands on.
  function redrawList() {
    if (frame.screenName() !== "assignments" || drawn === describeList()) return;
    drawn = describeList();
    const top = scrollY;
    const place = document.activeElement?.id;
    frame.redraw({ focus: false });
    if (place) document.getElementById(place)?.focus({ preventScroll: true });
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
      await visits.load();
    } catch (error) {
      app.noteStorageError(error);
      return app.showStorageFailure(() => showAddress(assignment));
    }
    // Another window of this device may have held the interview meanwhile.
    const now = visits.assignments().find(({ id }) => id === assignment.id);
    if (now?.outcome === "completed") return showAddress(now);
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

  async function record(assignment, outcome) {
    const visit = visits.make(assignment, outcome);
    const goOnAfter = () => {
      notice = () => say("recorded", { outcome: say(`outcome_${outcome}`) });
      app.goHome();
    };
    const isKept = await keep(null, visit, goOnAfter, () => visits.record(visit));
    if (isKept) goOnAfter();
  }

  // Response and visit in one transaction: neither is ever there without the other.
  async function complete(item, assignment) {
    const visit = visits.make(assignment, "completed");
    const write = async () => {
      await quietly(visits.noteResponseSent);
      await storage.addResponse(item, null, visit);
    };
    if (!(await keep(item, visit, showThanks, write))) return;
    app.send(item.id);
    showThanks();
  }

  // Where it cannot be written it stays in memory, also while staff look at their screen or fetch the rescue file.
  async function keep(item, visit, thank, write) {
    if (isKeeping) return false;
    isKeeping = true;
    try {
      await write();
      return true;
    } catch (error) {
      app.noteStorageError(error);
      app.keepInMemory(item, thank, visit);
      app.showStorageFailure(null);
      return false;
    } finally {
      isKeeping = false;
    }
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
  const mayLock = () => !isLocked && !isKeeping && !["storage-failed", "pairing"].includes(frame.screenName());

  function watch() {
    watchIdle({
      seconds: LOCK_AFTER_SECONDS,
      warningSeconds: 0,
      goesOn: true,
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
    frame.announce("");
    showLock();
    await storage.putSetting("locked", true).catch((error) => app.noteStorageError(error));
  }

  const showLock = () => staff.askPin({ heading: "locked", back: null, then: unlock });

  async function unlock() {
    await storage.putSetting("locked", false).catch((error) => app.noteStorageError(error));
    isLocked = false;
    goOn();
  }

  // In the background --------------------------------------------------------------------------------------------

  // One after the other: a list that was asked for before a visit was sent would bring its address back.
  function refreshAndSend() {
    if (running) isAskedAgain = true;
    else running = inTurn().finally(() => (running = null));
    return running;
  }

  async function inTurn() {
    do {
      isAskedAgain = false;
      await quietly(visits.refresh);
      await quietly(visits.send);
    } while (isAskedAgain);
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
    // A tablet that was paired as a kiosk may still have visits.
    tick: () => (isOn() ? refreshAndSend() : quietly(visits.send)),
    send: () => (isOn() ? refreshAndSend() : quietly(visits.send)),
    retryRefused: () => quietly(visits.retryRefused),
    noteResponseSent: () => isOn() && quietly(visits.noteResponseSent),
    forget: interview.forget,
  };
}
