// All responses and visits of the device as files that `hailong response import` takes, each with the digest of
// its text; where they are many, in parts that the page of devices takes too, each a whole file. Which visit belongs to which response the file does not say: no common key, no common order.
import { today } from "./clock.js";
import { shuffled } from "./shuffle.js";

const LARGEST_PART = 3_900_000;
const sizeOf = (words) => new TextEncoder().encode(words).length;

// Without the count at its end a file is known to lack something: where the device could not read all it holds.
export async function buildRescueFiles(device, items, visits, isWhole = true) {
  const head = JSON.stringify({ format: "hailong-rescue", version: 2, device, made_on: today() });
  const parts = [];
  let part = null;
  const add = (line, kind) => {
    const size = sizeOf(line) + 1;
    if (!part || part.size + size > LARGEST_PART) parts.push((part = { lines: [head], size: 0, count: 0, visits: 0 }));
    part.lines.push(line);
    part.size += size;
    part[kind] += 1;
  };
  for (const { body, device: own = device } of unique(items))
    add(JSON.stringify({ sha256: await digest(body), body, device: own }), "count");
  for (const { body: visit } of unique(visits))
    add(JSON.stringify({ sha256: await digest(visit), visit }), "visits");
  if (!part) parts.push({ lines: [head], count: 0, visits: 0 });
  const nameOf = (place) => (parts.length > 1 ? `-${place + 1}-trong-${parts.length}` : "");
  return parts.map(({ lines, count, visits: told }, place) => ({
    name: `hailong-cuu-ho-${device}-${today()}${nameOf(place)}.jsonl`,
    words: `${[...lines, ...(isWhole ? [JSON.stringify({ count, visits: told })] : [])].join("\n")}\n`,
  }));
}

// What stands in two places of the device is one.
const unique = (items) => shuffled([...new Map(items.map((item) => [item.id, item])).values()]);

async function digest(words) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function download({ words, name }) {
  const address = URL.createObjectURL(new Blob([words], { type: "application/jsonl" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser may still be reading.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
