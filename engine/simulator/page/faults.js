// The menu of faults: what to break for the next calls, and what is still to come.

import { el, post } from "./dom.js";

const COUNTS = ["duplicate", "rate_limit", "server_error"];

/** Fills the menu; returns `update(faults, phones)`. */
export function faultsMenu(root) {
  const panel = root.querySelector(".panel");
  const count = root.querySelector(".count");
  const left = {};
  const line = (name, title, hint, body) => {
    left[name] = el("b", { class: "left" });
    return el("button", { type: "button", onclick: () => post("/sim/faults", body) },
      el("span", {}, title, el("small", {}, hint)), left[name]);
  };
  const who = el("select", { "aria-label": "Чей телефон" });
  const block = el("button", { type: "button", class: "plain", onclick: () => post("/sim/faults", { blocked: [Number(who.value)] }) }, "Заблокировать бота");
  panel.append(
    line("duplicate", "Дублировать обновления", "следующие 3 придут боту дважды", { duplicate: 3 }),
    line("rate_limit", "429: слишком часто", "3 отказа, «повторите через 2 с»", { rate_limit: 3, retry_after: 2 }),
    line("server_error", "500: сбой Telegram", "2 отказа подряд", { server_error: 2 }),
    line("drop", "Обрыв связи", "следующий sendMessage без ответа", { drop: { sendMessage: 1 } }),
    el("div", { class: "blocker" }, who, block),
    el("button", { type: "button", class: "plain", onclick: () => post("/sim/faults", { duplicate: 0, rate_limit: 0, server_error: 0, drop: {} }) }, "Убрать все сбои"));
  let known = "";

  return (faults, phones) => {
    const drops = Object.values(faults.drop).reduce((sum, one) => sum + one, 0);
    let total = drops;
    for (const name of COUNTS) {
      total += faults[name];
      left[name].textContent = faults[name] || "";
    }
    left.drop.textContent = drops || "";
    count.textContent = total;
    count.hidden = !total;
    const now = JSON.stringify(phones.map((phone) => [phone.chat_id, phone.name]));
    if (now === known) return;
    known = now;
    const was = who.value;
    who.replaceChildren(...phones.map((phone) => el("option", { value: phone.chat_id }, `${phone.name} (${phone.role_title})`)));
    if (was) who.value = was;
  };
}
