// Screens that only say something: pairing, the kiosk is stopped, please wait, this browser cannot do it.
import { dayOf } from "./clock.js";
import { h, paragraph, primary } from "./dom.js";
import { language, say, text } from "./words.js";

export function drawUnsupported() {
  return { heading: say("unsupported"), leads: [say("unsupported_note")], content: null };
}

export function drawPairing(state, submit) {
  const input = h("input", {
    class: "control",
    type: "text",
    id: "code",
    value: state.code,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    "aria-describedby": "code-hint",
    "aria-invalid": state.problem ? "true" : null,
    onkeydown: (event) => event.key === "Enter" && submit(input.value),
  });
  return {
    heading: say("pair_heading"),
    leads: [say("pair_note")],
    content: [
      state.problem && h("p", { class: "field-error", role: "alert" }, say(state.problem)),
      h("label", { class: "field-label", for: "code" }, say("pair_code")),
      h("p", { class: "hint", id: "code-hint" }, say("pair_hint")),
      input,
      h("div", { class: "actions" }, primary(say("pair"), () => submit(input.value))),
    ],
  };
}

const STOPPED = {
  device_withdrawn: "stopped_withdrawn",
  credential_unknown: "stopped_unknown",
  round_not_open: "stopped_closed",
  round_not_yet_open: "stopped_not_yet",
  round_over: "stopped_over",
};

export const stoppedNote = (code) => `${STOPPED[code] ?? "stopped_closed"}_note`;

// `counts`: the key of a sentence → of how many things on the device it speaks.
export function drawStopped({ config, reasonToStop }, counts) {
  const key = STOPPED[reasonToStop()] ?? "stopped_closed";
  const opensOn = dayOf(config.round.opens_on, language());
  const closesOn = dayOf(config.round.closes_on, language());
  const held = Object.entries(counts).filter(([, count]) => count > 0);
  return {
    isDemonstration: config.round.is_demonstration,
    place: text(config.unit.name),
    heading: say(key),
    leads: [say(`${key}_note`, { opens_on: opensOn, closes_on: closesOn })],
    content: held.length
      ? h("div", { class: "card" }, held.map(([words, count]) => paragraph(say(words, { count }))))
      : null,
  };
}

export function drawWait(left) {
  return {
    heading: say("please_wait"),
    leads: [say("please_wait_note")],
    content: h(
      "div",
      { class: "kiosk-rest" },
      h("p", { class: "idle-count wait-count", "aria-hidden": "true" }, String(left)),
    ),
  };
}
