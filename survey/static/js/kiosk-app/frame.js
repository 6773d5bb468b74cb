// The frame of every screen: head with place and progress, title, content, foot with the switches; and the focus
// on the title, so that a screen reader begins there.
import { button, h, paragraph, svg } from "./dom.js";
import { watchMore } from "./more.js";
import { findVoice, isReading, readAloud, stopReading } from "./speech.js";
import { language, say, speak } from "./words.js";

const LANGUAGES = { vi: "Tiếng Việt", en: "English" };
const SWITCHES = ["larger-text", "high-contrast"];
const head = document.querySelector(".kiosk-head");
const banner = document.querySelector(".demonstration");
const main = document.querySelector("main");
const foot = document.querySelector(".kiosk-foot");
const live = document.getElementById("live");
// Where people choose; elsewhere nothing is hidden from anybody who does not scroll.
const OF_ANSWERS = new Set(["question", "single", "choose-form", "interview"]);
const LONG = 60;
const more = button("", () => {}, { class: "button more", hidden: true });
let lookForMore = null;
let current = null;

// `draw` returns the parts of a screen in the language of the moment; it is called again when that changes, after
// `keep` of the old parts has taken over what was typed.
export function show(name, draw) {
  stopReading();
  current = { name, draw };
  redraw();
}

export function redraw({ focus = true } = {}) {
  if (!current) return;
  current.keep?.();
  const parts = current.draw();
  current.keep = parts.keep;
  document.body.dataset.screen = current.name;
  document.title = `${parts.heading} – ${say("site_name")}`;
  head.replaceChildren(...headParts(parts));
  banner.hidden = !parts.isDemonstration;
  banner.setAttribute("aria-label", say("demonstration"));
  banner.replaceChildren(h("p", {}, h("strong", {}, say("demonstration")), ` · ${say("demonstration_note")}`));
  main.replaceChildren(title(parts), ...[parts.content].flat().filter(Boolean));
  const back = parts.back && button(say("back"), parts.back);
  more.textContent = say("more_below");
  const isOfAnswers = OF_ANSWERS.has(current.name);
  foot.replaceChildren(h("div", { class: "kiosk-foot-start" }, back), switches(parts), ...(isOfAnswers ? [more] : []));
  main.scrollTop = 0;
  scrollTo(0, 0);
  lookForMore ??= watchMore(more, foot);
  lookForMore();
  if (focus) (main.querySelector(".error-summary") ?? main.querySelector("h1")).focus({ preventScroll: true });
}

export const screenName = () => current?.name;

// Something that is another one for each screen that is shown.
export const screen = () => current;

// Nothing of the last respondent may be seen again: not by the next, not in a restored tab.
export function wipe() {
  current = null;
  document.title = say("site_name");
  head.replaceChildren();
  main.replaceChildren(h("h1", {}, say("site_name")));
  announce("");
}

export function announce(words) {
  live.textContent = words;
}

export function resetSwitches() {
  stopReading();
  speak("vi");
  document.documentElement.classList.remove(...SWITCHES);
  announce("");
}

export const areSwitchesUsed = () =>
  language() !== "vi" || SWITCHES.some((name) => document.documentElement.classList.contains(name));

function headParts({ place = "", progress, staff }) {
  const parts = [h("p", { class: "kiosk-place" }, place)];
  if (progress) {
    const { number, of } = progress;
    parts.push(
      h("p", { class: "progress-words" }, say("question_of", { current: number, total: of })),
      h("progress", { class: "progress", value: number, max: of, "aria-label": say("progress") }),
    );
  } else if (staff) {
    parts.push(button(dots(), staff, { class: "staff-corner", "aria-label": say("for_staff") }));
  }
  return parts;
}

function title({ heading, eyebrow, leads = [] }) {
  return h(
    "div",
    { class: "kiosk-title" },
    paragraph(eyebrow, "eyebrow"),
    h("h1", { id: "question", tabindex: "-1", class: heading.length > LONG ? "is-long" : null }, heading),
    leads.map((lead) => paragraph(lead, "lead")),
  );
}

function switches({ spoken, hasLanguages = true }) {
  const others = hasLanguages ? Object.keys(LANGUAGES).filter((code) => code !== language()) : [];
  return h(
    "div",
    { class: "kiosk-foot-end" },
    spoken && findVoice(language()) && readButton(spoken),
    look("larger-text", say("larger_text"), "Aa"),
    look("high-contrast", say("high_contrast"), contrastIcon()),
    others.map((code) =>
      button(LANGUAGES[code], () => {
        stopReading();
        speak(code);
        redraw();
      }, { lang: code }),
    ),
  );
}

function look(name, label, sign) {
  const isOn = document.documentElement.classList.contains(name);
  const toggle = (event) => {
    const on = document.documentElement.classList.toggle(name);
    event.currentTarget.setAttribute("aria-pressed", String(on));
  };
  return button(sign, toggle, { "aria-label": label, "aria-pressed": String(isOn) });
}

function readButton(spoken) {
  const press = () => (isReading() ? stopReading() : readAloud(spoken(), language()));
  return button(say("read_aloud"), press);
}

function contrastIcon() {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", focusable: "false" },
    svg("circle", { class: "icon-line", cx: 12, cy: 12, r: 9.5 }),
    svg("path", { class: "icon-fill", d: "M12 2.5a9.5 9.5 0 0 1 0 19z" }),
  );
}

function dots() {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", focusable: "false" },
    [5, 12, 19].map((y) => svg("circle", { class: "icon-fill", cx: 12, cy: y, r: 2 })),
  );
}
