// A drawn face beside the words it shows, 1 (very dissatisfied) to 5 (very satisfied). Decoration only.
import { svg } from "./dom.js";

const LEVELS = {
  "Rất không hài lòng": 1,
  "Không hài lòng": 2,
  "Bình thường": 3,
  "Hài lòng": 4,
  "Rất hài lòng": 5,
};
const MOUTHS = {
  1: "M15 35.5Q24 24.5 33 35.5",
  2: "M16 34Q24 28.5 32 34",
  3: "M16 32.5H32",
  4: "M16 30.5Q24 36 32 30.5",
  5: "M14.5 28.5Q24 40.5 33.5 28.5",
};

// The level of each code of a scale; none at all where the words of one have no face.
export function facesOf(scale) {
  if (!scale) return new Map();
  const rated = scale.options.filter((option) => !(scale.not_applicable ?? []).includes(option.code));
  const faces = rated.map((option) => [option.code, LEVELS[option.label.vi.split(" / ")[0]]]);
  return new Map(faces.every(([, level]) => level) ? faces : []);
}

export function face(level) {
  if (!level) return null;
  return svg(
    "svg",
    { class: "face", viewBox: "0 0 48 48", width: 48, height: 48, "aria-hidden": "true", focusable: "false" },
    svg("circle", { class: "face-line", cx: 24, cy: 24, r: 21.5 }),
    svg("circle", { class: "face-eye", cx: 17, cy: 19.5, r: 2.4 }),
    svg("circle", { class: "face-eye", cx: 31, cy: 19.5, r: 2.4 }),
    svg("path", { class: "face-line", d: MOUTHS[level] }),
  );
}
