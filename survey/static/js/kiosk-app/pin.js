// The staff's PIN is checked on the device, so that staff can reach it without a network.
import * as storage from "./storage.js";

const FREE_TRIES = 5;
const FIRST_DELAY = 30_000;
const LONGEST_DELAY = 900_000;

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

// `stored` is pbkdf2_sha256$iterations$salt in hex$hash in hex.
export async function verifyPin(pin, stored) {
  const [name, iterations, salt, expected] = stored.split("$");
  if (name !== "pbkdf2_sha256") return false;
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: Number(iterations) };
  const bits = await crypto.subtle.deriveBits(parameters, key, expected.length * 4);
  return bytesOf(expected).every((byte, place) => byte === new Uint8Array(bits)[place]);
}

// The tries outlive a reload. Where nothing can be stored they are counted in memory.
let tries = { failures: 0, until: 0 };

export async function loadTries() {
  tries = (await storage.getSetting("pin_tries").catch(() => null)) ?? tries;
}

// Milliseconds until the next try. After a clock was set back by a year nobody waits for a year: the longest delay
// begins once more, by the clock as it is now.
export function lockedFor() {
  const left = Math.max(0, tries.until - Date.now());
  if (left <= LONGEST_DELAY) return left;
  tries = { ...tries, until: Date.now() + LONGEST_DELAY };
  storage.putSetting("pin_tries", tries).catch(() => null);
  return LONGEST_DELAY;
}

export async function countTry(isRight) {
  const failures = isRight ? 0 : tries.failures + 1;
  const delay = failures < FREE_TRIES ? 0 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - FREE_TRIES));
  tries = { failures, until: delay ? Date.now() + delay : 0 };
  await storage.putSetting("pin_tries", tries).catch(() => null);
}
