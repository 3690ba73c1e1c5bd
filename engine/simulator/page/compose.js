// The foot of a phone: the text box, files, ready-made photos, the reply keyboard.

import { el, get, icon, ICONS, post } from "./dom.js";
import { drawnText } from "./emoji.js";

let samples = null;

async function readySamples() {
  samples ??= (await get("/sim/samples")).samples;
  return samples;
}

/** Returns the foot of one phone. `say(promise)` shows a failure on the phone. */
export function composer(phone, say) {
  const base = `/sim/chats/${phone.chat_id}`;
  const box = el("textarea", { rows: 1, placeholder: "Сообщение", "aria-label": `Сообщение: ${phone.name}`, maxlength: 20000 });
  const fit = () => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight, 130)}px`; };
  const submit = async () => {
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    fit();
    await say(post(`${base}/text`, { text }));
  };
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  const keys = el("button", { type: "button", class: "round keys", "aria-label": "Показать или убрать клавиатуру", hidden: true }, icon(ICONS.keys));
  const attach = attacher(base, say);
  const form = el("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); submit(); } },
    attach.button, box, keys, el("button", { class: "round send", "aria-label": "Отправить" }, icon(ICONS.send)));
  const unblock = el("button", { type: "button", class: "unblock", hidden: true, onclick: () => say(post(`${base}/block`, { blocked: false })) }, "Разблокировать бота");
  const reply = el("div", { class: "reply", role: "group", "aria-label": "Клавиатура ответа", hidden: true });
  const node = el("footer", {}, attach.panel, form, reply, unblock);
  let shown = "", open = true;
  keys.addEventListener("click", () => { open = !open; reply.hidden = !open; });

  /** Shows what the chat says: its reply keyboard, whether the bot is blocked. */
  function update(chat) {
    form.hidden = chat.blocked;
    unblock.hidden = !chat.blocked;
    const now = JSON.stringify([chat.reply_keyboard, chat.blocked]);
    if (now === shown) return;
    shown = now;
    open = true;
    reply.replaceChildren(...chat.reply_keyboard.map((row) => el("div", { class: "row" }, ...row.map((label) =>
      el("button", { type: "button", onclick: () => say(post(`${base}/reply`, { label })) }, ...drawnText(label))))));
    keys.hidden = !chat.reply_keyboard.length;
    reply.hidden = keys.hidden || chat.blocked;
    box.placeholder = chat.placeholder || "Сообщение";
  }
  return { node, update };
}

function attacher(base, say) {
  const asFile = el("input", { type: "checkbox" });
  const act = () => (asFile.checked ? "document" : "photos");
  const send = async (path, body) => { close(); await say(post(path, body)); };
  const upload = (path, files) => {
    const form = new FormData();
    [...files].forEach((file, index) => form.append(`file${index}`, file, file.name));
    return send(path, form);
  };
  const picker = (label, accept, path, sign) => {
    const input = el("input", { type: "file", multiple: true, accept, class: "hidden-input", "aria-label": label });
    input.addEventListener("change", () => { if (input.files.length) upload(path(), input.files); input.value = ""; });
    return el("label", { class: "pick" }, icon(sign), el("span", {}, label), input);
  };
  const chosen = new Set();
  const grid = el("div", { class: "samples", role: "group", "aria-label": "Готовые фото" });
  const go = el("button", { type: "button", class: "go", disabled: true }, "Выберите фото");
  go.addEventListener("click", () => send(`${base}/${act()}`, { samples: [...chosen] }));
  const count = () => {
    go.disabled = !chosen.size;
    go.textContent = chosen.size ? `Отправить: ${chosen.size}` : "Выберите фото";
  };
  const tile = (sample) => {
    const button = el("button", { type: "button", class: "sample", "aria-pressed": "false", title: sample.title },
      el("img", { src: `/sim/samples/${sample.name}.jpg`, alt: "", loading: "lazy" }), el("span", {}, sample.title));
    button.addEventListener("click", () => {
      if (!chosen.delete(sample.name)) chosen.add(sample.name);
      button.setAttribute("aria-pressed", String(chosen.has(sample.name)));
      count();
    });
    return button;
  };
  const panel = el("div", { class: "attach", hidden: true },
    el("div", { class: "head" }, el("b", {}, "Готовые фото"), el("button", { type: "button", class: "round small", "aria-label": "Закрыть", onclick: () => close() }, icon(ICONS.close))),
    grid,
    el("div", { class: "decide" }, el("label", { class: "check" }, asFile, "отправить как файл"), go),
    el("div", { class: "own" },
      picker("Фото с устройства", "image/*", () => `${base}/${act()}`, ICONS.image),
      picker("Файл", "", () => `${base}/document`, ICONS.file)));
  const button = el("button", { type: "button", class: "round", "aria-label": "Прикрепить фото или файл", "aria-expanded": "false" }, icon(ICONS.clip));
  function close() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    chosen.clear();
    for (const one of grid.children) one.setAttribute("aria-pressed", "false");
    count();
  }
  button.addEventListener("click", async () => {
    if (!panel.hidden) return close();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    if (!grid.children.length) grid.replaceChildren(...(await readySamples()).map(tile));
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); button.focus(); } });
  return { button, panel };
}
