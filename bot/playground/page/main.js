// Puts the page together: whoever writes, wherever they are, what comes in is drawn.

import { drawComposer, edit, reply, setUpComposer, write } from "./composer.js";
import { ways } from "./deeds.js";
import { byId } from "./dom.js";
import { drawLog, setUpLog } from "./log.js";
import { howToConnect } from "./popups.js";
import { drawSide, drawTheme, setUpSide } from "./side.js";
import { chatNamed, remember, state, takeIn, unread } from "./state.js";
import { watch } from "./wire.js";
import { speak, t } from "./words.js";

const narrow = matchMedia("(max-width: 760px)");

let stop = () => {};
let spoken = null;

function draw() {
  if (!state.scene) return;
  const language = state.scene.person.language_code;
  if (language !== spoken) speak((spoken = language));
  if (!chatNamed(state.chat)) state.chat = narrow.matches ? null : "private";
  drawTheme();
  drawSide();
  drawComposer();
  drawLog();
  drawSide();
  const count = state.scene.chats.reduce((sum, chat) => sum + unread(chat.name), 0);
  document.title = `${count ? `(${count}) ` : ""}Audiatur · ${t("playground")}`;
}

function listen() {
  stop();
  state.scene = null;
  byId("talk").setAttribute("aria-busy", "true");
  stop = watch(
    state.person,
    (scene) => {
      takeIn(scene);
      draw();
      byId("talk").setAttribute("aria-busy", "false");
    },
    (online) => {
      state.online = online;
      if (state.scene) drawSide();
    },
  );
}

// The chat stands in the address, so that the browser's own Back leads out of it.
function arrive() {
  const [name, topic] = location.hash.slice(1).split("/");
  state.chat = name || (narrow.matches ? null : "private");
  state.topic = topic ? Number(topic) : null;
  draw();
}

ways.go = (name) => {
  const wanted = name ? `#${name}` : "#";
  if (location.hash === wanted || (!name && !location.hash)) return;
  history.pushState(null, "", wanted);
  arrive();
  if (name && !narrow.matches) byId("text").focus();
};
ways.turnTo = (topic) => {
  history.replaceState(null, "", `#${state.chat}${topic === null ? "" : `/${topic}`}`);
  arrive();
};
ways.become = (person) => {
  state.person = person;
  remember("person", String(person));
  listen();
};
Object.assign(ways, { write, reply, edit });

window.addEventListener("popstate", arrive);
window.addEventListener("hashchange", arrive);
narrow.addEventListener("change", arrive);
document.addEventListener("visibilitychange", draw);
byId("connect").addEventListener("click", howToConnect);
setUpSide();
setUpComposer();
setUpLog();
arrive();
listen();
