// Shows a moment in the reader's own time zone; without this file it stands there in UTC.

for (const place of document.querySelectorAll("[data-local-time] time")) {
  const at = new Date(place.dateTime);
  const day = at.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
  const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  place.textContent = `${day}, ${clock} your time`;
}
