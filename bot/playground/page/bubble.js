// One message as it is seen: bubble, reply, file, buttons, reactions, and its menu.

import { avatar, el, icon } from "./dom.js";
import { deeds, inside, press, react, ways } from "./deeds.js";
import { endsInBlock, formatted } from "./entities.js";
import { copy, menuAt, toast } from "./popups.js";
import { at, chatNow, state } from "./state.js";
import { t, tongue } from "./words.js";

const FACES = ["👍", "👎", "❤", "🔥", "🤔", "🎉"];

export const textOf = (message) => message.text ?? message.caption ?? "";
const entitiesOf = (message) => message.entities ?? message.caption_entities ?? [];

export function nameOf(account) {
  return account.id === state.scene.bot.id ? state.scene.bot.name : account.first_name;
}

export function preview(message) {
  return textOf(message).replace(/\s+/g, " ").trim() || message.document?.file_name || "";
}

export function bubble(message) {
  if (message.new_chat_members) {
    const names = message.new_chat_members.map(nameOf).join(", ");
    return el("li", { class: "service" }, t("joined", { names }));
  }
  const inGroup = chatNow()?.kind !== "private";
  const others = inGroup && !message.mine;
  const body = el("div", { class: "body" }, inner(message, others), keys(message));
  return el(
    "li",
    { class: `message ${message.mine ? "mine" : ""}`, "data-id": String(message.message_id) },
    others ? avatar(nameOf(message.from), message.from.is_bot ? "private" : message.from.id, "small") : null,
    body,
    menuButton(message),
  );
}

function inner(message, others) {
  const text = textOf(message);
  const entities = entitiesOf(message);
  const spread = `text ${message.edit_date ? "edited-room" : ""} ${endsInBlock(text, entities) ? "ends-in-block" : ""}`;
  return el(
    "div",
    { class: "bubble" },
    others ? el("span", { class: "name" }, nameOf(message.from)) : el("span", { class: "hidden-live" }, `${message.mine ? t("you") : nameOf(message.from)}: `),
    message.via_bot ? el("span", { class: "via" }, t("via", { bot: `@${message.via_bot.username}` })) : null,
    replied(message),
    message.document ? file(message.document) : null,
    text ? el("div", { class: spread, dir: "auto" }, formatted(text, entities, deeds)) : null,
    meta(message),
    reactions(message),
  );
}

function meta(message) {
  const date = new Date(1000 * message.date);
  const time = date.toLocaleTimeString(tongue(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const edited = message.edit_date ? `${t("edited")} ` : "";
  return el("span", { class: "meta" }, edited, el("time", { datetime: date.toISOString() }, time));
}

function replied(message) {
  const reply = message.reply_to_message;
  if (!reply) return null;
  const shown = message.quote?.text ?? preview(reply);
  const name = nameOf(reply.from);
  return el(
    "button",
    { type: "button", class: "quoted", "aria-label": `${t("reply-to", { name })}: ${shown}`, onclick: () => seek(reply.message_id) },
    el("b", {}, name),
    el("span", {}, shown),
  );
}

function seek(id) {
  const node = document.querySelector(`#log [data-id="${id}"]`);
  if (!node) return toast(t("deleted"));
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.classList.add("target");
  setTimeout(() => node.classList.remove("target"), 1600);
  return undefined;
}

function file(document_) {
  const size = document_.file_size < 1e6 ? `${Math.max(1, Math.round(document_.file_size / 1e3))} kB` : `${(document_.file_size / 1e6).toFixed(1)} MB`;
  const name = document_.file_name ?? "file";
  return el(
    "a",
    { class: "file", href: `/play/files/${encodeURIComponent(document_.file_id)}`, download: name, "aria-label": `${t("download", { name })}, ${size}` },
    el("span", { class: "disc" }, icon("file")),
    el("span", {}, el("b", {}, name), el("small", {}, size)),
  );
}

function keys(message) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return el(
    "div",
    { class: "keys" },
    rows.map((row, y) => el("div", { class: "row" }, row.map((button, x) => key(message, y, x, button)))),
  );
}

const SIGNS = { url: "out", copy_text: "copy", switch_inline_query: "share", switch_inline_query_chosen_chat: "share" };

function key(message, row, column, button) {
  const look = { class: `key ${button.style ?? ""}`, "data-key": `key-${row}-${column}` };
  const sign = Object.entries(SIGNS).find(([kind]) => kind in button)?.[1];
  const content = [button.text, sign ? icon(sign) : null];
  if (!("url" in button)) {
    const node = el("button", { ...look, type: "button" }, content);
    node.addEventListener("click", () => press(message, row, column, button, node));
    return node;
  }
  const url = address(button.url);
  const run = url && inside(url);
  if (run) return el("button", { ...look, type: "button", onclick: run }, button.text);
  if (!url || !["http:", "https:"].includes(url.protocol)) return el("span", look, button.text);
  return el("a", { ...look, href: url.href, target: "_blank", rel: "noopener noreferrer" }, content);
}

function address(text) {
  try {
    return new URL(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
  } catch {
    return null;
  }
}

function reactions(message) {
  if (!message.reactions.length) return null;
  const pills = message.reactions.map(({ emoji, count, mine }) =>
    el(
      "button",
      {
        type: "button",
        "aria-pressed": String(mine),
        "aria-label": t("reaction", { emoji, count }),
        "data-key": `react-${emoji}`,
        onclick: () => react(message, emoji),
      },
      count > 1 ? `${emoji} ${count}` : emoji,
    ),
  );
  return el("div", { class: "reactions" }, pills);
}

function menuButton(message) {
  const node = el(
    "button",
    {
      type: "button",
      class: "more",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `${t("actions")}: ${preview(message).slice(0, 40)}`,
      "data-key": "more",
    },
    icon("more"),
  );
  let selected = "";
  // The selection is read before the click may take it away.
  node.addEventListener("pointerdown", () => (selected = selection(node.closest("li"), message)));
  node.addEventListener("click", () => {
    const items = [["reply", t("reply"), () => ways.reply(message, selected)]];
    if (message.mine && !message.via_bot) items.push(["pen", t("edit"), () => ways.edit(message)]);
    if (textOf(message)) items.push(["copy", t("copy-text"), () => copy(textOf(message))]);
    menuAt(node, FACES.map((face) => [face, () => react(message, face)]), items);
  });
  return node;
}

function selection(item, message) {
  const chosen = document.getSelection();
  const text = chosen?.toString().trim() ?? "";
  return text && item.contains(chosen.anchorNode) && textOf(message).includes(text) ? text.slice(0, 1024) : "";
}

export function draftBubble(draft) {
  return el(
    "li",
    { class: "message draft", "data-id": "draft" },
    el(
      "div",
      { class: "body" },
      el(
        "div",
        { class: "bubble" },
        el("span", { class: "label" }, `${state.scene.bot.name ?? at()} ${t("writing")} …`),
        el("div", { class: "text", dir: "auto" }, formatted(draft.text, draft.entities, deeds)),
      ),
    ),
  );
}
