// What comes up over the chat: notices, alerts, dialogs, and the menu of a message.

import { avatar, byId, el, icon } from "./dom.js";
import { at, state, title } from "./state.js";
import { t } from "./words.js";

const TOAST_MS = 4500;

export function toast(text) {
  const node = el("div", { class: "toast" }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), Math.max(TOAST_MS, text.length * 60));
}

// Tells a screen reader what others see.
export function announce(text) {
  const live = byId("live");
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 40);
}

// Returns true where an act failed, having said so.
export function complained(answer) {
  if (answer.lost) toast(t("offline"));
  else if (answer.unanswered) toast(t("unanswered"));
  else if (answer.unheard) toast(t("unheard"));
  else if (answer.status === 413) toast(t("too-large"));
  else if (answer.error) toast(t("failed", { reason: answer.error }));
  else return false;
  return true;
}

function dialog(label, ...content) {
  const node = el("dialog", { "aria-label": label }, ...content);
  const back = document.activeElement;
  node.addEventListener("close", () => {
    node.remove();
    if (back?.isConnected) back.focus();
  });
  node.addEventListener("click", (event) => event.target === node && node.close());
  document.body.append(node);
  node.showModal();
  return node;
}

export function alertBox(text) {
  const ok = el("button", { type: "button", class: "solid" }, t("ok"));
  const node = dialog(state.scene.bot.name, el("h2", {}, state.scene.bot.name), el("p", {}, text), el("div", { class: "row" }, ok));
  node.setAttribute("role", "alertdialog");
  ok.addEventListener("click", () => node.close());
  ok.focus();
}

export function howToConnect() {
  const command = "BOT_TOKEN=123456:ABC… ADMIN_IDS=… make run";
  const close = el("button", { type: "button", class: "solid" }, t("close"));
  const steps = el(
    "ol",
    {},
    el("li", {}, t("connect-1")),
    el("li", {}, t("connect-2")),
    el("li", {}, t("connect-3"), el("pre", { tabindex: "0" }, command)),
    el("li", {}, t("connect-4")),
  );
  const node = dialog(
    t("connect"),
    el("h2", {}, t("connect")),
    steps,
    el("p", {}, t("connect-note")),
    el("div", { class: "row" }, close),
  );
  close.addEventListener("click", () => node.close());
}

export function chooseChat(chats, choose) {
  const cancel = el("button", { type: "button", class: "quiet" }, t("cancel"));
  const choices = chats.map((chat) =>
    el(
      "button",
      {
        type: "button",
        onclick: () => {
          node.close();
          choose(chat.name);
        },
      },
      avatar(title(chat), chat.name, "small"),
      title(chat),
    ),
  );
  const node = dialog(
    t("choose-chat"),
    el("h2", {}, t("choose-chat")),
    el("p", {}, at()),
    el("div", { class: "choices" }, choices),
    el("div", { class: "row" }, cancel),
  );
  cancel.addEventListener("click", () => node.close());
}

// Opens a menu beside a button; arrows move, Escape closes and gives the focus back.
export function menuAt(button, emoji, items) {
  const node = el("div", { class: "act-menu", role: "menu", "aria-label": t("actions") });
  const close = (focus = true) => {
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    button.setAttribute("aria-expanded", "false");
    if (focus && button.isConnected) button.focus();
  };
  const outside = (event) => node.contains(event.target) || close(false);
  const pick = (run) => () => {
    close();
    run();
  };
  const reactions = emoji.map(([face, run]) =>
    el("button", { type: "button", role: "menuitem", "aria-label": t("react", { emoji: face }), onclick: pick(run) }, face),
  );
  if (reactions.length) node.append(el("div", { class: "emoji", role: "none" }, reactions));
  for (const [name, text, run] of items) {
    node.append(el("button", { type: "button", role: "menuitem", class: "item", onclick: pick(run) }, icon(name), text));
  }
  node.addEventListener("keydown", (event) => {
    const all = [...node.querySelectorAll("button")];
    const index = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) all[(index + step + all.length) % all.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(node);
  place(node, button.getBoundingClientRect());
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  node.querySelector(".item").focus();
}

function place(node, beside) {
  const { width, height } = node.getBoundingClientRect();
  const left = Math.min(Math.max(8, beside.left - width / 2), window.innerWidth - width - 8);
  const below = beside.bottom + 6 + height < window.innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${below ? beside.bottom + 6 : Math.max(8, beside.top - height - 6)}px`;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    toast(t("not-copied"));
  }
}
