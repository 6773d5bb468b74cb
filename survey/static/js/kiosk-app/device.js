// This device as the server knows it: its credential, its settings and questionnaires, whether it may still ask,
// and the minute-by-minute word to the fleet page.
import * as clock from "./clock.js";
import { ask } from "./server.js";
import * as storage from "./storage.js";
import { speakOn } from "./words.js";

const KEPT = ["credential", "config", "stopped", "contact", "formers"];

// The tag as the status names it: without the quotes, and without the W/ of a weak one.
const plainTag = (etag) => etag?.replace(/^W\//, "").replaceAll('"', "");

export function createDevice({ api, appVersion, storageState, noteStorageError }) {
  // `formers`: the credentials of devices that this tablet was before and for which it still holds responses.
  const device = { credential: null, config: null, stopped: null, contact: null, formers: null };
  let counts = { unsent: 0, held: 0, dropped: 0, lost: 0 };

  async function load() {
    const lost = await storage.countLost();
    if (lost) await storage.putSetting("lost", ((await storage.getSetting("lost")) ?? 0) + lost);
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

  // What waits here was taken by the device that this tablet was until now, and is sent as from that one.
  async function pairWith(answer) {
    const { credential: old, formers } = device;
    if (old) {
      await storage.nameDevice(old.device);
      const { [answer.device]: _same, ...others } = { ...formers, [old.device]: old.secret };
      await keep("formers", others);
    }
    await keep("credential", { device: answer.device, secret: answer.credential });
    await keep("stopped", null);
    await keep("config", null);
    await storage.requeueHeld();
    await storage.askToPersist();
  }

  // The credentials with which a response may be sent, that of the device that took it first.
  function credentialsFor(item) {
    const own = device.formers?.[item.device];
    return [own, device.credential?.secret].filter(Boolean);
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
    const answer = await post(device.credential.secret, await describe());
    await noticeRefusal(answer);
    if (answer.status !== 200 || !answer.json?.server_time) return;
    await noteContact(answer);
    if (device.stopped?.code === "device_withdrawn" || device.stopped?.code === "credential_unknown")
      await keep("stopped", null);
    if (answer.json.config !== plainTag(device.config?.etag)) await refreshConfig();
    else if (device.stopped?.code === "round_not_open" && isOpenByServer()) await keep("stopped", null);
    await reportFormers();
    return answer.json;
  }

  // The device that this tablet was says how much of it is still here, and at last that nothing is.
  async function reportFormers() {
    for (const [code, secret] of Object.entries(device.formers ?? {})) {
      const isOf = (item) => item.device === code;
      const [unsent, held] = ["queue", "held"].map((name) => storage.remembered(name).filter(isOf).length);
      const body = { ...(await describe()), unsent, held, lost: 0 };
      const answer = await post(secret, body);
      const isKnown = answer.status === 200 || typeof answer.problem?.code === "string";
      if (unsent + held > 0 || !isKnown) continue;
      const { [code]: _gone, ...others } = device.formers;
      await keep("formers", others);
    }
  }

  const post = (credential, body) =>
    ask(`${api}/device/status`, { method: "POST", credential, body: JSON.stringify(body) });

  // Where nothing can be read any more, the last known counts go with the word that storage has failed.
  async function describe() {
    try {
      // Somebody may have cleared the browser's data while the kiosk was open.
      await storage.reconcile();
      const visits = storage.remembered("visits");
      const refused = visits.filter((visit) => visit.refusal).length;
      const own = (name) => storage.remembered(name).filter((item) => !device.formers?.[item.device]).length;
      counts = {
        unsent: own("queue") + visits.length - refused,
        held: own("held") + refused,
        dropped: (await storage.getSetting("dropped")) ?? 0,
        lost: (await storage.getSetting("lost")) ?? 0,
      };
    } catch (error) {
      noteStorageError(error);
    }
    return {
      ...counts,
      app_version: appVersion,
      device_time: clock.deviceTime(),
      storage: await storageState(),
      is_kept: await storage.isPersistent(),
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

  return Object.assign(device, { load, pairWith, credentialsFor, refreshConfig, report, noticeRefusal, reasonToStop });
}
