// Asking the server, again and again while somebody looks.

const every = 2000;

let token;
let tag;
let latest;

/** A token comes in the address once, `#token=…`, and stays with this tab. Browsers do not send what stands after the #. */
const takeToken = () => {
  const given = new URLSearchParams(location.hash.slice(1)).get("token") ?? new URLSearchParams(location.search).get("token");
  if (given) {
    rememberToken(given);
    history.replaceState(null, "", location.pathname);
  }
  try {
    token ??= sessionStorage.getItem("token") ?? undefined;
  } catch {}
};

const rememberToken = given => {
  token = given;
  try {
    sessionStorage.setItem("token", given);
  } catch {}
};

const ask = (path, headers = {}) =>
  fetch(path, { cache: "no-store", headers: token ? { ...headers, "x-headroom-token": token } : headers });

const getJSON = async path => {
  const response = await ask(path);
  if (!response.ok) throw new Error((await response.text()).trim().replace(/^headroom: /, "") || `status ${response.status}`);
  return response.json();
};

const say = (state, words) => {
  find("live").dataset.state = state;
  setText(find("live"), words);
};

const charts = [new BarChart(find("chart-tokens"), tokenChart), new BarChart(find("chart-money"), moneyChart)];

const showPeriod = () => {
  const { totals } = latest[period];
  showFigures(totals);
  showBreakdown(latest[period]);
  const isHourly = period === "today";
  const bars = isHourly
    ? hoursOf(latest.hours, latest.now.slice(0, 10))
    : period === "seven_days" ? latest.days.slice(-7) : daysOrWeeks(latest.days);
  for (const chart of charts) chart.show(bars, isHourly);
};

const choosePeriod = key => {
  period = key;
  try {
    sessionStorage.setItem("period", key);
  } catch {}
  if (latest) showPeriod();
};

const show = statistics => {
  latest = statistics;
  for (const [key] of periods) showCard(key, statistics[key]);
  showPeriod();
  showRequests(statistics);
  find("mode").hidden = statistics.mode !== "audit";
  setText(find("mode"), "audit: nothing is changed");
  setText(find("process"), [
    `Headroom ${statistics.version}`, `up ${span(statistics.uptime_seconds)}`,
    statistics.resident_bytes !== undefined && `${Math.round(statistics.resident_bytes / 1e6)} MB`,
    `times are UTC${statistics.now.slice(-6)}`,
  ].filter(Boolean).join(" · "));
  document.body.dataset.ready = "true";
};

const askAccess = async response => {
  let reason = "the server wants a token";
  try {
    reason = (await response.json()).error.message.replace(/^headroom: /, "");
  } catch {}
  setText(find("access-reason"), reason);
  find("access").hidden = false;
};

find("access").addEventListener("submit", event => {
  event.preventDefault();
  rememberToken(find("access-token").value.trim());
  find("access-token").value = "";
  poll();
});

let timer;

const poll = async () => {
  clearTimeout(timer);
  try {
    const response = await ask("stats", tag ? { "if-none-match": tag } : {});
    if (response.status === 401 || response.status === 403) {
      await askAccess(response);
      say("lost", "no access");
    } else if (response.status === 304 || response.ok) {
      if (response.ok) {
        tag = response.headers.get("etag") ?? undefined;
        show(await response.json());
      }
      find("access").hidden = true;
      say("live", "live");
    } else {
      say("lost", `the server answers ${response.status}, asking again`);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say("lost", "the server does not answer, asking again");
  } finally {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(poll, every);
  }
};

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) poll();
});

takeToken();
poll();
