// A kiosk has no keyboard: digits are pressed on the screen.
import { button, h } from "./dom.js";
import { say } from "./words.js";

export function keypad(input, mostDigits) {
  input.inputMode = "none";
  const press = (digit) => () => {
    if (input.value.length < mostDigits) input.value += digit;
  };
  return h(
    "div",
    { class: "keypad" },
    [..."1234567890"].map((digit) => button(digit, press(digit), { value: digit })),
    button(say("delete"), () => (input.value = input.value.slice(0, -1)), {
      class: "button keypad-delete",
      value: "delete",
    }),
  );
}
