// What is typed from a paper form stays in this tab until it is saved: a reload, the way back or a link loses nothing.
// It belongs to one account, batch and number; the page after a saved form lets it go.
const PREFIX = "hailong-keying/";

function entries() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(form) {
  const key = PREFIX + form.dataset.kept;
  const controls = [...form.querySelectorAll("input.control, textarea.control")];
  const values = () => Object.fromEntries(controls.map((control) => [control.name, control.value]));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const initial = values();
  let isLeaving = false;

  function write(more) {
    try {
      sessionStorage.setItem(key, JSON.stringify({ initial, values: values(), ...more }));
    } catch {
      // A full or forbidden storage: the warning before leaving is what remains.
    }
  }

  const kept = read(key);
  if (kept && same(kept.initial, initial) && !same(kept.values, initial)) {
    for (const control of controls) control.value = kept.values[control.name] ?? control.value;
    const said = document.getElementById("keying-kept");
    said.textContent = said.dataset.restored;
    (controls.find((control) => control.value === "") ?? controls.at(-1)).focus();
  }

  // After keying.js, which empties a field in which a dash was typed.
  form.addEventListener("input", () => queueMicrotask(() => write({})));
  form.addEventListener("submit", () => {
    isLeaving = true;
    write({ sentAt: Date.now() });
  });
  form.querySelector(".key-actions a")?.addEventListener("click", () => {
    isLeaving = true;
    sessionStorage.removeItem(key);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && !same(values(), initial)) event.preventDefault();
  });
}

const form = document.querySelector("form[data-kept]");
if (form) keep(form);

const saved = document.querySelector("[data-saved]");
if (saved) {
  const sent = entries().filter((key) => key.startsWith(PREFIX + saved.dataset.saved) && read(key)?.sentAt);
  const latest = sent.sort((one, other) => read(other).sentAt - read(one).sentAt)[0];
  if (latest) sessionStorage.removeItem(latest);
}
