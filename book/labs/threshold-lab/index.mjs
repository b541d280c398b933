// <threshold-lab>: move the threshold over recorded answers, or your own. It is chosen on one half of them and judged on
// the other, where what was promised need not be kept.
import { button, choice, code, group, h, liveRegion, whole } from "../shared/dom.mjs";
import stored from "book:predictions";
import { halves, parsed, unpacked, written } from "./answers.mjs";
import { drawCalibration, drawPrecision, drawRoc, drawScores, panel, place } from "./draw.mjs";
import { program } from "./python.mjs";
import { area, averagePrecision, best, calibration, calibrationError, counts, curve, grid, measures, reached } from "./scores.mjs";
import style from "./style.css";

// The book's answers by name: { title, positive, negative, label, score }.
const SETS = Object.fromEntries(Object.entries(stored).map(([name, { packed, ...told }]) => [name, { ...told, ...unpacked(packed) }]));
const OWN = "own", BEST = "best", PROMISES = ["precision", "recall"];
const TRIES = 100, AT_ONCE = 5; // ways to halve the answers, and how many before the page may do something else
const GOALS = [["precision", "a promised precision"], ["recall", "a promised recall"], ["accuracy", "most answers right"], ["f1", "the highest F1"], ["cost", "the lowest cost"]];
const ROWS = [["accuracy", "accuracy"], ["precision", "precision"], ["recall", "recall"], ["f1", "F1"], ["falseAlarms", "negatives called positive"], ["cost", "cost of an answer"]];
const defaults = { data: "shirts", goal: "precision", target: 0.95, price: 5, split: 0, steps: 100, threshold: BEST };
const two = (share) => (Number.isNaN(share) ? "–" : share.toFixed(3));
const count = (number) => number.toLocaleString("en");
const short = (number) => String(+number.toPrecision(4));
const middle = (sorted) => sorted[sorted.length >> 1];

function render({ model, el }) {
  const get = (name) => model.get(name);
  let own = null, state = null, trying = 0;

  // ---- the parts of the page
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), many = h("p", { class: "many", role: "status" });
  const level = h("input", { type: "range", min: "0", step: "1", id: "threshold" }), shown = h("output", { for: "threshold" });
  const [scores, roc, precision, claims] = [panel("moves"), panel("picks"), panel("picks"), panel("still")];
  const confusion = h("div", { class: "tables" }), table = h("div", { class: "measures" }), python = code("The same in Python");
  const target = number("target", "at least", 0.01, 1, 0.01), price = number("price", "misses that one false alarm costs", 0.01, 1000, 0.5);
  const file = h("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv,text/plain", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const words = h("textarea", { rows: "5", spellcheck: "false", "aria-label": "Answers, one a line: label, score", placeholder: "label, score" });
  const key = (name, text) => h("span", {}, h("span", { class: `key ${name}` }), text);
  const figure = (picture, ...caption) => h("figure", {}, picture, h("figcaption", {}, ...caption));
  const again = button(`Halve them in ${TRIES} other ways`, tryMany);
  el.append(
    group("Answers",
      choice(model, "data", "whose", [...Object.entries(SETS).map(([name, { title }]) => [name, title]), [OWN, "my own"]]),
      button("Open a CSV file", () => file.click()), file, button("Save as CSV", save),
      h("details", {}, h("summary", {}, "Paste answers of your own"), words, h("div", { class: "row" }, button("Read them", () => take(words.value, "The text"))))),
    wrong,
    group("What the threshold is for",
      choice(model, "goal", "goal", GOALS), target, price,
      choice(model, "steps", "thresholds tried", [[100, "100 steps"], [200, "200 steps"], [1000, "1000 steps"]]),
      whole(model, "split", "halves: 0 as they come, or a seed", 0, 9999)),
    h("div", { class: "level" }, h("label", { for: "threshold" }, "Threshold"), level, shown, button("Best on the first half", () => put(BEST))),
    h("div", { class: "pictures" },
      figure(scores, "Scores of the first half, numbers on a logarithmic scale. Drag the threshold."),
      figure(roc, key("chosen", "first half "), key("judged", "second half. "), "Point at a place of the curve. Dotted: guessing."),
      figure(precision, "The same as precision and recall."),
      figure(claims, "Ten bins of scores: on the dotted line a claim is what is delivered.")),
    said, confusion, table,
    h("div", { class: "row" }, again), many, python.element,
  );

  function number(name, label, low, high, step) {
    const control = h("input", { type: "number", name, min: low, max: high, step, inputmode: "decimal" });
    const show = () => { control.value = get(name); };
    show();
    control.addEventListener("change", () => {
      model.set(name, Math.max(low, Math.min(high, Number(control.value) || defaults[name])));
      show();
      model.save_changes();
    });
    model.on(`change:${name}`, show);
    return h("label", { class: "field" }, h("span", {}, label), control);
  }

  // ---- whose answers
  function take(text, name) {
    try {
      own = parsed(text);
      begin(own);
    } catch (error) {
      wrong.textContent = `${name} cannot be read: ${error.message}`;
      return;
    }
    model.set("threshold", BEST);
    if (get("data") === OWN) look();
    else model.set("data", OWN);
    model.save_changes();
  }

  const open = async (chosen) => chosen && take(await chosen.text(), chosen.name);

  function save() {
    const address = URL.createObjectURL(new Blob([written(state.set)], { type: "text/csv" }));
    h("a", { href: address, download: fileName() }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
  const fileName = () => `${state.name === OWN ? "answers" : state.name}.csv`;

  // ---- what is computed
  const goal = () => (GOALS.some(([name]) => name === get("goal")) ? get("goal") : defaults.goal);
  const options = () => ({ target: get("target"), price: get("price") });

  function begin(set) {
    const thresholds = grid(set, Math.max(10, Math.min(1000, Math.round(get("steps"))))), reach = reached(set, thresholds);
    const parts = halves(set.label.length, get("split")), tallies = parts.map((part) => counts(set.label, reach, part, thresholds.length));
    const empty = tallies.findIndex(({ positives, negatives }) => !positives || !negatives);
    if (empty >= 0) throw new Error(`the ${["first", "second"][empty]} half has one label only. Take another seed for the halves than ${get("split")}, so that they are mixed.`);
    return { set, thresholds, reach, parts, tallies };
  }

  function look() {
    trying++;
    wrong.textContent = "";
    many.textContent = ""; // they were those of another question
    again.disabled = false;
    let name = get("data");
    if (name === OWN && !own) wrong.textContent = "No answers of yours are open. They stay on this computer: they are neither uploaded nor part of the address.";
    if (!(name in SETS) && !(name === OWN && own)) name = defaults.data;
    const set = name === OWN ? own : SETS[name];
    try {
      state = { name, ...begin(set) };
    } catch (error) {
      wrong.textContent = `These answers cannot be halved: ${error.message}`;
      return;
    }
    const curves = state.parts.map((part) => curve(set, part)), probabilities = state.thresholds[0] === 0 && state.thresholds[state.thresholds.length - 1] === 1;
    const bins = probabilities ? state.parts.map((part) => calibration(set, part)) : null;
    Object.assign(state, { curves, bins, aucs: curves.map(area), averages: curves.map(averagePrecision) });
    level.max = state.thresholds.length - 1;
    claims.parentElement.hidden = !probabilities;
    if (probabilities) {
      drawCalibration(claims, bins);
      claims.setAttribute("aria-label", `Calibration. First half: ${bins[0].map(([claimed, right]) => `claimed ${claimed.toFixed(2)}, delivered ${right.toFixed(2)}`).join("; ")}. Calibration error ${bins.map((one) => calibrationError(one).toFixed(3)).join(" and ")}.`);
    }
    show();
  }

  // The place of the threshold: as told, or the best one for the goal; the highest where no threshold keeps a promise.
  function chosen() {
    const told = Number(get("threshold")), last = state.thresholds.length - 1, [low, high] = [state.thresholds[0], state.thresholds[last]];
    const kept = best(state.tallies[0], goal(), options());
    if (get("threshold") !== BEST && Number.isFinite(told)) return { k: Math.max(0, Math.min(last, Math.round(((told - low) / (high - low || 1)) * last))), kept };
    return { k: kept < 0 ? last : kept, kept };
  }

  function show() {
    if (!state) return;
    const { set, thresholds, tallies, curves } = state, { k, kept } = chosen(), both = tallies.map((one) => measures(one, k, get("price")));
    const last = thresholds.length - 1, name = short(thresholds[k]);
    [target.hidden, price.hidden] = [!PROMISES.includes(goal()), goal() !== "cost"];
    level.value = k;
    level.setAttribute("aria-valuetext", name);
    shown.textContent = name;
    drawScores(scores, set, state.parts[0], [thresholds[0], thresholds[last]], k / last, [set.negative, set.positive]);
    scores.setAttribute("aria-label", `Scores of the first half, ${set.positive} above, ${set.negative} below; the threshold is at ${name}.`);
    const shares = curves.map((points, i) => points.map(([, hits, alarms]) => [alarms / tallies[i].negatives, hits / tallies[i].positives]));
    drawRoc(roc, shares, both.map((one) => [one.falseAlarms, one.recall]));
    roc.setAttribute("aria-label", `ROC curve, area ${state.aucs.map((one) => one.toFixed(3)).join(" and ")}. At ${name} the recall is ${two(both[0].recall)} for ${two(both[0].falseAlarms)} of the negatives.`);
    const precisions = curves.map((points, i) => points.slice(1).map(([, hits, alarms]) => [hits / tallies[i].positives, hits / (hits + alarms)]));
    drawPrecision(precision, precisions, both.map((one) => [one.recall, one.precision]), tallies[0].positives / state.parts[0].length);
    precision.setAttribute("aria-label", `Precision over recall, average ${state.averages.map((one) => one.toFixed(3)).join(" and ")}. At ${name}: precision ${two(both[0].precision)}, recall ${two(both[0].recall)}.`);
    confusion.replaceChildren(...both.map((one, i) => matrix(one, ["First half", "Second half"][i], set)));
    table.replaceChildren(numbers(both));
    said.textContent = spoken(both, name, kept, k);
    python.show(program({ file: fileName(), ends: [thresholds[0], thresholds[last]], steps: last, goal: goal(), ...options(), split: get("split") }));
  }

  function spoken(both, name, kept, k) {
    const [first, second] = both, called = first.hits + first.alarms, told = `Threshold ${name}. First half: ${count(called)} called ${state.set.positive}, precision ${two(first.precision)}, recall ${two(first.recall)}. Second half: precision ${two(second.precision)}, recall ${two(second.recall)}.`;
    if (!PROMISES.includes(goal())) return told;
    const promise = `${goal()} of ${get("target")}`;
    if (kept < 0) return `${told} No threshold that was tried keeps a ${promise} on the first half.`;
    const keeps = both.map((one) => one[goal()] >= get("target"));
    const how = keeps[0] && keeps[1] ? "kept on both" : keeps[0] ? "kept on the first half and broken on the second" : keeps[1] ? "broken on the first half and kept on the second" : "broken on both";
    return `${told} A ${promise} is ${how}${k === kept ? "" : `; the best threshold on the first half is ${short(state.thresholds[kept])}`}.`;
  }

  function matrix({ hits, alarms, misses, passed }, title, { positive, negative }) {
    const row = (name, ...cells) => h("tr", {}, h("th", { scope: "row" }, name), ...cells);
    return h("table", {}, h("caption", {}, `${title}: is, and is called`),
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, `called ${positive}`), h("th", { scope: "col" }, `called ${negative}`))),
      h("tbody", {}, row(positive, h("td", { class: "right" }, count(hits)), h("td", {}, count(misses))), row(negative, h("td", {}, count(alarms)), h("td", { class: "right" }, count(passed)))));
  }

  function numbers(both) {
    const row = (name, pair, aim) => h("tr", { class: aim ? "goal" : null }, h("th", { scope: "row" }, name), ...pair.map((one) => h("td", {}, two(one))));
    const { bins, aucs, averages } = state, rows = ROWS.filter(([name]) => name !== "cost" || goal() === "cost");
    return h("table", {}, h("caption", {}, "What it is worth"),
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "first half, where it is chosen"), h("th", { scope: "col" }, "second half, where it is judged"))),
      h("tbody", {}, ...rows.map(([name, title]) => row(title, both.map((one) => one[name]), name === goal())),
        row("area under ROC, any threshold", aucs), row("average precision, any threshold", averages),
        ...(bins ? [row("calibration error", bins.map(calibrationError))] : [])));
  }

  // ---- many halves: what a threshold is worth that one half has chosen
  function tryMany() {
    const run = ++trying, { set, reach, thresholds } = state, results = [];
    again.disabled = true;
    const go = () => {
      if (run !== trying) return;
      for (let i = 0; i < AT_ONCE; i++) {
        const parts = halves(set.label.length, results.length + 1).map((part) => counts(set.label, reach, part, thresholds.length));
        const k = best(parts[0], goal(), options());
        results.push(k < 0 ? null : { threshold: thresholds[k], ...measures(parts[1], k, get("price")) });
      }
      many.textContent = results.length < TRIES ? `${results.length} of ${TRIES} …` : summed(results);
      if (results.length < TRIES) return setTimeout(go);
      again.disabled = false;
    };
    go();
  }

  function summed(results) {
    const found = results.filter(Boolean), name = goal(), sorted = (what) => found.map((one) => one[what]).sort((a, b) => a - b);
    if (!found.length) return `In none of ${TRIES} ways does a threshold keep the promise on the first half.`;
    const range = (what, digits) => `${middle(sorted(what)).toFixed(digits)} (${sorted(what)[0].toFixed(digits)} to ${sorted(what)[found.length - 1].toFixed(digits)})`;
    const title = ROWS.find(([row]) => row === name)[1];
    const told = `${found.length} ways to halve, each with the threshold that is best on its first half: threshold ${range("threshold", 2)}, ${title} on the second half ${range(name, 3)}, median and range.`;
    if (!PROMISES.includes(name)) return told;
    return `${told} The promise was kept on the second half in ${found.filter((one) => one[name] >= get("target")).length} of them.`;
  }

  // ---- moving the threshold
  function put(value) {
    model.set("threshold", value);
    model.save_changes();
  }
  const putPlace = (k) => put(short(state.thresholds[Math.max(0, Math.min(state.thresholds.length - 1, k))]));
  const nearest = (x, y, at) => state.thresholds.reduce((winner, _, k) => {
    const [a, b] = at(measures(state.tallies[0], k)), far = (a - x) ** 2 + (b - y) ** 2;
    return far < winner.far ? { k, far } : winner;
  }, { k: 0, far: Infinity }).k;
  function follow(picture, where) {
    const move = (event) => state && putPlace(where(...place(picture, event)));
    picture.addEventListener("pointerdown", (event) => {
      picture.setPointerCapture(event.pointerId);
      move(event);
    });
    picture.addEventListener("pointermove", (event) => picture.hasPointerCapture(event.pointerId) && move(event));
  }
  follow(scores, (x) => Math.round(x * (state.thresholds.length - 1)));
  follow(roc, (x, y) => nearest(x, y, (one) => [one.falseAlarms, one.recall]));
  follow(precision, (x, y) => nearest(x, y, (one) => [one.recall, one.precision]));
  level.addEventListener("input", () => state && putPlace(Number(level.value)));
  file.addEventListener("change", () => { open(file.files[0]); file.value = ""; });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => { event.preventDefault(); open(event.dataTransfer.files[0]); });

  // Several changes at once are one.
  let pending = 0, afresh = false;
  const later = (all) => () => {
    afresh ||= all;
    pending ||= setTimeout(() => {
      const all = afresh;
      [pending, afresh] = [0, false];
      if (all) look(); else show();
    });
  };
  for (const name of Object.keys(defaults)) model.on(`change:${name}`, later(name !== "threshold"));
  look();
  return () => { trying++; };
}

export default { title: "Threshold laboratory", defaults, style, render };
