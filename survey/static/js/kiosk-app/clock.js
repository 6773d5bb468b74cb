// The device's own clock may be wrong by a day or a year. Its times are sent as they are; what is shown and what
// is compared with the dates of a round is corrected by the difference last seen to the server.
const ZONE = "Asia/Ho_Chi_Minh";
let skewMilliseconds = 0;
let lastServerDay = "";

export const deviceTime = () => new Date().toISOString();
// Not -0, which would be shown.
export const skewSeconds = () => Math.round(skewMilliseconds / 1000) || 0;

export function setSkew(milliseconds) {
  if (Number.isFinite(milliseconds)) skewMilliseconds = milliseconds;
  return skewMilliseconds;
}

// The server read its clock somewhere between asking and answering.
export function measureSkew(serverTime, askedAt, answeredAt) {
  return setSkew(Date.parse(serverTime) - (askedAt + answeredAt) / 2);
}

export const now = () => new Date(Date.now() + skewMilliseconds);
const dayAt = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(moment);
const dayByClock = () => dayAt(now());

// The day of the last contact, by the server's clock.
export const serverDay = () => lastServerDay;
export function noteServerTime(serverTime) {
  const moment = new Date(serverTime ?? NaN);
  if (!Number.isNaN(moment.getTime())) lastServerDay = dayAt(moment);
}

// A clock that says an earlier day than that has fallen back.
export const today = () => (dayByClock() > lastServerDay ? dayByClock() : lastServerDay);

// The Monday of a day's week, both as 2026-09-07.
export function mondayOf(day) {
  const monday = new Date(`${day}T00:00:00Z`);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  return monday.toISOString().slice(0, 10);
}

// Begin and end of what was just done and took so many milliseconds: the end by the clock as it is now, which may
// have been set meanwhile. Without the hour both are moved to the noon of the day: how long it took, but not when.
export function spanOf(milliseconds, { hasHour }) {
  if (hasHour) return [Date.now() - milliseconds, Date.now()].map((moment) => new Date(moment).toISOString());
  const length = Math.floor(milliseconds / 1000) * 1000;
  const noon = Date.parse(`${dayByClock()}T12:00:00+07:00`) - Math.round(skewMilliseconds / 60_000) * 60_000;
  return [new Date(noon - length), new Date(noon)].map((moment) => moment.toISOString());
}

export function timeOfDay(moment = now()) {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(moment);
}

export function dayAndTime(moment, language) {
  const locale = language === "en" ? "en-GB" : "vi-VN";
  const day = { day: "numeric", month: "numeric", year: "numeric" };
  const time = { hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...day, ...time }).format(moment);
}

export const dayOf = (date, language) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : "vi-VN", {
    timeZone: "UTC", day: "numeric", month: language === "en" ? "short" : "numeric", year: "numeric",
  }).format(new Date(`${date}T00:00:00Z`));
