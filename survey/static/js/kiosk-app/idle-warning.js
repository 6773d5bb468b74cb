// Asks whether somebody is still there, before the kiosk returns to its first screen.
import { h, paragraph, primary } from "./dom.js";
import { noteTouch } from "./idle.js";
import { say } from "./words.js";

let dialog = null;

export function showIdleWarning(left, address) {
  if (!dialog) {
    dialog = h(
      "dialog",
      { id: "idle-warning", "aria-labelledby": "idle-heading" },
      h("h2", { id: "idle-heading" }, say("still_there", {}, address)),
      paragraph(say("returns_soon")),
      h("p", { class: "idle-count", "aria-hidden": "true" }),
      primary(say("still_here")),
    );
    document.body.append(dialog);
    for (const kind of ["click", "close"]) dialog.addEventListener(kind, goOn);
    dialog.showModal();
  }
  dialog.querySelector(".idle-count").textContent = left;
}

function goOn() {
  noteTouch();
  closeIdleWarning();
}

export function closeIdleWarning() {
  const shown = dialog;
  dialog = null;
  shown?.close();
  shown?.remove();
}
