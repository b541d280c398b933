// <kernel-lab>: a kernel that can be changed, on the cat, on a digit or on a picture of your own; point at an output to see
// the window, the products and the sum.
import { button, choice, code, group, h, liveRegion, prefersStillness, toggle, whole } from "../shared/dom.mjs";
import handMade from "book:kernels";
import { outputSize } from "../shared/sizes.mjs";
import { conv2d, pool2d, relu, windowOf } from "./convolution.mjs";
import { drawMap } from "./draw.mjs";
import { program } from "./keras.mjs";
import { PICTURES, ofBook, ofFile, ofVideo } from "./pictures.mjs";
import style from "./style.css";

const FRAME = 80; // milliseconds from one picture of the camera to the next
const OWN = "own";
const packed = (kernel) => kernel.map((weight) => +weight.toPrecision(6)).join("_");
const PRESETS = Object.fromEntries(Object.entries(handMade).map(([name, kernel]) => [name, packed(kernel)]));
const defaults = {
  picture: "cat", kernel: PRESETS["vertical edges"], stride: 1, padding: "valid", bias: 0, relu: false, pooling: "none",
  row: 0, column: 0, channels: 1, filters: 1,
};
const shown = (number) => String(+number.toFixed(Math.abs(number) < 10 ? 2 : 1)).replace("-", "−");
const count = (number) => number.toLocaleString("en");

function render({ model, el }) {
  let picture = null, own = null, map = null, before = null, video = null, timer = 0, asked = 0, ended = false;
  const get = (name) => model.get(name);

  function weights() {
    const kernel = get("kernel").split("_").map((text) => (text.trim() ? Number(text) : NaN));
    return [9, 25].includes(kernel.length) && kernel.every(Number.isFinite) ? kernel : defaults.kernel.split("_").map(Number);
  }
  const side = () => Math.sqrt(weights().length);

  // ---- the parts of the page
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), facts = h("p", { class: "facts" });
  const from = h("canvas", { role: "img" }), to = h("canvas", { tabindex: "0", role: "application" });
  const file = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const camera = button("Use the camera", () => (video ? stopCamera() : startCamera()));
  camera.hidden = !navigator.mediaDevices?.getUserMedia;
  const grid = h("div", { class: "kernel", role: "group", "aria-label": "Weights of the kernel" });
  const products = h("div", { class: "products" }), sum = h("p", { class: "sum" }), keras = code("The same in Keras");
  const size = h("p", {}), parameters = h("p", {}), work = h("p", {});
  el.append(
    group("Picture",
      choice(model, "picture", "which", [...Object.entries(PICTURES).map(([name, { label }]) => [name, label]), [OWN, "my own"]]),
      button("Open a picture", () => file.click()), file, camera),
    wrong,
    group("Kernel",
      h("div", { class: "presets" }, ...Object.entries(PRESETS).map(([name, kernel]) => button(name, () => choose(kernel)))),
      grid,
      h("div", { class: "beside" }, button("3 × 3", () => resize(3)), button("5 × 5", () => resize(5)), button("Turn it over", () => choose(packed(weights().map((w) => -w || 0)))))),
    group("Layer",
      choice(model, "stride", "stride", [1, 2, 3]), choice(model, "padding", "padding", ["valid", "same"]),
      number("bias", "bias"), toggle(model, "relu", "ReLU"),
      choice(model, "pooling", "pooling", [["none", "none"], ["max", "maximum, 2 × 2"], ["average", "mean, 2 × 2"]])),
    h("div", { class: "pictures" },
      h("figure", {}, from, h("figcaption", {}, "The picture, and the window that is read")),
      h("figure", {}, to, h("figcaption", {}, "The map: point at a number, or use the arrow keys"))),
    facts, said, products, sum,
    h("details", {}, h("summary", {}, "How large, how expensive"),
      group("As a layer with", whole(model, "channels", "channels in", 1, 4096), whole(model, "filters", "filters", 1, 4096)), size, parameters, work),
    keras.element,
  );

  function number(name, label) {
    const control = h("input", { type: "number", step: "0.1", name, inputmode: "decimal" });
    const show = () => { control.value = get(name); };
    show();
    control.addEventListener("change", () => {
      model.set(name, Number(control.value) || 0);
      show();
      model.save_changes();
    });
    model.on(`change:${name}`, show);
    return h("label", { class: "field" }, h("span", {}, label), control);
  }

  // ---- the kernel
  function choose(kernel) {
    model.set("kernel", kernel);
    model.save_changes();
  }

  // A larger kernel keeps its weights in the middle, a smaller one keeps those in the middle.
  function resize(k) {
    const old = weights(), n = side(), shift = (n - k) / 2;
    choose(packed(Array.from({ length: k * k }, (_, at) => {
      const i = Math.floor(at / k) + shift, j = (at % k) + shift;
      return i < 0 || j < 0 || i >= n || j >= n ? 0 : old[i * n + j];
    })));
  }

  function showKernel() {
    const kernel = weights(), k = side();
    if (grid.children.length !== kernel.length) {
      grid.style.setProperty("--side", k);
      grid.replaceChildren(...kernel.map((_, at) => h("input", {
        type: "number", step: "any", inputmode: "decimal", "aria-label": `Row ${Math.floor(at / k)}, column ${at % k}`,
        change: ({ target }) => {
          const changed = weights();
          changed[at] = Number(target.value) || 0;
          choose(packed(changed));
        },
      })));
    }
    kernel.forEach((weight, at) => { grid.children[at].value = +weight.toPrecision(4); });
    for (const preset of el.querySelectorAll(".presets button")) preset.setAttribute("aria-pressed", PRESETS[preset.textContent] === get("kernel"));
  }

  // ---- the picture
  async function look() {
    const name = get("picture");
    if (name !== OWN || !video) stopCamera();
    wrong.textContent = "";
    if (name === OWN && !own) wrong.textContent = "No picture of yours is open. It stays on this computer: it is neither uploaded nor part of the address.";
    picture = name === OWN && own ? own : await ofBook(name in PICTURES ? name : "cat");
    if (!ended) compute();
  }

  async function take(chosen) {
    if (!chosen) return;
    stopCamera();
    try {
      own = await ofFile(chosen);
      wrong.textContent = "";
    } catch (error) {
      wrong.textContent = error.message;
      return;
    }
    mine();
  }

  function mine() {
    if (get("picture") === OWN) look();
    else model.set("picture", OWN);
    model.save_changes();
  }

  async function startCamera() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } } });
      video = h("video", { muted: true, playsinline: true });
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      video = null;
      wrong.textContent = `The camera cannot be used (${error.message}). Allow it in the browser, or open a picture instead.`;
      return;
    }
    camera.textContent = "Stop the camera";
    own = ofVideo(video);
    mine();
    // Who wants no motion gets one picture.
    if (prefersStillness()) return stopCamera();
    timer = setInterval(() => { picture = own = ofVideo(video); compute(true); }, FRAME);
  }

  function stopCamera() {
    clearInterval(timer);
    video?.srcObject.getTracks().forEach((track) => track.stop());
    video = null;
    camera.textContent = "Use the camera";
  }

  // ---- what is computed
  function compute(quiet = false) {
    const kernel = weights(), layer = { stride: get("stride"), padding: get("padding"), bias: get("bias") };
    before = conv2d(picture, kernel, layer);
    if (get("relu")) before = relu(before);
    map = get("pooling") === "none" ? before : pool2d(before, get("pooling"));
    showKernel();
    if (!map.X.length) {
      facts.textContent = `Nothing is left: a kernel of ${side()} × ${side()}${get("pooling") === "none" ? "" : " and a pooling"} does not fit into ${picture.height} × ${picture.width} pixels. Try padding “same”, or a larger picture.`;
      [said.textContent, sum.textContent] = ["", ""];
      products.replaceChildren();
    } else {
      const largest = map.X.reduce((a, b) => Math.max(a, b), -Infinity), least = map.X.reduce((a, b) => Math.min(a, b), Infinity);
      const positive = map.X.reduce((n, x) => n + (x > 0), 0) / map.X.length;
      facts.textContent = `${map.height} × ${map.width} numbers, from ${shown(least)} to ${shown(largest)}; a share of ${positive.toFixed(2)} is above 0.`;
      point(get("row"), get("column"), quiet);
    }
    costs(kernel.length);
    keras.show(program({ code: PICTURES[get("picture")]?.code ?? ["from PIL import Image", "", 'grey = np.array(Image.open("my.png").convert("RGB")).mean(axis=2) / 255'], kernel, ...layer, relu: get("relu"), pooling: get("pooling") }));
    draw();
  }

  function costs(weightsOfKernel) {
    const { stride, padding } = { stride: get("stride"), padding: get("padding") }, k = side(), c = get("channels"), f = get("filters");
    const along = (n) => (padding === "same" ? `⌈${n} / ${stride}⌉ = ${outputSize(n, k, stride, padding)}` : `⌊(${n} − ${k}) / ${stride}⌋ + 1 = ${outputSize(n, k, stride, padding)}`);
    const places = outputSize(picture.height, k, stride, padding) * outputSize(picture.width, k, stride, padding);
    const halved = get("pooling") === "none" ? "" : " Pooling halves both, rounded down, and has no parameters.";
    size.textContent = `Size: ${along(picture.height)} rows, ${along(picture.width)} columns.${halved}`;
    parameters.textContent = `Parameters: (${k} · ${k} · ${c} + 1) · ${f} = ${count((weightsOfKernel * c + 1) * f)}.`;
    work.textContent = `Multiplications: ${count(places)} places · ${k} · ${k} · ${c} · ${f} = ${count(places * weightsOfKernel * c * f)}.`;
  }

  // The number that is pointed at, and how it came about.
  function point(row, column, quiet = false) {
    if (!map?.X.length) return;
    row = Math.max(0, Math.min(map.height - 1, Math.round(row)));
    column = Math.max(0, Math.min(map.width - 1, Math.round(column)));
    model.set("row", row);
    model.set("column", column);
    const pooling = get("pooling"), { i, j, of } = pooled(row, column);
    const kernel = weights(), k = side(), seen = windowOf(picture, k, get("stride"), get("padding"), i, j);
    const bias = get("bias"), total = kernel.reduce((a, weight, at) => a + weight * (seen.pixels[at] ?? 0), 0);
    if (!quiet) {
      products.style.setProperty("--side", k);
      products.replaceChildren(...kernel.map((weight, at) => h("span", { class: seen.pixels[at] === null ? "outside" : null },
        h("b", {}, shown(seen.pixels[at] ?? 0)), ` × ${shown(weight)}`)));
      const steps = [`${k * k} products add up to ${shown(total)}`];
      if (bias) steps.push(`with the bias ${shown(total + bias)}`);
      if (get("relu")) steps.push(`after ReLU ${shown(Math.max(total + bias, 0))}`);
      if (pooling !== "none") steps.push(`${pooling === "max" ? "the largest" : "the mean"} of ${of.map(shown).join(", ")} is ${shown(map.X[row * map.width + column])}`);
      sum.textContent = `${steps.join("; ")}.`;
    }
    return { row, column, top: seen.top, left: seen.left, k };
  }

  // Which output of the convolution an output of the pooling shows: the largest of four, or the first.
  function pooled(row, column) {
    if (get("pooling") === "none") return { i: row, j: column, of: [] };
    const four = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([down, right]) => [2 * row + down, 2 * column + right]);
    const of = four.map(([i, j]) => before.X[i * before.width + j]);
    const [i, j] = four[get("pooling") === "max" ? of.indexOf(Math.max(...of)) : 0];
    return { i, j, of };
  }

  function draw() {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      if (ended || !picture) return;
      const at = point(get("row"), get("column"), true), kernel = weights();
      drawMap(from, picture, picture.limit, false, at && { row: at.top, column: at.left, span: at.k });
      from.setAttribute("aria-label", `The picture: ${PICTURES[get("picture")]?.label ?? "my own"}, ${picture.height} rows of ${picture.width} pixels.`);
      if (!at) return to.getContext("2d").clearRect(0, 0, to.width, to.height);
      const signed = Math.abs(kernel.reduce((a, b) => a + b, 0)) < 0.5;
      const largest = map.X.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
      drawMap(to, map, signed ? 0.75 * largest || 1 : picture.limit, signed, { row: at.row, column: at.column, span: 1 });
      to.setAttribute("aria-label", `The map that the kernel makes: ${map.height} rows of ${map.width} numbers. Arrow keys point at one, with Shift ten further.`);
    });
  }

  // ---- pointing
  function at({ clientX, clientY }) {
    const box = to.getBoundingClientRect();
    return [Math.floor(((clientY - box.top) / box.height) * map.height), Math.floor(((clientX - box.left) / box.width) * map.width)];
  }
  function pointed(row, column, speak) {
    if (!map?.X.length) return;
    const place = point(row, column);
    if (speak) said.textContent = `Row ${place.row}, column ${place.column}: ${sum.textContent}`;
    draw();
    model.save_changes();
  }
  to.addEventListener("pointermove", (event) => event.pointerType === "mouse" && pointed(...at(event), false));
  to.addEventListener("pointerdown", (event) => pointed(...at(event), true));
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  to.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const stride = event.shiftKey ? 10 : 1;
    pointed(get("row") + move[0] * stride, get("column") + move[1] * stride, true);
  });
  file.addEventListener("change", () => { take(file.files[0]); file.value = ""; });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });

  for (const name of ["kernel", "stride", "padding", "bias", "relu", "pooling", "channels", "filters"])
    model.on(`change:${name}`, () => picture && compute());
  model.on("change:picture", look);
  for (const name of ["row", "column"]) model.on(`change:${name}`, draw);
  const resized = new ResizeObserver(draw);
  resized.observe(to);
  look();
  return () => {
    ended = true;
    stopCamera();
    resized.disconnect();
  };
}

export default { title: "Kernel laboratory", defaults, style, render };
