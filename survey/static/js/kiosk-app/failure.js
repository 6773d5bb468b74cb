// The device cannot store: the kiosk stops visibly, keeps in memory what was sent, thanks nobody, tries again.
import { h, primary } from "./dom.js";
import * as frame from "./frame.js";
import * as storage from "./storage.js";
import { say } from "./words.js";

const RETRY_EVERY = 5_000;

export function createFailure(app) {
  // Responses and visits that are complete and not stored yet, each with what is shown once it is.
  const inMemory = [];
  let isTrying = false;
  let error = null;
  let resume = null;
  let timer = null;

  function note(found) {
    if (!(found instanceof storage.StorageFailed)) console.error(found);
    error = found;
  }

  // A response, the visit of an interviewer, or an interview, which is both.
  const keep = (item, thank, visit = null) => inMemory.push({ item, thank, visit });

  function show(goOn) {
    resume = goOn;
    clearInterval(timer);
    timer = setInterval(retry, RETRY_EVERY);
    frame.show("storage-failed", () => ({
      isDemonstration: app.isDemonstration(),
      // Before its settings were read it knows no PIN.
      staff: app.hasStaff() ? app.openStaff : null,
      heading: say("cannot_store"),
      leads: [say(inMemory.length ? "cannot_store_sent" : "cannot_store_note")],
      content: h(
        "div",
        { class: "kiosk-rest" },
        h("div", { class: "notice notice--error", role: "alert" }, h("p", {}, say(app.hasStaff() ? "call_staff" : "call_administrator"))),
        h("div", { class: "actions" }, primary(say("try_again"), retry)),
      ),
    }));
  }

  async function retry() {
    if (isTrying) return;
    isTrying = true;
    try {
      await storage.probe();
      while (inMemory.length) await storePending();
    } catch (found) {
      return note(found);
    } finally {
      isTrying = false;
    }
    clearInterval(timer);
    error = null;
    if (frame.screenName() !== "storage-failed") return;
    const next = resume ?? app.goHome;
    resume = null;
    next();
  }

  // Whether what failed once works again.
  async function isOver() {
    try {
      await storage.probe();
      error = inMemory.length ? error : null;
    } catch (found) {
      note(found);
    }
    return error === null;
  }

  async function storePending() {
    const [{ item, thank, visit }] = inMemory;
    if (item) await storage.addResponse(item, new Date().toISOString(), visit);
    else await storage.addVisit(visit);
    inMemory.shift();
    resume = thank ?? resume;
    if (item) app.send(item.id);
  }

  // The respondent has gone: what was sent stays, nobody else is thanked for it.
  function forgetRespondent() {
    resume = null;
    for (const pending of inMemory) pending.thank = null;
  }

  return {
    note,
    keep,
    show,
    isOver,
    forgetRespondent,
    error: () => error,
    isHolding: () => inMemory.length > 0,
    listInMemory: () => inMemory.map(({ item }) => item).filter(Boolean),
    listVisitsInMemory: () => inMemory.map(({ visit }) => visit).filter(Boolean),
  };
}
