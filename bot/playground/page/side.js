// What stands beside and above the messages: people, language, chats, the head of the chat.

import { nameOf, preview } from "./bubble.js";
import { ways } from "./deeds.js";
import { avatar, byId, el, icon } from "./dom.js";
import { complained, menuAt } from "./popups.js";
import { chatNow, remember, state, title, unread } from "./state.js";
import { act } from "./wire.js";
import { t } from "./words.js";

const LANGUAGES = { de: "Deutsch", en: "English", es: "Español", fr: "Français", it: "Italiano", nl: "Nederlands", tr: "Türkçe" };

// Redraws a part only where what it shows has changed, so that the focus stays where it is.
function redraw(node, mark, draw) {
  if (node.dataset.mark === mark) return;
  node.dataset.mark = mark;
  const id = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.replaceChildren(...draw());
  if (id) node.querySelector(`[data-key="${CSS.escape(id)}"]`)?.focus();
}

export function drawSide() {
  drawPeople();
  drawLanguages();
  drawChats();
  drawHead();
  drawTopics();
  document.body.classList.toggle("in-chat", Boolean(state.chat));
}

function drawPeople() {
  const { people, admins } = state.scene;
  redraw(byId("people"), `${state.person} ${t("guest")}`, () => people.map((person) => card(person, admins.includes(person.id))));
}

function card(person, admin) {
  const input = el("input", {
    type: "radio",
    name: "person",
    value: String(person.id),
    checked: person.id === state.person,
    "data-key": `person-${person.id}`,
    onchange: () => ways.become(person.id),
  });
  return el(
    "label",
    { class: "person" },
    input,
    avatar(person.first_name, person.id, "small"),
    el("b", {}, person.first_name),
    el("small", {}, t(admin ? "admin" : "guest")),
  );
}

function drawLanguages() {
  const select = byId("language");
  const { languages, person } = state.scene;
  if (select.options.length !== languages.length) {
    select.replaceChildren(...languages.map((code) => el("option", { value: code }, LANGUAGES[code] ?? code)));
  }
  if (select.value !== person.language_code) select.value = person.language_code;
}

function drawChats() {
  const { chats } = state.scene;
  const rows = chats.map((chat) => ({ chat, last: lastOf(chat), count: chat.name === state.chat ? 0 : unread(chat.name) }));
  const mark = JSON.stringify([state.chat, t("guest"), rows.map(({ chat, last, count }) => [title(chat), last, count])]);
  redraw(byId("chats"), mark, () => rows.map(row));
}

function lastOf(chat) {
  const last = [...(state.messages[chat.name]?.values() ?? [])].at(-1);
  if (!last) return subtitle(chat);
  const who = last.mine ? `${t("you")}: ` : chat.kind === "private" ? "" : `${nameOf(last.from)}: `;
  return `${who}${preview(last)}`.slice(0, 90);
}

function row({ chat, last, count }) {
  const badge = count ? el("span", { class: "unread", "aria-label": t("new-unread", { count }) }, String(count)) : null;
  const lines = el("span", { class: "lines" }, el("b", {}, title(chat)), el("small", {}, last));
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", "data-key": `chat-${chat.name}`, "aria-current": String(chat.name === state.chat), onclick: () => ways.go(chat.name) },
      avatar(title(chat), chat.name),
      lines,
      badge,
    ),
  );
}

function subtitle(chat) {
  if (chat.blocked) return t("blocked");
  if (chat.kind === "private") return state.scene.bot.awake ? t("bot") : t("starting");
  return t(chat.has_bot ? "members" : "members-only", { names: chat.members.join(", ") });
}

let actionTimer;
const quiet = new Set();

const DOING = { typing: "typing", upload_document: "sending-file" };

function drawHead() {
  const chat = chatNow();
  if (!chat) return byId("head").replaceChildren();
  const doing = chat.action && (chat.action.thread_id ?? null) === state.topic && !quiet.has(state.scene.ring) ? chat.action : null;
  clearTimeout(actionTimer);
  if (doing) {
    const { ring } = state.scene;
    actionTimer = setTimeout(() => {
      quiet.clear();
      quiet.add(ring);
      drawHead();
    }, doing.left_ms);
  }
  const below = state.online ? (doing ? t(DOING[doing.action] ?? "busy") : subtitle(chat)) : t("offline");
  const mark = JSON.stringify([chat.name, title(chat), below, Boolean(doing), chat.has_bot, chat.blocked, state.scene.privacy_mode, t("back")]);
  redraw(byId("head"), mark, () => [
    el("button", { type: "button", class: "quiet round back", "aria-label": t("back"), "data-key": "back", onclick: () => ways.go(null) }, icon("back")),
    avatar(title(chat), chat.name),
    el("div", { class: "lines" }, el("h1", {}, title(chat)), el("p", { class: doing ? "busy dots" : "" }, below)),
    chat.has_bot && chat.kind !== "private" ? privacySwitch() : "",
    chat.name === "friends" ? "" : headMenu(chat),
  ]);
  return undefined;
}

function headMenu(chat) {
  const inside = chat.has_bot && !chat.blocked;
  const wish = chat.kind === "private" ? (inside ? "block" : "unblock") : inside ? "throw-out" : "let-in";
  const node = el(
    "button",
    { type: "button", class: "quiet round", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("chat-actions"), "data-key": "chat-actions" },
    icon("more"),
  );
  const run = async () => complained(await act("welcome", { person: state.person, chat: chat.name, on: !inside }));
  node.addEventListener("click", () => menuAt(node, [], [[inside ? "lock" : "reply", t(wish), run]]));
  return node;
}

function privacySwitch() {
  const on = state.scene.privacy_mode;
  return el(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      "aria-checked": String(on),
      title: t("privacy-hint"),
      "data-key": "privacy",
      onclick: async () => complained(await act("privacy", { person: state.person, on: !on })),
    },
    el("span", {}, t("privacy-mode")),
    el("i", { "aria-hidden": "true" }),
  );
}

function drawTopics() {
  const topics = chatNow()?.topics;
  const mark = JSON.stringify([topics ?? null, state.topic, t("general")]);
  redraw(byId("topics"), mark, () => (topics ? [{ id: null, name: t("general") }, ...topics].map(tab) : []));
}

function tab({ id, name }) {
  const chosen = id === state.topic;
  return el(
    "button",
    { type: "button", role: "tab", "aria-selected": String(chosen), "aria-controls": "scroll", "data-key": `topic-${id}`, onclick: () => ways.turnTo(id) },
    name,
  );
}

export function setUpSide() {
  byId("language").addEventListener("change", async (event) => {
    complained(await act("language", { person: state.person, language: event.target.value }));
  });
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", document.documentElement.dataset.theme);
    drawTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTheme);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function drawTheme() {
  const button = byId("theme");
  button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  button.setAttribute("aria-label", t(isDark() ? "to-light" : "to-dark"));
  button.title = button.getAttribute("aria-label");
}
