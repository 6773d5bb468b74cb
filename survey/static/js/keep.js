// What is entered stays on this phone until the server has it, and a form that cannot be sent is sent again until
// an answer comes that is really ours. Without this script, or in an old browser, forms are sent as ever.
const PREFIX = "hailong ";
const LONGEST_MS = 2 * 24 * 3600 * 1000; // as long as the server keeps a draft
const SLOW_MS = 4000;
const LIMIT_MS = 20000;
const PAUSES = [2, 4, 8, 15, 30];

let task = null;

// Answers on this phone ------------------------------------------------------------------------------------

const fieldsOf = (form) => form.querySelectorAll("[name^=answer_]");
const isOption = (field) => field.type === "radio" || field.type === "checkbox";
const keyOf = (form) => PREFIX + form.dataset.keep + " " + form.dataset.part;
// A page of one screen has the same address for everybody: its answers stay in this tab.
const shelfOf = (form) => ("tab" in form.dataset ? sessionStorage : localStorage);

function keep(form) {
  if (!("part" in form.dataset)) return false;
  const given = {};
  for (const field of fieldsOf(form)) {
    const values = (given[field.name] = given[field.name] || []);
    if (!isOption(field) || field.checked) values.push(field.value);
  }
  try {
    shelfOf(form).setItem(keyOf(form), JSON.stringify({ at: Date.now(), given }));
    return true;
  } catch {
    return false; // Storage is full or forbidden; the answers stand in the page alone.
  }
}

function recall(form) {
  try {
    return JSON.parse(shelfOf(form).getItem(keyOf(form)));
  } catch {}
}

function restore(form) {
  const kept = recall(form);
  if (!kept) return;
  let isOther = false;
  for (const field of fieldsOf(form)) {
    const values = kept.given[field.name];
    if (!values) continue;
    const part = isOption(field) ? "checked" : "value";
    const wanted = isOption(field) ? values.includes(field.value) : values[0];
    isOther = isOther || field[part] !== wanted;
    field[part] = wanted;
  }
  if (isOther) say(form, "restored");
}

// Of the parts that a review names, the way to the first that is kept here still: the server may not have it.
function findUnsent() {
  const unsent = [...document.querySelectorAll("[data-correction]")].find(recall);
  return unsent && unsent.dataset.correction;
}

// What is kept here still when its form is stored or closed goes to the server too, which says what becomes of it.
function sendLeft() {
  const form = document.querySelector("form[data-left]");
  if (!form) return;
  const ours = PREFIX + form.dataset.keep + " ";
  let key;
  try {
    key = Object.keys(localStorage).find((name) => name.startsWith(ours));
  } catch {}
  if (!key) return;
  form.dataset.part = key.slice(ours.length);
  form.action = form.dataset.left + form.dataset.part;
  for (const [name, values] of Object.entries(recall(form).given)) {
    for (const value of values) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  press(form);
}

function forget(isUnwanted) {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      for (const key of Object.keys(window[name])) {
        if (key.startsWith(PREFIX) && isUnwanted(key.slice(PREFIX.length), window[name][key])) window[name].removeItem(key);
      }
    } catch {}
  }
}

function isExpired(name, text) {
  try {
    return !(Math.abs(Date.now() - JSON.parse(text).at) < LONGEST_MS);
  } catch {
    return true;
  }
}

// Sending --------------------------------------------------------------------------------------------------

function press(form, button) {
  if (task && task.form === form) {
    if (task.next) return leave(task.next);
    if (task.isBusy) return;
    clearTimeout(task.timer);
    task.button = button;
  } else {
    task = { form, button, tries: 0 };
  }
  attempt(task);
}

async function attempt(current) {
  const { form, button } = current;
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.append(button.name, button.value);
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), LIMIT_MS);
  const slow = setTimeout(() => say(form, "slow"), SLOW_MS);
  let answer, text;
  current.isBusy = true;
  try {
    answer = await fetch(form.action, { method: "POST", body, signal: stop.signal, headers: { "X-Hailong": "keep" } });
    text = await answer.text();
  } catch {
    answer = undefined;
  }
  clearTimeout(limit);
  clearTimeout(slow);
  current.isBusy = false;
  if (task !== current) return;
  const isOurs = answer && answer.headers.get("X-Hailong") === "page";
  if (isOurs && answer.status < 500 && answer.status !== 429) take(current, answer, text);
  else tryLater(current, answer, isOurs);
}

function tryLater(current, answer, isOurs) {
  const asked = isOurs ? Number(answer.headers.get("Retry-After")) : 0;
  const seconds = Math.max(asked || 0, PAUSES[Math.min(current.tries, PAUSES.length - 1)]);
  current.tries += 1;
  current.timer = setTimeout(() => attempt(current), 1000 * seconds);
  // What is kept in the tab alone goes with the tab.
  const isSafe = keep(current.form) && !("tab" in current.form.dataset);
  const says = ["failed", isSafe ? "kept" : "open"];
  if (answer && !isOurs && answer.ok) says.push("foreign");
  say(current.form, ...says);
}

function take(current, answer, text) {
  const { form } = current;
  current.next = answer.headers.get("X-Hailong-Next") || (answer.redirected && answer.url);
  if (!current.next) return show(text);
  const key = "part" in form.dataset ? keyOf(form).slice(PREFIX.length) : "";
  // Whoever begins anew has no business with what somebody else left here.
  forget((name) => name === key || ("anew" in form.dataset && !name.startsWith(form.dataset.keep)));
  say(form);
  leave(current.next);
}

function leave(next) {
  const url = new URL(next, location.href);
  if (url.pathname + url.search !== location.pathname + location.search) return location.assign(url);
  history.replaceState(null, "", url);
  location.reload();
}

// A page that the server answered with in place of leading on: faults to correct, or the end of the form.
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  task = null;
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
  history.replaceState(null, "", location.pathname + location.search); // A fragment was of the page before.
  prepare();
  dispatchEvent(new Event("shown"));
  scrollTo(0, 0);
  (document.querySelector("[autofocus]") || document.querySelector("main")).focus();
}

function say(form, ...names) {
  const notice = form.querySelector(".unsent-notice");
  if (!notice) return;
  const wasHidden = notice.hidden;
  notice.hidden = !names.length;
  for (const line of notice.querySelectorAll("[data-says]")) line.hidden = !names.includes(line.dataset.says);
  notice.querySelector("button").hidden = !names.includes("failed");
  if (wasHidden && names.includes("failed")) notice.scrollIntoView({ block: "nearest" });
}

function prepare() {
  const ended = document.body.dataset.forget;
  forget((name, text) => isExpired(name, text) || (ended && (name + " ").startsWith(ended + " ")));
  const unsent = findUnsent();
  if (unsent) return location.replace(unsent);
  for (const form of document.querySelectorAll("form[data-part]")) restore(form);
  sendLeft();
}

function hurry() {
  if (!task || task.isBusy || task.next || !task.tries) return;
  clearTimeout(task.timer);
  attempt(task);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("keep" in form.dataset) || event.submitter === undefined || !window.AbortController) return;
  event.preventDefault();
  const unsent = findUnsent();
  if (unsent) return location.assign(unsent);
  keep(form);
  press(form, event.submitter);
});
document.addEventListener("input", (event) => event.target.form && keep(event.target.form));
document.addEventListener("click", (event) => event.target.closest(".unsent button") && hurry());
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  task = null;
  prepare();
});
prepare();
