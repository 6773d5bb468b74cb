// One question to the server and its answer. What is not JSON from our API is no answer at all: a hotel's page
// with status 200, a redirect, an empty 204.
const LONGEST_WAIT = 20_000;

export class Unreachable extends Error {}

export async function ask(address, { method = "GET", body, credential, etag, language = "vi", headers = {} } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST_WAIT);
  const askedAt = Date.now();
  try {
    const response = await fetch(address, {
      method,
      body,
      headers: { ...headersFor({ body, credential, etag, language }), ...headers },
      signal: stop.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    const json = await readJson(response);
    return {
      status: response.status,
      json: isProblem(response) ? null : json,
      problem: isProblem(response) ? json : null,
      retryAfter: secondsOf(response.headers.get("Retry-After")),
      etag: response.headers.get("ETag"),
      askedAt,
      answeredAt: Date.now(),
    };
  } catch (error) {
    throw new Unreachable(error.message);
  } finally {
    clearTimeout(timer);
  }
}

function headersFor({ body, credential, etag, language }) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (credential) headers.Authorization = `Bearer ${credential}`;
  if (etag) headers["If-None-Match"] = etag;
  return headers;
}

const typeOf = (response) => (response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
const isProblem = (response) => typeOf(response) === "application/problem+json";

async function readJson(response) {
  const words = await response.text();
  if (!isProblem(response) && typeOf(response) !== "application/json") return null;
  try {
    const value = JSON.parse(words);
    return value !== null && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function secondsOf(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
