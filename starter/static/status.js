// Keeps the status page up to date: asks for the page again and exchanges the parts that changed.

const SHORTEST = 3_000; // milliseconds
const LONGEST = 30_000;
let wait = SHORTEST;
let timer;

async function look() {
  let page;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return plan(Math.min(wait * 2, LONGEST)); // away for a moment; what is shown stays
  }
  let changed = false;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.dataset.shown) continue;
    changed = true;
    part.dataset.shown = fresh.innerHTML;
    part.replaceChildren(...document.adoptNode(fresh).childNodes);
  }
  if (changed) {
    document.title = page.title;
    document.querySelector(".flash")?.remove();
  }
  const over = !page.querySelector('script[src*="status.js"]');
  if (!over) plan(changed ? SHORTEST : Math.min(wait * 1.2, LONGEST));
}

function plan(milliseconds) {
  wait = milliseconds;
  clearTimeout(timer);
  timer = setTimeout(() => (document.hidden ? null : look()), wait);
}

for (const part of document.querySelectorAll("[data-live]")) part.dataset.shown = part.innerHTML;

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  wait = SHORTEST;
  clearTimeout(timer);
  look();
});
plan(SHORTEST);
