// What happens when something in a message is pressed: buttons, commands, links into the chat.

import { chooseChat, complained, alertBox, copy, toast } from "./popups.js";
import { at, chatNow, here, state } from "./state.js";
import { act } from "./wire.js";
import { t } from "./words.js";

// Filled by `main`: how to go to a chat, and how to write into its field.
export const ways = { go: () => {}, write: () => {}, reply: () => {}, edit: () => {} };
// Messages whose next change the person is waiting for.
export const awaited = new Set();

export async function start(payload = "") {
  ways.go("private");
  complained(await act("start", { person: state.person, payload }));
}

export async function send(text, more = {}) {
  complained(await act("say", { ...here(), text, ...more }));
}

export async function react(message, emoji) {
  complained(await act("react", { ...here(), message_id: message.message_id, emoji }));
}

export const deeds = {
  command: (text) => send(text),
  mention: (name) => (name.toLowerCase() === at().toLowerCase() ? ways.go("private") : ways.write(`${name} `)),
  inside,
};

// Returns what a link to the bot does here, or nothing where it is a link to elsewhere.
export function inside(url) {
  const name = state.scene?.bot.username.toLowerCase();
  const path = url.pathname.split("/").filter(Boolean);
  const isBot = url.hostname === "t.me" && path.length === 1 && path[0].toLowerCase() === name;
  const isScheme = url.protocol === "tg:" && url.searchParams.get("domain")?.toLowerCase() === name;
  if (!isBot && !isScheme) return null;
  const payload = url.searchParams.get("start");
  return () => (payload === null ? ways.go("private") : start(payload));
}

export async function press(message, row, column, button, node) {
  if ("copy_text" in button) return copy(button.copy_text.text);
  if ("switch_inline_query_current_chat" in button) return ways.write(`${at()} ${button.switch_inline_query_current_chat}`);
  if ("switch_inline_query" in button) return pass(button.switch_inline_query, () => true);
  if ("switch_inline_query_chosen_chat" in button) return passTo(button.switch_inline_query_chosen_chat);
  if (!("callback_data" in button)) return toast(t("unheard"));
  if (node.getAttribute("aria-busy") === "true") return undefined;
  node.setAttribute("aria-busy", "true");
  awaited.add(`${state.chat} ${message.message_id}`);
  const place = { message_id: message.message_id, row, column, label: button.text };
  try {
    const answer = await act("press", { ...here(), ...place });
    if (!complained(answer)) show(answer);
  } finally {
    node.removeAttribute("aria-busy");
  }
  return undefined;
}

function show(answer) {
  if (answer.url) inside(new URL(answer.url, "https://t.me"))?.();
  if (answer.text && answer.alert) alertBox(answer.text);
  else if (answer.text) toast(answer.text);
}

function passTo({ query = "", allow_user_chats: users, allow_bot_chats: bots, allow_group_chats: groups }) {
  return pass(query, (chat) => (chat.kind === "private" ? bots || users : groups));
}

function pass(query, fits) {
  const chats = state.scene.chats.filter(fits);
  chooseChat(chats.length ? chats : [chatNow()], (name) => {
    ways.go(name);
    ways.write(`${at()} ${query}`);
  });
}
