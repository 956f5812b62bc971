// The list of messages: adds, changes and removes bubbles, and keeps place, focus and open quotes.

import { bubble, draftBubble, nameOf, preview } from "./bubble.js";
import { awaited, start, ways } from "./deeds.js";
import { byId, el } from "./dom.js";
import { setOpen } from "./entities.js";
import { announce } from "./popups.js";
import { at, chatNow, markRead, messagesInView, state } from "./state.js";
import { t, tongue } from "./words.js";

const NEAR = 90;
// A message taller than the view is shown from its beginning, with what came before it, if short.
const SHORT = 140;
const ABOVE = 10;

let shown = new Map();
let view = "";
let missed = 0;
let draftTimer;
// Whether the end is in view, and is to stay there.
let low = true;

export function drawLog() {
  const now = `${state.person} ${state.chat} ${state.topic} ${tongue()}`;
  const afresh = now !== view;
  if (afresh) clear(now);
  const added = reconcile(messagesInView(), afresh);
  drawDraft();
  drawEmpty();
  markRead();
  if (afresh || added.some((message) => message.mine)) toEnd();
  else if (low) follow(added.at(-1));
  else missed += added.length;
  drawJump();
  if (!afresh) for (const message of added) if (!message.mine) announce(`${nameOf(message.from)}: ${preview(message).slice(0, 400)}`);
}

// Keeps the end in view; of a message that is taller than the view, its beginning.
function follow(message) {
  const scroll = byId("scroll");
  const node = message && shown.get(message.message_id)?.node;
  const before = node?.previousElementSibling;
  const first = before?.offsetHeight < SHORT ? before : node;
  const tall = node && node.offsetHeight + (first === node ? 0 : first.offsetHeight) > scroll.clientHeight;
  if (!tall) return toEnd();
  scroll.scrollTop += first.getBoundingClientRect().top - scroll.getBoundingClientRect().top - ABOVE;
  low = false;
  return undefined;
}

function clear(now) {
  view = now;
  shown = new Map();
  missed = 0;
  byId("log").replaceChildren();
}

function reconcile(messages, afresh) {
  const log = byId("log");
  const wanted = new Set(messages.map((message) => message.message_id));
  for (const [id, { node }] of shown) {
    if (wanted.has(id)) continue;
    node.remove();
    shown.delete(id);
  }
  const added = [];
  for (const message of messages) {
    const mark = JSON.stringify(message);
    const known = shown.get(message.message_id);
    if (known?.mark === mark) continue;
    const node = bubble(message);
    if (known) replace(known.node, node, message);
    else {
      if (!afresh) node.classList.add("fresh");
      log.append(...dayBefore(message), node);
      added.push(message);
    }
    shown.set(message.message_id, { node, mark, date: message.date });
  }
  return added;
}

// Swaps a bubble for its newer self; what was open stays open, what had the focus keeps it.
function replace(old, node, message) {
  const key = old.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = [...old.querySelectorAll("blockquote.open")].map((quote) => quote.dataset.fold);
  old.replaceWith(node);
  for (const fold of open) {
    const quote = node.querySelector(`blockquote[data-fold="${fold}"]`);
    if (quote) setOpen(quote, true);
  }
  if (key) (node.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? node.querySelector(".key, .more"))?.focus();
  if (awaited.delete(`${state.chat} ${message.message_id}`)) announce(preview(message).slice(0, 400));
}

function dayBefore(message) {
  const last = [...shown.values()].at(-1);
  const day = (date) => new Date(1000 * date).toDateString();
  if (last && day(last.date) === day(message.date)) return [];
  const today = day(message.date) === new Date().toDateString();
  const name = today ? t("today") : new Date(1000 * message.date).toLocaleDateString(tongue(), { day: "numeric", month: "long" });
  byId("log").querySelector(".day:last-child")?.remove();
  return [el("li", { class: "day" }, name)];
}

function drawDraft() {
  clearTimeout(draftTimer);
  const log = byId("log");
  const draft = state.topic === null ? chatNow()?.draft : null;
  const old = log.querySelector(".draft");
  if (!draft) {
    old?.remove();
    return;
  }
  const node = draftBubble(draft);
  if (old) old.remove();
  log.append(node);
  draftTimer = setTimeout(() => node.remove(), draft.left_ms);
}

function drawEmpty() {
  const empty = byId("empty");
  const chat = chatNow();
  if (!chat || messagesInView().length || chat.draft) {
    empty.replaceChildren();
    return;
  }
  const bot = at();
  const mark = `${view} ${state.scene.bot.description}`;
  if (empty.dataset.mark === mark && empty.childElementCount) return;
  empty.dataset.mark = mark;
  if (chat.kind === "private") {
    const about = state.scene.bot.description;
    empty.replaceChildren(
      el("h2", {}, about ? t("what-can") : state.scene.bot.name),
      el("p", {}, about || t("empty-private")),
      el("button", { type: "button", class: "solid", onclick: () => start() }, t("start")),
    );
  } else {
    empty.replaceChildren(
      el("p", {}, t(`empty-${chat.name}`, { bot })),
      el("button", { type: "button", class: "solid", onclick: () => ways.write(`${bot} `) }, t("try", { bot })),
    );
  }
}

export function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  missed = 0;
  low = true;
}

function drawJump() {
  const scroll = byId("scroll");
  const far = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight > 3 * NEAR;
  if (!far) missed = 0;
  const jump = byId("jump");
  jump.hidden = !far;
  jump.setAttribute("aria-label", t("new-messages"));
  byId("jump-count").textContent = missed ? String(missed) : "";
}

export function setUpLog() {
  const scroll = byId("scroll");
  scroll.addEventListener(
    "scroll",
    () => {
      low = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
      drawJump();
    },
    { passive: true },
  );
  byId("jump").addEventListener("click", () => {
    toEnd();
    drawJump();
    byId("text").focus();
  });
  // What is unfolded by hand is to be read where it is.
  byId("log").addEventListener("click", (event) => {
    if (event.target.closest(".toggle")) low = false;
  });
  // Quotes that fold once they are measured, a keyboard that comes up, a window that turns.
  const sizes = new ResizeObserver(() => {
    if (low) toEnd();
    drawJump();
  });
  sizes.observe(scroll);
  sizes.observe(byId("log"));
}
