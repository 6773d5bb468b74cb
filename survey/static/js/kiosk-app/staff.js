// What staff see behind the PIN: how the device is, what it still holds, and the deeds that are theirs.
import * as clock from "./clock.js";
import { h, paragraph, primary, secondary } from "./dom.js";
import * as frame from "./frame.js";
import { keypad } from "./keypad.js";
import { countTry, loadTries, lockedFor, verifyPin } from "./pin.js";
import { receiptNumber } from "./receipt.js";
import { buildRescueFiles, download } from "./rescue.js";
import * as storage from "./storage.js";
import * as updates from "./updates.js";
import { inWords, language, say, text } from "./words.js";

const LONGEST_PIN = 8;

export function createStaff(app, device) {
  // `then` comes after the right PIN; without `back` there is no way around it.
  function askPin({ heading = "enter_pin", back = app.goHome, then = show } = {}) {
    // What stood on the screen goes at once, whatever the storage does.
    const state = { error: null, heading, back, then, loading: loadTries() };
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
    await state.loading;
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

  async function show(notice = null, parts = []) {
    const facts = await gather();
    const fact = ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    frame.show("staff", () => ({
      heading: say("staff_heading"),
      back: app.goHome,
      content: [
        notice && noticeBox(notice),
        h("dl", { class: "facts card" }, list(facts).map(fact)),
        h("div", { class: "actions staff-actions" }, deeds(facts)),
        parts.length > 0 && partList(parts),
        facts.held.length > 0 && heldList(facts.held),
        facts.visits.length > 0 && visitList(facts.visits),
      ],
    }));
  }

  function noticeBox(notice) {
    const isError = notice === "rescue_cut";
    const kind = isError ? "notice notice--error" : "notice";
    return h("div", { class: kind, role: isError ? "alert" : "status" }, paragraph(say(notice)));
  }

  async function gather() {
    const [queued, held, visits, state, isReadyOffline] = await Promise.all([
      storage.listQueued().catch(() => null),
      storage.listHeld().catch(() => null),
      storage.listVisits().catch(() => null),
      storage.describe().catch(() => null),
      updates.isReadyOffline(),
    ]);
    return {
      queued,
      isWhole: Boolean(queued && held && visits),
      held: held ?? storage.remembered("held"),
      visits: [...(visits ?? storage.remembered("visits")), ...app.listVisitsInMemory()],
      state,
      isReadyOffline,
      inMemory: app.listInMemory(),
    };
  }

  const isTablet = () => device.config.device.kind === "interviewer";

  function list({ queued, held, visits, state, inMemory, isWhole, isReadyOffline }) {
    const refused = visits.filter((visit) => visit.refusal).length;
    const visitFacts = [
      [say("fact_unsent_visits"), inWords(visits.length - refused)],
      [say("fact_held_visits"), inWords(refused)],
    ];
    const { config, contact } = device;
    return [
      [say("fact_device"), `${config.device.code} · ${config.device.name}`],
      [say("fact_unit"), text(config.unit.name)],
      [say("fact_round"), text(config.round.title)],
      [say("fact_unsent"), queued ? inWords(queued.length + inMemory.length) : say("fact_unreadable")],
      [say("fact_held"), isWhole ? inWords(held.length) : say("fact_unreadable")],
      ...(isTablet() || visits.length ? visitFacts : []),
      [say("fact_contact"), contact ? clock.dayAndTime(new Date(contact.at), language()) : say("fact_never")],
      [say("fact_clock"), say("fact_seconds", { seconds: clock.skewSeconds() })],
      [say("fact_storage"), storageWords(state)],
      [say("fact_offline"), say(isReadyOffline ? "fact_yes" : "fact_no")],
      [say("fact_version"), document.body.dataset.version],
    ];
  }

  function storageWords(state) {
    if (app.storageError() || !state) return say(app.storageError()?.isFull ? "storage_full" : "storage_failed");
    if (state.isLow) return say("storage_low");
    return say(state.isPersistent ? "storage_ok" : "storage_not_persistent");
  }

  const deeds = ({ held, visits }) => [
    primary(say("send_now"), async () => {
      await app.sendNow();
      show("sending");
    }),
    secondary(say("download_rescue"), saveRescueFile),
    (held.length > 0 || visits.some((visit) => visit.refusal)) && secondary(say("retry_held"), async () => {
      await storage.requeueHeld();
      await app.retryRefusedVisits();
      await app.sendNow();
      show("sending");
    }),
    secondary(say("check_update"), async () => show(await app.checkForUpdate())),
    secondary(say("pair_again"), pairAgain),
    !isTablet() && secondary(say("leave_kiosk"), leave),
  ];

  // What is here stays here, and is sent as from the device that took it: but whoever takes the tablet away should know.
  async function pairAgain() {
    const { queued, held, visits, inMemory } = await gather();
    const count = (queued ?? storage.remembered("queue")).length + held.length + visits.length + inMemory.length;
    if (!count) return app.showPairing();
    frame.show("pair-again", () => ({
      heading: say("pair_again_heading"),
      back: () => show(),
      content: [
        h("div", { class: "notice" }, paragraph(say("pair_again_note", { count }))),
        h(
          "div",
          { class: "actions staff-actions" },
          primary(say("send_now"), async () => {
            await app.sendNow();
            pairAgain();
          }),
          secondary(say("download_rescue"), saveRescueFile),
          secondary(say("pair_again_anyway"), () => app.showPairing()),
        ),
      ],
    }));
  }

  async function saveRescueFile() {
    const { queued, held, visits, inMemory, isWhole } = await gather();
    const responses = [...(queued ?? storage.remembered("queue")), ...held, ...inMemory];
    const files = await buildRescueFiles(device.config.device.code, responses, visits, isWhole);
    const notice = isWhole ? "rescue_parts" : "rescue_cut";
    if (files.length > 1) return show(notice, files);
    download(files[0]);
    if (!isWhole) await show(notice);
  }

  // One press a file: a browser asks before it takes several at once.
  const partList = (files) =>
    h(
      "div",
      { class: "actions staff-actions" },
      files.map((file, place) =>
        secondary(say("rescue_part", { number: place + 1, total: files.length }), () => download(file)),
      ),
    );

  // An interviewer, who knows the PIN, must not learn the number of a form: he knows whose it is.
  function heldList(held) {
    const entry = ({ id, detail, code, kept }) =>
      h(
        "li",
        {},
        isTablet() ? null : h("strong", {}, receiptNumber(id)),
        ` ${detail || code} `,
        say(kept ? "held_kept" : "held_here"),
      );
    return h("section", { class: "card" }, h("h2", {}, say("held_heading")), h("ul", {}, held.map(entry)));
  }

  // How many and why, never where: next to the forms above an address would say too much.
  function visitList(visits) {
    const refused = visits.filter((visit) => visit.refusal);
    const reasons = new Map();
    for (const { refusal } of refused) {
      const reason = refusal.detail || refusal.code;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const entry = ([reason, count]) => h("li", {}, say("held_visits_reason", { count, reason }));
    const unsent = visits.length - refused.length;
    return h(
      "section",
      { class: "card" },
      h("h2", {}, say("visits_heading")),
      unsent > 0 && paragraph(say("unsent_visits", { count: unsent })),
      refused.length > 0 && [
        paragraph(say("held_visits", { count: refused.length })),
        h("ul", {}, [...reasons].map(entry)),
        paragraph(say("held_visits_deed")),
      ],
    );
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
