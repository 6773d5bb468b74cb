// Where the interviewer goes and what came of it: kept on the device like responses, sent apart from them.
import * as clock from "../kiosk-app/clock.js";
import { bodyToPost, judge } from "../kiosk-app/sender.js";
import { Unreachable, ask } from "../kiosk-app/server.js";
import { shuffled } from "../kiosk-app/shuffle.js";
import * as storage from "../kiosk-app/storage.js";

const LOCK = "hailong-kiosk-visits";
const SHORTEST_WAIT = 10 * 60_000;
const LONGEST_WAIT = 40 * 60_000;
const NOTHING = { device: null, etag: null, items: [] };
const TO_VISIT_AGAIN = new Set([null, "not_at_home", "other"]);
// The list is for a device in use alone.
const ENDED = new Set(["device_withdrawn", "credential_unknown"]);

export const isDone = (assignment) => !TO_VISIT_AGAIN.has(assignment.outcome);

export function createVisits({ api, credential, onChange }) {
  let list = NOTHING;
  let waiting = [];
  let notBefore = 0;
  let quietUntil = 0;

  async function load() {
    list = (await storage.getSetting("assignments")) ?? NOTHING;
    waiting = await storage.listVisits();
  }

  // What is kept of a visit. `order` is that among the visits to one address, and is never sent. Of an interview
  // the device keeps as little as the server: with a moment, a day or a place in a row, it could be joined with a
  // response that waits beside it.
  function make({ id: assignment }, outcome) {
    const id = crypto.randomUUID();
    const isInterview = outcome === "completed";
    const day = isInterview ? clock.mondayOf(clock.today()) : clock.today();
    const former = waiting.filter((visit) => visit.assignment === assignment).map((visit) => visit.order ?? 0);
    const order = isInterview ? null : 1 + Math.max(0, ...former);
    const body = { id, assignment, outcome, visited_on: day, sent_at: null };
    return { id, assignment, outcome, order, body: JSON.stringify(body) };
  }

  // The list with the visits that the server does not know yet.
  function assignments() {
    if (list.device !== credential()?.device) return [];
    return list.items.map((item) => withVisits(item, waiting.filter((visit) => visit.assignment === item.id)));
  }

  async function record(visit) {
    await storage.addVisit(visit);
    await load();
  }

  async function refresh() {
    const device = credential()?.device;
    const etag = list.device === device ? list.etag : null;
    const answer = await ask(`${api}/assignments`, { credential: credential()?.secret, etag });
    if (ENDED.has(answer.problem?.code)) await storage.deleteSetting("assignments");
    else if (answer.status !== 200 || !Array.isArray(answer.json?.assignments)) return;
    else await storage.putSetting("assignments", { device, etag: answer.etag, items: answer.json.assignments });
    await load();
    onChange();
  }

  // Sending ----------------------------------------------------------------------------------------------------

  // One tab at a time, in an order that says nothing; whatever fails is tried again at the next call.
  async function send() {
    if (performance.now() < notBefore) return;
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      await load();
      const mayTell = await isQuiet();
      const due = waiting.filter((visit) => !visit.refusal && (visit.outcome !== "completed" || mayTell));
      for (const visit of shuffled(due)) if (!(await deliver(visit))) break;
      if (due.length) await load();
    });
    onChange();
  }

  // False where the server did not take or refuse it: then the others need not be tried now.
  async function deliver(visit) {
    const outcome = await post(visit);
    if (outcome.kind === "stored") await storage.removeVisit(visit.id, (items) => noted(items, visit));
    else if (outcome.kind === "held") await storage.putVisit({ ...visit, refusal: outcome.refusal });
    else notBefore = performance.now() + (outcome.wait ?? 0) * 1000;
    return outcome.kind !== "later";
  }

  async function post(visit) {
    try {
      const secret = credential()?.secret;
      const answer = await ask(`${api}/visits`, { method: "POST", body: bodyToPost(visit.body), credential: secret });
      return judge(answer, visit.id);
    } catch (error) {
      if (error instanceof Unreachable) return { kind: "later", wait: null };
      throw error;
    }
  }

  async function retryRefused() {
    await load();
    for (const { refusal, ...visit } of waiting) if (refusal) await storage.putVisit(visit);
    notBefore = 0;
    await send();
  }

  // The visit of a completed interview waits until its response has been gone for a while that nobody knows.
  async function noteResponseSent() {
    quietUntil = Date.now() + SHORTEST_WAIT + Math.random() * (LONGEST_WAIT - SHORTEST_WAIT);
    await storage.putSetting("visits_wait_until", quietUntil);
  }

  async function isQuiet() {
    if ((await storage.countQueued()) > 0) {
      await noteResponseSent();
      return false;
    }
    const kept = (await storage.getSetting("visits_wait_until")) ?? 0;
    const until = Math.max(quietUntil, kept);
    // A clock that was set back must not make it wait for years.
    if (until - Date.now() > LONGEST_WAIT) await noteResponseSent();
    return Date.now() >= until;
  }

  return {
    load,
    make,
    assignments,
    record,
    refresh,
    send,
    retryRefused,
    noteResponseSent,
    unsent: () => waiting.filter((visit) => !visit.refusal),
    refused: () => waiting.filter((visit) => visit.refusal),
  };
}

function withVisits(item, visits) {
  const inOrder = visits.toSorted((one, other) => one.order - other.order);
  const outcomes = [item.outcome, ...inOrder.map((visit) => visit.outcome)];
  return {
    ...item,
    attempts: item.attempts + visits.length,
    outcome: outcomes.includes("completed") ? "completed" : outcomes.at(-1),
    isUnsent: visits.length > 0,
  };
}

// The list as the server will give it, until it does.
const noted = (items, visit) =>
  items.map((item) => {
    if (item.id !== visit.assignment) return item;
    return { ...withVisits(item, [visit]), isUnsent: undefined };
  });
