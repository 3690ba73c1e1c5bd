// The page: which phones stand side by side, the state of the bot, live changes. Start reading at `listen`.

import { avatar, el } from "./dom.js";
import { faultsMenu } from "./faults.js";
import { makePhone } from "./phone.js";

const WORDS = { starting: "бот запускается…", online: "бот на связи", away: "бот не отвечает" };
const FIRST_SHOWN = 3;
const KEPT = "phones.shown";

const row = document.querySelector(".phones");
const chips = document.querySelector(".chips");
const status = document.querySelector(".status");
const admin = document.querySelector(".admin");
const offline = document.querySelector(".offline");
const viewer = document.querySelector(".viewer");
const showFaults = faultsMenu(document.querySelector(".faults"));
const narrow = matchMedia("(max-width: 760px)");
const phones = new Map();
let shown = null;
let current = 0;

function openPhoto(url) {
  viewer.querySelector("img").src = url;
  viewer.showModal();
}

viewer.addEventListener("click", () => viewer.close());

function remembered(known) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    const valid = Array.isArray(kept) ? kept.filter((id) => known.includes(id)) : [];
    if (valid.length) return new Set(valid);
  } catch {
    localStorage.removeItem(KEPT); // written by something else: begin anew
  }
  return new Set(known.slice(0, FIRST_SHOWN));
}

function choose(id) {
  if (narrow.matches) {
    shown.add(id);
    arrange();
    current = id;
    phones.get(id).node.scrollIntoView({ block: "nearest", inline: "start" });
  } else if (!shown.delete(id)) {
    shown.add(id);
    arrange();
    phones.get(id).node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  localStorage.setItem(KEPT, JSON.stringify([...shown]));
  arrange();
}

/** Puts the chosen phones in the row, in the order of the chips, and marks the chips. */
function arrange() {
  const order = [...phones.values()].filter((one) => shown.has(one.id));
  const nodes = order.map((one) => one.node);
  if (nodes.length !== row.children.length || nodes.some((node, index) => row.children[index] !== node)) {
    row.replaceChildren(...(nodes.length ? nodes : [el("p", { class: "nobody" }, "Выберите телефон выше")]));
    for (const one of order) one.toEnd(true);
  }
  if (!shown.has(current)) current = order[0]?.id ?? 0;
  for (const one of phones.values()) {
    const on = narrow.matches ? one.id === current : shown.has(one.id);
    if (on) one.unread = 0;
    one.chip.setAttribute("aria-pressed", String(on));
    one.badge.textContent = one.unread || "";
    one.badge.hidden = !one.unread;
  }
}

row.addEventListener("scroll", () => {
  if (!narrow.matches) return;
  const index = Math.round(row.scrollLeft / row.clientWidth);
  const id = Number(row.children[index]?.dataset.chat ?? 0);
  if (!id || id === current) return;
  current = id;
  arrange();
  const chip = phones.get(id).chip;
  chips.scrollTo({ left: chip.offsetLeft - 16, behavior: "smooth" });
});
chips.addEventListener("wheel", (event) => {
  if (event.deltaX || chips.scrollWidth <= chips.clientWidth) return;
  event.preventDefault();
  chips.scrollLeft += event.deltaY;
}, { passive: false });
narrow.addEventListener("change", () => shown && arrange());

function meet(phone) {
  const made = makePhone(phone, openPhoto);
  const badge = el("b", { class: "badge", hidden: true });
  const label = el("span", { class: "label" });
  const chip = el("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => choose(phone.chat_id) }, avatar(phone), label, badge);
  chips.append(chip);
  phones.set(phone.chat_id, { id: phone.chat_id, chip, badge, label, unread: 0, ...made });
}

function showState(state) {
  status.dataset.status = state.bot.status;
  status.querySelector(".words").textContent = WORDS[state.bot.status];
  admin.hidden = !/^https?:/.test(state.admin_url);
  if (!admin.hidden) admin.href = state.admin_url;
  for (const phone of state.phones) {
    if (!phones.has(phone.chat_id)) meet(phone);
    const one = phones.get(phone.chat_id);
    one.rename(phone);
    one.label.replaceChildren(el("b", {}, phone.role_title || phone.name), el("small", {}, phone.role_title ? phone.name : ""));
  }
  showFaults(state.faults, state.phones);
}

function take(change) {
  showState(change.state);
  shown ??= remembered([...phones.keys()]);
  arrange();
  for (const chat of change.chats) {
    const one = phones.get(chat.chat_id);
    one.unread += one.update(chat, change.full);
  }
  arrange();
}

/** Keeps the page as the server says; the browser reconnects by itself, and then gets everything anew. */
function listen() {
  const events = new EventSource("/sim/events");
  events.onmessage = (event) => { offline.hidden = true; take(JSON.parse(event.data)); };
  events.onerror = () => {
    offline.hidden = false;
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

listen();
