// Warns and then leaves when nobody touches the screen; measured with a clock that no one can set.
const STEP = 500;
let watch = null;
let lastTouch = performance.now();

for (const kind of ["pointerdown", "keydown", "scroll"])
  addEventListener(kind, noteEvent, { passive: true, capture: true });

// The warning answers a whole click itself: were it gone with the first touch, the click would hit what lies below.
function noteEvent(event) {
  if (!event.target.closest?.("dialog")) noteTouch();
}

export function noteTouch() {
  lastTouch = performance.now();
}

// `isActive` says whether there is anything to leave; without it the time stands still. With `goesOn` a screen that
// came up by itself is no touch.
export function watchIdle({ seconds, warningSeconds, isActive, onWarn, onLeave, goesOn = false }) {
  stopWatching();
  if (!goesOn) noteTouch();
  watch = setInterval(() => {
    if (!isActive()) lastTouch = performance.now();
    const left = Math.ceil(seconds - (performance.now() - lastTouch) / 1000);
    if (left <= 0) onLeave();
    else if (left <= warningSeconds) onWarn(left);
  }, STEP);
}

export function stopWatching() {
  clearInterval(watch);
  watch = null;
}
