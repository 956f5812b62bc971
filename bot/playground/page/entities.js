// Turns text and entities, as the Bot API has them, into elements. Offsets count UTF-16 units,
// and so do JavaScript's strings.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const SCHEMES = new Set(["http:", "https:", "mailto:", "tg:"]);

// `deeds` says what a click on a command, a mention or a link into the chat does.
export function formatted(text, entities = [], deeds = {}) {
  const tree = nested(entities, 0, text.length);
  const counter = { folds: 0 };
  return pieces(text, tree, 0, text.length, deeds, counter);
}

export function endsInBlock(text, entities = []) {
  return entities.some((entity) => BLOCKS.has(entity.type) && entity.offset + entity.length >= text.trimEnd().length);
}

function nested(entities, from, to) {
  const sorted = entities
    .map((entity) => ({ ...entity, start: Math.max(from, entity.offset), end: Math.min(to, entity.offset + entity.length) }))
    .filter((entity) => entity.start < entity.end)
    .sort((one, other) => one.start - other.start || other.end - one.end || rank(one) - rank(other));
  const tree = [];
  while (sorted.length) {
    const outer = sorted.shift();
    const inner = [];
    while (sorted.length && sorted[0].start < outer.end) {
      const next = sorted.shift();
      inner.push({ ...next, offset: next.start, length: Math.min(next.end, outer.end) - next.start });
      // What reaches beyond its surroundings goes on after them.
      if (next.end > outer.end) {
        sorted.push({ ...next, start: outer.end, offset: outer.end, length: next.end - outer.end });
        sorted.sort((one, other) => one.start - other.start || other.end - one.end || rank(one) - rank(other));
      }
    }
    tree.push({ entity: outer, start: outer.start, end: outer.end, children: nested(inner, outer.start, outer.end) });
  }
  return tree;
}

const rank = (entity) => (BLOCKS.has(entity.type) ? 0 : 1);

function pieces(text, tree, from, to, deeds, counter) {
  const nodes = [];
  let at = from;
  for (const { entity, start, end, children } of tree) {
    const block = BLOCKS.has(entity.type);
    // A block stands on lines of its own; the line ends around it are not shown twice.
    const before = block && start > at && text[start - 1] === "\n" ? start - 1 : start;
    if (before > at) nodes.push(text.slice(at, before));
    nodes.push(element(entity, text.slice(start, end), pieces(text, children, start, end, deeds, counter), deeds, counter));
    at = block && end < to && text[end] === "\n" ? end + 1 : end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function element(entity, raw, children, deeds, counter) {
  const { type } = entity;
  if (type in TAGS) return el(TAGS[type], {}, children);
  switch (type) {
    case "pre":
      return el("pre", { tabindex: "0" }, entity.language ? el("small", {}, entity.language) : null, children);
    case "blockquote":
      return el("blockquote", {}, children);
    case "expandable_blockquote":
      return foldable(children, counter.folds++);
    case "text_link":
      return link(entity.url, children, deeds);
    case "url":
      return link(/^[a-z]+:\/\//i.test(raw) ? raw : `https://${raw}`, children, deeds);
    case "email":
      return link(`mailto:${raw}`, children, deeds);
    case "bot_command":
      return deed(children, () => deeds.command?.(raw));
    case "mention":
      return deed(children, () => deeds.mention?.(raw));
    case "spoiler":
      return spoiler(children);
    default:
      return el("span", {}, children);
  }
}

function deed(children, run) {
  return el("button", { type: "button", class: "inline-link", onclick: run }, children);
}

// Links are checked again here: a `javascript:` address would be nobody's link.
function link(address, children, deeds) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, children);
  }
  if (!SCHEMES.has(url.protocol)) return el("span", {}, children);
  const inside = deeds.inside?.(url);
  if (inside) return deed(children, inside);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const node = el("button", { type: "button", class: "spoiler", "aria-pressed": "false", "aria-label": t("spoiler") }, children);
  node.addEventListener("click", () => {
    node.setAttribute("aria-pressed", "true");
    node.removeAttribute("aria-label");
  });
  return node;
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) settle(target.parentElement);
});

function settle(quote) {
  if (!quote || quote.classList.contains("open")) return;
  const fold = quote.querySelector(".fold");
  quote.classList.toggle("folded", fold.clientHeight > 0 && fold.scrollHeight > fold.clientHeight + 2);
}

function foldable(children, index) {
  const fold = el("div", { class: "fold" }, children);
  const label = el("span", {}, t("expand"));
  const toggle = el(
    "button",
    { type: "button", class: "toggle", "aria-expanded": "false", "data-key": `fold-${index}` },
    label,
    icon("down"),
  );
  const quote = el("blockquote", { "data-fold": String(index) }, fold, toggle);
  toggle.addEventListener("click", () => setOpen(quote, !quote.classList.contains("open")));
  sizes.observe(fold);
  return quote;
}

export function setOpen(quote, open) {
  quote.classList.toggle("open", open);
  quote.classList.toggle("folded", !open);
  const toggle = quote.querySelector(".toggle");
  toggle.setAttribute("aria-expanded", String(open));
  toggle.firstChild.textContent = t(open ? "collapse" : "expand");
  if (!open) settle(quote);
}
