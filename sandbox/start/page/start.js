// Marks what each pane shows, turns panes into tabs on phones, and skips ahead without leaving the page.
// Without this script the page works too: links fill the panes, the form is sent as a form.

const LOOK_EVERY = 10_000;
const WHILE_SKIPPING = 400;
const SECONDS = { m: 60, h: 3600, d: 86400 };

const byId = (id) => document.getElementById(id);
const told = byId("told");
const progress = byId("progress");

for (const nav of document.querySelectorAll(".head nav")) {
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    for (const other of nav.querySelectorAll("a")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  });
}

const panes = document.querySelector(".switch");
panes.hidden = false;
show("mentee");
panes.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) show(button.dataset.shows);
});

function show(name) {
  document.body.dataset.shown = name;
  for (const button of panes.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.shows === name));
  }
}

const guide = document.querySelector(".guide");
guide.open = !matchMedia("(max-width: 900px)").matches && localStorage.getItem("guide") !== "closed";
guide.addEventListener("toggle", () => localStorage.setItem("guide", guide.open ? "open" : "closed"));

const form = document.querySelector("#clock form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = event.submitter?.value;
  const [amount, unit] = chosen ? [chosen.slice(0, -1), chosen.slice(-1)] : [form.amount.value, form.unit.value];
  await skip((Number(amount) * SECONDS[unit]) / 60, event.submitter);
});

async function skip(minutes, button) {
  setBusy(true);
  say("Moving the clocks …");
  const watching = setInterval(watch, WHILE_SKIPPING);
  try {
    const answer = await fetch("/clock/skip", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ minutes }),
    });
    const skipped = await answer.json();
    say(skipped.summary ?? skipped.message, !skipped.ok);
  } catch {
    say("The start page does not answer. Is make up still running?", true);
  } finally {
    clearInterval(watching);
    setBusy(false);
    button?.focus();
    look();
  }
}

function setBusy(busy) {
  for (const button of form.querySelectorAll("button")) button.disabled = busy;
  progress.hidden = !busy;
  if (busy) progress.removeAttribute("value");
}

function say(words, isProblem = false) {
  told.textContent = words;
  told.classList.toggle("problem", isProblem);
}

async function watch() {
  const clock = await read("/clock/skip");
  if (progress.hidden || !clock?.skip || clock.skip.over || !clock.skip.total) return;
  progress.max = clock.skip.total;
  progress.value = clock.skip.moved;
  say(clock.skip.summary);
}

async function look() {
  const clock = await read("/clock");
  if (clock) byId("open").textContent = clock.summary;
}

async function read(address) {
  try {
    const answer = await fetch(address);
    const clock = await answer.json();
    return clock.ok ? clock : null;
  } catch {
    return null;
  }
}

setInterval(() => {
  if (!document.hidden && progress.hidden) look();
}, LOOK_EVERY);
