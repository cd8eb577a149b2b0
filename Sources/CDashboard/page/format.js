// Numbers and times as people read them.

const thin = "\u202f";
const none = "–";
const grouped = new Intl.NumberFormat("en-US");

/** All digits: 12,345. */
const exact = number => grouped.format(number).replace("-", "−");

/** Three digits: 9,876, 12.3k, 4.56M. */
const short = number => {
  const size = Math.abs(number);
  if (size < 10_000) return exact(number);
  const [unit, name] = size < 999_500 ? [1e3, "k"] : size < 999_500_000 ? [1e6, "M"] : [1e9, "B"];
  const value = size / unit;
  return (number < 0 ? "−" : "") + value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + name;
};

/** The same for an axis, without zeros behind the point: 250k, 12.5k, 4M. */
const rounded = number => short(number).replace(/\.0+(?=[kMB])/, "").replace(/(\.\d)0(?=[kMB])/, "$1");

const percent = (part, digits = 0) => {
  const text = (Math.abs(part) * 100).toFixed(digits);
  return (part < 0 && Number(text) !== 0 ? "−" : "") + text + thin + "%";
};

/** The part of `before` that `after` is less, or a dash when there was nothing. */
const saving = (before, after) => (before > 0 ? percent(1 - after / before) : none);

/** Millionths of a dollar: $12.34, and four digits of less than a dollar. */
const money = (amount, digits) => {
  const size = Math.abs(amount) / 1e6;
  const places = digits ?? (size >= 1 || size === 0 ? 2 : 4);
  const text = size.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  return (amount < 0 ? "−$" : "$") + text;
};

/** As `money`, with a plus where something was saved. */
const gain = (amount, digits) => (amount > 0 ? "+" : "") + money(amount, digits);

const duration = microseconds => {
  if (microseconds < 1000) return `${microseconds}${thin}µs`;
  const milliseconds = microseconds / 1000;
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)}${thin}ms`;
  if (milliseconds < 9950) return `${Math.round(milliseconds)}${thin}ms`;
  return `${(milliseconds / 1000).toFixed(1)}${thin}s`;
};

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2026-03-12…` as 12 Mar. */
const dayOf = text => `${Number(text.slice(8, 10))}${thin}${months[Number(text.slice(5, 7)) - 1]}`;

/** The server’s own clock: times are never moved to the zone of the browser. */
const clockOf = (text, now) =>
  text.slice(0, 10) === now.slice(0, 10) ? text.slice(11, 19) : `${dayOf(text)} ${text.slice(11, 16)}`;

const span = seconds => {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
};

const plural = (number, one, many) => `${exact(number)} ${number === 1 ? one : many}`;

/** A name that may be missing. */
const named = name => name || "unnamed";
