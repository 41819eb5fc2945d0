"use strict";

// el makes an element. Strings become text nodes, so nothing from a record is ever read as markup.
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter(child => child !== undefined && child !== ""));
  return node;
}

function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Data that stands in the page as JSON, read when it is first wanted.
const stored = id => document.getElementById(id).textContent;
const meta = JSON.parse(stored("meta"));
const lazy = make => { let made; return () => made ??= make(); };
const shared = lazy(() => JSON.parse(stored("shared")));
const details = lazy(() => stored("details").split("\n"));
const allRows = lazy(() => JSON.parse(stored("rows")));
// A number where words are expected is the place of a shared value.
const word = value => typeof value === "number" ? shared()[value] : value;

// digits writes an exact decimal: thousands apart, at least the given decimals. It never passes through a binary float.
function digits(text, decimals) {
  if (text === "") return "–";
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) || [, "", text, ""];
  const rest = fraction.replace(/0+$/, "").padEnd(decimals, "0");
  return (sign ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (rest ? "." + rest : "");
}
const money = (text, currency) => digits(text, meta.minor[currency] ?? 2);
const titleOf = code => meta.titles[code] || code;

// Amounts as whole numbers of the smallest unit that any amount here has: sums and comparisons are exact.
const scale = lazy(() => {
  let most = 2;
  for (const row of allRows()) for (const [name] of SUMS) {
    const text = row[COLUMN[name]], point = text.indexOf(".");
    if (point >= 0) most = Math.max(most, text.length - point - 1);
  }
  return most;
});
function whole(text) {
  if (text === "") return 0n;
  const [integer, fraction = ""] = text.split(".");
  return BigInt(integer + fraction.padEnd(scale(), "0"));
}
function plain(value) {
  const text = (value < 0n ? -value : value).toString().padStart(scale() + 1, "0");
  return (value < 0n ? "-" : "") + text.slice(0, -scale()) + "." + text.slice(-scale());
}

// detailOf is the panel of an opened line.
function detailOf(row) {
  const currency = row[COLUMN.currency];
  const panel = el("td", {role: "cell", "aria-colspan": 10});
  if (row[COLUMN.detail] < 0) {
    panel.append(...briefOf(row, currency));
    return panel;
  }
  const d = JSON.parse(details()[row[COLUMN.detail]]);
  panel.append(el("p", {class: "verdict"}, d.verdict), el("p", {class: "says"}, word(d.match)));
  for (const dispute of d.disputes) panel.append(el("p", {class: "says"}, el("bdi", {}, dispute)));
  if (d.questions !== undefined) panel.append(el("p", {class: "says"}, "Read as a dispute about: " + word(d.questions) + "."));
  const amounts = el("div", {}, el("h3", {}, "Amounts, " + currency), amountsOf(d.amounts, currency)), beside = el("div", {});
  if (d.energy) amounts.append(el("h3", {}, "Energy, by each record"), energiesOf(d.energy));
  if (d.findings.length) beside.append(el("h3", {}, "Findings"), findingsOf(d.findings));
  if (d.tariffs.length) beside.append(el("h3", {}, "Tariff"), ...d.tariffs.map(tariffOf));
  panel.append(el("div", {class: "pair"}, amounts, beside));
  panel.append(el("h3", {}, "What the three records say"), factsOf(d.facts));
  if (d.others.length) panel.append(el("p", {class: "says"}, "Also looked at: " + d.others.join(", ") + "."));
  if (d.time) panel.append(el("h3", {}, "The session in time (UTC)"), timelineOf(d.time), periodsOf(d.time[4]));
  for (const sheet of d.sheets) panel.append(...sheetOf(sheet));
  if (d.sheets.length) panel.append(againOf(row));
  return panel;
}

// briefOf stands in for a detail that the page does not carry.
function briefOf(row, currency) {
  const line = row[COLUMN.invoice] + ":" + row[COLUMN.line];
  const codes = row[COLUMN.reasons];
  const facts = [["Computed, net", row[COLUMN.computed] && money(row[COLUMN.computed], currency) + " " + currency],
    ["CDR", row[COLUMN.cdr]], ["Session", row[COLUMN.session]], ["Charging station", row[COLUMN.evse]],
    ["Contract or token", row[COLUMN.contract]], ["Reasons", codes.map(titleOf).join("; ")]];
  return [
    el("p", {class: "verdict"}, codes.length ? titleOf(codes[0]) + "." : "The records agree with this line."),
    el("table", {class: "amounts"}, el("tbody", {}, ...facts.filter(f => f[1]).map(([name, value]) =>
      el("tr", {}, el("th", {scope: "row"}, name), el("td", {}, el("bdi", {}, value)))))),
    row[COLUMN.start] === ""
      ? el("p", {class: "says"}, "Nothing is in question here, so the pack discloses no more of this line than its entry in ", el("code", {}, "lines.ndjson"), ".")
      : el("p", {class: "says"}, "Its evidence and arithmetic are in the pack: ", el("code", {}, "reconcile show PACK " + line), "."),
  ];
}

const headRow = (...names) => el("thead", {}, el("tr", {}, ...names.map(([name, kind]) => el("th", {scope: "col", class: kind}, name))));

function amountsOf(amounts, currency) {
  return el("table", {class: "amounts"}, headRow([""], ["Net", "num"], ["With tax", "num"]), el("tbody", {},
    ...amounts.map(([name, net, gross]) => el("tr", {}, el("th", {scope: "row"}, word(name)),
      el("td", {class: "num"}, money(net, currency)), el("td", {class: "num"}, money(gross, currency))))));
}

function factsOf(facts) {
  const names = ["Invoice line", "CDR", "Session"].map((name, i) => facts.some(f => f[i + 1] !== "") ? name : name + ": none");
  return el("table", {class: "facts"}, headRow([""], ...names.map(n => [n])), el("tbody", {}, ...facts.map(([name, ...rest]) => {
    const differs = rest.pop();
    return el("tr", {class: differs && "differs"},
      el("th", {scope: "row", "aria-label": differs ? word(name) + ", differs" : undefined}, word(name)),
      ...rest.map((cell, i) => cell === "" ? el("td", {}) : el("td", {"data-name": names[i]}, el("bdi", {}, cell))));
  })));
}

// energiesOf draws what each record says of the kWh; a mark stands where the one ends that the price stands on.
function energiesOf([base, mark, energies]) {
  const name = word(base);
  return el("table", {class: "energies"},
    headRow(["Record"], ["Mark: " + name], ["kWh", "num"], ["Apart", "num"]),
    el("tbody", {}, ...energies.map(([who, kwh, width, apart]) => {
      const difference = apart === "" ? "" : (apart.startsWith("-") ? "" : "+") + digits(apart, 0);
      const said = word(who) + ": " + digits(kwh, 0) + " kWh" + (difference && ", " + difference + " from " + name);
      const place = mark / 10 + "%";
      const bar = svg("svg", {class: "bar", role: "img", "aria-label": said},
        svg("rect", {class: apart === "" ? "fill-proven" : "fill-unproven", x: 0, y: 0, width: width / 10 + "%", height: "100%"}, svg("title", {}, said)),
        svg("line", {class: "mark", x1: place, x2: place, y1: "-20%", y2: "120%"}));
      return el("tr", {}, el("th", {scope: "row"}, word(who)), el("td", {class: "picture"}, bar), el("td", {class: "num"}, digits(kwh, 0)),
        el("td", {class: "num apart"}, difference));
    })));
}

function findingsOf(findings) {
  return el("ul", {}, ...findings.map(([severity, code, message, place]) => el("li", {},
    el("span", {class: "severity " + word(severity)}, word(severity)), " ", el("bdi", {}, message), " ",
    el("code", {}, word(code)), place && " ", place && el("code", {}, el("bdi", {}, place)))));
}

function tariffOf(reference) {
  const t = word(reference);
  return el("div", {class: "tariff"},
    el("p", {}, el("b", {}, el("bdi", {}, t.name)), " ", el("span", {}, [t.origin, ...t.head].filter(Boolean).join(" · "))),
    el("ul", {}, ...t.elements.map(([price, condition]) => el("li", {}, price, " ", el("span", {}, condition)))));
}

// formulaOf puts a step into words: with the values, and with the numbers of the steps they come from.
const FORMULAS = {
  add: "a + b", sub: "a − b", mul: "a × b", "percent-on": "a × (1 + b ÷ 100)", neg: "− a",
  min: "the lesser of a and b", max: "the greater of a and b", "ceil-step": "a, up to the next multiple of b",
  round: "a, rounded r", "per-hour": "a ÷ 3600, rounded r", "net-of-gross": "a ÷ (1 + b ÷ 100), rounded r", share: "a ÷ b, rounded r",
};

function formulaOf(step, steps) {
  const [op, a, b, , , , , , , , places, mode] = step;
  const form = FORMULAS[meta.ops[op]];
  if (!form) return undefined;
  const rounding = "to " + places + " decimals, " + meta.modes[mode];
  const fill = name => form.replace(/\b[abr]\b/g, letter => letter === "r" ? rounding : name(letter === "a" ? a : b));
  const value = n => n ? digits(steps[n - 1][3], 0) : "";
  return [fill(value), "(" + [a, b].filter(Boolean).join("), (") + ")"];
}

function sheetOf([name, cdr, steps, more]) {
  const title = "Calculation" + (cdr ? " of CDR " + cdr : "") + (word(name) ? ": " + word(name) : "");
  const rows = steps.map((step, i) => {
    const [op, , , value, unit, rule, doc, tariff, pointer, note] = step;
    const decision = meta.ops[op] === "note", formula = formulaOf(step, steps), [name, means] = word(rule) || ["", ""];
    const what = el("td", {class: "what", title: means});
    if (name && !decision) what.append(el("span", {class: "rule"}, name), " ");
    if (formula) what.append(el("span", {class: "num"}, formula[0]), " ", el("span", {class: "steps"}, formula[1]));
    if (word(note)) what.append(formula ? el("br") : "", el("bdi", {}, word(note)));
    const about = formula ? [] : step.slice(1, 3).filter(Boolean).map(n => "(" + n + ")");
    if (about.length) what.append(" ", el("span", {class: "steps"}, about.join(", ")));
    const source = [doc ? meta.docs[doc] + (meta.docs[doc] === "tariff" ? " " + (tariff + 1) : "") : "", word(pointer)].filter(Boolean).join(" ");
    return el("tr", {class: decision ? "decision" : i === steps.length - 1 && !more && "last"}, el("td", {class: "n num"}, "(" + (i + 1) + ")"), what,
      el("td", {class: "value num"}, ...(value ? [digits(value, 0), " ", el("span", {class: "unit"}, word(unit))] : [])),
      el("td", {class: "from"}, ...(source ? [el("code", {}, el("bdi", {}, source))] : [])));
  });
  const out = [el("h3", {}, el("bdi", {}, title)),
    el("table", {class: "sheet"}, headRow(["Step"], ["How"], ["Value", "num"], ["Read from"]), el("tbody", {}, ...rows))];
  if (more) out.push(el("p", {class: "says"}, more + " more steps are in the sheets of the pack."));
  return out;
}

const time = seconds => new Date(seconds * 1000).toISOString().slice(11, 19);
const energyOf = (kwh, parked) => kwh === "" ? (parked ? "parked" : "no energy") : digits(kwh, 0) + " kWh";

function periodsOf(periods) {
  const rows = periods.map(([begin, finish, kwh, parked, tariffId], i) => el("tr", {}, el("td", {class: "num"}, String(i + 1)),
    el("td", {}, time(begin) + " to " + time(finish)), el("td", {class: "num"}, energyOf(kwh, parked)), el("td", {}, el("bdi", {}, word(tariffId)))));
  return el("details", {}, el("summary", {}, periods.length === 1 ? "1 period" : periods.length + " periods"),
    el("table", {class: "periods"}, headRow(["Period", "num"], ["Time"], ["Measured", "num"], ["Tariff"]), el("tbody", {}, ...rows)));
}

// timelineOf draws the periods of the CDR over the session. Places are whole thousandths of the time, drawn as per cent.
function timelineOf([start, end, from, to, periods]) {
  const first = from ? Math.min(start, from) : start, last = to ? Math.max(end, to) : end;
  const at = t => Math.round((Math.min(Math.max(t, first), last) - first) * 1000 / (last - first)) / 10;
  const picture = svg("svg", {class: "timeline", role: "img"});
  const said = [], room = Math.min(innerWidth, 1080) / 100;
  let before;
  for (const [begin, finish, kwh, parked, tariffId] of periods) {
    const x = at(begin), width = Math.max(at(finish) - x, 0.2), idle = /^[-0.]*$/.test(kwh);
    const label = energyOf(kwh, parked);
    const box = svg("rect", {class: idle ? "fill-conceded" : "fill-proven", x: x + "%", y: 22, width: width + "%", height: 30});
    const name = time(begin) + " to " + time(finish) + ", " + label + (word(tariffId) ? ", tariff " + word(tariffId) : "");
    box.append(svg("title", {}, name));
    picture.append(box);
    said.push(name);
    if (width * room > label.length * 7 && !idle) picture.append(svg("text", {class: "inside", x: x + width / 2 + "%", y: 41, "text-anchor": "middle"}, label));
    if (before !== undefined && before !== tariffId) picture.append(svg("line", {class: "change", x1: x + "%", x2: x + "%", y1: 14, y2: 60}));
    before = tariffId;
  }
  picture.append(svg("text", {x: at(start) + "%", y: 14}, "CDR " + time(start)));
  picture.append(svg("text", {x: at(end) + "%", y: 14, "text-anchor": "end"}, time(end)));
  if (from) {
    picture.append(svg("rect", {class: "session", x: at(from) + "%", y: 66, width: Math.max(at(to) - at(from), 0.2) + "%", height: 6}));
    picture.append(svg("text", {x: at(from) + "%", y: 90}, "Session " + time(from)));
    picture.append(svg("text", {x: at(to) + "%", y: 90, "text-anchor": "end"}, time(to)));
  }
  picture.setAttribute("aria-label", "Periods: " + said.slice(0, 12).join("; ") + (said.length > 12 ? "; and more" : ""));
  return picture;
}
