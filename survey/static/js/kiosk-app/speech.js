// Reading a question aloud, only where the device itself has a voice of the language that is shown: another one would
// send what is read to somebody's server.
const synthesis = globalThis.speechSynthesis;

export const findVoice = (language) =>
  synthesis
    ?.getVoices()
    .find((voice) => voice.localService && voice.lang.toLowerCase().replace("_", "-").split("-")[0] === language);

// Voices may arrive late; `redraw` is called when they do.
export function onVoices(redraw) {
  synthesis?.addEventListener?.("voiceschanged", redraw);
}

export const isReading = () => Boolean(synthesis?.speaking);
export const stopReading = () => synthesis?.cancel();

export function readAloud(sentences, language) {
  stopReading();
  for (const sentence of sentences) {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = findVoice(language);
    utterance.lang = utterance.voice.lang;
    utterance.rate = 0.9;
    synthesis.speak(utterance);
  }
}
