// Small helpers: make elements, call the server. Text goes in as text, never as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  clip: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.7 17.2a1.7 1.7 0 0 1-2.4-2.4l7.4-7.3",
  send: "M4 12 20 4l-5 16-3.5-6.5z",
  keys: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  more: "M12 5h.01M12 12h.01M12 19h.01",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  close: "M6 6l12 12M18 6 6 18",
};

/** POST to the simulator; returns its JSON, or throws an Error with the server's words. */
export async function post(path, body) {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { "Content-Type": "application/json" },
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || "Не получилось");
  return found;
}

export async function get(path) {
  return (await fetch(path)).json();
}

const CLOCK = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long" });

export const clock = (seconds) => CLOCK.format(new Date(seconds * 1000));
export const day = (seconds) => DAY.format(new Date(seconds * 1000));

export function size(bytes) {
  if (bytes < 1024) return `${bytes} Б`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} КБ`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} МБ`;
}

const HUES = [200, 150, 28, 262, 340, 96, 222, 12];

export function avatar(phone) {
  const words = phone.name.split(/\s+/);
  const letters = (words[0]?.[0] ?? "") + (words[1]?.[0] ?? "");
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, letters);
  node.style.setProperty("--hue", HUES[Math.abs(phone.chat_id) % HUES.length]);
  return node;
}
