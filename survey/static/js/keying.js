// Keying by keyboard alone: a digit that is printed on the form moves on, Enter moves on, Enter at the end saves.
// One Enter right after such a digit stays where it is: who keys digit and Enter must not skip every second field.
const form = document.querySelector("form.keying");
const status = document.getElementById("keying-status");
const fields = [...form.querySelectorAll("input.control, textarea.control")];
const save = document.getElementById("save");
const DASHES = ["-", "–", "—", "/"];
// The field to which a digit or a dash has moved on, until anything is done there.
let reached = null;

function go(from, step) {
  const next = fields[fields.indexOf(from) + step];
  if (!next) return false;
  next.focus();
  next.select();
  next.closest(".key-row").scrollIntoView({ block: "center" });
  return true;
}

function moveOn(from) {
  if (go(from, 1)) reached = document.activeElement;
}

function isPrinted(field) {
  return !field.dataset.codes || field.value === "" || field.dataset.codes.split(" ").includes(field.value);
}

// What is not printed stays where it is and is said, for eyes and for ears.
function judge(field) {
  const printed = isPrinted(field);
  field.setAttribute("aria-invalid", String(!printed));
  field.closest(".key-row").classList.toggle("has-error", !printed);
  status.textContent = printed
    ? ""
    : status.dataset.unprinted.replace("{value}", field.value).replace("{number}", field.dataset.number);
  status.classList.toggle("visually-hidden", printed);
  if (!printed) field.select();
  return printed;
}

form.addEventListener("input", (event) => {
  const field = event.target;
  if (DASHES.includes(field.value) && field.tagName === "INPUT") {
    field.value = "";
    judge(field);
    moveOn(field);
  } else if (field.dataset.codes && field.value !== "" && judge(field)) {
    moveOn(field);
  }
});

form.addEventListener("keydown", (event) => {
  const field = event.target;
  const isJustReached = field === reached;
  reached = null;
  if (!fields.includes(field) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const isText = field.tagName === "TEXTAREA";
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (isJustReached || !judge(field)) return;
    if (!go(field, 1)) form.requestSubmit(save);
  } else if (event.key === "ArrowUp" && !isText && !field.list) {
    if (go(field, -1)) event.preventDefault();
  } else if (event.key === "ArrowDown" && !isText && !field.list) {
    if (go(field, 1)) event.preventDefault();
  }
});

form.addEventListener("pointerdown", () => {
  reached = null;
});

form.addEventListener("focusin", (event) => {
  reached = null;
  if (event.target.matches("input.control")) event.target.select();
});

// The first faulty field, else the one that the server chose, is where keying goes on.
const faulty = form.querySelector("[aria-invalid=true]");
if (faulty) faulty.focus();
