// What staff see behind the PIN: how the device is, what it still holds, and the deeds that are theirs.
import * as clock from "./clock.js";
import { h, paragraph, primary, secondary } from "./dom.js";
import * as frame from "./frame.js";
import { keypad } from "./keypad.js";
import { countTry, loadTries, lockedFor, verifyPin } from "./pin.js";
import { receiptNumber } from "./receipt.js";
import { buildRescueFile, download } from "./rescue.js";
import * as storage from "./storage.js";
import * as updates from "./updates.js";
import { inWords, language, say, text } from "./words.js";

const LONGEST_PIN = 8;

export function createStaff(app, device) {
  // `then` comes after the right PIN; without `back` there is no way around it.
  async function askPin({ heading = "enter_pin", back = app.goHome, then = show } = {}) {
    await loadTries();
    const state = { error: null, heading, back, then };
    frame.show("pin", () => drawPin(state));
  }

  function drawPin(state) {
    const input = h("input", {
      class: "control pin-input",
      type: "text",
      id: "pin",
      autocomplete: "off",
      "aria-labelledby": "question",
      "aria-invalid": state.error ? "true" : null,
      onkeydown: (event) => event.key === "Enter" && tryPin(input.value, state),
    });
    return {
      heading: say(state.heading),
      back: state.back,
      content: [
        state.error && h("p", { class: "field-error", role: "alert" }, state.error),
        input,
        keypad(input, LONGEST_PIN),
        h("div", { class: "actions" }, primary(say("continue"), () => tryPin(input.value, state))),
      ],
    };
  }

  async function tryPin(pin, state) {
    if (state.isBusy || !pin) return;
    state.isBusy = true;
    const wait = lockedFor();
    const isRight = !wait && (await verifyPin(pin, device.config.device.pin_hash));
    if (!wait) await countTry(isRight);
    state.isBusy = false;
    if (isRight) return state.then();
    const locked = Math.ceil(lockedFor() / 1000);
    state.error = locked ? say("pin_locked", { seconds: locked }) : say("pin_wrong");
    frame.redraw();
    document.getElementById("pin")?.focus();
  }

  // The screen behind the PIN -----------------------------------------------------------------------------------

  async function show(notice = null) {
    const facts = await gather();
    const fact = ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    frame.show("staff", () => ({
      heading: say("staff_heading"),
      back: app.goHome,
      content: [
        notice && h("div", { class: "notice", role: "status" }, paragraph(say(notice))),
        h("dl", { class: "facts card" }, list(facts).map(fact)),
        h("div", { class: "actions staff-actions" }, deeds(facts)),
        facts.held.length > 0 && heldList(facts.held),
      ],
    }));
  }

  async function gather() {
    const [queued, held, state] = await Promise.all([
      storage.listQueued().catch(() => null),
      storage.listHeld().catch(() => []),
      storage.describe().catch(() => null),
    ]);
    return { queued, held, state, inMemory: app.listInMemory() };
  }

  function list({ queued, held, state, inMemory }) {
    const { config, contact } = device;
    return [
      [say("fact_device"), `${config.device.code} · ${config.device.name}`],
      [say("fact_unit"), text(config.unit.name)],
      [say("fact_round"), text(config.round.title)],
      [say("fact_unsent"), queued ? inWords(queued.length + inMemory.length) : say("fact_unreadable")],
      [say("fact_held"), inWords(held.length)],
      [say("fact_contact"), contact ? clock.dayAndTime(new Date(contact.at), language()) : say("fact_never")],
      [say("fact_clock"), say("fact_seconds", { seconds: clock.skewSeconds() })],
      [say("fact_storage"), storageWords(state)],
      [say("fact_offline"), say(updates.isReadyOffline() ? "fact_yes" : "fact_no")],
      [say("fact_version"), document.body.dataset.version],
    ];
  }

  function storageWords(state) {
    if (app.storageError() || !state) return say(app.storageError()?.isFull ? "storage_full" : "storage_failed");
    if (state.isLow) return say("storage_low");
    return say(state.isPersistent ? "storage_ok" : "storage_not_persistent");
  }

  const deeds = ({ held }) => [
    primary(say("send_now"), async () => {
      await app.sendNow();
      show("sending");
    }),
    secondary(say("download_rescue"), saveRescueFile),
    held.length > 0 && secondary(say("retry_held"), async () => {
      await storage.requeueHeld();
      await app.sendNow();
      show("sending");
    }),
    secondary(say("check_update"), async () => show(await app.checkForUpdate())),
    device.stopped && secondary(say("pair_again"), () => app.showPairing()),
    secondary(say("leave_kiosk"), leave),
  ];

  async function saveRescueFile() {
    const { queued, held, inMemory } = await gather();
    const file = await buildRescueFile(device.config.device.code, [...(queued ?? []), ...held, ...inMemory]);
    download(file, `hailong-cuu-ho-${device.config.device.code}-${clock.today()}.jsonl`);
  }

  function heldList(held) {
    const entry = ({ id, detail, code, kept }) =>
      h("li", {}, h("strong", {}, receiptNumber(id)), ` ${detail || code} `, say(kept ? "held_kept" : "held_here"));
    return h("section", { class: "card" }, h("h2", {}, say("held_heading")), h("ul", {}, held.map(entry)));
  }

  // Outside the kiosk ---------------------------------------------------------------------------------------------

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    frame.show("left", () => ({
      heading: say("left_heading"),
      leads: [say("left_note")],
      content: h("div", { class: "actions" }, primary(say("return_to_kiosk"), app.goHome)),
    }));
  }

  return { askPin, show };
}
