/**
 * Makes elements. Text always goes in as a text node: no string is ever read as HTML here.
 */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {import("./wire.js").LabelName} LabelName */

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes] no `style` and no `on…`: the CSP forbids them
 * @param {(Node | string)[]} children strings become text nodes
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * Return the element with an id, of the kind that the page's HTML gives it.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} named ${id}.`);
  return found;
}

/**
 * Make an icon; it is hidden from screen readers, because a word always stands beside it.
 *
 * @param {string[]} paths path data in a box of 20 by 20, drawn as lines
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(paths, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  for (const data of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}

const FACE = "M10 1.8a8.2 8.2 0 1 0 0 16.4a8.2 8.2 0 1 0 0-16.4z";
const EYES = "M7 7.4v.9 M13 7.4v.9";

/** @type {Record<LabelName, string[]>} faces that differ in shape, not only in colour */
export const FACES = {
  negative: [FACE, EYES, "M6.3 14.2q3.7-4 7.4 0"],
  neutral: [FACE, EYES, "M6.5 12.8h7"],
  positive: [FACE, EYES, "M6.3 11.8q3.7 4 7.4 0"],
};

export const LEFT_OUT = [FACE, "M5.5 14.5l9-9"];
export const BUBBLE = ["M3 3.5h14v10H9.5L5.5 17v-3.5H3z"];
export const WARNING = ["M10 2.5l8 14.5H2z", "M10 8v4", "M10 14.4v.4"];
