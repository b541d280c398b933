// <spiral-lab>: train a network on the spiral, five seeds at once, beside simple models; or on points of your own.
import { button, choice, code, group, h, line, liveRegion, onTheme, prefersStillness, toggle, whole } from "../shared/dom.mjs";
import { baselines } from "./baselines.mjs";
import { chart, drawChart, drawPlane, frame, frameOfOwn, knots, median } from "./draw.mjs";
import { hidden, program } from "./keras.mjs";
import { ACTIVATIONS, parameters } from "./network.mjs";
import { LEAST, divided, joined, parsed, spiral, written } from "./points.mjs";
import style from "./style.css";
import source from "./train.worker.mjs";

const SEEDS = 5, NEW = 2000, STEP = 10;
const INPUTS = [["metres", "as they are"], ["centimetres", "x2 in centimetres"], ["scaled", "the same, standardised"]];
const defaults = {
  data: "spiral", points: 800, draw: 0, own: "", inputs: "metres",
  layers: "20-20-20", activation: "relu", optimizer: "adam", rate: 0.01, falling: false, l2: 0, batch: 32, epochs: 100, seed: 0,
};
// Lines of own points, in letters that an address need not spell out.
const packed = (text) => text.replaceAll(",", "_").replaceAll("\n", "~");
const unpacked = (text) => text.replaceAll("_", ",").replaceAll("~", "\n");

function render({ model, el }) {
  let data = null, workers = [], reports = new Map(), history = [], map = null, target = 0, cross = null, frameAsked = 0;
  const state = () => Object.fromEntries(Object.keys(defaults).map((name) => [name, model.get(name)]));

  // ---- the parts of the page
  const headline = h("p", { class: "headline" }), said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" });
  const canvas = h("canvas");
  const picture = chart();
  const run = button("Train", () => (running() ? stop() : train(model.get("epochs"))), { class: "first" });
  const step = button(`${STEP} epochs`, () => train(Math.min(reached() + STEP, model.get("epochs"))));
  const again = button("Start over", () => begin());
  const keras = code("The same in Keras");
  const own = ownPoints();
  el.append(
    group("Network and training",
      line(model, "layers", "hidden layers", ["20", "125", "20-20-20", "64-64-64", "256-128-64"]),
      choice(model, "activation", "activation", Object.keys(ACTIVATIONS)),
      choice(model, "rate", "learning rate", [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]),
      toggle(model, "falling", "falls to 0"),
      choice(model, "data", "points", [["spiral", "the spiral"], ["own", "my own"]])),
    own.element,
    h("details", { class: "more" }, h("summary", {}, "More settings"),
      group("Points",
        whole(model, "points", "how many", 20, 5000), whole(model, "draw", "seed", 0, 9999),
        choice(model, "inputs", "coordinates", INPUTS)),
      group("Training",
        choice(model, "optimizer", "optimizer", [["adam", "Adam"], ["momentum", "SGD, momentum"], ["sgd", "SGD"]]),
        choice(model, "l2", "L2 penalty", [0, 0.00001, 0.0001, 0.001, 0.01]),
        choice(model, "batch", "batch", [8, 16, 32, 64, 200, 800]),
        whole(model, "epochs", "epochs", 1, 2000), whole(model, "seed", "first seed", 0, 9999))),
    wrong,
    h("div", { class: "row" }, run, step, again),
    headline,
    h("div", { class: "pictures" }, h("figure", {}, canvas, h("figcaption", {}, "Training points, and what the first seed answers between them")),
      h("figure", {}, picture, h("figcaption", {}, h("span", { class: "key held-out" }), "held-out ", h("span", { class: "key training" }), "training: median and range of five seeds. Dotted: simple models, held-out"))),
    said, keras.element,
  );

  // ---- the data
  function prepare() {
    const { points, draw, inputs } = state();
    const all = model.get("data") === "own" ? parsed(unpacked(model.get("own"))) : null;
    if (all && (all.y.length < LEAST || all.names.length < 2))
      throw new Error(`There are ${all.y.length} points of ${all.names.length} classes; training needs at least ${LEAST} points and two classes.`);
    const [train, test] = all ? divided(all) : [spiral(points, draw), spiral(NEW, draw + 100)];
    const scale = inputs === "metres" ? [1, 1] : [1, 100];
    const n = train.y.length;
    const mean = [0, 0], deviation = [1, 1];
    if (inputs === "scaled")
      for (const axis of [0, 1]) {
        const column = train.X.filter((_, i) => i % 2 === axis).map((x) => x * scale[axis]);
        mean[axis] = column.reduce((a, b) => a + b, 0) / n;
        deviation[axis] = Math.sqrt(column.reduce((a, b) => a + (b - mean[axis]) ** 2, 0) / n) || 1;
      }
    const read = (X) => X.map((x, i) => (x * scale[i % 2] - mean[i % 2]) / deviation[i % 2]);
    const shown = all ? joined(train, test) : train, edges = all ? frameOfOwn(all.X) : frame(train.X);
    const counts = train.names.map((_, k) => test.y.filter((label) => label === k).length);
    data = {
      train, shown, edges,
      forNet: { train: { ...train, X: read(train.X) }, test: { ...test, X: read(test.X) }, grid: read(knots(edges)) },
      // The class that is most frequent in training, on held-out points.
      chance: counts[mostFrequent(train)] / test.y.length,
    };
    data.simple = baselines(data.forNet.train, data.forNet.test);
  }

  function mostFrequent({ y, names }) {
    const counts = names.map((_, k) => y.filter((label) => label === k).length);
    return counts.indexOf(Math.max(...counts));
  }

  // ---- training
  function begin() {
    workers.forEach((worker) => worker.terminate());
    [workers, reports, history, map, target] = [[], new Map(), [], null, 0];
    wrong.textContent = "";
    let sizes = null;
    try {
      prepare();
      sizes = hidden(model.get("layers"));
    } catch (error) {
      wrong.textContent = error.message;
    }
    [run.disabled, step.disabled] = [!sizes, !sizes];
    if (!sizes) {
      if (model.get("data") === "own") data = drawable();
      headline.textContent = "";
      keras.show("");
      return draw();
    }
    const all = [2, ...sizes, data.train.names.length];
    keras.show(program(state(), sizes, data.train.names.length));
    headline.textContent = `${parameters(all).toLocaleString("en")} parameters for ${data.train.y.length} points.`;
    buttons();
    draw();
  }

  function hire() {
    const { layers, activation, optimizer, rate, falling, l2, batch, epochs, seed } = state();
    const options = { sizes: [2, ...hidden(layers), data.train.names.length], activation, optimizer, rate, falling, l2, batch, epochs };
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { grid, ...points } = data.forNet;
    workers = Array.from({ length: SEEDS }, (_, i) => {
      const worker = new Worker(address);
      worker.onmessage = (message) => receive(i, message.data);
      worker.postMessage({ begin: { ...points, grid: i ? null : grid, options: { ...options, seed: seed + i } }, until: 0 });
      return worker;
    });
    URL.revokeObjectURL(address);
  }

  /** Points that are too few to train on can still be seen. */
  function drawable() {
    let points = { X: new Float64Array(), y: new Uint8Array(), names: ["0", "1"] };
    try { points = parsed(unpacked(model.get("own"))); } catch { /* what is wrong has been said */ }
    if (points.names.length < 2) points.names = own.classes();
    return { train: points, shown: points, edges: frameOfOwn(points.X), simple: {}, chance: 0 };
  }

  const reached = () => (history.length ? history[history.length - 1][0] : 0);
  const running = () => target > reached();

  function train(until) {
    if (reached() >= model.get("epochs")) begin();
    if (!workers.length) hire();
    target = Math.max(until, 1);
    workers.forEach((worker) => worker.postMessage({ until: target }));
    buttons();
  }

  function stop() {
    // Seeds may be some epochs apart: all go as far as the first of them.
    target = Math.max(...[...reports.values()].map((epochs) => Math.max(...epochs.keys())), reached() + 1);
    workers.forEach((worker) => worker.postMessage({ until: target }));
    buttons();
  }

  function receive(i, report) {
    if (report.map) map = report.map;
    if (!reports.has(i)) reports.set(i, new Map());
    reports.get(i).set(report.epoch, report);
    const of = [...reports.values()].map((epochs) => epochs.get(report.epoch));
    if (of.length === SEEDS && of.every(Boolean)) {
      history.push([report.epoch, of.map((one) => one.training), of.map((one) => one.heldOut)]);
      reports.forEach((epochs) => [...epochs.keys()].forEach((epoch) => epoch < report.epoch && epochs.delete(epoch)));
      if (!running() && report.epoch > 0) tell();
      buttons();
    }
    // Who wants no motion sees the state in which training rests.
    if (!prefersStillness() || !running()) draw();
  }

  function buttons() {
    run.textContent = running() ? "Stop" : reached() > 0 && reached() < model.get("epochs") ? "Go on" : "Train";
    step.disabled = running();
  }

  function tell() {
    const [epoch, training, heldOut] = history[history.length - 1];
    const best = Object.entries(data.simple).sort((a, b) => b[1] - a[1])[0], ours = median(heldOut);
    const range = (values) => `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
    const against = `the best simple model here, ${best[0]}, has ${best[1].toFixed(2)}`;
    said.textContent = `Epoch ${epoch}, five seeds: held-out ${range(heldOut)}, training ${range(training)}; ${against}.`;
    headline.replaceChildren(h("strong", {}, ours.toFixed(2)), " on held-out points, ", h("span", {}, `${median(training).toFixed(2)} on training points`));
  }

  // ---- drawing
  function draw() {
    frameAsked ||= requestAnimationFrame(() => {
      frameAsked = 0;
      drawPlane(canvas, data.shown, data.edges, map, cross);
      drawChart(picture, history, model.get("epochs"), data.simple, data.chance);
      canvas.setAttribute("aria-label", label());
      // Keys do something where points can be set, and only there it is a stop of the keyboard.
      canvas.setAttribute("role", model.get("data") === "own" ? "application" : "img");
      canvas.tabIndex = model.get("data") === "own" ? 0 : -1;
      const now = history.length ? `held-out ${median(history[history.length - 1][2]).toFixed(2)}` : "nothing trained yet";
      picture.setAttribute("aria-label", `Accuracy over ${model.get("epochs")} epochs: ${now}. ${Object.entries(data.simple).map(([name, share]) => `${name} ${share.toFixed(2)}`).join(", ")}.`);
    });
  }

  function label() {
    const counts = data.train.names.map((name, k) => `${data.train.y.filter((one) => one === k).length} of class ${name}`);
    const how = model.get("data") === "own" ? " Arrow keys move a cross-hair, Enter sets a point." : "";
    return `Plane with ${data.train.y.length} training points: ${counts.join(", ")}.${how}`;
  }

  // ---- own points: by pointer, by keyboard, as text, as a file
  function ownPoints() {
    const pick = h("select", { name: "class" });
    const area = h("textarea", { rows: "5", spellcheck: "false", "aria-label": "Points, one a line: x1, x2, class", placeholder: "x1, x2, class" });
    const file = h("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv,text/plain", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
    const take = (text) => {
      model.set("own", packed(text));
      model.save_changes();
    };
    const classes = () => [...pick.options].map((option) => option.value);
    const show = () => {
      const text = unpacked(model.get("own"));
      if (area.value !== text) area.value = text;
      let names = [];
      try { names = parsed(text).names; } catch { /* said elsewhere */ }
      for (let k = 0; names.length < 3; k++) if (!names.includes(String(k))) names.push(String(k));
      const picked = pick.value;
      pick.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      pick.value = names.includes(picked) ? picked : names[0];
      element.hidden = model.get("data") !== "own";
    };
    area.addEventListener("change", () => {
      // Read and written again, points are short enough for an address.
      try { take(written(parsed(area.value))); } catch (error) { wrong.textContent = error.message; }
    });
    file.addEventListener("change", async () => {
      const chosen = file.files[0];
      if (!chosen) return;
      file.value = "";
      try {
        const points = parsed(await chosen.text());
        if (!points.y.length) throw new Error("it holds no points");
        take(written(points));
      } catch (error) {
        wrong.textContent = `${chosen.name} cannot be read: ${error.message} A file has lines such as 0.5, -1.2, red.`;
      }
    });
    const element = group("My own points",
      h("label", { class: "field" }, h("span", {}, "class of the next point"), pick),
      button("Open a CSV file", () => file.click()), file,
      button("Clear", () => take("")),
      h("p", { class: "hint" }, "Click into the plane, or move the cross-hair with the arrow keys and press Enter. One point in five is held out."),
      h("details", {}, h("summary", {}, "As text"), area));
    model.on("change:own", show);
    model.on("change:data", show);
    show();
    return { element, classes, add: (x1, x2) => {
      const text = unpacked(model.get("own"));
      take(`${text}${text ? "\n" : ""}${+x1.toPrecision(3)},${+x2.toPrecision(3)},${pick.value}`);
    } };
  }

  canvas.addEventListener("click", (event) => {
    if (model.get("data") !== "own") return;
    const box = canvas.getBoundingClientRect(), [[left, right], [low, high]] = data.edges;
    own.add(left + ((event.clientX - box.left) / box.width) * (right - left), high - ((event.clientY - box.top) / box.height) * (high - low));
  });
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  canvas.addEventListener("keydown", (event) => {
    if (model.get("data") !== "own") return;
    const [[left, right], [low, high]] = data.edges, move = MOVES[event.key];
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    cross ??= [(left + right) / 2, (low + high) / 2];
    if (move) {
      const stride = event.shiftKey ? 0.1 : 0.02;
      cross = [Math.max(left, Math.min(right, cross[0] + move[0] * stride * (right - left))), Math.max(low, Math.min(high, cross[1] + move[1] * stride * (high - low)))];
      said.textContent = `Cross-hair at ${cross[0].toFixed(2)}, ${cross[1].toFixed(2)}.`;
      draw();
    } else own.add(...cross);
  });

  // ---- what begins again, and what ends
  const changed = () => { pending ||= setTimeout(() => { pending = 0; begin(); }); };
  let pending = 0;
  for (const name of Object.keys(defaults)) model.on(`change:${name}`, changed);
  const resized = new ResizeObserver(() => data && draw());
  resized.observe(canvas);
  const endTheme = onTheme(() => draw());
  begin();
  return () => {
    workers.forEach((worker) => worker.terminate());
    resized.disconnect();
    endTheme();
  };
}

export default { title: "Spiral laboratory", defaults, style, render };
