// Drains the queue by itself. A response leaves it only for a receipt of its own id; what the server refuses for
// good is held for staff, until they have decided on it there; everything else is tried again, ever more slowly, whatever navigator.onLine says.
import { deviceTime } from "./clock.js";
import { Unreachable, ask } from "./server.js";
import * as storage from "./storage.js";

const LOCK = "hailong-kiosk-sender";
const AT_ONCE = 4;
const FAILURES_BEFORE_PAUSE = 3;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const LONGEST_OBEYED = 600_000;
const PASSING = new Set([408, 425, 429]);

// What an answer means for the response with this id: "stored", "decided", "held" or "later".
export function judge(answer, id) {
  const { status, json, problem } = answer;
  // Who is not known now may be known again in a while, or be paired again; the response is as good as before.
  if (status === 401) return { kind: "later", wait: null };
  if ((status === 200 || status === 201) && json?.id === id && json.status === "stored") return { kind: "stored" };
  const isRefusal = status >= 400 && status < 500 && !PASSING.has(status);
  // The server's receipt for what it keeps aside: staff have decided on this id with this content.
  if (isRefusal && problem?.kept === true && problem.decided === true && problem.id === id) return { kind: "decided" };
  if (status === 413 || (isRefusal && typeof problem?.code === "string")) {
    const { code = "413", detail = "", kept = false } = problem ?? {};
    return { kind: "held", refusal: { code, detail, kept: kept === true, status } };
  }
  return { kind: "later", wait: status === 429 || status === 503 ? answer.retryAfter : null };
}

// What stands in the queue is the body to post; only the moment of sending is filled in.
export function bodyToPost(body) {
  return JSON.stringify({ ...JSON.parse(body), sent_at: deviceTime() });
}

export function pauseAfter(failures, random = Math.random) {
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - 1, 10));
  return pause * (0.5 + random() / 2);
}

export function createSender({ api, credentialsFor, onDelivered, onHeld, onPass }) {
  const attempts = new Map();
  let failures = 0;
  let timer = null;
  let isBusy = false;
  let isAskedAgain = false;
  let notBefore = 0;

  async function kick({ isForced = false } = {}) {
    if (isBusy) return void (isAskedAgain = true);
    if (!isForced && performance.now() < notBefore) return;
    clearTimeout(timer);
    isBusy = true;
    const pass = await locked(drain).catch(() => ({ failed: true }));
    isBusy = false;
    plan(pass);
    onPass(pass);
    if (isAskedAgain && !pass.failed) {
      isAskedAgain = false;
      kick();
    }
  }

  // One tab sends at a time; the others leave it to that one and look again a little later.
  const locked = (work) =>
    navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : { isElsewhere: true }));

  function plan(pass) {
    if (!pass.failed) {
      failures = 0;
      notBefore = 0;
      if (pass.isElsewhere) timer = setTimeout(kick, FIRST_PAUSE);
      return;
    }
    // Who took some of them will soon take the rest.
    failures = pass.delivered ? 1 : failures + 1;
    isAskedAgain = false;
    const asked = Math.min((pass.wait ?? 0) * 1000, LONGEST_OBEYED);
    notBefore = performance.now() + asked;
    timer = setTimeout(kick, asked + pauseAfter(failures));
  }

  async function drain() {
    const items = await storage.listQueued();
    const pass = { failed: false, wait: null, delivered: 0, inARow: 0 };
    // What failed before comes last, so that one bad response cannot keep the others back.
    items.sort((one, other) => (attempts.get(one.id) ?? 0) - (attempts.get(other.id) ?? 0));
    let next = 0;
    const work = async () => {
      while (next < items.length && pass.inARow < FAILURES_BEFORE_PAUSE && pass.wait === null) {
        await send(items[next++], pass);
        if (pass.isCutOff) return;
      }
    };
    // The first one finds out whether there is a server at all.
    if (items.length) await send(items[next++], pass);
    if (!pass.isCutOff) await Promise.all(Array.from({ length: AT_ONCE }, work));
    return pass;
  }

  async function send(item, pass) {
    const outcome = await deliver(item).catch((error) => {
      if (!(error instanceof Unreachable)) throw error;
      pass.isCutOff = true;
      return { kind: "later", wait: null };
    });
    if (outcome.kind === "later") {
      attempts.set(item.id, (attempts.get(item.id) ?? 0) + 1);
      pass.failed = true;
      pass.inARow += 1;
      pass.wait = outcome.wait ?? pass.wait;
      return;
    }
    pass.inARow = 0;
    attempts.delete(item.id);
    if (outcome.kind === "stored" || outcome.kind === "decided") {
      await storage.removeDelivered(item.id);
      pass.delivered += 1;
      if (outcome.kind === "stored") onDelivered(item.id);
    } else {
      await storage.holdResponse(item, { ...outcome.refusal, held_at: deviceTime() });
      onHeld(item, outcome.refusal);
    }
  }

  async function deliver(item) {
    const [own, other] = credentialsFor(item);
    const answer = await post(item, own);
    // Where the server has forgotten the device that took it, it keeps it aside for staff.
    return judge(answer.status === 401 && other ? await post(item, other) : answer, item.id);
  }

  const post = (item, credential) =>
    ask(`${api}/responses`, {
      method: "POST",
      body: bodyToPost(item.body),
      credential,
      headers: item.wasHeld ? { "X-Hailong-Refused-Before": "1" } : {},
    });

  // Another network may be a better one: no old failure slows it down.
  function startAfresh({ isForced = false } = {}) {
    failures = 0;
    kick({ isForced });
  }

  return { kick, startAfresh };
}
