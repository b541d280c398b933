// <digit-lab>: draw a digit, and the chapter's small network answers, layer by layer; shift it, turn it, or train another
// network on this page.
import { button, choice, code, group, h, liveRegion, onTheme, prefersStillness, toggle, whole } from "../shared/dom.mjs";
import { opened, small } from "../shared/grey.mjs";
import { halves } from "../shared/half.mjs";
import { later, tiles } from "../shared/stored.mjs";
import carried from "book:digits";
import { drawImage, drawMaps, drawShifts } from "./draw.mjs";
import { PLACES, drawn, inkOf, normalised, read, shrunk, turned, written } from "./ink.mjs";
import { program, trainingProgram } from "./keras.mjs";
import { CLASSES, SIDE, answer, cut, forward, translated, withWeights } from "./network.mjs";
import source from "./train.worker.mjs";
import style from "./style.css";

const DRAWN = "drawn", FILE = "file", CHAPTER = "chapter", PAGE = "page";
const FARTHEST = carried.shifted.length - 1, SPAN = 2 * FARTHEST + 1; // pixels of the shift test
const PIXELS = SIDE * SIDE, LARGEST = 400; // pixels of the longer side of a reader's picture
const HELD_OUT = 500, BATCH = 32;
const SLICE = 25; // milliseconds of the shift test at a time
const { at: PLACE, digits: LABELS, hard: HARD } = carried.examples;
const NAMES = [...LABELS].map((digit, i) => (i < LABELS.length - HARD ? `a ${digit}` : `a hard ${digit}`));
const defaults = {
  source: "7", strokes: "", fitted: true, turn: 0, right: 0, down: 0, every: false, tested: false, by: CHAPTER,
  digits: 1000, epochs: 6, shifts: true, seed: 0,
};
const ORIGIN = { turn: 0, right: 0, down: 0 };
const best = (proba) => proba.indexOf(proba.reduce((a, b) => Math.max(a, b)));
const share = (p) => (p > 0.995 && p < 1 ? "above 0.99" : p.toFixed(2));

function render({ model, el }) {
  const theirs = withWeights(cut(halves(carried.weights)));
  let examples = null, own = null, ours = null, worker = null, stroke = null, strokes = [], asked = 0, pending = 0, round = 0, answers = [], ended = false;
  const get = (name) => model.get(name);
  const put = (changes) => {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const net = () => (get("by") === PAGE && ours) || theirs;

  // ---- the parts of the page
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), headline = h("p", { class: "headline" });
  const pad = h("canvas", { class: "pad", role: "img" });
  const seen = h("canvas", { tabindex: "0", role: "application" });
  const file = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const bars = h("ol", { class: "bars", "aria-label": "Probabilities" }, ...Array.from({ length: CLASSES }, (_, digit) => h("li", {}, h("b", {}, String(digit)), h("span", { class: "bar" }), h("span", { class: "number" }))));
  const layers = h("div", { class: "layers" }), keras = code("The same in Keras"), test = shiftTest(), school = trainer();
  const testing = button("Shift test", () => put({ tested: !get("tested") }));
  el.append(
    group("Digit",
      choice(model, "source", "which", [...NAMES.map((name, i) => [String(i), name]), [DRAWN, "my own"], [FILE, "my picture"]]),
      button("Clear the pad", () => put({ source: DRAWN, strokes: "", ...ORIGIN })),
      button("Open a picture", () => file.click()), file,
      toggle(model, "fitted", "scaled and centred as MNIST")),
    wrong,
    h("div", { class: "panels" },
      h("div", { class: "pictures" },
        h("figure", {}, pad, h("figcaption", {}, "Draw here, with a finger, a pen or the mouse")),
        h("figure", {}, seen, h("figcaption", {}, "What the network reads, 28 × 28: arrow keys move it, + and − turn it")),
        h("div", { class: "answered" }, headline, bars)),
      group("Move it", whole(model, "right", "to the right", -SIDE / 2, SIDE / 2), whole(model, "down", "down", -SIDE / 2, SIDE / 2), whole(model, "turn", "turned by °", -180, 180),
        button("Back", () => put(ORIGIN)), testing),
      said, test.element),
    group("Layer by layer", toggle(model, "every", "every layer, not only the end of each block")), layers,
    school.element, keras.element,
  );

  // ---- the digit
  const known = (name) => /^\d+$/.test(name) && name < NAMES.length;

  /** What the pad shows: an image of any size, or null. */
  function original() {
    if (get("source") === DRAWN) return strokes.length ? drawn(strokes) : null;
    if (get("source") === FILE) return own;
    const at = Number(get("source")) * PIXELS;
    return { width: SIDE, height: SIDE, X: examples.subarray(at, at + PIXELS) };
  }

  /** The image that is read, before it is shifted, in whole numbers as in MNIST; null where there is none. */
  function base() {
    const image = original();
    if (!image) return null;
    const X = known(get("source")) ? image.X : get("fitted") ? normalised(image) : shrunk(image);
    return turned(X, get("turn")).map(Math.round);
  }

  const shifted = (image, down, right) => Uint8Array.from(translated(image, down, right));

  function show() {
    if (ended || !examples) return;
    const image = base(), pixels = image && shifted(image, get("down"), get("right"));
    drawImage(pad, original() ?? { width: PLACES, height: PLACES, X: new Uint8Array(PLACES * PLACES) });
    drawImage(seen, { width: SIDE, height: SIDE, X: pixels ?? new Uint8Array(PIXELS) });
    label();
    testing.setAttribute("aria-pressed", get("tested"));
    if (!pixels) return nothing();
    const made = forward(net(), pixels, 1), proba = made.at(-1), [first, second] = [...proba.keys()].sort((a, b) => proba[b] - proba[a]);
    headline.replaceChildren(h("strong", {}, String(first)), ` with a probability of ${share(proba[first])}`, ...(net() === theirs ? [] : [", says the network of this page"]));
    said.textContent = `The answer is ${first}, with a probability of ${share(proba[first])}; next comes ${second}, with ${share(proba[second])}.`;
    [...bars.children].forEach((bar, digit) => {
      bar.style.setProperty("--share", `${100 * proba[digit]}%`);
      bar.classList.toggle("best", digit === first);
      bar.lastChild.textContent = proba[digit].toFixed(3);
    });
    showLayers(made);
    const moved = { turn: get("turn"), down: get("down"), right: get("right") };
    keras.show(program(known(get("source")) ? { at: PLACE[get("source")], ...moved } : { pixels }));
    test.mark();
  }

  function nothing() {
    headline.textContent = get("source") === FILE ? "Open a picture of a digit." : "Draw a digit on the pad.";
    said.textContent = "";
    layers.replaceChildren();
    keras.show("");
    for (const bar of bars.children) {
      bar.style.setProperty("--share", "0");
      bar.lastChild.textContent = "";
    }
  }

  function label() {
    const which = get("source") === DRAWN ? `${strokes.length} strokes of your own` : get("source") === FILE ? "your picture" : NAMES[get("source")];
    pad.setAttribute("aria-label", `The pad shows ${which}.`);
    seen.setAttribute("aria-label", `What the network reads: ${which}, ${get("right")} pixels to the right, ${get("down")} down, turned by ${get("turn")} degrees. Arrow keys move it, plus and minus turn it, Home brings it back.`);
  }

  function showLayers(made) {
    const shown = net().map((layer, i) => ({ ...layer, X: made[i] })).filter(({ kind }) => kind !== "dense" && (get("every") || kind === "relu"));
    while (layers.children.length > shown.length) layers.lastChild.remove();
    while (layers.children.length < shown.length) layers.append(h("figure", {}, h("canvas", { role: "img" }), h("figcaption", {})));
    shown.forEach((layer, i) => {
      const [canvas, caption] = layers.children[i].children, { side, channels, title } = layer;
      drawMaps(canvas, layer, layer.X);
      canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
      const name = get("every") ? title : `Block ${i + 1}`;
      caption.textContent = `${name}: ${channels} maps of ${side} × ${side}`;
      canvas.setAttribute("aria-label", `${caption.textContent}; a share of ${(layer.X.filter((x) => x !== 0).length / layer.X.length).toFixed(2)} is not 0.`);
    });
  }

  // ---- drawing, and moving by keys
  const places = ({ clientX, clientY }) => {
    const box = pad.getBoundingClientRect(), place = (share) => Math.max(0, Math.min(PLACES - 1, Math.floor(share * PLACES)));
    return [place((clientX - box.left) / box.width), place((clientY - box.top) / box.height)];
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    if (get("source") !== DRAWN) {
      strokes = [];
      put({ source: DRAWN, strokes: "", ...ORIGIN });
    }
    strokes.push((stroke = [places(event)]));
    soon();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = places(event), [lastX, lastY] = stroke.at(-1);
    if (Math.hypot(x - lastX, y - lastY) < 2) return;
    stroke.push([x, y]);
    soon();
  });
  for (const end of ["pointerup", "pointercancel"])
    pad.addEventListener(end, () => {
      if (!stroke) return;
      stroke = null;
      put({ strokes: written(strokes) });
    });
  const KEYS = {
    ArrowLeft: ["right", -1], ArrowRight: ["right", 1], ArrowUp: ["down", -1], ArrowDown: ["down", 1], "+": ["turn", 5], "-": ["turn", -5],
  };
  seen.addEventListener("keydown", (event) => {
    const [name, step] = KEYS[event.key] ?? [];
    if (event.ctrlKey || event.metaKey || event.altKey || (!name && event.key !== "Home")) return;
    event.preventDefault();
    const most = name === "turn" ? 180 : SIDE / 2;
    put(name ? { [name]: Math.max(-most, Math.min(most, get(name) + step)) } : ORIGIN);
  });

  // ---- a picture of one's own
  async function take(chosen) {
    if (!chosen) return;
    try {
      const bitmap = await opened(chosen);
      own = inkOf(small(bitmap, bitmap.width, bitmap.height, LARGEST));
    } catch (error) {
      wrong.textContent = error.message;
      return;
    }
    wrong.textContent = "";
    put({ source: FILE, ...ORIGIN });
    change();
  }
  file.addEventListener("change", () => { take(file.files[0]); file.value = ""; });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });

  // ---- the shift test
  function shiftTest() {
    const grid = h("canvas", { role: "img" }), rows = h("tbody", {});
    const element = h("div", { class: "test" },
      h("figure", {}, grid, h("figcaption", {}, "The answer to this digit, shifted in both directions: in the middle, not at all. Click to move it there")),
      h("table", {}, h("caption", {}, "Shifted straight, in four directions"), h("thead", {}, h("tr", {}, ...["pixels", "this digit keeps its answer", "test digits right*"].map((text) => h("th", { scope: "col" }, text)))), rows),
      h("p", { class: "hint" }, "* The chapter's network, asked about all 10,000 test digits. In training it saw digits that were shifted by at most about two pixels."));
    grid.addEventListener("click", ({ clientX, clientY }) => {
      const box = grid.getBoundingClientRect(), place = (share) => Math.max(0, Math.min(SPAN - 1, Math.floor(share * SPAN))) - FARTHEST;
      put({ right: place((clientX - box.left) / box.width), down: place((clientY - box.top) / box.height) });
    });

    async function run() {
      const image = base(), now = ++round;
      element.hidden = !get("tested") || !image;
      if (element.hidden) return;
      answers = [];
      // From the middle outwards.
      const order = [...Array(SPAN * SPAN).keys()].sort((a, b) => distance(a) - distance(b));
      let began = performance.now();
      for (const at of order) {
        const [down, right] = shift(at), proba = answer(net(), shifted(image, down, right)), digit = best(proba);
        answers[at] = { digit, probability: proba[digit] };
        if (performance.now() - began < SLICE) continue;
        if (!prefersStillness()) draw();
        await new Promise((resolve) => { setTimeout(resolve); });
        if (ended || now !== round) return;
        began = performance.now();
      }
      tell();
      draw();
    }

    const shift = (at) => [Math.floor(at / SPAN) - FARTHEST, (at % SPAN) - FARTHEST];
    const distance = (at) => Math.hypot(...shift(at));
    const kept = () => answers[(SPAN * SPAN - 1) / 2]?.digit;

    function tell() {
      const keeps = answers.filter(({ digit }) => digit === kept()).length - 1;
      const straight = (pixels) => [[pixels, 0], [-pixels, 0], [0, pixels], [0, -pixels]].filter(([down, right]) => answers[(down + FARTHEST) * SPAN + right + FARTHEST].digit === kept()).length;
      rows.replaceChildren(...carried.shifted.map((right, pixels) => h("tr", {}, h("th", { scope: "row" }, String(pixels)), h("td", {}, `${straight(pixels)} of 4`), h("td", {}, right.toFixed(3)))));
      const sentence = `Of ${SPAN * SPAN - 1} shifts by up to ${FARTHEST} pixels, ${keeps} keep the answer ${kept()}.`;
      grid.setAttribute("aria-label", sentence);
      said.textContent = `Shift test: ${sentence}`;
    }

    function draw() {
      const [row, column] = [get("down") + FARTHEST, get("right") + FARTHEST], inside = Math.min(row, column) >= 0 && Math.max(row, column) < SPAN;
      if (!element.hidden) drawShifts(grid, answers, SPAN, kept(), inside ? { row, column } : null);
    }
    element.hidden = true;
    return { element, run, mark: draw, watched: grid };
  }

  // ---- training
  function trainer() {
    const run = button("Train", () => (worker ? stop() : begin()), { class: "first" }), told = h("p", { class: "told", role: "status", "aria-live": "polite" });
    const rows = h("tbody", {}), log = h("table", {}, h("caption", {}, `Right of ${HELD_OUT} digits that are held out`), h("thead", {}, h("tr", {}, ...["epoch", "loss", "right"].map((text) => h("th", { scope: "col" }, text)))), rows);
    const lines = code("A training like this in Keras");
    log.hidden = true;

    async function begin() {
      const { digits, epochs, shifts, seed } = settings();
      rows.replaceChildren();
      [told.textContent, run.textContent, wrong.textContent] = ["The digits are being fetched …", "Stop", ""];
      worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
      const mine = worker;
      mine.onmessage = ({ data }) => receive(data, epochs);
      try {
        const stored = await later("training-digits"), images = await tiles(stored.image), y = Uint8Array.from(stored.digits, Number);
        const some = (from, to = y.length) => ({ images: images.slice(from * PIXELS, to * PIXELS), y: y.slice(from, to) });
        if (mine === worker) mine.postMessage({ train: some(0, digits), heldOut: some(y.length - HELD_OUT), options: { epochs, batch: BATCH, shifts, seed } });
      } catch (error) {
        stop();
        wrong.textContent = error.message;
      }
    }

    function receive({ epoch, loss, accuracy, weights, batch, batches }, epochs) {
      if (!epoch) {
        // Who wants no motion sees epochs, not batches.
        if (!prefersStillness()) run.textContent = `Stop (epoch ${rows.children.length + 1}, batch ${batch} of ${batches})`;
        return;
      }
      log.hidden = false;
      rows.append(h("tr", {}, ...[epoch, loss.toFixed(3), accuracy.toFixed(3)].map((text) => h("td", {}, String(text)))));
      told.textContent = `Epoch ${epoch} of ${epochs}: ${accuracy.toFixed(3)} of ${HELD_OUT} held-out digits are right.${epoch === epochs ? " Now this network answers, above." : ""}`;
      ours = withWeights(weights);
      if (epoch < epochs) return get("by") === PAGE && change();
      stop();
      if (get("by") === PAGE) change();
      else put({ by: PAGE });
    }

    function stop() {
      worker?.terminate();
      worker = null;
      run.textContent = "Train";
      if (told.textContent.endsWith("…")) told.textContent = "";
    }

    const settings = () => Object.fromEntries(["digits", "epochs", "shifts", "seed"].map((name) => [name, get(name)]));
    const write = () => lines.show(trainingProgram({ ...settings(), batch: BATCH, stored: 2000, heldOut: HELD_OUT }));
    for (const name of Object.keys(settings())) model.on(`change:${name}`, write);
    write();
    const element = h("details", { class: "school" }, h("summary", {}, "Train a network of your own on this page"),
      group("Training", choice(model, "digits", "digits", [200, 500, 1000, 1500]), whole(model, "epochs", "epochs", 2, 30), whole(model, "seed", "seed", 0, 9999), toggle(model, "shifts", "shifted at random")),
      h("div", { class: "row" }, run, choice(model, "by", "who answers", [[CHAPTER, "the chapter's network"], [PAGE, "the one trained here"]])),
      told, log, lines.element);
    return { element, stop };
  }

  // ---- what is shown again when something changes
  function change() {
    wrong.textContent = get("by") === PAGE && !ours ? "No network has been trained on this page yet, so the chapter's answers: train one below." : "";
    if (get("source") === FILE && !own) wrong.textContent = "No picture of yours is open. It stays on this computer: it is neither uploaded nor part of the address.";
    if (!known(get("source")) && ![DRAWN, FILE].includes(get("source"))) return model.set("source", defaults.source);
    if (!stroke) strokes = read(get("strokes"));
    show();
    test.run();
  }
  function soon() {
    asked ||= requestAnimationFrame(() => { asked = 0; show(); });
  }
  function changed() {
    pending ||= setTimeout(() => { pending = 0; change(); });
  }
  for (const name of ["source", "strokes", "fitted", "turn", "by", "tested"]) model.on(`change:${name}`, changed);
  for (const name of ["right", "down", "every"]) model.on(`change:${name}`, soon);
  const resized = new ResizeObserver(test.mark), endTheme = onTheme(test.mark);
  resized.observe(test.watched);
  tiles(carried.examples.image).then((images) => {
    examples = images;
    change();
  });
  return () => {
    ended = true;
    school.stop();
    resized.disconnect();
    endTheme();
  };
}

export default { title: "Digit laboratory", defaults, style, render };
