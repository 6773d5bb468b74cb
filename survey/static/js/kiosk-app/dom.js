// Elements from a name, their attributes and their children; functions become listeners.
const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label, onclick, attributes = {}) {
  const kind = attributes.class ?? "button";
  return h("button", { type: "button", ...attributes, class: kind, onclick }, label);
}

export const primary = (label, onclick) => button(label, onclick, { class: "button button--primary" });
export const secondary = (label, onclick) => button(label, onclick, { class: "button button--secondary" });
export const paragraph = (words, kind) => (words ? h("p", kind ? { class: kind } : {}, words) : null);
