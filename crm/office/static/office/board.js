// The live board asks for its content again and again and keeps the last one when nobody answers.
// Nobody scrolls a screen on the wall: what does not fit is written smaller.
const EVERY_MS = 10000;
const LOST_EVERY_MS = 3000;
const PATIENCE_MS = 8000;
const SMALLEST_PX = 9;
const wall = window.matchMedia("(min-width: 1200px)"); // as in board.css
const board = document.getElementById("board");
const lost = document.getElementById("lost");

function shownAt() {
  return board.querySelector("[data-at]").dataset.at;
}

function fit() {
  const root = document.documentElement;
  root.style.fontSize = "";
  let size = parseFloat(getComputedStyle(root).fontSize);
  while (wall.matches && root.scrollHeight > window.innerHeight && size > SMALLEST_PX) {
    size -= 0.5;
    root.style.fontSize = `${size}px`;
  }
}

function told(text) {
  lost.textContent = text;
  lost.hidden = text === "";
  document.body.classList.toggle("is-lost", text !== "");
  fit();
}

async function refresh() {
  let next = EVERY_MS;
  try {
    const answer = await fetch(board.dataset.address, {
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      told(lost.dataset.out);
      const door = document.createElement("a");
      door.href = board.dataset.door;
      door.textContent = "→";
      lost.append(" ", door);
    } else if (answer.ok) {
      board.innerHTML = await answer.text();
      told("");
    } else {
      throw new Error(String(answer.status));
    }
  } catch {
    told(`${lost.dataset.lost} ${shownAt()}`);
    next = LOST_EVERY_MS;
  }
  setTimeout(refresh, next);
}

window.addEventListener("resize", fit);
fit();
setTimeout(refresh, EVERY_MS);
