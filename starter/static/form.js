// Comforts for the request form. Without this file everything still works.

const summary = document.getElementById("summary");
if (summary) summary.focus();

// How many characters are left, counted as the server counts them.
for (const field of document.querySelectorAll("[data-limit]")) {
  const limit = Number(field.dataset.limit);
  const count = document.createElement("p");
  count.className = "hint count";
  field.after(count);
  const update = () => {
    const used = [...field.value.trim()].length;
    const left = limit - used;
    count.classList.toggle("over", left < 0);
    count.hidden = used === 0;
    count.textContent =
      left < 0 ? `${(-left).toLocaleString("en")} characters too many` : `${left.toLocaleString("en")} characters left`;
  };
  field.addEventListener("input", update);
  update();
}

// Search boxes: show only what contains every word that was typed.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const box of document.querySelectorAll("[data-filters]")) {
  const list = document.getElementById(box.dataset.filters);
  const entries = [...list.children].map((entry) => [entry, folded(entry.dataset.words)]);
  const none = document.createElement("p");
  none.className = "hint none";
  none.setAttribute("role", "status");
  list.after(none);
  box.addEventListener("input", () => {
    const words = folded(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [entry, text] of entries) {
      const fits = words.every((word) => text.includes(word)) || entry.querySelector("input").checked;
      entry.hidden = !fits;
      if (fits) shown += 1;
    }
    none.textContent = shown ? "" : "Nothing found. Try another word.";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // would send the whole form
  });
  box.closest(".search").hidden = false;
}

// "Not sure yet" and skills exclude each other while one clicks.
const skills = [...document.querySelectorAll('input[name="skills"]')];
const notSure = skills.find((box) => box.value === "not-sure");
for (const box of skills) {
  box.addEventListener("change", () => {
    if (!box.checked) return;
    if (box === notSure) for (const other of skills) other.checked = other === notSure;
    else notSure.checked = false;
  });
}

// Say whom one has chosen, also when the list is closed.
const list = document.querySelector("details.mentors");
if (list) {
  const picked = document.createElement("p");
  picked.className = "picked";
  picked.setAttribute("role", "status");
  list.after(picked);
  const update = () => {
    const chosen = list.querySelector("input:checked");
    picked.textContent = chosen ? `You chose ${chosen.closest("label").querySelector(".option-name").textContent}.` : "";
  };
  for (const radio of document.querySelectorAll('input[name="mentor"]')) radio.addEventListener("change", update);
  update();
  const chosen = list.querySelector("input:checked");
  if (chosen) {
    const box = document.getElementById("mentor-list");
    box.scrollTop = chosen.closest("label").offsetTop - box.offsetTop;
  }
}

// One click is enough; a second one changes nothing on the server either.
const form = document.querySelector("form.request");
const button = form.querySelector("button[type=submit]");
const label = button.textContent;
form.addEventListener("submit", (event) => {
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});
addEventListener("pageshow", () => {
  button.removeAttribute("aria-disabled");
  button.textContent = label;
});
