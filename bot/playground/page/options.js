// The list that pops up above the field: commands to complete, or inline results to choose from.

import { byId, el, icon } from "./dom.js";
import { announce, complained } from "./popups.js";
import { send, start } from "./deeds.js";
import { at, chatNow, here, state } from "./state.js";
import { act } from "./wire.js";
import { t } from "./words.js";

const PAUSE_MS = 280;
const NEAR_END = 120;

const popup = byId("popup");
const field = byId("text");

let kind = null;
let active = -1;
let offers = [];
let turn = 0;
let timer;
let inquiry = null;

export const isOpen = () => kind !== null;

export function close() {
  turn += 1;
  clearTimeout(timer);
  kind = null;
  inquiry = null;
  popup.hidden = true;
  popup.replaceChildren();
  field.removeAttribute("aria-activedescendant");
  byId("menu").setAttribute("aria-expanded", "false");
}

// Looks at what is typed and opens, changes or closes the list.
export function follow() {
  const text = field.value;
  const asked = inlineQuery(text);
  if (asked !== null) return ask(asked);
  const slash = /^\/([a-z0-9_]*)$/i.exec(text);
  if (slash) return showCommands(slash[1].toLowerCase());
  if (kind) close();
  return undefined;
}

function inlineQuery(text) {
  const name = at();
  const begins = text.toLowerCase().startsWith(`${name.toLowerCase()} `);
  return begins ? text.slice(name.length + 1) : null;
}

function open(which, label) {
  kind = which;
  active = -1;
  popup.hidden = false;
  field.removeAttribute("aria-activedescendant");
  return el("div", { id: "options", role: "listbox", "aria-label": label });
}

export function showCommands(prefix = "") {
  turn += 1;
  clearTimeout(timer);
  inquiry = null;
  const commands = (chatNow()?.commands ?? []).filter(({ command }) => command.startsWith(prefix));
  if (!commands.length) return close();
  offers = commands.map(({ command }) => () => submit(`/${command}`));
  const list = open("commands", t("commands"));
  list.append(
    ...commands.map(({ command, description }, index) =>
      option(index, "command", el("b", {}, `/${command}`), el("span", { class: "lines" }, el("small", {}, description))),
    ),
  );
  popup.replaceChildren(list);
  byId("menu").setAttribute("aria-expanded", "true");
  return undefined;
}

function submit(text) {
  field.value = "";
  field.dispatchEvent(new Event("input"));
  close();
  field.focus();
  send(text);
}

function option(index, name, ...content) {
  return el(
    "div",
    {
      role: "option",
      class: name,
      id: `option-${index}`,
      "aria-selected": "false",
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => offers[index]?.(),
    },
    content,
  );
}

// Asks the bot a moment after the last letter; an answer to an older query is dropped.
function ask(query) {
  if (inquiry?.query === query && inquiry.chat === state.chat) return;
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  inquiry = { query, chat: state.chat, next: "", more: false };
  if (kind !== "inline") {
    open("inline", t("results"));
    popup.replaceChildren(el("div", { class: "note" }, t("searching")));
  }
  timer = setTimeout(() => fetchPage(mine, ""), PAUSE_MS);
}

async function fetchPage(mine, offset) {
  const given = inquiry;
  given.more = false;
  const page = await act("inline", { ...here(), query: given.query, offset });
  if (mine !== turn) return;
  if (complained(page)) {
    if (!offset) close();
    return;
  }
  given.next = page.next_offset;
  given.more = Boolean(page.next_offset) && page.results.length > 0;
  if (offset) append(page);
  else show(page);
}

function show(page) {
  offers = [];
  const list = open("inline", t("results"));
  const top = page.button ? privately(page.button) : null;
  const none = page.results.length || page.button ? null : el("div", { class: "note" }, t("no-results"));
  popup.replaceChildren(...[top, none, list].filter(Boolean));
  popup.scrollTop = 0;
  append(page);
  announce(page.results.length ? t("results-count", { count: page.results.length }) : (page.button?.text ?? t("no-results")));
}

function privately(button) {
  return el(
    "button",
    {
      type: "button",
      class: "to-private",
      onclick: () => {
        field.value = "";
        close();
        start(button.start_parameter ?? "");
      },
    },
    button.text,
  );
}

function append(page) {
  const list = popup.querySelector("#options");
  page.results.forEach((result, index) => {
    const place = offers.length;
    offers.push(() => choose(page.answer, index));
    const lines = el("span", { class: "lines" }, el("b", {}, result.title || result.type), result.description ? el("small", {}, result.description) : null);
    list.append(option(place, "result", icon("scales"), lines));
  });
}

async function choose(answer, result) {
  field.value = "";
  field.dispatchEvent(new Event("input"));
  close();
  field.focus();
  complained(await act("choose", { ...here(), answer, result }));
}

popup.addEventListener(
  "scroll",
  () => {
    const near = popup.scrollHeight - popup.scrollTop - popup.clientHeight < NEAR_END;
    if (kind === "inline" && near && inquiry?.more) fetchPage(turn, inquiry.next);
  },
  { passive: true },
);

function move(step) {
  const all = popup.querySelectorAll('[role="option"]');
  if (!all.length) return;
  active = active < 0 && step < 0 ? all.length - 1 : (active + step + all.length) % all.length;
  all.forEach((node, index) => node.setAttribute("aria-selected", String(index === active)));
  all[active].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", all[active].id);
}

// Returns true where a key was meant for the list.
export function onKey(event) {
  if (!kind) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && !event.shiftKey && active >= 0) offers[active]?.();
  else if (event.key === "Tab" && !event.shiftKey && kind === "commands" && field.value) complete();
  else return false;
  event.preventDefault();
  return true;
}

function complete() {
  const first = popup.querySelectorAll('[role="option"] b')[Math.max(0, active)];
  if (!first) return;
  field.value = `${first.textContent} `;
  close();
}
