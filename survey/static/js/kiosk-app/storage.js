// What the device keeps: its credential and settings, the queue of responses, those held for staff, and marks of
// responses that are being filled (without an answer). Every call fails aloud: nobody is thanked on a guess.
const NAME = "hailong-kiosk";
const LONGEST_WAIT = 10_000;
const PROBE = "probe";
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
  const kept = await getSetting(name);
  if (JSON.stringify(kept) !== JSON.stringify(value)) throw new StorageFailed("the setting was not kept");
}

export const deleteSetting = (name) => transact("readwrite", ["settings"], (settings) => settings.delete(name));

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
delivered.onmessage = (event) => deliveredIds.add(event.data);
const wasDelivered = async (id) => (deliveredIds.has(id) ? {} : undefined);

// Only after the server's receipt.
export async function removeDelivered(id) {
  deliveredIds.add(id);
  delivered.postMessage(id);
  await transact("readwrite", ["queue", "held"], (queue, held) => {
    queue.delete(id);
    held.delete(id);
  });
}

export function holdResponse(item, refusal) {
  return transact("readwrite", ["queue", "held"], (queue, held) => {
    held.put({ id: item.id, body: item.body, ...refusal });
    queue.delete(item.id);
  });
}

// All held responses are tried again; none leaves the device before its receipt.
export async function requeueHeld() {
  const items = await listHeld();
  await transact("readwrite", ["queue", "held"], (queue, held) => {
    for (const { id, body } of items) {
      queue.put({ id, body, wasHeld: true });
      held.delete(id);
    }
  });
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
export const putVisit = (visit) => transact("readwrite", ["visits"], (visits) => visits.put(visit));

export async function addVisit(visit) {
  await putVisit(visit);
  const kept = await read("visits", (visits) => visits.get(visit.id));
  if (kept?.body !== visit.body) throw new StorageFailed("the visit was not kept");
}

// Only after the server's receipt; `noted` gives the list of addresses in which the visit is counted.
export function removeVisit(id, noted) {
  return transact("readwrite", ["visits", "settings"], (visits, settings) => {
    visits.delete(id);
    settings.get("assignments").onsuccess = ({ target }) => {
      if (target.result) settings.put({ ...target.result, etag: null, items: noted(target.result.items) }, "assignments");
    };
  });
}

// State of the storage ----------------------------------------------------------------------------------------

export async function askToPersist() {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

export async function describe() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const isPersistent = (await navigator.storage?.persisted?.()) ?? false;
  return { usage, quota, isPersistent, isLow: quota > 0 && usage > quota * 0.9 };
}
