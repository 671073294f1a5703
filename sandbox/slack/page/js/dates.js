// Times as the acting person sees them: in their Slack time zone, whatever the browser's own is.

const LOCALE = "en-GB";
const TWELVE_HOUR = /^(America|US)\/|^Pacific\/Honolulu$/;
const GENERIC_ZONE_LOCALE = "en-US"; // "Eastern Time" rather than "New York Time"

/** Formatters for one IANA time zone. Instants are UNIX seconds; Slack's ts strings work too. */
export function clockFor(tz) {
  const zone = validZone(tz);
  const hour12 = TWELVE_HOUR.test(zone);
  const formatters = new Map();
  const format = (unix, options) => {
    const key = JSON.stringify(options);
    if (!formatters.has(key))
      formatters.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
    return formatters.get(key).format(new Date(Number(unix) * 1000));
  };
  const time = (unix) => tidy(format(unix, { hour: "numeric", minute: "2-digit", hour12 }));
  const day = (unix) => isoDay(unix, zone);
  const year = (unix) => format(unix, { year: "numeric" });
  const thisYear = (unix) => year(unix) === year(Date.now() / 1000);

  const longDay = (unix) =>
    format(unix, {
      weekday: "long",
      day: "numeric",
      month: "long",
      ...(thisYear(unix) ? {} : { year: "numeric" }),
    });
  const relativeDay = (unix, otherwise) => {
    const now = Date.now() / 1000;
    const days = { [day(now)]: "today", [day(now - 86400)]: "yesterday", [day(now + 86400)]: "tomorrow" };
    return days[day(unix)] ?? otherwise;
  };
  const capital = (text) => text[0].toUpperCase() + text.slice(1);

  const long = (unix) => format(unix, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const short = (unix) => format(unix, { day: "numeric", month: "short", year: "numeric" });
  const full = (unix) => `${long(unix)}, ${time(unix)} ${zoneShort(unix)}`;
  const zoneShort = (unix) => zonePart(zone, "short", unix);

  /** Slack's date tokens; an unknown token stays as it is written. */
  const tokens = {
    date: (unix) => format(unix, { day: "numeric", month: "long", year: "numeric" }),
    date_num: day,
    date_slash: (unix) => format(unix, { day: "2-digit", month: "2-digit", year: "numeric" }),
    date_short: short,
    date_long: long,
    date_pretty: (unix) => relativeDay(unix, tokens.date(unix)),
    date_short_pretty: (unix) => relativeDay(unix, short(unix)),
    date_long_pretty: (unix) => relativeDay(unix, long(unix)),
    time,
    time_secs: (unix) =>
      tidy(format(unix, { hour: "numeric", minute: "2-digit", second: "2-digit", hour12 })),
    ago,
  };

  return {
    tz: zone,
    time,
    day,
    full,
    dayLabel: (unix) => capital(relativeDay(unix, longDay(unix))),
    pretty: (unix) =>
      `${relativeDay(unix, format(unix, { day: "numeric", month: "short" }))} at ${time(unix)}`,
    fill: (template, unix) =>
      template.replace(/\{(\w+)\}/g, (whole, token) => tokens[token]?.(unix) ?? whole),
    zoneName: zonePart(zone, "longGeneric"), // "Eastern Time": right in summer and winter
    toLocal: (unix) => ({
      date: day(unix),
      time: format(unix, { hour: "2-digit", minute: "2-digit", hour12: false }).replace("24:", "00:"),
    }),
    fromLocal: (date, clock) => zonedToUnix(date, clock, zone),
  };
}

const tidy = (text) => text.replace(/\s?(am|pm)$/i, (half) => ` ${half.trim().toUpperCase()}`);

function validZone(tz) {
  try {
    new Intl.DateTimeFormat(LOCALE, { timeZone: tz });
    return tz;
  } catch {
    return "UTC";
  }
}

function zonePart(zone, timeZoneName, unix = Date.now() / 1000) {
  const parts = new Intl.DateTimeFormat(GENERIC_ZONE_LOCALE, { timeZone: zone, timeZoneName }).formatToParts(
    new Date(Number(unix) * 1000),
  );
  return parts.find((part) => part.type === "timeZoneName").value;
}

function isoDay(unix, zone) {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(Number(unix) * 1000));
}

function ago(unix) {
  const seconds = Number(unix) - Date.now() / 1000;
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  for (const [unit, size] of [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(0, "minute");
}

/** Offset of `zone` from UTC in seconds at the instant `unix`. */
function offsetAt(unix, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(new Date(unix * 1000));
  const at = Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) / 1000 - Math.floor(unix);
}

/** Wall-clock date ("2026-03-01") and time ("19:00") in `zone` as UNIX seconds. */
function zonedToUnix(date, clock, zone) {
  const wall = Date.parse(`${date}T${clock}:00Z`) / 1000;
  if (Number.isNaN(wall)) return null;
  const first = wall - offsetAt(wall, zone);
  return wall - offsetAt(first, zone); // a second look, for the hours around a clock change
}
