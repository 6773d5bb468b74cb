// The interviewer's list and one address of it; what is pressed is told to `host`.
import { button, h, paragraph, primary, secondary } from "../kiosk-app/dom.js";
import { inWords, say, text } from "../kiosk-app/words.js";
import { isDone } from "./visits.js";

// Completed comes from a finished interview and broken off from a stopped one: neither can be pressed.
const OUTCOMES = ["not_at_home", "refused", "not_found", "not_eligible", "away", "unable", "other"];

export function drawList({ assignments, unsent, refused, notice, state, onOpen, onRetry }) {
  const left = assignments.filter((assignment) => !isDone(assignment));
  const done = assignments.filter(isDone);
  const words = { left: inWords(left.length), count: inWords(assignments.length) };
  return {
    heading: assignments.length ? say("list_heading") : say("list_empty"),
    leads: [leadWords(assignments, left, words)],
    content: [
      notice && h("div", { class: "notice notice--success", role: "status" }, paragraph(notice)),
      refused.length > 0 && refusedNotice(refused, onRetry),
      unsent.length > 0 && h("div", { class: "notice" }, paragraph(say("unsent_visits", { count: inWords(unsent.length) }))),
      left.length > 0 && rows(left, onOpen),
      done.length > 0 && finished(done, state, onOpen),
    ],
  };
}

function finished(done, state, onOpen) {
  const noteOpen = (event) => (state.isDoneOpen = event.target.open);
  return h(
    "details",
    { open: state.isDoneOpen, ontoggle: noteOpen },
    h("summary", { id: "list-done" }, say("list_done", { count: inWords(done.length) })),
    rows(done, onOpen),
  );
}

function leadWords(assignments, left, words) {
  if (!assignments.length) return say("list_empty_note");
  return left.length ? say("list_left", words) : say("list_all_done");
}

function refusedNotice(refused, onRetry) {
  const reasons = new Set(refused.map((visit) => visit.refusal.detail).filter(Boolean));
  return h(
    "div",
    { class: "notice notice--error", role: "alert" },
    paragraph(say("held_visits", { count: inWords(refused.length) })),
    [...reasons].map((reason) => paragraph(say("held_visits_why", { reason }))),
    paragraph(say("held_visits_tell")),
    h("div", { class: "actions" }, secondary(say("retry_visits"), onRetry)),
  );
}

// An id, so that the keyboard keeps its place when the list is drawn anew.
const rows = (assignments, onOpen) =>
  h("ul", { class: "assignments" }, assignments.map((assignment) => h("li", {}, row(assignment, onOpen))));

function row(assignment, onOpen) {
  const words = [
    h("span", { class: "assignment-number" }, assignment.number),
    h(
      "span",
      { class: "assignment-words" },
      h("span", { class: "assignment-place" }, assignment.place),
      h("span", { class: "assignment-state" }, stateWords(assignment)),
    ),
  ];
  return button(words, () => onOpen(assignment), { class: "choice assignment", id: `assignment-${assignment.id}` });
}

function stateWords({ outcome, attempts, isUnsent }) {
  const parts = [say(`outcome_${outcome ?? "not_visited"}`)];
  if (attempts) parts.push(say("visits_made", { count: attempts }));
  if (isUnsent) parts.push(say("unsent_visit"));
  return parts.join(" · ");
}

export function drawAddress(assignment, form, { onStart, onRecord, onBack }) {
  const isCompleted = assignment.outcome === "completed";
  return {
    eyebrow: say("address", { number: assignment.number }),
    heading: assignment.place,
    leads: [assignment.note, form && text(form.short_title), stateWords(assignment)].filter(Boolean),
    back: onBack,
    content: [
      !form && h("div", { class: "notice notice--error", role: "alert" }, paragraph(say("form_not_here"))),
      !isCompleted && form && h("div", { class: "actions" }, primary(say("start_interview"), onStart)),
      !isCompleted && h("h2", {}, say("record_visit")),
      !isCompleted &&
        h(
          "div",
          { class: "choices" },
          OUTCOMES.map((outcome) => button(say(`outcome_${outcome}`), () => onRecord(outcome), { class: "choice outcome" })),
        ),
    ],
  };
}

export function drawConfirmation(assignment, outcome, { onRecord, onBack }) {
  return {
    eyebrow: say("address", { number: assignment.number }),
    heading: say("confirm_outcome", { outcome: say(`outcome_${outcome}`) }),
    leads: [assignment.place],
    back: onBack,
    content: h("div", { class: "actions" }, primary(say("record"), onRecord)),
  };
}
