// The device's own clock may be wrong by a day or a year. Its times are sent as they are; what is shown and what
// is compared with the dates of a round is corrected by the difference last seen to the server.
const ZONE = "Asia/Ho_Chi_Minh";
let skewMilliseconds = 0;

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
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(now());

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
