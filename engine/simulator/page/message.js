// One bubble: formatted text, photos, a file, inline buttons. Knows no server: acts are given.

import { clock, el, icon, ICONS, size } from "./dom.js";
import { drawnText } from "./emoji.js";

const MARKS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Returns nodes of a text cut at the edges of its entities (offsets are UTF-16 units, as in JavaScript). */
function formatted(text, entities) {
  const edges = new Set([0, text.length]);
  for (const mark of entities) edges.add(mark.offset).add(mark.offset + mark.length);
  const cuts = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1];
    const over = entities.filter((mark) => mark.offset <= start && mark.offset + mark.length >= end);
    const afterBlock = !over.length && entities.some((mark) => BLOCKS.has(mark.type) && mark.offset + mark.length === start);
    const part = text.slice(start, end).replace(afterBlock ? /^\n/ : /^$/, ""); // a block ends its line by itself
    const inside = el("span", {}, ...drawnText(part));
    return over.reduceRight((inner, mark) => wrapped(mark, inner), inside);
  });
}

function wrapped(mark, inside) {
  if (mark.type === "text_link") {
    return el("a", { href: mark.url, target: "_blank", rel: "noopener noreferrer" }, inside);
  }
  if (mark.type === "spoiler") {
    return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") }, inside);
  }
  if (mark.type === "bot_command") return el("span", { class: "command" }, inside);
  return MARKS[mark.type] ? el(MARKS[mark.type], {}, inside) : inside;
}

function photo(media, acts) {
  const image = el("img", {
    src: media.width > 320 ? media.url : media.thumb, alt: "Фото", width: media.width, height: media.height, onload: acts.loaded,
  });
  return el("button", { type: "button", class: "photo", "aria-label": "Открыть фото", onclick: () => acts.open(media.url) }, image);
}

function attachment(media) {
  if (media.kind === "sticker") return el("span", { class: "sticker", role: "img", "aria-label": "Стикер" }, ...drawnText(media.emoji));
  if (media.kind === "voice") {
    return el("span", { class: "voice" }, el("i", { class: "play", "aria-hidden": "true" }), el("i", { class: "wave", "aria-hidden": "true" }), `Голосовое, ${media.seconds} с`);
  }
  return el("a", { class: "file", href: media.url, download: media.name },
    el("span", { class: "sign" }, icon(ICONS.file)),
    el("span", { class: "about" }, el("b", {}, media.name), el("small", {}, `${size(media.bytes)} · скачать`)));
}

function keyboard(message, acts) {
  if (!message.keyboard.length) return null;
  const rows = message.keyboard.map((buttons, row) => el("div", { class: "row" }, ...buttons.map((button, column) =>
    el("button", {
      type: "button", class: button.url ? "key link" : "key", data: { row, column },
      onclick: (event) => acts.press(message, row, column, event.currentTarget),
    }, el("span", {}, ...drawnText(button.text))))));
  return el("div", { class: "inline" }, ...rows);
}

/** Returns the node of a message, or of an album given as its messages. */
export function bubble(group, acts) {
  const last = group[group.length - 1];
  const photos = group.filter((one) => one.media?.kind === "photo");
  const others = group.filter((one) => one.media && one.media.kind !== "photo");
  const bare = group.length === 1 && last.media?.kind === "sticker";
  const words = group.filter((one) => one.text).map((one) => el("div", { class: "text" }, ...formatted(one.text, one.entities)));
  const album = photos.length
    ? el("div", { class: "photos", data: { count: Math.min(photos.length, 4) } }, ...photos.map((one) => photo(one.media, acts)))
    : null;
  const time = el("time", { datetime: new Date(last.date * 1000).toISOString() }, (last.edited ? "изм. " : "") + clock(last.date));
  const body = el("div", { class: "bubble" }, album, ...others.map((one) => attachment(one.media)), ...words, time);
  const kind = `message ${last.mine ? "mine" : "bot"}${bare ? " bare" : ""}${photos.length ? " pictured" : ""}${words.length ? "" : " wordless"}`;
  return el("article", { class: kind, data: { id: last.id } }, body, keyboard(last, acts));
}
