// Holds the whole app for a start without network. The server writes APP in front of this file: the version, the
// address of the shell, and every file with its digest. An update is one new cache, filled and checked before it
// is used; a page of a captive portal under a file's address fails the digest and changes nothing.
const PREFIX = "hailong-kiosk-";
const CACHE = PREFIX + APP.version;

addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  try {
    await fetchMissing();
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function fetchMissing() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    APP.files.map(async ([address, integrity]) => {
      if (await cache.match(address, { ignoreVary: true })) return;
      const response = await fetch(address, { integrity, cache: "no-store", redirect: "error" });
      if (response.status !== 200) throw new Error(`${address} answered ${response.status}`);
      await cache.put(address, response);
    }),
  );
}

// A browser that is short of room may have dropped the cache: what is missing is fetched again.
async function answerWhether(port) {
  const isWhole = await fetchMissing().then(() => true, () => false);
  port.postMessage(isWhole);
}

addEventListener("activate", (event) => event.waitUntil(replaceOthers()));

async function replaceOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await clients.claim();
}

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
  if (event.data === "are you whole") event.waitUntil(answerWhether(event.ports[0]));
});

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    if (address.pathname === APP.shell) event.respondWith(answer(APP.shell, event.request));
  } else if (APP.files.some(([file]) => file === address.pathname + address.search)) {
    event.respondWith(answer(address.pathname + address.search, event.request));
  }
});

async function answer(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}
