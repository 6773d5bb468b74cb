// The kiosk: a choice is shown for a moment and then sent; an abandoned kiosk returns to its first page.
import { watchMore } from "./kiosk-app/more.js";

const CONFIRM_MS = 350;
// WCAG 2.2.1 asks for 20 seconds to answer a warning at least.
const WARNING_SECONDS = 20;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method === "dialog") return;
  if (form.dataset.sent === "wait" || form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (!button?.classList.contains("choice") || form.dataset.sent === "now") {
    form.dataset.sent = "yes";
    return;
  }
  event.preventDefault();
  form.dataset.sent = "wait";
  for (const other of form.querySelectorAll(".choice")) other.setAttribute("aria-pressed", String(other === button));
  setTimeout(() => {
    form.dataset.sent = "now";
    form.requestSubmit(button);
  }, CONFIRM_MS);
});

addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Larger text and contrast last until the kiosk returns to its first page.
for (const button of document.querySelectorAll("[data-switch]")) {
  const name = button.dataset.switch;
  const set = (on) => {
    document.documentElement.classList.toggle(name, on);
    button.setAttribute("aria-pressed", String(on));
  };
  set(sessionStorage.getItem(name) === "on");
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    set(on);
    sessionStorage.setItem(name, on ? "on" : "off");
  });
}

const more = document.querySelector(".more");
if (more && document.querySelector(".choice, .option")) watchMore(more, document.querySelector(".kiosk-foot"));

const { idleSeconds, idleUrl, idleWhen, returnSeconds, returnUrl } = document.body.dataset;
const dialog = document.getElementById("idle-warning");
// A clock that nobody can set.
let lastTouch = performance.now();

function leave() {
  sessionStorage.clear();
  // Answers that nobody will send are deleted on the server too.
  const discard = document.getElementById("discard");
  if (discard) discard.submit();
  else location.replace(idleUrl);
}

// The first screen returns to itself only when somebody changed something on it.
function isUntouched() {
  return idleWhen === "touched" && document.documentElement.lang === "vi" && !sessionStorage.length && !document.querySelector("input:checked");
}

function tick() {
  if (isUntouched()) lastTouch = performance.now();
  const left = Math.ceil(Number(idleSeconds) - (performance.now() - lastTouch) / 1000);
  if (left <= 0) return leave();
  if (left <= WARNING_SECONDS && !dialog.open) dialog.showModal();
  dialog.querySelector(".idle-count").textContent = left;
}

if (idleUrl && dialog) {
  const stay = () => {
    // An open warning is closed by its own button: closed under the finger, the press would fall on what lies below.
    if (!dialog.open) lastTouch = performance.now();
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, stay, { passive: true });
  dialog.addEventListener("close", stay);
  setInterval(tick, 500);
}

// The thanks give way to the first screen; the next person starts with the usual text.
if (returnUrl) {
  sessionStorage.clear();
  setTimeout(() => location.replace(returnUrl), 1000 * Number(returnSeconds));
}
