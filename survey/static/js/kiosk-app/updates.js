// The service worker that holds the app for a start without network, and the switch to a newer one. A newer one
// waits until the start screen takes it.
const LONGEST_WAIT = 5_000;
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

export const isReadyOffline = () => Boolean(registration?.active);

// Asks the server, and waits until a newer app is complete on this device.
export async function check() {
  await registration?.update();
  const coming = registration?.installing;
  if (!coming) return;
  await new Promise((resolve) => {
    coming.onstatechange = () => coming.state !== "installing" && resolve();
  });
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
