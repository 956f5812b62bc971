// The field below: writing, replying, editing, attaching.

import { byId, el, icon } from "./dom.js";
import { nameOf, preview, textOf } from "./bubble.js";
import { send } from "./deeds.js";
import * as options from "./options.js";
import { complained, toast } from "./popups.js";
import { chatNow, here, messagesInView, state } from "./state.js";
import { act, upload } from "./wire.js";
import { t } from "./words.js";

const field = byId("text");
const typed = {};
const nothing = { reply: null, quote: "", edit: null, file: null };

let context = { ...nothing };
let place = "";

const placeNow = () => `${state.person} ${state.chat} ${state.topic}`;

// Keeps what was typed with the chat it was typed in.
export function drawComposer() {
  if (placeNow() !== place) {
    if (place) typed[place] = field.value;
    place = placeNow();
    field.value = typed[place] ?? "";
    options.close();
    setContext({});
    grow();
  }
  field.placeholder = t(context.file ? "caption" : "write-here");
  byId("menu").hidden = !chatNow()?.commands.length;
  drawReplyKeyboard();
}

function drawReplyKeyboard() {
  const box = byId("reply-keyboard");
  const labels = chatNow()?.keyboard ?? [];
  box.hidden = !labels.length;
  box.replaceChildren(...labels.map((label) => el("button", { type: "button", onclick: () => send(label) }, label)));
}

export function write(text) {
  setContext({});
  field.value = text;
  changed();
  field.focus();
}

export function reply(message, quote = "") {
  setContext({ reply: message, quote });
  field.focus();
}

export function edit(message) {
  setContext({ edit: message });
  field.value = textOf(message);
  grow();
  field.focus();
}

function setContext(wanted) {
  const leaving = context.edit && !wanted.edit;
  context = { ...nothing, ...wanted };
  if (leaving) field.value = "";
  const box = byId("context");
  const [sign, head, text] = described();
  box.hidden = !sign;
  if (!sign) return box.replaceChildren();
  const cancel = el("button", { type: "button", class: "quiet round", "aria-label": t("cancel"), onclick: dismiss }, icon("close"));
  box.replaceChildren(icon(sign), el("div", { class: "lines" }, el("b", {}, head), el("span", {}, text)), cancel);
  field.placeholder = t(context.file ? "caption" : "write-here");
  return undefined;
}

function described() {
  if (context.edit) return ["pen", t("editing"), preview(context.edit)];
  if (context.file) return ["file", t("file-ready", { name: "" }).replace(/[\s:]+$/, ""), context.file.name];
  if (context.reply) return ["reply", t("reply-to", { name: nameOf(context.reply.from) }), context.quote || preview(context.reply)];
  return [null];
}

function dismiss() {
  setContext({});
  grow();
  field.focus();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(168, field.scrollHeight + 2)}px`;
}

function changed() {
  grow();
  if (!context.edit) options.follow();
}

async function submit() {
  const text = field.value.trim();
  const { edit: edited, file, reply: answered, quote } = context;
  if (!text && !file) return;
  options.close();
  field.value = "";
  setContext({});
  grow();
  const reply_to = answered?.message_id;
  let answer;
  if (edited) answer = await act("edit", { ...here(), message_id: edited.message_id, text });
  else if (file) answer = await upload(file, { ...here(), caption: text, reply_to });
  else answer = await act("say", { ...here(), text, reply_to, quote });
  // What could not be sent is not lost.
  if (complained(answer) && answer.error && !field.value) {
    field.value = text;
    setContext({ edit: edited, file, reply: answered, quote });
    grow();
  }
}

function onKey(event) {
  if (event.isComposing) return;
  if (options.onKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape" && (context.reply || context.edit || context.file)) {
    event.preventDefault();
    dismiss();
  } else if (event.key === "ArrowUp" && !field.value) {
    const mine = messagesInView().filter((message) => message.mine && !message.via_bot && message.text);
    if (!mine.length) return;
    event.preventDefault();
    edit(mine.at(-1));
  }
}

function takeFile(file) {
  if (file?.size > state.scene.upload_bytes) toast(t("too-large"));
  else if (file) setContext({ file, reply: context.reply, quote: context.quote });
  byId("file").value = "";
  field.focus();
}

export function setUpComposer() {
  field.addEventListener("input", changed);
  field.addEventListener("keydown", onKey);
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", (event) => takeFile(event.target.files[0]));
  byId("menu").addEventListener("click", () => {
    if (options.isOpen()) options.close();
    else options.showCommands();
    field.focus();
  });
  field.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) takeFile(file);
  });
  document.addEventListener("pointerdown", (event) => {
    if (options.isOpen() && !event.target.closest(".popup, .composer")) options.close();
  });
  setUpDropping();
}

function setUpDropping() {
  const talk = byId("talk");
  talk.addEventListener("dragover", (event) => {
    event.preventDefault();
    talk.classList.add("dropping");
  });
  talk.addEventListener("dragleave", (event) => event.target === talk && talk.classList.remove("dropping"));
  talk.addEventListener("drop", (event) => {
    event.preventDefault();
    talk.classList.remove("dropping");
    takeFile(event.dataTransfer.files[0]);
  });
}

