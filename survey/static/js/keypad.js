// A kiosk has no keyboard: a number is pressed on the screen.
const MOST_DIGITS = 6;

for (const pad of document.querySelectorAll(".keypad")) {
  const input = document.getElementById(pad.dataset.for);
  input.inputMode = "none";
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.value;
    if (key === "delete") input.value = input.value.slice(0, -1);
    else if (key && input.value.length < MOST_DIGITS) input.value += key;
  });
}
