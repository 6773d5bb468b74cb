// The sentences of the interface, written by the server into the page, in both languages.
let shown = "vi";
let tables = null;
let kind = null;

function table() {
  tables ??= JSON.parse(document.body.dataset.words);
  return tables[shown];
}

export const language = () => shown;

export function speak(code) {
  shown = code;
  document.documentElement.lang = code;
}

// A device that is not paired yet has no kind.
export const speakOn = (kindOfDevice) => (kind = kindOfDevice ?? null);

// `address` is "em" for pupils, who are addressed otherwise than adults; an interviewer's tablet does not speak to
// people in a hall.
export function say(key, values = {}, address = "ong_ba") {
  const words = table();
  const sentence = (address === "em" && words[`${key}.em`]) || words[`${key}.${kind}`] || words[key];
  if (sentence === undefined) throw new Error(`there is no sentence ${key}`);
  return sentence.replace(/%\((\w+)\)s/g, (_whole, name) => inWords(values[name]));
}

// A bilingual text of a questionnaire, or a name that exists once.
export const text = (wording) =>
  typeof wording === "string" ? wording : wording ? wording[shown] || wording.vi : "";

export function inWords(value) {
  return typeof value === "number" ? value.toLocaleString(shown === "vi" ? "vi-VN" : "en-GB") : String(value);
}
