
// The table of lines.
const COLUMN = {
  invoice: 0, line: 1, cdr: 2, session: 3, evse: 4, contract: 5, start: 6, currency: 7, disputed: 8, outcome: 9, reasons: 10,
  invoiced: 11, proven: 12, conceded: 13, unproven: 14, computed: 15, underbilled: 16, detail: 17,
};
const SUMS = [["invoiced", "Invoiced"], ["proven", "Proven"], ["conceded", "Conceded"], ["unproven", "Unproven"]];
const OUTCOMES = {proven: "Proven", partial: "In part", conceded: "Conceded", unproven: "Unproven"};
const CHUNK = 50; // rows made at a time, when they come near

(function () {
  const $ = id => document.getElementById(id);
  const rows = allRows();
  const table = $("table");
  const opened = new Set();

  const wholes = {};
  const amountsOf = name => wholes[name] ??= rows.map(row => whole(row[COLUMN[name]]));

  // Sorting: each column has a key made once for each row.
  const byText = (a, b) => a < b ? -1 : a > b ? 1 : 0;
  const lineKey = text => /^\d+$/.test(text) ? text.replace(/^0+/, "").padStart(20, "0") : "~" + text;
  const textKeys = key => lazy(() => rows.map(key));
  const OUTCOME_ORDER = {proven: 0, partial: 1, conceded: 2, unproven: 3};
  const COLUMNS = [
    {name: "Line", keys: textKeys(row => row[COLUMN.invoice] + "\u0000" + lineKey(row[COLUMN.line]))},
    {name: "CDR", keys: textKeys(row => row[COLUMN.cdr])},
    {name: "Start", keys: textKeys(row => row[COLUMN.start])},
    {name: "Outcome", keys: textKeys(row => OUTCOME_ORDER[row[COLUMN.outcome]])},
    {name: "Reason", keys: textKeys(row => row[COLUMN.reasons][0] || "~")},
    ...SUMS.map(([key, name]) => ({name, down: true, keys: () => amountsOf(key)})),
    {name: "Currency", keys: textKeys(row => row[COLUMN.currency])},
  ];
  let sorted = {column: -1, down: false}; // -1: as ranked
  function order(list) {
    if (sorted.column < 0) return list;
    const keys = COLUMNS[sorted.column].keys(), sign = sorted.down ? -1 : 1;
    return list.sort((a, b) => sign * byText(keys[a], keys[b]) || a - b);
  }
  const headers = [...table.tHead.rows[0].cells];
  function sortBy(column, down) {
    sorted = {column, down};
    headers.forEach((th, i) => i === column ? th.setAttribute("aria-sort", down ? "descending" : "ascending") : th.removeAttribute("aria-sort"));
    $("f-sort").value = column + (down ? "d" : "");
    update();
  }

  // Filtering.
  const haystacks = lazy(() => rows.map(row => [row[COLUMN.invoice] + ":" + row[COLUMN.line], ...row.slice(0, 7), ...row[COLUMN.reasons],
    ...row[COLUMN.reasons].map(titleOf), ...row.slice(11, 15)].join("\n").toLowerCase()));
  function filtered() {
    const words = $("f-text").value.toLowerCase().replace(/[\u202f\u00a0]/g, "").split(/\s+/).filter(Boolean);
    const outcome = $("f-outcome").value, dispute = $("f-dispute").value, reason = $("f-reason").value, currency = $("f-currency").value;
    const out = [];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (outcome && row[COLUMN.outcome] !== outcome || dispute && row[COLUMN.disputed] !== (dispute === "yes") ||
        reason && !row[COLUMN.reasons].includes(reason) || currency && row[COLUMN.currency] !== currency) continue;
      if (words.length && !words.every(w => haystacks()[i].includes(w))) continue;
      out.push(i);
    }
    return out;
  }

  // showSums says how many rows are left and what they add up to, for each currency.
  function showSums(list) {
    const sums = new Map();
    for (const i of list) {
      const currency = rows[i][COLUMN.currency];
      let sum = sums.get(currency);
      if (!sum) sums.set(currency, sum = {n: 0, amounts: SUMS.map(() => 0n)});
      sum.n++;
      SUMS.forEach(([name], k) => sum.amounts[k] += amountsOf(name)[i]);
    }
    const lines = n => digits(String(n), 0) + (n === 1 ? " row" : " rows");
    const all = list.length === rows.length ? "All " + lines(rows.length) : lines(list.length) + " of " + digits(String(rows.length), 0);
    const parts = [...sums].sort((a, b) => b[1].n - a[1].n || byText(a[0], b[0])).map(([currency, sum]) => el("p", {},
      el("b", {class: "num"}, sums.size > 1 ? lines(sum.n) + ", " + currency : all + ", " + currency),
      ...SUMS.map(([, name], k) => el("span", {}, name + " ", el("b", {class: "num"}, money(plain(sum.amounts[k]), currency))))));
    if (sums.size !== 1) parts.unshift(el("p", {}, el("b", {class: "num"}, all)));
    $("filtered").replaceChildren(...parts);
  }

  // Rows are made when they come near the window; until then their chunk is a space of their height.
  let list = [], rowHeight = 48;
  const near = new IntersectionObserver(entries => entries.forEach(e => e.isIntersecting ? fill(e.target) : clear(e.target, e.boundingClientRect.height)),
    {rootMargin: "1500px 0px"});
  function show() {
    near.disconnect();
    const chunks = [];
    for (let from = 0; from < list.length; from += CHUNK) {
      const chunk = el("tbody", {role: "rowgroup"}), n = Math.min(CHUNK, list.length - from);
      chunk.from = from;
      chunk.style.height = n * rowHeight + "px";
      chunk.style.containIntrinsicSize = "auto " + n * rowHeight + "px";
      chunks.push(chunk);
    }
    for (const old of [...table.tBodies]) old.remove();
    table.append(...chunks);
    if (chunks.length) fill(chunks[0]);
    for (const chunk of chunks) near.observe(chunk);
  }
  function fill(chunk) {
    if (chunk.childElementCount) return;
    const part = list.slice(chunk.from, chunk.from + CHUNK);
    chunk.append(...part.flatMap((index, k) => rowsOf(index, chunk.from + k)));
    chunk.style.height = "";
  }
  // A chunk far off gives its rows back, unless it is the first, or a row of it is open or has the focus.
  function clear(chunk, height) {
    if (!chunk.from || !chunk.childElementCount || chunk.querySelector(".detail") || chunk.contains(document.activeElement)) return;
    chunk.style.height = height + "px";
    chunk.replaceChildren();
  }
  function rowsOf(index, position) {
    const row = rows[index], currency = row[COLUMN.currency], open = opened.has(index);
    const cell = (kind, ...children) => el("td", {role: "cell", class: kind}, ...children);
    const number = (name, title) => {
      const text = row[COLUMN[name]], zero = text === "" || /^[-0.]*$/.test(text);
      return el("td", {role: "cell", class: "num" + (zero ? " zero" : ""), "data-name": title}, money(text, currency));
    };
    const node = el("tr", {role: "row", class: "opens", "aria-rowindex": position + 2, "data-index": index},
      el("th", {role: "rowheader", scope: "row", class: "c-line"}, el("button", {type: "button", "aria-expanded": String(open), "aria-controls": open && "detail-" + index},
        el("bdi", {}, row[COLUMN.invoice]), " · ", el("bdi", {}, row[COLUMN.line]))),
      el("td", {role: "cell", class: "c-cdr", title: row[COLUMN.cdr]}, el("bdi", {}, row[COLUMN.cdr])), cell("c-start", row[COLUMN.start]),
      cell("c-outcome", el("span", {class: "badge " + row[COLUMN.outcome]}, OUTCOMES[row[COLUMN.outcome]] || row[COLUMN.outcome]),
        row[COLUMN.disputed] ? el("span", {class: "disputed"}, "disputed") : ""),
      cell("c-reason", ...reasonsOf(row[COLUMN.reasons])),
      ...SUMS.map(([name, title]) => number(name, title)), cell("c-currency", currency));
    return open ? [node, panelOf(index)] : [node];
  }
  function reasonsOf(codes) {
    if (!codes.length) return [];
    const all = codes.map(titleOf).join("; ");
    return [el("span", {class: "title", title: all}, titleOf(codes[0])), ...(codes.length > 1 ? [el("span", {class: "more", title: all}, "+ " + (codes.length - 1) + " more")] : [])];
  }
  const panelOf = index => el("tr", {role: "row", class: "detail", id: "detail-" + index}, detailOf(rows[index]));

  function toggle(node) {
    const index = Number(node.dataset.index), button = node.querySelector("button"), open = !opened.has(index);
    if (open) {
      opened.add(index);
      node.after(panelOf(index));
      button.setAttribute("aria-controls", "detail-" + index);
    } else {
      opened.delete(index);
      node.nextElementSibling.remove();
      button.removeAttribute("aria-controls");
    }
    button.setAttribute("aria-expanded", String(open));
  }

  function update() {
    list = order(filtered());
    table.setAttribute("aria-rowcount", list.length + 1);
    showSums(list);
    show();
  }

  // Controls.
  const options = (select, values) => select.append(...values.map(([value, text]) => el("option", {value}, text)));
  const counts = pick => {
    const out = new Map();
    for (const row of rows) for (const value of pick(row)) out.set(value, (out.get(value) || 0) + 1);
    return [...out].sort((a, b) => b[1] - a[1] || byText(a[0], b[0]));
  };
  options($("f-reason"), counts(row => row[COLUMN.reasons]).map(([code, n]) => [code, titleOf(code) + " (" + digits(String(n), 0) + ")"]));
  options($("f-currency"), counts(row => [row[COLUMN.currency]]).map(([currency]) => [currency, currency]));
  options($("f-sort"), [["-1", "Largest not proven"], ...COLUMNS.flatMap((c, i) => c.down ? [[i + "d", c.name + ", largest first"], [i + "", c.name + ", smallest first"]] : [[i + "", c.name]])]);
  headers.forEach((th, i) => {
    const button = el("button", {type: "button"}, ...th.childNodes);
    button.addEventListener("click", () => sortBy(i, sorted.column === i ? !sorted.down : !!COLUMNS[i].down));
    th.append(button);
  });
  let pause;
  $("f-text").addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(update, 120); });
  for (const id of ["f-outcome", "f-dispute", "f-reason", "f-currency"]) $(id).addEventListener("change", update);
  $("f-sort").addEventListener("change", e => sortBy(parseInt(e.target.value, 10), e.target.value.endsWith("d")));
  $("filters").addEventListener("submit", e => e.preventDefault());
  $("f-clear").addEventListener("click", () => { $("filters").reset(); sortBy(-1, false); $("f-text").focus(); });
  table.addEventListener("click", e => {
    const node = e.target.closest("tr.opens");
    if (node && (e.target.closest("button") || String(getSelection()) === "")) toggle(node);
  });
  table.addEventListener("keydown", e => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp" || !e.target.closest("tr.opens")) return;
    const step = e.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    const chunk = e.target.closest("tbody")[step];
    if (chunk && chunk.tagName === "TBODY") fill(chunk);
    const buttons = [...table.querySelectorAll("tr.opens button")];
    const next = buttons[buttons.indexOf(e.target) + (e.key === "ArrowDown" ? 1 : -1)];
    if (next) { e.preventDefault(); next.focus(); }
  });

  // On paper: the opened lines, or else the first ones.
  const PAPER = 200;
  addEventListener("beforeprint", () => {
    near.disconnect();
    const shown = opened.size ? list.filter(i => opened.has(i)) : list.slice(0, PAPER);
    for (const old of [...table.tBodies]) old.remove();
    table.append(el("tbody", {role: "rowgroup"}, ...shown.flatMap((index, k) => rowsOf(index, k))));
    $("print-note").textContent = "Printed: " + shown.length + " of " + digits(String(rows.length), 0) +
      (opened.size ? " rows, those that were open." : " rows. Open lines before printing to print their evidence.");
    $("print-note").hidden = false;
  });
  addEventListener("afterprint", () => { $("print-note").hidden = true; show(); });

  $("filters").hidden = false;
  update();
  const first = table.querySelector("tr.opens");
  if (first) rowHeight = Math.round(first.getBoundingClientRect().height) || rowHeight;
  setTimeout(selfCheck, 50);
})();
