// Builds elements. Text only ever becomes text nodes: nothing here parses HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

export function avatar(title, key, size = "") {
  if (key === "private") return el("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, icon("scales"));
  const tone = [...String(key)].reduce((sum, character) => sum + character.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar tone-${tone} ${size}`, "aria-hidden": "true" }, [...title][0] ?? "?");
}
