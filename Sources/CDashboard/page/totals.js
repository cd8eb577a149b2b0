// The figures of a period: three cards to choose from, a line of figures, and what they are made of.

const periods = [["today", "Today"], ["seven_days", "7 days"], ["all", "All"]];

let period = "today";
try {
  period = periods.find(([key]) => key === sessionStorage.getItem("period"))?.[0] ?? period;
} catch {}

const cards = Object.fromEntries(periods.map(([key, title]) => {
  const card = {
    title: element("span", { class: "card-title" }, title),
    money: element("strong", { class: "card-money" }, none),
    cost: element("span", { class: "card-note" }, "\u00a0"),
    tokens: element("span", { class: "card-note" }, "\u00a0"),
  };
  const radio = element("input", { type: "radio", name: "period", value: key, checked: key === period });
  radio.addEventListener("change", () => choosePeriod(key));
  find("periods").append(
    element("label", { class: "card", id: `card-${key}` }, radio, card.title, card.money, card.cost, card.tokens));
  return [key, card];
}));

const showCard = (key, { totals, since }) => {
  const card = cards[key];
  const isPriced = totals.priced > 0;
  if (key === "all") setText(card.title, since ? `All since ${dayOf(since)}${thin}${since.slice(0, 4)}` : "All");
  setText(card.money, isPriced ? money(totals.difference) : none);
  card.money.dataset.tone = !isPriced || totals.difference === 0 ? "" : totals.difference < 0 ? "lost" : "saved";
  setText(card.cost, !isPriced
    ? totals.requests > 0 ? "no request has a known price" : "no requests"
    : totals.difference < 0
      ? `more than ${money(totals.direct_cost)} direct`
      : `saved of ${money(totals.direct_cost)}, ${saving(totals.direct_cost, totals.cost)}`);
  setText(card.tokens, totals.requests === 0
    ? "\u00a0"
    : totals.tokens_saved < 0
      ? `${short(-totals.tokens_saved)} tokens more sent than came`
      : `${short(totals.tokens_saved)} tokens not sent, ${saving(totals.tokens_before, totals.tokens_sent)}`);
};

const figures = Object.fromEntries([
  ["cache", "Prompt cache hits"], ["cost", "Cost"], ["results", "Saved, each result once"], ["requests", "Requests"],
  ["added", "Added time, median"],
].map(([key, title]) => {
  const figure = { value: element("span", { class: "figure-value" }, none), note: element("span", { class: "note" }, "\u00a0") };
  find("figures").append(element("div", {}, element("dt", {}, title), element("dd", { id: `figure-${key}` }, figure.value, figure.note)));
  return [key, figure];
}));

const showFigure = (key, value, note) => {
  setText(figures[key].value, value);
  setText(figures[key].note, note || "\u00a0");
};

const showFigures = totals => {
  const { usage } = totals;
  showFigure("cache", totals.cache_hit_rate === undefined ? none : percent(totals.cache_hit_rate, 1), totals.billed &&
    `${short(usage.cache_read)} read, ${short(usage.cache_write + usage.cache_write_long)} written, ${short(usage.input)} at full price`);
  const unpriced = totals.requests - totals.priced;
  showFigure("cost", totals.priced ? money(totals.cost) : none, totals.priced &&
    `${money(totals.direct_cost)} direct` + (unpriced ? `; ${plural(unpriced, "request", "requests")} unpriced` : ""));
  showFigure("results", saving(totals.new_tokens_before, totals.new_tokens_sent), totals.new_tokens_before &&
    `${short(totals.new_tokens_before)} tokens → ${short(totals.new_tokens_sent)}`);
  const ends = [[totals.failed, "failed"], [totals.truncated, "cut off"], [totals.cancelled, "cancelled"], [totals.audited, "audited"]]
    .filter(([count]) => count > 0).map(([count, name]) => `${exact(count)} ${name}`);
  showFigure("requests", exact(totals.requests), ends.join(", ") || (totals.requests ? "all complete" : ""));
  const added = totals.added_microseconds;
  showFigure("added", added.p50 === undefined ? none : duration(added.p50), added.p99 !== undefined &&
    `${duration(added.p90)} for 90${thin}%, ${duration(added.p99)} for 99${thin}%`);
};

/** A cell with a number, and a bar of its part of the largest. */
const barCell = (name, part, text, title) => {
  const size = Math.min(Math.abs(part), 1);
  return element(
    "td", { class: `${name} number${part < 0 ? " lost" : ""}`, title },
    drawn("svg", { class: "part", width: 48, height: 6, "aria-hidden": true },
      drawn("rect", { class: "rail", width: 48, height: 6, rx: 1 }),
      drawn("rect", { class: part < 0 ? "lost" : "sent", width: 48 * size, height: 6, rx: 1 })),
    element("span", {}, text));
};

const mostGroups = 8;
const unfolded = new Set();

/** A table of groups, the largest first; those beyond eight when asked for. */
const showGroups = (id, title, heads, rows, cells) => {
  const section = find(id);
  const visible = unfolded.has(id) ? rows : rows.slice(0, mostGroups);
  const text = JSON.stringify([visible, rows.length]);
  if (section.dataset.shown === text) return;
  section.dataset.shown = text;
  const hadFocus = section.contains(document.activeElement);
  const fold = rows.length > mostGroups && element("button", {
    type: "button", class: "plain", onclick: () => {
      unfolded.has(id) ? unfolded.delete(id) : unfolded.add(id);
      showGroups(id, title, heads, rows, cells);
    },
  }, unfolded.has(id) ? "Fewer" : `All ${rows.length}`);
  section.replaceChildren(
    element("h2", {}, title),
    element("table", {},
      element("thead", {}, element("tr", {}, heads.map(([name, kind]) =>
        element("th", { scope: "col", class: kind && `${kind} number` }, name)))),
      element("tbody", {}, visible.length
        ? visible.map(row => element("tr", {}, cells(row)))
        : element("tr", {}, element("td", { class: "note", colspan: heads.length }, "Nothing yet")))),
    fold || "");
  if (hadFocus) section.querySelector("button")?.focus();
};

const groupHeads = name =>
  [[name], ["Requests", "requests"], ["Not sent", "part-of"], ["Cache hits", "hits"], ["Cost", "cost"], ["Saved", "saved"]];

/** To the cent, unless there is less than one. */
const cents = amount => (Math.abs(amount) < 5000 && amount !== 0 ? 4 : 2);

const groupCells = ({ name, totals }) => [
  element("th", { scope: "row", title: name }, named(name)),
  element("td", { class: "requests number" }, exact(totals.requests)),
  barCell("part-of", totals.tokens_before > 0 ? totals.tokens_saved / totals.tokens_before : 0,
    saving(totals.tokens_before, totals.tokens_sent), `${exact(totals.tokens_before)} → ${exact(totals.tokens_sent)} tokens`),
  element("td", { class: "hits number" }, totals.cache_hit_rate === undefined ? none : percent(totals.cache_hit_rate)),
  element("td", { class: "cost number" }, totals.priced ? money(totals.cost, cents(totals.cost)) : none),
  element("td", { class: totals.difference < 0 ? "saved number lost" : "saved number" },
    totals.priced ? gain(totals.difference, cents(totals.difference)) : none),
];

const showBreakdown = ({ agents, models, providers, kinds }) => {
  showGroups("agents", "Agents", groupHeads("Agent"), agents, groupCells);
  showGroups("models", "Models", groupHeads("Model"), models, groupCells);
  showGroups("providers", "Providers", groupHeads("Provider"), providers, groupCells);
  const most = Math.max(...kinds.map(kind => Math.abs(kind.new_tokens_saved)), 1);
  showGroups("kinds", "Kinds of content, each result once", [["Kind"], ["Tokens saved", "kind-saved"]], kinds, kind => [
    element("th", { scope: "row" }, kind.name),
    barCell("kind-saved", kind.new_tokens_saved / most, short(kind.new_tokens_saved), exact(kind.new_tokens_saved)),
  ]);
};
