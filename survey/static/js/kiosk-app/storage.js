// What the device keeps: its credential and settings, the queue of responses, those held for staff, and marks of
// responses that are being filled (without an answer). Every call fails aloud: nobody is thanked on a guess.
const NAME = "hailong-kiosk";
const LONGEST_WAIT = 10_000;
const PROBE = "probe";
// What the database holds, for the case that somebody clears it or it cannot be read any more.
const mirror = { settings: new Map(), queue: new Map(), held: new Map(), visits: new Map() };
// How many responses are here, in a place of its own: what is less at the next start was lost.
const TALLY = "hailong-kiosk-tally";
let opening = null;

export class StorageFailed extends Error {
  constructor(cause) {
    super(cause?.message || String(cause));
    this.isFull = cause?.name === "QuotaExceededError";
  }
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = () => {
      const database = request.result;
      const isMissing = (name) => !database.objectStoreNames.contains(name);
      if (isMissing("settings")) database.createObjectStore("settings");
      for (const name of ["queue", "held", "partials", "visits"].filter(isMissing))
        database.createObjectStore(name, { keyPath: "id" });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = () => (opening = null);
      database.onversionchange = () => {
        database.close();
        opening = null;
      };
      resolve(database);
    };
  });
  return opening;
}

// Runs `work` in one transaction; resolves with the result of the request it returns, after the data is on disk.
async function transact(mode, stores, work) {
  try {
    return await withinTime(attempt(mode, stores, work));
  } catch (error) {
    opening = null;
    if (error?.name !== "InvalidStateError") throw new StorageFailed(error);
  }
  // The connection was closed under us: once more with a new one.
  try {
    return await withinTime(attempt(mode, stores, work));
  } catch (error) {
    opening = null;
    throw new StorageFailed(error);
  }
}

async function attempt(mode, stores, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    let request = null;
    try {
      request = work(...stores.map((name) => transaction.objectStore(name)));
    } catch (error) {
      // What was asked before the fault would be written all the same.
      transaction.abort();
      throw error;
    }
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}

function withinTime(promise) {
  return Promise.race([
    promise,
    new Promise((_resolve, reject) => {
      AbortSignal.timeout(LONGEST_WAIT).onabort = () => reject(new Error("the storage does not answer"));
    }),
  ]);
}

const read = (store, work) => transact("readonly", [store], work);

// Settings ---------------------------------------------------------------------------------------------------

export const getSetting = (name) => read("settings", (settings) => settings.get(name));

export async function putSetting(name, value) {
  await transact("readwrite", ["settings"], (settings) => settings.put(value, name));
  if (name !== PROBE) mirror.settings.set(name, value);
  const kept = await getSetting(name);
  if (JSON.stringify(kept) !== JSON.stringify(value)) throw new StorageFailed("the setting was not kept");
}

export async function deleteSetting(name) {
  mirror.settings.delete(name);
  await transact("readwrite", ["settings"], (settings) => settings.delete(name));
}

// Fails where nothing can be written at present.
export async function probe() {
  await putSetting(PROBE, crypto.randomUUID());
}

// Responses --------------------------------------------------------------------------------------------------

// The queue takes the response once: an id that is there is never overwritten. The visit of an interview is
// written with it, or not at all.
export async function addResponse(item, completedAt, visit = null) {
  const kept = (await findQueued(item.id)) ?? (await findHeld(item.id));
  if (!kept) {
    await transact("readwrite", ["queue", "settings", "partials", "visits"], (queue, settings, partials, visits) => {
      queue.add(item);
      // When an interview ended stands nowhere; only a kiosk makes the next one wait.
      if (visit) visits.put(visit);
      else settings.put(completedAt, "last_completed");
      partials.delete(item.id);
    });
    mirror.queue.set(item.id, item);
    if (visit) mirror.visits.set(visit.id, visit);
    else mirror.settings.set("last_completed", completedAt);
    tally(+1);
  }
  const written = (await findQueued(item.id)) ?? (await findHeld(item.id)) ?? (await wasDelivered(item.id));
  if (!written || (written.body && written.body !== item.body)) throw new StorageFailed("the response was not kept");
}

export const findQueued = (id) => read("queue", (queue) => queue.get(id));
export const findHeld = (id) => read("held", (held) => held.get(id));
export const listQueued = () => read("queue", (queue) => queue.getAll());
export const listHeld = () => read("held", (held) => held.getAll());
export const countQueued = () => read("queue", (queue) => queue.count());
export const countHeld = () => read("held", (held) => held.count());

// Another tab may have sent it between writing and reading back.
const delivered = new BroadcastChannel("hailong-kiosk-delivered");
const deliveredIds = new Set();
delivered.onmessage = (event) => forget(event.data);
const wasDelivered = async (id) => (deliveredIds.has(id) ? {} : undefined);

function forget(id) {
  deliveredIds.add(id);
  mirror.queue.delete(id);
  mirror.held.delete(id);
  mirror.visits.delete(id);
}

// Only after the server's receipt.
export async function removeDelivered(id) {
  forget(id);
  delivered.postMessage(id);
  tally(-1);
  await transact("readwrite", ["queue", "held"], (queue, held) => {
    queue.delete(id);
    held.delete(id);
  });
}

export async function holdResponse(item, refusal) {
  const held = { id: item.id, device: item.device, body: item.body, ...refusal };
  await transact("readwrite", ["queue", "held"], (queue, others) => {
    others.put(held);
    queue.delete(item.id);
  });
  mirror.held.set(item.id, held);
  mirror.queue.delete(item.id);
}

// Held responses are tried again, all or those of which `isDue` says so; none leaves the device before its
// receipt. Gives how many.
export async function requeueHeld(isDue = () => true) {
  const items = (await listHeld()).filter(isDue).map(({ id, device, body }) => ({ id, device, body, wasHeld: true }));
  await transact("readwrite", ["queue", "held"], (queue, held) => {
    for (const item of items) {
      queue.put(item);
      held.delete(item.id);
    }
  });
  for (const item of items) {
    mirror.queue.set(item.id, item);
    mirror.held.delete(item.id);
  }
  return items.length;
}

// What is here was taken by this device, whatever the tablet is paired to next.
export async function nameDevice(device) {
  for (const name of ["queue", "held"]) {
    const unnamed = (await read(name, (store) => store.getAll())).filter((item) => !item.device);
    if (!unnamed.length) continue;
    await transact("readwrite", [name], (store) => unnamed.forEach((item) => store.put({ ...item, device })));
    for (const item of unnamed) mirror[name].set(item.id, { ...item, device });
  }
}

// Partial responses: that one was begun, never what was answered ----------------------------------------------

export const markPartial = (id) => transact("readwrite", ["partials"], (partials) => partials.put({ id }));
export const listPartials = () => read("partials", (partials) => partials.getAllKeys());

// The mark and the count change together, so that no response is counted twice.
export function dropPartial(id) {
  return transact("readwrite", ["partials", "settings"], (partials, settings) => {
    partials.get(id).onsuccess = (event) => {
      if (!event.target.result) return;
      partials.delete(id);
      settings.get("dropped").onsuccess = (found) => settings.put((found.target.result ?? 0) + 1, "dropped");
    };
  });
}

// Visits of an interviewer --------------------------------------------------------------------------------------

export const listVisits = () => read("visits", (visits) => visits.getAll());

export async function putVisit(visit) {
  await transact("readwrite", ["visits"], (visits) => visits.put(visit));
  mirror.visits.set(visit.id, visit);
}

export async function addVisit(visit) {
  await putVisit(visit);
  const kept = await read("visits", (visits) => visits.get(visit.id));
  if (kept?.body !== visit.body) throw new StorageFailed("the visit was not kept");
}

// Only after the server's receipt; `noted` gives the list of addresses in which the visit is counted.
export function removeVisit(id, noted) {
  forget(id);
  delivered.postMessage(id);
  return transact("readwrite", ["visits", "settings"], (visits, settings) => {
    visits.delete(id);
    settings.get("assignments").onsuccess = ({ target }) => {
      if (target.result) settings.put({ ...target.result, etag: null, items: noted(target.result.items) }, "assignments");
    };
  });
}

// A copy in memory --------------------------------------------------------------------------------------------

const KEPT = ["queue", "held", "visits"];

// Compares the database with the copy: what somebody cleared is written again, what another tab wrote is noted. Gives
// how many responses the second witness knew of.
export async function reconcile() {
  const found = await readSettings();
  const isCleared = mirror.settings.has("credential") && !found.has("credential");
  if (isCleared) await writeMissing("settings", mirror.settings, found);
  else mirror.settings = found;
  const keys = await readKeys();
  const isHere = (id) => KEPT.some((name) => keys[name].has(id));
  for (const name of KEPT) {
    const gone = [...mirror[name].values()].filter(({ id }) => !isHere(id) && !deliveredIds.has(id));
    if (gone.length) await transact("readwrite", [name], (store) => gone.forEach((item) => store.put(item)));
    await noteOthers(name, keys[name], isHere);
  }
  const told = readTally();
  writeTally(mirror.queue.size + mirror.held.size);
  return told;
}

async function readSettings() {
  const both = await read("settings", (settings) => {
    const [names, values] = [settings.getAllKeys(), settings.getAll()];
    return { get result() { return [names.result, values.result]; } };
  });
  return new Map(both[0].map((name, place) => [name, both[1][place]]).filter(([name]) => name !== PROBE));
}

const writeMissing = (store, wanted, found) =>
  transact("readwrite", [store], (settings) => {
    for (const [name, value] of wanted) if (!found.has(name)) settings.put(value, name);
  });

async function readKeys() {
  const all = await transact("readonly", KEPT, (...stores) => {
    const requests = stores.map((store) => store.getAllKeys());
    return { get result() { return requests.map((request) => new Set(request.result)); } };
  });
  return Object.fromEntries(KEPT.map((name, place) => [name, all[place]]));
}

async function noteOthers(name, keys, isHere) {
  for (const id of mirror[name].keys()) if (!keys.has(id) && isHere(id)) mirror[name].delete(id);
  if ([...keys].every((id) => mirror[name].has(id))) return;
  for (const item of await read(name, (store) => store.getAll())) mirror[name].set(item.id, item);
}

// What the copy holds of "queue", "held" or "visits".
export const remembered = (name) => [...mirror[name].values()];

// At the start: gives how many responses were here when this device was last in use and are not any more.
export async function countLost() {
  const before = readTally();
  // Another tab may have sent some of them meanwhile, and has counted them off.
  const told = Math.min(before, await reconcile());
  return Math.max(0, told - mirror.queue.size - mirror.held.size);
}

function readTally() {
  try {
    return Number(localStorage.getItem(TALLY)) || 0;
  } catch {
    return 0;
  }
}

function writeTally(count) {
  try {
    localStorage.setItem(TALLY, String(count));
  } catch {
    // It is a second witness, no more.
  }
}

// Never more than there is: less before something is deleted, more after it was written.
const tally = (change) => writeTally(Math.max(0, readTally() + change));

// State of the storage ----------------------------------------------------------------------------------------

export async function askToPersist() {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

export const isPersistent = async () => (await navigator.storage?.persisted?.().catch(() => false)) ?? false;

export async function describe() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { usage, quota, isPersistent: await isPersistent(), isLow: quota > 0 && usage > quota * 0.9 };
}
