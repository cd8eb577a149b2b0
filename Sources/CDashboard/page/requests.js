// The table of requests, the newest first. Rows are told apart by a key, so that one that has the focus keeps it.

const columns = [
  ["time", "Time"], ["agent", "Agent"], ["model", "Model"], ["tokens", "Tool results", 1], ["saved", "Saved", 1],
  ["read", "Cache read", 1], ["written", "Written", 1], ["cost", "Cost", 1], ["direct", "Direct", 1], ["net", "Net", 1],
  ["added", "Added", 1], ["status", "Status"],
];

find("requests-table").tHead.append(element("tr", {}, columns.map(([name, title, isNumber]) =>
  element("th", { scope: "col", class: isNumber ? `${name} number` : name }, title))));

const endWords = { complete: "", failed: "failed", truncated: "cut off", cancelled: "cancelled" };

const statusCell = row => {
  if (row.end === undefined) return ["running", "running"];
  const word = endWords[row.end] ?? row.end;
  const words = row.end === "complete" || row.end === "failed" ? [row.status || "", word].filter(Boolean).join(" ") : word;
  return [row.end === "complete" ? "done" : row.end === "cancelled" ? "" : "lost", words];
};

const savedCell = row => {
  if (!row.audit) return saving(row.tokens_before, row.tokens_sent);
  return row.tokens_before > 0 ? `(${percent(row.tokens_audited / row.tokens_before)})` : none;
};

const requestRow = (row, now) => {
  const clock = clockOf(row.time, now);
  const [tone, words] = statusCell(row);
  const usage = row.usage;
  const opener = row.detail === undefined
    ? clock
    : element("button", { type: "button", class: "plain", "aria-haspopup": "dialog", "data-detail": row.detail }, clock);
  const cell = (name, content, extra = "", title) => {
    const [, label, isNumber] = columns.find(([key]) => key === name);
    return element("td", { class: `${name} ${isNumber ? "number" : ""} ${extra}`.trim(), "data-label": label, title }, content);
  };
  const line = element(
    "tr", { class: row.detail === undefined ? false : "openable" },
    cell("time", opener, "", row.time),
    cell("agent", named(row.agent), "", row.agent),
    cell("model", named(row.model), "", `${row.model} (${row.format})`),
    cell("tokens", row.blocks ? [
      element("span", {}, exact(row.tokens_before)), element("span", { class: "arrow" }, " → "), element("span", {}, exact(row.tokens_sent)),
    ] : none, "", `${plural(row.shortened, "result", "results")} of ${exact(row.blocks)} shortened`),
    cell("saved", savedCell(row), row.tokens_saved < 0 ? "lost" : "", row.audit ? "would be saved: audit mode changes nothing" : undefined),
    cell("read", usage ? exact(usage.cache_read) : none),
    cell("written", usage ? exact(usage.cache_write + usage.cache_write_long) : none, "",
      usage && `${exact(usage.input)} at full price, ${exact(usage.output)} of output`),
    cell("cost", row.cost === undefined ? none : money(row.cost, 4)),
    cell("direct", row.direct_cost === undefined ? none : money(row.direct_cost, 4)),
    cell("net", row.difference === undefined ? none : gain(row.difference, 4), row.difference < 0 ? "lost" : ""),
    cell("added", duration(row.added_microseconds)),
    cell("status", words, tone));
  if (row.detail !== undefined) {
    line.addEventListener("click", () => {
      if (!String(getSelection())) openDetail(row.detail);
    });
  }
  return line;
};

const rowKey = row => (row.detail === undefined ? `place ${row.place}` : `detail ${row.detail}`);

let isFirstShow = true;

const showRequests = ({ running, requests, now, all }) => {
  const rows = [...running, ...requests];
  const body = find("requests-table").tBodies[0];
  const standing = new Map([...body.rows].map(line => [line.dataset.key, line]));
  const focused = document.activeElement?.closest?.("tr")?.dataset.key;
  rows.forEach((row, place) => {
    const [key, text] = [rowKey(row), JSON.stringify(row) + now.slice(0, 10)];
    let line = standing.get(key);
    standing.delete(key);
    if (line?.shown !== text) {
      const fresh = requestRow(row, now);
      fresh.dataset.key = key;
      fresh.shown = text;
      if (line) line.replaceWith(fresh);
      else if (!isFirstShow) fresh.classList.add("fresh");
      line = fresh;
    }
    if (body.rows[place] !== line) body.insertBefore(line, body.rows[place] ?? null);
  });
  for (const line of standing.values()) line.remove();
  if (focused && !body.contains(document.activeElement)) {
    [...body.rows].find(line => line.dataset.key === focused)?.querySelector("button")?.focus();
  }
  isFirstShow = false;
  const isEmpty = rows.length === 0;
  find("requests-empty").hidden = !isEmpty;
  for (const id of ["figures", "charts", "groups"]) find(id).hidden = isEmpty;
  find("requests-table").hidden = isEmpty;
  setText(find("requests-example"), `ANTHROPIC_BASE_URL=${location.origin} claude`);
  setText(find("requests-note"), isEmpty ? "" :
    `The newest ${exact(requests.length)} of ${exact(all.totals.requests)}` +
    (running.length ? `, and ${exact(running.length)} on the way` : "") +
    (rows.some(row => row.detail !== undefined) ? ". Choose one to see what was sent instead of what." : "."));
};
