// This device as the server knows it: its credential, its settings and questionnaires, whether it may still ask,
// and the minute-by-minute word to the fleet page.
import * as clock from "./clock.js";
import { ask } from "./server.js";
import * as storage from "./storage.js";
import { speakOn } from "./words.js";

const KEPT = ["credential", "config", "stopped", "contact"];

// The tag as the status names it: without the quotes, and without the W/ of a weak one.
const plainTag = (etag) => etag?.replace(/^W\//, "").replaceAll('"', "");

export function createDevice({ api, appVersion, storageState, noteStorageError }) {
  const device = { credential: null, config: null, stopped: null, contact: null };
  let counts = { unsent: 0, held: 0, dropped: 0 };

  async function load() {
    for (const name of KEPT) device[name] = (await storage.getSetting(name)) ?? null;
    clock.setSkew(device.contact?.skew ?? 0);
    clock.noteServerTime(device.contact?.at ?? device.config?.server_time);
    speakOn(device.config?.device.kind);
  }

  async function keep(name, value) {
    device[name] = value;
    if (name === "config") speakOn(value?.device.kind);
    await storage.putSetting(name, value);
  }

  // Somebody may have cleared the browser's data while the kiosk was open.
  async function keepAgain() {
    if (await storage.getSetting("credential")) return;
    for (const name of KEPT) if (device[name]) await storage.putSetting(name, device[name]);
  }

  async function pairWith(answer) {
    await keep("credential", { device: answer.device, secret: answer.credential });
    await keep("stopped", null);
    await keep("config", null);
    await storage.askToPersist();
  }

  // Settings and questionnaires; true where there are new ones, which the next start screen takes.
  async function refreshConfig() {
    const answer = await ask(`${api}/device`, {
      credential: device.credential?.secret,
      etag: device.config?.etag,
    });
    await noticeRefusal(answer);
    if (answer.status !== 200 || !answer.json?.device || !Array.isArray(answer.json.forms)) return false;
    await noteContact(answer);
    const isNew = answer.etag !== device.config?.etag || !device.config;
    if (isNew) {
      await keep("config", { etag: answer.etag, ...answer.json });
      await keep("stopped", null);
    }
    return isNew;
  }

  async function report() {
    if (!device.credential) return;
    await keepAgain().catch(noteStorageError);
    const answer = await ask(`${api}/device/status`, {
      method: "POST",
      credential: device.credential.secret,
      body: JSON.stringify(await describe()),
    });
    await noticeRefusal(answer);
    if (answer.status !== 200 || !answer.json?.server_time) return;
    await noteContact(answer);
    if (device.stopped?.code === "device_withdrawn" || device.stopped?.code === "credential_unknown")
      await keep("stopped", null);
    if (answer.json.config !== plainTag(device.config?.etag)) await refreshConfig();
    else if (device.stopped?.code === "round_not_open" && isOpenByServer()) await keep("stopped", null);
    return answer.json;
  }

  // Where nothing can be read any more, the last known counts go with the word that storage has failed.
  async function describe() {
    try {
      const visits = await storage.listVisits();
      const refused = visits.filter((visit) => visit.refusal).length;
      counts = {
        unsent: (await storage.countQueued()) + visits.length - refused,
        held: (await storage.countHeld()) + refused,
        dropped: (await storage.getSetting("dropped")) ?? 0,
      };
    } catch (error) {
      noteStorageError(error);
    }
    return {
      ...counts,
      app_version: appVersion,
      device_time: clock.deviceTime(),
      storage: await storageState(),
    };
  }

  async function noteContact(answer) {
    const skew = clock.measureSkew(answer.json.server_time, answer.askedAt, answer.answeredAt);
    clock.noteServerTime(answer.json.server_time);
    await keep("contact", { at: clock.now().toISOString(), skew });
  }

  // The three refusals that end the asking; what is in the queue is still sent.
  async function noticeRefusal({ status, problem }) {
    const code = problem?.code;
    if (typeof code !== "string") return;
    const isFinal = status === 401 || code === "device_withdrawn" || code === "round_not_open";
    if (isFinal) await stop(status === 401 ? "credential_unknown" : code, problem.detail);
  }

  async function stop(code, detail = "") {
    if (device.stopped?.code !== code) await keep("stopped", { code, detail });
  }

  // Why the kiosk asks nobody at present: a code, or null. That a round has ended only the server can say: its own
  // clock may have run ahead, and what comes late is kept aside there.
  function reasonToStop() {
    if (device.stopped) return device.stopped.code;
    const { opens_on: opensOn, closes_on: closesOn, status } = device.config.round;
    if (status && status !== "open") return "round_not_open";
    if (clock.today() < opensOn) return "round_not_yet_open";
    return clock.serverDay() > closesOn ? "round_over" : null;
  }

  function isOpenByServer() {
    const { opens_on: opensOn, closes_on: closesOn, status } = device.config.round;
    return status === "open" && opensOn <= clock.serverDay() && clock.serverDay() <= closesOn;
  }

  return Object.assign(device, { load, pairWith, refreshConfig, report, noticeRefusal, reasonToStop });
}
