// Bars over time, drawn to the width that there is.

/** The next of 1, 2, 5 times a power of ten. */
const niceCeiling = value => {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * unit).find(step => step >= value * (1 - 1e-9));
};

class BarChart {
  /**
   * kind: title, unit (formats a number of the axis), range (bar → [least, most]), pieces (bar → [[from, to, class]…]),
   * words (bar → text), summary (bars → text), legend ([[class, text]…]).
   */
  constructor(figure, kind) {
    this.kind = kind;
    this.bars = [];
    this.chosen = undefined;
    this.words = element("output", { class: "chart-words" });
    this.frame = drawn("svg", { tabindex: 0, role: "img", height: BarChart.height });
    figure.append(
      element(
        "figcaption", {}, element("h2", {}, kind.title),
        element("span", { class: "legend" }, kind.legend.map(([name, text]) => element("span", { class: name }, text)))),
      this.words, this.frame);
    this.frame.addEventListener("pointermove", event => this.choose(this.barAt(event)));
    this.frame.addEventListener("pointerleave", () => this.choose(undefined));
    this.frame.addEventListener("blur", () => this.choose(undefined));
    this.frame.addEventListener("keydown", event => this.step(event));
    new ResizeObserver(() => this.draw()).observe(figure);
  }

  static height = 168;
  static margin = { top: 10, right: 2, bottom: 20, left: 44 };

  show(bars, isHourly) {
    const text = JSON.stringify([bars, isHourly]);
    if (text === this.shown) return;
    this.shown = text;
    [this.bars, this.isHourly] = [bars, isHourly];
    this.chosen = undefined;
    this.draw();
  }

  nameOf(bar) {
    if (this.isHourly) return bar.start.slice(11, 16);
    return bar.end && bar.end !== bar.start ? `${dayOf(bar.start)} to ${dayOf(bar.end)}` : dayOf(bar.start);
  }

  barAt(event) {
    const place = Math.floor((event.clientX - this.frame.getBoundingClientRect().left - BarChart.margin.left) / this.step_);
    return place >= 0 && place < this.bars.length ? place : undefined;
  }

  step(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move === undefined || !this.bars.length) return;
    event.preventDefault();
    const last = this.bars.length - 1;
    this.choose(Math.min(Math.max((this.chosen ?? (move < 0 ? last + 1 : -1)) + move, 0), last));
  }

  choose(place) {
    if (place === this.chosen) return;
    this.chosen = place;
    this.describe();
  }

  describe() {
    const bar = this.bars[this.chosen];
    this.band?.setAttribute("visibility", bar ? "visible" : "hidden");
    if (bar) this.band?.setAttribute("x", BarChart.margin.left + this.chosen * this.step_);
    setText(this.words, bar ? `${this.nameOf(bar)}: ${this.kind.words(bar)}` : this.kind.summary(this.bars));
    this.frame.setAttribute("aria-label", `${this.kind.title}. ${this.words.textContent}`);
  }

  draw() {
    const width = this.frame.parentElement.clientWidth;
    if (!width || !this.bars.length) return;
    const { top, right, bottom, left } = BarChart.margin;
    const [inner, height] = [width - left - right, BarChart.height - top - bottom];
    const ranges = this.bars.map(this.kind.range);
    const [lowest, highest] = [Math.min(...ranges.map(range => range[0])), Math.max(...ranges.map(range => range[1]))];
    const isEmpty = lowest === 0 && highest === 0;
    const most = highest > 0 || isEmpty ? niceCeiling(highest) : 0;
    const least = lowest < 0 ? -niceCeiling(-lowest) : 0;
    const y = value => top + height * (1 - (value - least) / (most - least));
    this.step_ = inner / this.bars.length;
    const barWidth = Math.max(Math.min(this.step_ * 0.72, 28), 1);

    const isFar = value => Math.abs(y(value) - y(0)) > 14;
    const values = isEmpty ? [] : [most, most / 2, least].filter(isFar);
    const lines = [0, ...values].map(value => [
      drawn("line", { class: value === 0 ? "zero" : "grid", x1: left, x2: width, y1: y(value), y2: y(value) }),
      drawn("text", { class: "tick", x: left - 6, y: y(value) + 3.5, "text-anchor": "end" }, this.kind.unit(value)),
    ]);
    this.band = drawn("rect", { class: "band", y: top, height, width: this.step_, visibility: "hidden" });
    const pieces = this.bars.flatMap((bar, place) =>
      this.kind.pieces(bar).filter(([from, to]) => from !== to).map(([from, to, name]) => {
        const [high, low] = [y(Math.max(from, to)), y(Math.min(from, to))];
        return drawn("rect", {
          class: name, x: left + place * this.step_ + (this.step_ - barWidth) / 2, width: barWidth, y: high,
          height: Math.max(low - high, 0.75),
        });
      }));
    this.frame.setAttribute("width", width);
    this.frame.replaceChildren(...lines.flat(), this.band, ...pieces, ...this.labels(left, width));
    this.describe();
  }

  labels(left, width) {
    const text = bar => (this.isHourly ? bar.start.slice(11, 16) : dayOf(bar.start));
    const every = Math.max(Math.ceil(58 / this.step_), 1);
    const step = this.isHourly ? [1, 2, 3, 4, 6, 12, 24].find(hours => hours >= every) ?? 24 : every;
    const isLabelled = (bar, place) =>
      this.isHourly ? Number(bar.start.slice(11, 13)) % step === 0 : (this.bars.length - 1 - place) % step === 0;
    return this.bars.map((bar, place) => [bar, place]).filter(([bar, place]) => isLabelled(bar, place)).map(([bar, place]) => {
      const x = Math.min(Math.max(left + (place + 0.5) * this.step_, left + 16), width - 20);
      return drawn("text", { class: "tick", x, y: BarChart.height - 5, "text-anchor": "middle" }, text(bar));
    });
  }
}

const tokenChart = {
  title: "Tokens of tool results",
  unit: value => (value === 0 ? "0" : rounded(value)),
  legend: [["key-sent", "sent"], ["key-saved", "not sent"]],
  range: bar => [0, Math.max(bar.tokens_before, bar.tokens_sent)],
  pieces: bar => [
    [0, Math.min(bar.tokens_sent, bar.tokens_before), "sent"],
    [bar.tokens_sent, bar.tokens_before, bar.tokens_sent > bar.tokens_before ? "lost" : "saved"],
  ],
  words: bar => bar.requests === 0 ? "no requests" : `${short(bar.tokens_sent)} sent of ${short(bar.tokens_before)}, ` +
    `${saving(bar.tokens_before, bar.tokens_sent)} saved, ${plural(bar.requests, "request", "requests")}`,
  summary: bars => {
    const [before, sent] = [sum(bars, "tokens_before"), sum(bars, "tokens_sent")];
    return before || sent ? `${short(sent)} sent of ${short(before)}, ${saving(before, sent)} saved` : "no tool results";
  },
};

const moneyChart = {
  title: "Net savings",
  unit: value => (value === 0 ? "0" : money(value).replace(/\.00$/, "").replace(/(\.\d\d)0+$/, "$1")),
  legend: [["key-saved-money", "saved"], ["key-lost", "lost"]],
  range: bar => [Math.min(bar.direct_cost - bar.cost, 0), Math.max(bar.direct_cost - bar.cost, 0)],
  pieces: bar => [[0, bar.direct_cost - bar.cost, bar.direct_cost < bar.cost ? "lost" : "sent"]],
  words: bar => (bar.priced
    ? `${gain(bar.direct_cost - bar.cost)}, ${money(bar.cost)} instead of ${money(bar.direct_cost)}`
    : "nothing with a known price"),
  summary: bars => {
    const [cost, direct] = [sum(bars, "cost"), sum(bars, "direct_cost")];
    return sum(bars, "priced") ? `${gain(direct - cost)}, ${money(cost)} instead of ${money(direct)}` : "nothing with a known price";
  },
};

/** The hours of a day, also those to come. */
const hoursOf = (hours, day) => Array.from({ length: 24 }, (_, hour) => {
  const start = `${day}T${String(hour).padStart(2, "0")}:00`;
  return hours.find(bar => bar.start === start) ??
    { start, requests: 0, tokens_before: 0, tokens_sent: 0, cost: 0, direct_cost: 0, priced: 0 };
});

/** Days, seven together when there are too many of them to be told apart. */
const daysOrWeeks = days => {
  if (days.length <= 92) return days;
  const weeks = [];
  for (let end = days.length; end > 0; end -= 7) {
    const week = days.slice(Math.max(end - 7, 0), end);
    const sums = ["requests", "tokens_before", "tokens_sent", "cost", "direct_cost", "priced"].map(key => [key, sum(week, key)]);
    weeks.unshift({ start: week[0].start, end: week.at(-1).start, ...Object.fromEntries(sums) });
  }
  return weeks;
};

const sum = (rows, member) => rows.reduce((total, row) => total + row[member], 0);
