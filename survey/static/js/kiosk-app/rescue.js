// All responses of the device as a file that `hailong response import` takes, each with the digest of its text.
import { deviceTime } from "./clock.js";

export async function buildRescueFile(device, items) {
  const once = new Map(items.map((item) => [item.id, item.body]));
  const lines = [JSON.stringify({ format: "hailong-rescue", version: 1, device, made_at: deviceTime() })];
  for (const body of once.values()) lines.push(JSON.stringify({ sha256: await digest(body), body }));
  lines.push(JSON.stringify({ count: once.size }));
  return `${lines.join("\n")}\n`;
}

async function digest(words) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function download(words, name) {
  const address = URL.createObjectURL(new Blob([words], { type: "application/jsonl" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser may still be reading.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
