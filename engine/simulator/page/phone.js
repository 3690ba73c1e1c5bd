// One phone: its head, its messages, what pops up over them, its foot.

import { composer } from "./compose.js";
import { avatar, day, el, icon, ICONS, post } from "./dom.js";
import { drawnText } from "./emoji.js";
import { bubble } from "./message.js";

const TOAST_MS = 4500;
const BUSY_MS = 15000;

/** Returns a phone with `update(change, full)`; `openPhoto(url)` shows a photo large. */
export function makePhone(phone, openPhoto) {
  const base = `/sim/chats/${phone.chat_id}`;
  const messages = new Map();
  const drawn = new Map();
  const busy = new Map();
  const toasts = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
  const log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": `Чат: ${phone.name}` });
  const start = el("div", { class: "empty" },
    el("span", { class: "hello", "aria-hidden": "true" }, ...drawnText("👋")), el("b", {}, "Напишите /start"),
    el("p", {}, "Чат пуст. Бот ответит меню."),
    el("button", { type: "button", onclick: () => say(post(`${base}/text`, { text: "/start" })) }, "Начать"));
  const foot = composer(phone, say);
  const block = el("button", { type: "button" }, "Заблокировать бота");
  block.addEventListener("click", () => { menu.open = false; say(post(`${base}/block`, { blocked: !blocked })); });
  const act = (label, path, body) => el("button", { type: "button", onclick: () => { menu.open = false; say(post(`${base}/${path}`, body)); } }, label);
  const menu = el("details", { class: "menu" },
    el("summary", { "aria-label": `Действия: ${phone.name}` }, icon(ICONS.more)),
    el("div", { class: "panel" }, act("Команда /start", "text", { text: "/start" }), act("Отправить стикер", "sticker", {}), act("Отправить голосовое", "voice", {}), block));
  const name = el("b", {}), role = el("small", {}), face = el("span");
  const down = el("button", { type: "button", class: "down", "aria-label": "К последнему сообщению", hidden: true, onclick: () => toEnd(true) }, "↓");
  const node = el("section", { class: "phone", data: { chat: phone.chat_id } },
    el("header", { class: "head" }, face, el("span", { class: "who" }, name, role), menu),
    el("div", { class: "middle" }, log, start, toasts, down), foot.node);
  let blocked = false, stuck = true, reached = 0;

  // A picture may grow the log before the news of its last scroll comes: only a hand that scrolls up lets go of the end.
  log.addEventListener("scroll", () => {
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 60) stuck = true;
    else if (log.scrollTop < reached) stuck = false;
    reached = log.scrollTop;
    down.hidden = stuck;
  });
  new ResizeObserver(() => toEnd()).observe(log);

  function toEnd(force = false) {
    if (force) stuck = true;
    if (stuck) log.scrollTop = log.scrollHeight;
  }

  async function say(promise) {
    try {
      return await promise;
    } catch (error) {
      pop(error.message, "wrong");
      return null;
    }
  }

  function pop(text, kind = "") {
    const one = el("div", { class: `toast ${kind}` }, ...drawnText(text));
    toasts.append(one);
    setTimeout(() => one.remove(), TOAST_MS);
  }

  function alarm(text) {
    const close = () => cover.remove();
    const button = el("button", { type: "button", onclick: close }, "Понятно");
    const cover = el("div", { class: "cover", role: "alertdialog", "aria-label": text }, el("div", { class: "alert" }, el("p", {}, ...drawnText(text)), button));
    node.append(cover);
    button.focus({ preventScroll: true });
  }

  async function press(message, row, column, button) {
    if (button.classList.contains("busy")) return;
    button.classList.add("busy");
    const done = await say(post(`${base}/press`, { message_id: message.id, row, column }));
    if (done?.query) {
      busy.set(done.query, button);
      setTimeout(() => settle(done.query), BUSY_MS);
      if (answered.has(done.query)) settle(done.query);
      return;
    }
    button.classList.remove("busy");
    if (/^https?:/.test(done?.url ?? "")) window.open(done.url, "_blank", "noopener");
  }

  const answered = new Set();

  function settle(query) {
    busy.get(query)?.classList.remove("busy");
    busy.delete(query);
  }

  function draw() {
    const acts = { press, open: openPhoto, loaded: () => toEnd() };
    const nodes = [];
    let seen = "";
    for (const group of groups(messages)) {
      const date = day(group[0].date);
      if (date !== seen) nodes.push(kept(`day ${date}`, 0, () => el("div", { class: "day" }, date)));
      seen = date;
      const stamp = group.map((one) => one.revision).join();
      nodes.push(kept(`m ${group[0].id}`, stamp, () => bubble(group, acts)));
    }
    nodes.forEach((one, index) => { if (log.children[index] !== one) log.insertBefore(one, log.children[index] ?? null); });
    while (log.children.length > nodes.length) log.lastChild.remove();
    start.hidden = messages.size > 0;
  }

  function kept(key, stamp, make) {
    const found = drawn.get(key);
    if (found?.stamp === stamp) return found.node;
    const made = { stamp, node: make() };
    drawn.set(key, made);
    return made.node;
  }

  /** Takes what the server tells of this chat; returns how many new messages of the bot came. */
  function update(change, full) {
    if (full) {
      messages.clear();
      drawn.clear();
    }
    let fresh = 0;
    for (const message of change.messages) {
      if (message.deleted) { messages.delete(message.id); continue; }
      if (!messages.has(message.id)) {
        if (message.mine) stuck = true;
        else fresh += 1;
      }
      messages.set(message.id, message);
    }
    for (const toast of change.toasts) {
      answered.add(toast.id);
      settle(toast.id);
      if (full || !toast.text) continue;
      if (toast.alert) alarm(toast.text);
      else pop(toast.text);
    }
    blocked = change.blocked;
    block.textContent = blocked ? "Разблокировать бота" : "Заблокировать бота";
    node.classList.toggle("blocked", blocked);
    foot.update(change);
    draw();
    toEnd();
    return full ? 0 : fresh;
  }

  /** Shows a name and a role. */
  function rename(now) {
    name.textContent = now.name;
    role.textContent = now.role_title || "без роли";
    face.replaceChildren(avatar(now));
    node.setAttribute("aria-label", `Телефон: ${now.name}, ${now.role_title}`);
  }

  rename(phone);
  return { node, update, rename, toEnd };
}

function groups(messages) {
  const found = [];
  for (const message of [...messages.values()].sort((one, other) => one.id - other.id)) {
    const last = found[found.length - 1];
    if (message.album && last?.[0].album === message.album) last.push(message);
    else found.push([message]);
  }
  return found;
}
