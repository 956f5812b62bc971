// What the page knows: the scene, the messages of each chat, and where the person is in it.

import { t } from "./words.js";

const remembered = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

export const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the page forgets between visits, and works.
  }
};

export const state = {
  // At the first visit, whoever speaks the visitor's language: Ada German, Bob English.
  person: Number(remembered("person")) || (navigator.language.startsWith("de") ? 1001 : 1002),
  chat: null,
  topic: null,
  scene: null,
  messages: {},
  online: true,
};

const read = {};

export const chatNamed = (name) => state.scene?.chats.find((chat) => chat.name === name);
export const chatNow = () => chatNamed(state.chat);
export const at = () => `@${state.scene?.bot.username}`;
export const here = () => ({ person: state.person, chat: state.chat, thread_id: state.topic });

// Takes a scene in and returns what of the chat in view is new or changed.
export function takeIn(scene) {
  if (scene.whole) state.messages = {};
  state.scene = scene;
  for (const chat of scene.chats) {
    const known = (state.messages[chat.name] ??= new Map());
    for (const message of scene.messages[chat.name] ?? []) {
      if (message.deleted) known.delete(message.message_id);
      else known.set(message.message_id, message);
    }
    for (const id of known.keys()) if (id < chat.first) known.delete(id);
  }
}

export function messagesInView() {
  const all = [...(state.messages[state.chat]?.values() ?? [])].sort((one, other) => one.message_id - other.message_id);
  if (!chatNow()?.topics) return all;
  return all.filter((message) => (message.message_thread_id ?? null) === state.topic);
}

export function markRead() {
  const ids = [...(state.messages[state.chat]?.keys() ?? [])];
  if (state.chat && document.visibilityState === "visible") read[`${state.person} ${state.chat}`] = Math.max(0, ...ids);
}

export function unread(name) {
  const seen = read[`${state.person} ${name}`] ?? 0;
  const isNew = (message) => message.message_id > seen && !message.mine && message.from;
  return [...(state.messages[name]?.values() ?? [])].filter(isNew).length;
}

export function title(chat) {
  if (chat.kind === "private") return state.scene.bot.name;
  return t(`title-${chat.name}`);
}
