// Opens the kiosk and leads from screen to screen. What must never happen is settled in the parts it leads.
import { createInterviewer } from "../interviewer/interviewer.js";
import * as clock from "./clock.js";
import { button, h, primary } from "./dom.js";
import { createDevice } from "./device.js";
import { createFailure } from "./failure.js";
import * as frame from "./frame.js";
import { stopWatching, watchIdle } from "./idle.js";
import { closeIdleWarning, showIdleWarning } from "./idle-warning.js";
import { pair, takeCodeFromAddress } from "./pairing.js";
import { createSender } from "./sender.js";
import { Unreachable } from "./server.js";
import { onVoices } from "./speech.js";
import { createStaff } from "./staff.js";
import * as storage from "./storage.js";
import { drawPairing, drawStopped, drawUnsupported, drawWait, stoppedNote } from "./notices.js";
import * as updates from "./updates.js";
import { createVisit } from "./visit.js";
import { say, speak, text } from "./words.js";

const REPORT_EVERY = 60_000;
const RETRY_EVERY = 5_000;
const RETRY_HELD_EVERY = 24 * 3_600_000;
const HOMES = new Set(["start", "single", "choose-form", "stopped", "wait", "opening", "assignments"]);
const { api, version, worker } = document.body.dataset;

const delivered = new Set();
const awaited = new Map();
let shownConfig = null;
let homeTimer = null;
let unusedCode = "";
const uncounted = [];

const app = {
  goHome,
  openStaff,
  showPairing,
  showStorageFailure,
  send,
  sendNow,
  checkForUpdate,
  returnAfter: (seconds) => setHomeTimer(goHome, seconds * 1000),
  isDelivered: (id) => delivered.has(id),
  isDemonstration: () => Boolean(device.config?.round.is_demonstration),
  hasStaff: () => Boolean(device.config),
  noteStorageError: (error) => failure.note(error),
  storageError: () => failure.error(),
  keepInMemory: (item, thank, visit) => failure.keep(item, thank, visit),
  listInMemory: () => failure.listInMemory(),
  listVisitsInMemory: () => failure.listVisitsInMemory(),
  retryRefusedVisits: () => interviewer.retryRefused(),
};
const device = createDevice({ api, appVersion: version, storageState, noteStorageError: app.noteStorageError });
const failure = createFailure(app);
const visit = createVisit(app);
const staff = createStaff(app, device);
const interviewer = createInterviewer(app, device, staff, api);
const sender = createSender({
  api,
  credentialsFor: (item) => device.credentialsFor(item),
  onDelivered: noteDelivered,
  onHeld: noteHeld,
  onPass: (pass) => pass.delivered && reportQuietly(),
});

// Opening -----------------------------------------------------------------------------------------------------

async function open() {
  if (!isSupported()) return frame.show("unsupported", drawUnsupported);
  const code = takeCodeFromAddress();
  guardHistory();
  updates.register(worker).then(updates.isReadyOffline).catch(() => null);
  setInterval(tick, REPORT_EVERY);
  await begin(code);
}

async function begin(code) {
  try {
    await device.load();
    await countAbandoned();
    storage.askToPersist();
  } catch (error) {
    failure.note(error);
    return failure.show(() => begin(code));
  }
  if (!device.credential || (code && mustPair())) return showPairing(code);
  tick();
  if (code) return showUnusedCode(code);
  await goHome();
}

const mustPair = () =>
  !device.credential || ["device_withdrawn", "credential_unknown"].includes(device.stopped?.code);

const isSupported = () =>
  isSecureContext && "indexedDB" in globalThis && "locks" in navigator && Boolean(crypto.randomUUID && crypto.subtle);

// The back button leads nowhere: the one entry below is put back whenever it is taken.
function guardHistory() {
  const stay = () => history.pushState({ isGuard: true }, "", location.pathname);
  if (!history.state?.isGuard) stay();
  addEventListener("popstate", () => {
    // The address of a pairing code, opened in this very window, is no new page.
    const code = takeCodeFromAddress();
    stay();
    if (!code) return;
    if (mustPair()) showPairing(code);
    else if (HOMES.has(frame.screenName()) && !visit.hasAnswers()) showUnusedCode(code);
  });
  addEventListener("pagehide", () => {
    visit.forget();
    interviewer.forget();
    frame.wipe();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => failure.isHolding() && event.preventDefault());
}

// Responses of a page that is gone: a page that is alive holds the lock of its own.
async function countAbandoned() {
  for (const id of await storage.listPartials())
    await navigator.locks.request(`partial:${id}`, { ifAvailable: true }, (lock) => lock && storage.dropPartial(id));
}

// The first screen --------------------------------------------------------------------------------------------

function goHome() {
  return showHome(() => true);
}

// For what happens by itself: whoever opens another screen meanwhile stays there.
function goHomeFrom(screen) {
  return showHome(() => frame.screen() === screen);
}

async function showHome(isWanted) {
  clearTimeout(homeTimer);
  stopWatching();
  closeIdleWarning();
  if (interviewer.isOn()) speak("vi");
  else frame.resetSwitches();
  if (!device.credential) return showPairing();
  let wait = 0;
  try {
    await dropPartial();
    if (failure.isHolding()) return showStorageFailure(null);
    if (isWanted() && (await updates.take())) return;
    wait = await waitingTime();
  } catch (error) {
    failure.note(error);
    return showStorageFailure(null);
  }
  if (!isWanted()) return;
  if (!device.config) return showOpening();
  shownConfig = device.config;
  if (device.reasonToStop()) return showStopped(isWanted);
  if (interviewer.isOn()) return interviewer.open(isWanted);
  if (wait > 0) return showWait(wait);
  showForms();
}

// Answers that nobody sends are forgotten at once, and counted as soon as the device can store.
async function dropPartial() {
  const id = visit.drop();
  if (id) uncounted.push(id);
  while (uncounted.length) {
    await storage.markPartial(uncounted[0]);
    await storage.dropPartial(uncounted[0]);
    uncounted.shift();
  }
}

function showForms() {
  const { forms, unit, round } = device.config;
  const config = device.config;
  if (forms.length === 1) {
    visit.start(config, forms[0]);
    return watch(frame.areSwitchesUsed);
  }
  const row = (form) => button(text(form.short_title), () => choose(config, form), { class: "choice" });
  frame.show("choose-form", () => ({
    isDemonstration: round.is_demonstration,
    place: text(unit.name),
    staff: openStaff,
    heading: say("choose_form"),
    leads: [text(round.title)],
    content: h("div", { class: "choices" }, forms.map(row)),
  }));
  watch(frame.areSwitchesUsed);
}

function choose(config, form) {
  visit.start(config, form, goHome);
  watch(() => true);
}

// An abandoned screen warns, and then nothing of it is left.
function watch(isTouched) {
  if (interviewer.isOn()) return interviewer.watch();
  const { idle_seconds: seconds, warning_seconds: warningSeconds } = device.config.settings;
  const isActive = () => {
    const name = frame.screenName();
    if (name === "thanks" || name === "left" || name === "wait") return false;
    if (name === "storage-failed") return visit.isBegun() || failure.isHolding();
    if (name === "start" || name === "choose-form") return isTouched();
    return name !== "single" || visit.hasAnswers() || isTouched();
  };
  watchIdle({
    seconds,
    warningSeconds,
    isActive,
    onWarn: (left) => showIdleWarning(left, visit.address()),
    onLeave: () => {
      failure.forgetRespondent();
      goHome();
    },
  });
}

// Screens between ---------------------------------------------------------------------------------------------

// A code for a device that is paired: staff alone, behind the PIN, may use it.
function showUnusedCode(code) {
  unusedCode = code;
  clearTimeout(homeTimer);
  stopWatching();
  frame.show("code-unused", () => ({
    staff: device.config ? openStaff : null,
    heading: say("code_unused"),
    leads: [say("code_unused_note")],
    content: h("div", { class: "actions" }, primary(say("to_first"), goHome)),
  }));
  setHomeTimer(() => frame.screenName() === "code-unused" && goHome(), 60_000);
}

function showPairing(code = unusedCode, problem = null) {
  const state = { code: code ?? "", problem };
  unusedCode = "";
  frame.show("pairing", () => drawPairing(state, submit));
  async function submit(typed) {
    Object.assign(state, { code: typed, problem: null });
    const answer = await pair(api, typed, device.credential?.secret);
    if (answer.problem) {
      state.problem = answer.problem;
      return frame.redraw();
    }
    try {
      await device.pairWith(answer);
    } catch (error) {
      failure.note(error);
      return failure.show(() => device.pairWith(answer).then(goHome));
    }
    sender.startAfresh({ isForced: true });
    await goHome();
  }
  if (code && !problem) submit(code);
}

async function showOpening() {
  frame.show("opening", () => ({ heading: say("loading"), leads: [say("loading_note")], content: null }));
  await device.refreshConfig().catch(noteUnreachable);
  if (frame.screenName() !== "opening") return;
  if (device.config) {
    reportQuietly();
    return goHome();
  }
  // Without a configuration there is no PIN to ask for, and nothing of this round to guard.
  if (device.stopped) return showPairing("", stoppedNote(device.stopped.code));
  setHomeTimer(showOpening, RETRY_EVERY);
}

async function showStopped(isWanted) {
  const unsent = await storage.countQueued().catch(() => 0);
  const visits = await storage.listVisits().catch(() => []);
  const refused = visits.filter((visit) => visit.refusal).length;
  const counts = { still_to_send: unsent, visits_to_send: visits.length - refused, visits_held: refused };
  if (isWanted()) frame.show("stopped", () => ({ ...drawStopped(device, counts), staff: openStaff }));
}

async function waitingTime() {
  const interval = (device.config?.settings.minimum_interval_seconds ?? 0) * 1000;
  const last = await storage.getSetting("last_completed");
  return last ? Math.min(interval, interval - (Date.now() - Date.parse(last))) : 0;
}

function showWait(milliseconds) {
  const end = performance.now() + milliseconds;
  const left = () => Math.max(0, Math.ceil((end - performance.now()) / 1000));
  frame.show("wait", () => ({ ...drawWait(left()), isDemonstration: app.isDemonstration(), staff: openStaff }));
  const step = async () => {
    if (frame.screenName() !== "wait") return;
    document.querySelector(".wait-count").textContent = left();
    if (left() > 0) return setHomeTimer(step, 500);
    // A clock that was set back must not make the next one wait again.
    await storage.deleteSetting("last_completed").catch((error) => failure.note(error));
    goHome();
  };
  setHomeTimer(step, 500);
}

function setHomeTimer(deed, milliseconds) {
  clearTimeout(homeTimer);
  homeTimer = setTimeout(deed, milliseconds);
}

function showStorageFailure(resume) {
  failure.show(resume);
  if (device.config) watch(() => true);
}

async function openStaff() {
  clearTimeout(homeTimer);
  if (!device.config) return;
  await staff.askPin();
  watch(() => true);
}

// In the background -------------------------------------------------------------------------------------------

async function tick() {
  if (device.credential) await storage.reconcile().catch((error) => failure.note(error));
  sender.kick();
  interviewer.tick();
  await reportQuietly();
  await updates.check().catch(() => null);
  // What the browser dropped is fetched again before the next start without a network.
  updates.isReadyOffline();
  // Who has begun to answer finds out with the next answer, and keeps the answers.
  const isBegun = visit.hasAnswers() || !HOMES.has(frame.screenName());
  if (failure.error() && !isBegun && !(await failure.isOver())) return showStorageFailure(null);
  const isFree = HOMES.has(frame.screenName()) && !visit.hasAnswers() && (interviewer.isOn() || !frame.areSwitchesUsed());
  const isToStop = Boolean(device.config && device.reasonToStop());
  const mayGoOn = Boolean(device.config) && frame.screenName() === "stopped";
  const hasNews = updates.isWaiting() || device.config !== shownConfig || isToStop || mayGoOn;
  if (isFree && hasNews) goHomeFrom(frame.screen());
}

async function reportQuietly() {
  try {
    const answer = await device.report();
    if (answer) await retryUnknown();
    await retryHeld(answer?.decided ?? null);
  } catch (error) {
    noteUnreachable(error);
  }
}

// An older version held what a server refused that did not know the device: one that knows it takes it.
async function retryUnknown() {
  if (await storage.requeueHeld(({ status, code }) => status === 401 || code === "credential_unknown")) sender.kick();
}

// What the server refused is tried again each day, and as soon as staff have decided on something there: only its
// answer for the very response lets it leave the device.
async function retryHeld(decided) {
  if (!device.credential) return;
  const last = (await storage.getSetting("held_retry")) ?? { at: 0, decided: 0 };
  const isDue = Math.abs(Date.now() - last.at) > RETRY_HELD_EVERY || (decided ?? last.decided) !== last.decided;
  if (!isDue) return;
  const held = await storage.countHeld();
  await storage.putSetting("held_retry", { at: Date.now(), decided: decided ?? last.decided });
  if (held) await storage.requeueHeld();
  await interviewer.retryRefused();
  if (held) sender.kick();
}

function noteUnreachable(error) {
  if (error instanceof storage.StorageFailed) failure.note(error);
  else if (!(error instanceof Unreachable)) throw error;
}

async function storageState() {
  if (failure.error()) return failure.error().isFull ? "full" : "failed";
  return (await storage.describe()).isLow ? "low" : "ok";
}

// Resolves when the server has the response; the screen does not wait for it long.
function send(id) {
  const arrived = new Promise((resolve) => awaited.set(id, resolve));
  sender.kick();
  return arrived;
}

async function sendNow() {
  await sender.kick({ isForced: true });
  await interviewer.send();
  await reportQuietly();
}

function noteDelivered(id) {
  delivered.add(id);
  interviewer.noteResponseSent();
  awaited.get(id)?.();
  awaited.delete(id);
  if (frame.screenName() === "thanks") frame.redraw({ focus: false });
}

async function noteHeld(item, refusal) {
  interviewer.noteResponseSent();
  if (JSON.parse(item.body).round !== device.config?.round.code) return;
  if (device.formers?.[item.device]) return;
  await device.noticeRefusal({ status: refusal.status, problem: refusal }).catch((error) => failure.note(error));
}

// The key of the sentence that says what was found.
async function checkForUpdate() {
  try {
    await updates.check();
    await device.refreshConfig();
  } catch (error) {
    noteUnreachable(error instanceof TypeError ? new Unreachable(error.message) : error);
    return "update_unknown";
  }
  if (await updates.take()) return "update_taken";
  return device.config === shownConfig ? "update_none" : "update_taken";
}

onVoices(() => frame.redraw({ focus: false }));
addEventListener("online", sender.startAfresh);
open();
