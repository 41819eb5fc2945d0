
// The page checks itself: sums by whole numbers, records by SHA-256, prices by the program's own engine, compiled for browsers. Engine
// and records stand in the page, compressed, and are unpacked when they are first wanted.
async function unpack(id) {
  const bytes = Uint8Array.from(atob(stored(id)), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
const records = lazy(async () => new TextDecoder("utf-8", {ignoreBOM: true}).decode(await unpack("records")).split("\n"));
const engine = lazy(async () => {
  const go = new Go();
  const {instance} = await WebAssembly.instantiate(await unpack("engine"), go.importObject);
  go.run(instance);
  return globalThis.reconcileEngine;
});
const recordsOf = async row => JSON.parse((await records())[row[COLUMN.detail]]);

// sha256 asks the browser, and the engine where the browser denies it to a page from disk.
async function sha256(text) {
  if (!globalThis.crypto?.subtle) return (await engine()).sha256(text);
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(sum)].map(b => b.toString(16).padStart(2, "0")).join("");
}

// calculationOf is what the engine needs for sheet i of a line, read as the rules say; undefined where it takes more than text.
function calculationOf(line, i, rules) {
  if (!line.sheets[i]) return undefined;
  const [cdr, supplied, input] = line.sheets[i];
  return JSON.stringify({cdr: line.cdrs[cdr][1], supplied: supplied.map(word), input: {...input, rules: {...input.rules, ...rules}}});
}
async function ask(name, calculation) {
  const answer = JSON.parse((await engine())[name](calculation));
  if (answer.error) throw new Error(answer.error);
  return answer;
}

// stepOf writes a step of the engine as the page's own steps are.
const MODES = {"half-up": "half up", "half-even": "half to even", floor: "toward negative", ceiling: "toward positive"};
function stepOf(s) {
  const [a = 0, b = 0] = s.args || [], doc = s.doc ? meta.docs.findIndex(d => d.toLowerCase() === s.doc) : 0;
  return [meta.ops.indexOf(s.op), a, b, s.value ?? "", s.unit ?? "", s.rule ? [s.rule.replaceAll("-", " "), ""] : "", doc, s.tariff ?? 0,
    (s.pointer ?? "") + (s.pointer2 ? " to " + s.pointer2 : ""), s.note ?? "", s.places, meta.modes.indexOf(MODES[s.mode] ?? s.mode)];
}

const lineName = row => row[COLUMN.invoice] + " · " + row[COLUMN.line];
const nextTask = () => new Promise(done => setTimeout(done));

// checkSums: the parts of each row make up what it was invoiced, and the rows what the page says of its currency.
function checkSums(rows, fault) {
  const sums = new Map();
  for (const row of rows) {
    const [invoiced, ...parts] = SUMS.map(([name]) => whole(row[COLUMN[name]]));
    if (invoiced !== parts.reduce((a, b) => a + b, 0n)) fault("line " + lineName(row) + ": its parts do not add up to what was invoiced");
    const sum = sums.get(row[COLUMN.currency]) || SUMS.map(() => 0n);
    [invoiced, ...parts].forEach((amount, i) => sum[i] += amount);
    sums.set(row[COLUMN.currency], sum);
  }
  for (const [currency, stated] of Object.entries(meta.sums)) {
    const sum = sums.get(currency) || SUMS.map(() => 0n);
    stated.forEach((text, i) => {
      if (whole(text) !== sum[i]) fault("the rows in " + currency + ": " + SUMS[i][1] + " adds up to " + plain(sum[i]) + ", and the page says " + text);
    });
  }
}

// checkLine: the records of a line are those the page names, and its calculations come out the same, step by step.
async function checkLine(row, counts, fault) {
  const line = await recordsOf(row), detail = JSON.parse(details()[row[COLUMN.detail]]);
  for (const [sum, text] of line.cdrs) {
    counts.records++;
    const found = await sha256(text);
    if (found !== sum) fault("line " + lineName(row) + ": the record of its CDR has been changed: its SHA-256 is not " + sum);
    await checkProof(sum, found, counts, text => fault("line " + lineName(row) + ": " + text));
  }
  for (const [i, [name, , steps, more]] of detail.sheets.entries()) {
    const calculation = calculationOf(line, i);
    if (!calculation) { counts.not++; continue; }
    counts.prices++;
    const about = "line " + lineName(row) + (word(name) ? ", " + word(name) : "") + ": ";
    try {
      const {price} = await ask("price", calculation), again = price.sheet.steps;
      if (again.length !== steps.length + more || steps.some((step, n) => step[3] !== (again[n].value ?? ""))) {
        fault(about + "the record and its tariff give another calculation, with a total of " + price.before_taxes + " " + price.currency);
      } else if (i === 0 && !word(name) && !computes(row, price)) {
        fault(about + "the calculation comes to " + price.before_taxes + " " + price.currency + ", and the line says " + row[COLUMN.computed]);
      }
    } catch (error) {
      fault(about + error.message);
    }
  }
}

// computes: a line states its price, that of a credit with the other sign, and nothing in another currency than its CDR's.
function computes(row, price) {
  const stated = row[COLUMN.computed];
  return stated === "" || stated === price.before_taxes || whole(stated) === -whole(price.before_taxes);
}

// selfCheck runs when the page has been laid out, a little at a time, and says what it found at the top and below "Check it yourself".
async function selfCheck() {
  const badge = document.getElementById("self"), report = document.getElementById("self-report");
  const faults = [], counts = {records: 0, prices: 0, not: 0, proofs: 0, unproved: 0}, number = n => digits(String(n), 0);
  const say = (state, text) => { badge.dataset.state = state; badge.replaceChildren(el("a", {href: "#check"}, text)); badge.hidden = false; };
  const rows = allRows(), full = rows.filter(row => row[COLUMN.detail] >= 0);
  say("runs", "The page checks itself …");
  try {
    checkSums(rows, text => faults.push(text));
    for (const [n, row] of full.entries()) {
      if (n % 25 === 0) { say("runs", "The page checks itself: " + number(n) + " of " + number(full.length) + " lines …"); await nextTask(); }
      await checkLine(row, counts, text => faults.push(text));
    }
  } catch (error) {
    say("failed", "The page could not check itself");
    report.replaceChildren(el("p", {class: "fault"}, "This browser could not finish the check: " + error.message + ". Use reconcile verify."));
    return;
  }
  report.replaceChildren(
    el("p", {}, "This page checked itself in your browser: " + number(rows.length) + " rows add up, " + number(counts.records) +
      " records were compared with their SHA-256, " + number(counts.prices) + " calculations were made again" +
      (counts.not ? ", " + number(counts.not) + " take more than this page holds" : "") + (faults.length ? "." : ", and all is as the page says.")),
    ...proofsSaid(await commitment(), counts, number),
    el("p", {class: "says"}, "What it cannot see is whether the page itself was exchanged as a whole: for that, verify the pack."),
    faults.length ? el("ul", {class: "faults"}, ...faults.slice(0, 50).map(text => el("li", {}, el("bdi", {}, text)))) : "",
    faults.length > 50 ? el("p", {class: "fault"}, "and " + number(faults.length - 50) + " more") : "");
  if (faults.length) say("failed", "Self-check failed: " + number(faults.length) + (faults.length === 1 ? " fault" : " faults"));
  else say("passed", "Self-check passed");
}

// againOf lets the reader make the calculation of a line again, and change how open questions are read.
function againOf(row) {
  const box = el("div", {class: "again"}), out = el("div", {"aria-live": "polite"}), rules = {};
  const button = el("button", {type: "button"}, "Make the calculation again, here");
  async function show() {
    button.disabled = true;
    try {
      const line = await recordsOf(row), calculation = calculationOf(line, 0, rules);
      if (!calculation) throw new Error("this calculation takes more than the page holds; use reconcile verify");
      const {price} = await ask("price", calculation);
      const {questions} = await ask("readings", calculation);
      const same = Object.keys(rules).length === 0, currency = price.currency;
      const [shared] = JSON.parse(details()[row[COLUMN.detail]]).sheets.map(([name]) => word(name) !== "");
      out.replaceChildren(
        el("p", {class: "verdict"}, "Made again in this browser: " + money(price.before_taxes, currency) + " " + currency + " net" +
          (price.after_taxes ? ", " + money(price.after_taxes, currency) + " with tax" : "") +
          (same ? shared ? ", of which the line has its share." : computes(row, price) ? ", as computed in the pack." : ". The pack says otherwise." : ", under the readings chosen below.")),
        ...questions.map(question => questionOf(question, currency, rules, show)),
        ...(same ? [] : [el("details", {open: true}, el("summary", {}, "The calculation under these readings"), ...sheetOf(["", "", price.sheet.steps.map(stepOf), 0]))]));
    } catch (error) {
      out.replaceChildren(el("p", {class: "fault"}, error.message));
    }
    button.disabled = false;
  }
  button.addEventListener("click", show);
  box.append(button, out);
  return box;
}

// questionOf is a choice among the readings of an open question, each with the price under it.
function questionOf(question, currency, rules, show) {
  const select = el("select", {}, ...question.choices.map(choice => el("option", {value: choice.name, selected: choice.chosen},
    choice.name + ": " + (choice.before_taxes ? money(choice.before_taxes, currency) : "–") + " " + currency)));
  select.addEventListener("change", () => { rules[question.name] = select.value; show(); });
  return el("label", {class: "question"}, el("span", {}, question.title), select, el("span", {class: "says"}, question.clause));
}
