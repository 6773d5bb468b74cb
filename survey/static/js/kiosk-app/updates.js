// The service worker that holds the app for a start without network, and the switch to a newer one. A newer one
// waits until the start screen takes it.
const LONGEST_WAIT = 5_000;
const LONGEST_CHECK = 20_000;
const LONGEST_DOWNLOAD = 120_000;
let registration = null;
let hadController = false;
let isReplaced = false;

export async function register(script) {
  if (!("serviceWorker" in navigator)) return;
  hadController = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    isReplaced = hadController;
    hadController = true;
  });
  registration = await navigator.serviceWorker.register(script, { updateViaCache: "none" });
}

// Whether every file of the app is on the device; what is missing is fetched. False where nobody answers in time.
export function isReadyOffline() {
  const active = registration?.active;
  if (!active) return Promise.resolve(false);
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data === true)));
  active.postMessage("are you whole", [port2]);
  return within(answer, LONGEST_WAIT).catch(() => false);
}

// Asks the server, and waits until a newer app is complete on this device; a network that keeps silent is no reason
// to wait for ever.
export async function check() {
  await within(registration?.update(), LONGEST_CHECK);
  const coming = registration?.installing;
  if (!coming) return;
  const isComplete = new Promise((resolve) => {
    coming.onstatechange = () => coming.state !== "installing" && resolve();
  });
  await within(isComplete, LONGEST_DOWNLOAD);
}

function within(promise, milliseconds) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), milliseconds);
  const late = new Promise((_resolve, reject) => {
    stop.signal.onabort = () => reject(new TypeError("no answer in time"));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const isWaiting = () => Boolean(registration?.waiting) || isReplaced;

// Resolves false where there is nothing to take; otherwise the page is loaded anew.
export async function take() {
  if (!isWaiting()) return false;
  if (!isReplaced) {
    const switched = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true });
      setTimeout(() => resolve(false), LONGEST_WAIT);
    });
    registration.waiting.postMessage("take over");
    if (!(await switched)) return false;
  }
  location.reload();
  return true;
}
