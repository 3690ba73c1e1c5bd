// Signs that bots use, drawn here: machines without an emoji font would show empty boxes.

import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

// sign → paths of a 24 by 24 picture, each with its fill; "-" before a colour draws a line of it
const DRAWN = {
  "✅": [["M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3z", "#3faa52"], ["M7 12.5 10.6 16 17 8.5", "-#fff"]],
  "✔": [["M4 13l5 5L20 6", "-#2f9a45"]],
  "❌": [["M5 5l14 14M19 5 5 19", "-#d8413a"]],
  "✖": [["M6 6l12 12M18 6 6 18", "-#64757f"]],
  "⬅": [["M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3z", "#5a8fd0"], ["M17 12H7M11 8l-4 4 4 4", "-#fff"]],
  "➡": [["M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3z", "#5a8fd0"], ["M7 12h10M13 8l4 4-4 4", "-#fff"]],
  "🔍": [["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "#cfe6f2"], ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15 15l5.5 5.5", "-#45607a"]],
  "✏": [["M4 20l1.2-5L16 4.2a2 2 0 0 1 2.8 0l1 1a2 2 0 0 1 0 2.8L9 18.8z", "#f2b544"], ["M4 20l1.2-5 3.8 3.8z", "#5a4630"]],
  "⚠": [["M12 2.5 22.5 21h-21z", "#f5b82e"], ["M12 9v6M12 18v.2", "-#5a3d00"]],
  "➕": [["M12 5v14M5 12h14", "-#2f9a45"]],
  "⏰": [["M12 4a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "#fff"], ["M12 4a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v5l3.5 2M3 6l3-3M21 6l-3-3", "-#c4473f"]],
  "⏱": [["M12 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "#fff"], ["M12 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9v4.5M10 2h4", "-#52646f"]],
  "⏳": [["M6 3h12v4l-4.5 5 4.5 5v4H6v-4l4.500-5L6 7z", "#f3dca0"], ["M6 3h12M6 21h12M7 3v4l10 10v4M17 3v4L7 17v4", "-#8a6a2c"]],
  "👍": [["M2 11h4v10H2z", "#4a90c2"], ["M7 11l4-8c2 0 3 1.500 2.500 3.500L13 9h6a2 2 0 0 1 2 2.400l-1.500 7.500A2.600 2.600 0 0 1 17 21H7z", "#ffcf4a"]],
  "👋": [["M6 13 3.800 9.500a1.300 1.300 0 0 1 2.200-1.400L9 12 5.800 6a1.300 1.300 0 0 1 2.300-1.300L11.500 11 9.400 4.700a1.300 1.300 0 0 1 2.500-.8L14.500 11l.3-3.500a1.300 1.300 0 0 1 2.600.1L17.500 14a7 7 0 0 1-3.500 6.500C10.500 22 8 19 6 13z", "#ffcf4a"], ["M18 4c1.500.8 2.500 2 2.800 3.600M3 17c.6 1.800 1.700 3 3.300 3.800", "-#9aa9b2"]],
  "🥩": [["M5 9c1-5 8-7 12-4s5 9 1 13-8 1-10 0-4-4-3-9z", "#d9646a"], ["M9 9a2.500 2.500 0 1 0 .1 0z", "#fbe7e2"], ["M13 16c2 0 4-1.500 4.500-4", "-#f3b6b2"]],
  "📷": [["M3 7h4l2-3h6l2 3h4v13H3z", "#5b6c78"], ["M12 9a4 4 0 1 0 .1 0z", "#cfe6f2"]],
  "📎": [["M20 11.500 12 19.500a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L9.700 17.200a1.700 1.700 0 0 1-2.400-2.400l7.400-7.300", "-#64757f"]],
  "📄": [["M6 2h9l4 4v16H6z", "#f4f7f9"], ["M6 2h9l4 4v16H6zM9 10h7M9 14h7M9 18h4", "-#7f929d"]],
  "📋": [["M5 4h14v18H5z", "#d9a86a"], ["M7 7h10v13H7z", "#fff"], ["M9 2h6v4H9z", "#8a98a2"], ["M9 11h6M9 15h6", "-#9aa9b2"]],
  "🔔": [["M12 3a6 6 0 0 1 6 6v5l2 3H4l2-3V9a6 6 0 0 1 6-6zM10 19h4a2 2 0 0 1-4 0z", "#f2b544"]],
  "🚫": [["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.500 6.500l11 11", "-#d8413a"]],
  "🔄": [["M19 8A8 8 0 0 0 5 9M5 4v5h5M5 16a8 8 0 0 0 14-1M19 20v-5h-5", "-#3f7fc0"]],
  "🌐": [["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "#cfe6f2"], ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18", "-#3f7fa0"]],
  "❓": [["M8 8.500a4 4 0 1 1 5.500 3.700c-1 .5-1.500 1.200-1.500 2.300M12 18.500v.2", "-#d8413a"]],
  "🗑": [["M5 7h14l-1 14H6z", "#b9c6ce"], ["M4 7h16M10 4h4M10 11v6M14 11v6", "-#64757f"]],
  "📦": [["M3 7l9-4 9 4v10l-9 4-9-4z", "#d3a46c"], ["M3 7l9 4 9-4M12 11v10", "-#94703f"]],
  "🚚": [["M1 6h13v11H1z", "#dfe7ec"], ["M14 9h5l4 4v4h-9z", "#4a90c2"], ["M6 15a2.500 2.500 0 1 0 .1 0zM18 15a2.500 2.500 0 1 0 .1 0z", "#33424d"]],
  "🏠": [["M12 3 2 12h3v9h14v-9h3z", "#c9744f"], ["M10 14h4v7h-4z", "#fff"]],
};

const SIGNS = new RegExp(`(${Object.keys(DRAWN).join("|")})\\uFE0F?`, "u");

function picture(sign) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [shape, colour] of DRAWN[sign]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    path.setAttribute(colour.startsWith("-") ? "stroke" : "fill", colour.replace("-", ""));
    svg.append(path);
  }
  // the sign itself stays in the text: it is copied, read aloud and found by tests
  return el("span", { class: "emoji" }, svg, el("span", {}, sign));
}

/** Returns the nodes of a text with its known signs drawn. */
export function drawnText(text) {
  return text.split(SIGNS).filter(Boolean).map((part) => (DRAWN[part] ? picture(part) : document.createTextNode(part)));
}
