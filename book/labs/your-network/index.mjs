// <your-network>: open a network that Keras saved, or that another program wrote as ONNX, and look inside: its layers and what they cost, its first kernels, what each
// layer makes of a picture, and what it answers.
import { button, choice, code, group, h, line, liveRegion, toggle, whole } from "../shared/dom.mjs";
import { bytes } from "../shared/half.mjs";
import { coloursOf, ofAddress, ofFile, squared } from "../shared/picture.mjs";
import { count, memory, product, shapeText } from "../shared/shapes.mjs";
import { later, tiles } from "../shared/stored.mjs";
import digits from "book:ten-digits";
import { drawFilters, drawImage, drawMaps } from "./draw.mjs";
import { greys, numbersOf, pictureOf, read, typed } from "./input.mjs";
import { program } from "./keras.mjs";
import { program as onnxProgram } from "./onnxruntime.mjs";
import style from "./style.css";

const OWN = "own", EXAMPLE = "example", SKIPPED = "-", SIDE = 28;
const BYTES = 4, MOST = 256, TOP = 5; // bytes of a float32, pictures side by side, answers that are shown
const PHOTOGRAPHS = { cat: "the cat", person: "a person", coffee: "a cup of coffee", "drawn-cat": "a drawn cat", "drawn-dog": "a drawn dog" };
const SCALES = { 255: "from 0 to 255", 1: "from 0 to 1", "-1": "from −1 to 1" };
const MINE = ["from PIL import Image, ImageOps", 'image = Image.open("my.jpg")', 'image = ImageOps.exif_transpose(image).convert("RGB")'];
const STAYS = "It stays on this computer: it is neither uploaded nor part of the address.";
const defaults = { network: "", guess: "", picture: "7", way: "squeezed", scale: "auto", inverted: false, pixels: 96, layer: -1, classes: "", numbers: "" };
const NETWORK = /\.(keras|onnx)$/i, [MAGIC, ZIP] = [8, 80]; // the first byte of an ONNX file, and of a zip
// By its content, for a name may be wrong; a file whose beginning is lost is known by its name.
const readerOf = ([first], name) => (first === MAGIC || (first !== ZIP && /\.onnx$/i.test(name)) ? "onnx" : "network");
const signed = (number) => (Math.abs(number) >= 1000 || (number && Math.abs(number) < 0.001) ? number.toExponential(1) : number.toFixed(3)).replace("-", "−");
const share = (part, all) => (all ? Math.round((100 * part) / all) : 0);
const several = (n, what) => `${count(n)} ${what}${n === 1 ? "" : "s"}`;

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  // The workers by what they open, the one that has the network, the network as it describes it, what it was asked last, and the readers' own files.
  const workers = {};
  let worker = null, net = null, current = "", asking = 0, answer = null, maps = null, own = null, photographs = null, pending = 0, ended = false;

  // ---- the parts of the page
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), headline = h("p", { class: "headline" });
  const chosen = h("input", { type: "file", accept: ".keras,.onnx,.data", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const pictures = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const guesses = h("select", { name: "guess" }), verdict = h("p", { class: "verdict", role: "status", tabindex: "-1" });
  const guess = h("form", { class: "predict", submit: (event) => { event.preventDefault(); commit(guesses.value); } },
    h("label", { class: "field" }, h("span", {}, "Before you look: which layer holds the most parameters?"), guesses),
    button("Commit", null, { type: "submit", class: "first" }), button("Skip", () => commit(SKIPPED), { class: "plain", title: "Look without a guess" }));
  const rows = h("tbody", {}), totals = h("dl", { class: "totals" });
  const table = h("div", { class: "layers", tabindex: "0", role: "region", "aria-label": "Layers" }, h("table", {},
    h("thead", {}, h("tr", {}, ...["layer", "makes", "parameters", "multiplications"].map((text) => h("th", { scope: "col" }, text)))), rows));
  const filters = h("canvas", { role: "img" }), filtersSaid = h("figcaption", {}), firstKernels = h("figure", { class: "kernels" }, h("p", { class: "title" }, "First kernels"), filters, filtersSaid);
  const image = h("canvas", { role: "img" }), imageSaid = h("figcaption", {}), shown = h("figure", {}, image, imageSaid);
  const answers = h("ol", { class: "answers", "aria-label": "Answer" }), mapped = h("canvas", { role: "img" }), mappedSaid = h("figcaption", {});
  const which = h("select", { name: "layer", change: () => put({ layer: Number(which.value) }) });
  const made = h("figure", { class: "made" }, h("label", { class: "field" }, h("span", {}, "What a layer makes of it"), which), mapped, mappedSaid);
  const free = whole(model, "pixels", "pixels along its open sides", 16, 512), keras = code("The same in Keras");
  const pictured = group("Picture",
    choice(model, "picture", "which", [...digits.digits.split("").map((digit) => [digit, `a handwritten ${digit}`]), ...Object.entries(PHOTOGRAPHS), [OWN, "my own"]]),
    button("Open a picture", () => pictures.click()), pictures,
    choice(model, "way", "made to fit", ["squeezed", "cropped", "padded"]),
    choice(model, "scale", "pixels as numbers", [["auto", "as it seems to expect"], ...Object.entries(SCALES)]),
    toggle(model, "inverted", "light and dark swapped"), free);
  const numbered = group("Input", line(model, "numbers", "numbers, with commas", []));
  const looked = h("div", {}, verdict, table, totals, pictured, numbered,
    h("div", { class: "asked" }, shown, h("div", {}, h("p", { class: "title" }, "Answer"), answers, line(model, "classes", "names of the classes, with commas", []))),
    h("div", { class: "pictures" }, firstKernels, made), keras.element);
  el.append(
    h("p", { class: "note" }, "Nothing is uploaded. Your network is read, and asked, in this page; it and your pictures stay on this computer."),
    group("Network", button("Open a .keras or .onnx file", () => chosen.click(), { class: "first" }), chosen, button("Take the example", example),
      h("p", { class: "hint" }, "Or drop it here: what ", h("code", {}, 'model.save("mine.keras")'), " wrote, or what ", h("code", {}, "torch.onnx.export(…)"), " did. The example is the course's own network for handwritten digits.")),
    wrong, headline, guess, said, looked,
    h("details", {}, h("summary", {}, "What can be opened"),
      h("p", {}, "Models of Keras 3, keras.Sequential or keras.Model(inputs, outputs), with branches and models inside of models, up to 150 MB. The page computes Dense, Conv2D, SeparableConv2D, DepthwiseConv2D, pooling, batch and layer normalisation, Flatten, Reshape, Rescaling, padding, Add, Concatenate and their like, and Keras' activations; dropout and augmentation do nothing in prediction. Other layers are named, and all before them is shown."),
      h("p", {}, "Networks as ONNX, by PyTorch, Keras and others: their operations are read as Keras' layers, with channels last, and a batch normalisation that the exporter has taken apart as a Rescaling. Where the weights lie in a second file, open both at once."),
      h("p", {}, "Not read: SavedModels; save the Keras model that they were made from. An old .h5 becomes a .keras with one line: ",
        h("code", {}, 'keras.models.load_model("mine.h5").save("mine.keras")'))),
  );

  // ---- the network, which works in a worker
  async function hire(reader) {
    if (workers[reader]) return workers[reader];
    const source = await later(reader), address = URL.createObjectURL(new Blob([source], { type: "text/javascript" })), one = (workers[reader] ??= new Worker(address));
    one.onmessage = ({ data }) => !ended && RECEIVED[data.task](data, one);
    one.onerror = ({ message }) => RECEIVED.failed({ message: `The network has failed: ${message}` });
    return one;
  }

  const RECEIVED = {
    described({ opened, ...told }, from) {
      [worker, net, answer, maps] = [from, told, null, null];
      current = opened ?? current;
      // Another network than before, or than the one of the address, is guessed anew.
      if (opened === OWN || (opened && opened !== get("network"))) put({ ...defaults, network: opened, pixels: get("pixels"), picture: own ? OWN : pictureOf(net.input)?.channels === 3 ? "cat" : defaults.picture });
      describe();
      look();
    },
    failed({ message }) {
      said.textContent = "";
      wrong.textContent = message;
    },
    answered({ round, answer: got }) {
      if (round !== asking) return;
      answer = got;
      showAnswer();
    },
    maps(got) {
      if (got.round !== asking || got.at !== layer()) return;
      maps = got;
      showMaps();
    },
  };

  async function open(content, name, which, beside) {
    said.textContent = `${name} is being read …`;
    try {
      (await hire(readerOf(content, name))).postMessage({ task: "open", bytes: content, name, beside, which, free: get("pixels") });
    } catch (error) {
      RECEIVED.failed(error);
    }
  }

  async function example() {
    wrong.textContent = "";
    try {
      const stored = await later("example-network");
      await open(new Uint8Array(bytes(stored.file)), stored.name, EXAMPLE);
    } catch (error) {
      RECEIVED.failed(error);
    }
  }

  // One file, or a network with a file of its weights beside it.
  async function take(files) {
    const one = files.find(({ name }) => NETWORK.test(name)) ?? files[0], others = files.filter((other) => other !== one);
    if (!one) return RECEIVED.failed({ message: "What was dropped is no file: save it first, then open it here. A folder, such as a SavedModel, is none." });
    if (one.type.startsWith("image/")) return takePicture(one);
    const contents = [];
    for (const file of [one, ...others]) {
      try {
        contents.push(new Uint8Array(await file.arrayBuffer()));
      } catch {
        return RECEIVED.failed({ message: `${file.name} cannot be read: it may be a folder, or may have moved. Take the .keras or .onnx file itself.` });
      }
    }
    wrong.textContent = "";
    const [content, ...beside] = contents;
    await open(content, one.name, OWN, Object.fromEntries(others.map(({ name }, i) => [name, beside[i]])));
  }

  async function takePicture(one) {
    wrong.textContent = "";
    try {
      own = await ofFile(one);
    } catch (error) {
      return RECEIVED.failed(error);
    }
    put({ picture: OWN });
    changed();
  }

  // ---- what it is
  const layer = () => (net.layers[get("layer")]?.shape ? get("layer") : Math.max(0, net.layers.findIndex(({ kind, shape }) => shape && /^(Conv2D|Dense)$/.test(kind))));
  const guessed = () => get("guess") === SKIPPED || !!net?.layers[get("guess") || -1];
  const title = ({ name, within }) => (within ? `${name}, in ${within}` : name);

  function commit(value) {
    put({ guess: value });
    verdict.focus();
  }

  function describe() {
    const parameters = total("parameters");
    const n = several(net.layers.filter(({ kind }) => kind !== "InputLayer").length, "layer");
    headline.replaceChildren(h("strong", {}, net.name), net.read ? `, ONNX, by ${net.version}, read as ${n}` : `, ${net.kind === "Sequential" ? "a Sequential" : "a functional"} model of ${n}, saved by Keras ${net.version || "3"}`);
    keras.element.querySelector("summary").textContent = net.read ? "The same with onnxruntime" : "The same in Keras";
    guesses.replaceChildren(...net.layers.flatMap((one, i) => (one.kind === "InputLayer" ? [] : [h("option", { value: i }, `${i}. ${title(one)} (${one.kind})`)])));
    which.replaceChildren(...net.layers.flatMap((one, i) => (one.shape ? [h("option", { value: i }, `${i}. ${title(one)}`)] : [])));
    free.hidden = !net.open;
    said.textContent = `${net.name} is open: ${several(parameters, "parameter")}.`;
    reveal();
  }

  const total = (name) => net.layers.reduce((sum, one) => sum + (one[name] ?? 0), 0);

  function reveal() {
    if (!net) return;
    [guess.hidden, looked.hidden] = [guessed(), !guessed()];
    if (!guessed()) return;
    const parameters = total("parameters"), most = Math.max(...net.layers.map((one) => one.parameters)), best = net.layers.findIndex((one) => one.parameters === most), first = net.layers[get("guess")];
    const truth = parameters ? `${title(net.layers[best])} holds the most, ${count(most)} of ${count(parameters)} parameters, ${share(most, parameters)} %.` : "No layer of it holds a number.";
    which.value = layer();
    verdict.textContent = first ? `You said ${title(first)}${first.parameters === most ? ", and that is right:" : `, with ${count(first.parameters)}:`} ${truth}` : truth;
    rows.replaceChildren(...net.layers.map((one, i) => row(one, i, most)));
    sum(parameters);
    showFilters();
    showAnswer();
    showMaps();
  }

  function row(one, i, most) {
    const name = one.shape ? button(title(one), () => { put({ layer: i }); made.scrollIntoView({ block: "nearest" }); }, { class: "plain", "aria-pressed": String(i === layer()) }) : title(one);
    const cells = [one.shape ? shapeText(one.shape) : "", one.parameters ? count(one.parameters) : "", one.work ? count(one.work) : ""];
    return h("tr", { class: one.wrong ? "odd" : null, style: `--share: ${most ? (100 * one.parameters) / most : 0}%` },
      h("th", { scope: "row" }, name, " ", h("span", { class: "kind" }, one.kind), one.wrong ? h("span", { class: "why" }, one.wrong) : null),
      ...(one.shape ? cells.map((text) => h("td", {}, text)) : [h("td", {}, one.wrong ? "not computed" : "not reached"), h("td", {}, cells[1]), h("td", {})]));
  }

  function sum(parameters) {
    const numbers = net.layers.reduce((all, { shape }) => all + (shape ? product(shape) : 0), 0), unknown = net.layers.some((one) => !one.shape);
    const entries = {
      // An ONNX file does not say what was trained.
      parameters: unknown || net.read ? count(parameters) : `${count(parameters)}, ${total("trained") === parameters ? "all" : count(total("trained"))} of them trained`,
      multiplications: `${count(total("work"))} for one input${unknown ? ", as far as it is known here" : ""}`,
      memory: `${memory(BYTES * parameters)} for the weights, ${memory(BYTES * numbers)} for what the layers make of one input`,
    };
    totals.replaceChildren(...Object.entries(entries).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
  }

  function showFilters() {
    firstKernels.hidden = !net.filters;
    if (!net.filters) return;
    const { at, rows: high, columns, channels, n } = net.filters;
    drawFilters(filters, net.filters, MOST);
    filtersSaid.textContent = `${several(n, "kernel")} of ${title(net.layers[at])}, ${high} × ${columns}${n > MOST ? `, the first ${MOST}` : ""}. ${channels === 1 ? "Purple is negative, orange positive" : "Colours, in which 0 is grey"}; all have one scale.`;
    filters.setAttribute("aria-label", `The first kernels: ${filtersSaid.textContent}`);
  }

  // ---- what it is asked
  const scale = () => (SCALES[get("scale")] ? get("scale") : net.rescaled ? "255" : "1");

  async function original() {
    if (get("picture") === OWN && own) return own;
    const digit = digits.digits.indexOf(get("picture"));
    if (digit >= 0) {
      const pixels = (await tiles(digits.image)).subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE);
      return { rows: SIDE, columns: SIDE, channels: 3, X: Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]), code: digits.code[digit] };
    }
    photographs ??= await later("photographs");
    const one = photographs[get("picture")] ?? photographs.cat;
    return { ...(await ofAddress(one.image)), code: one.code };
  }

  async function look() {
    if (!net || ended) return;
    const round = ++asking, picture = pictureOf(net.input), text = typed(net.input);
    [pictured.hidden, numbered.hidden, shown.hidden] = [!picture, !text, !picture];
    if (net.refusal) return silent(net.refusal);
    if (!picture && !text) return silent(`Its input, ${shapeText(net.input)}, is no picture, so this page cannot ask it.`);
    let input, lines = MINE;
    if (picture) {
      if (get("picture") === OWN && !own) wrong.textContent = `No picture of yours is open, so this is the cat. ${STAYS}`;
      let whole;
      try {
        whole = await original();
      } catch (error) {
        return RECEIVED.failed(error);
      }
      if (round !== asking || ended) return;
      lines = whole.code ?? MINE;
      const small = squared(whole, get("way"), picture.rows, picture.columns);
      input = numbersOf(small, picture, scale(), get("inverted"));
      showImage(small, picture);
    } else {
      input = read(get("numbers"), product(net.input));
      wrong.textContent = input ? "" : `“${get("numbers")}” is not what it reads: write ${several(product(net.input), "number")}, with commas between them.`;
      if (!input) return;
    }
    const one = net.layers[layer()];
    keras.show((net.read ? onnxProgram : program)({ file: net.name, shape: net.input, picture, code: lines, way: get("way"), scale: scale(), inverted: get("inverted"), numbers: [...input], layer: { ...one, weighted: one.parameters > 0 }, read: net.read }));
    worker.postMessage({ task: "run", input, at: layer(), round });
  }

  function silent(why) {
    answers.replaceChildren(h("li", { class: "none" }, why));
    [made.hidden, shown.hidden] = [true, true];
    keras.show("");
  }

  function showImage({ rows: high, columns, X }, { channels }) {
    const seen = channels === 1 ? Uint8Array.from(greys(X), (x) => x) : X, grey = channels === 1;
    const pixels = Uint8Array.from({ length: 3 * high * columns }, (_, i) => { const x = grey ? seen[Math.floor(i / 3)] : seen[i]; return get("inverted") ? 255 - x : x; });
    drawImage(image, { rows: high, columns, X: pixels });
    imageSaid.textContent = `What it gets: ${high} × ${columns} pixels, ${SCALES[scale()]}${get("scale") === "auto" ? net.whole ? ", as it reads whole numbers" : net.rescaled ? ", as it has a Rescaling of its own" : ", as it has no Rescaling of its own" : ""}`;
    image.setAttribute("aria-label", `${get("picture") === OWN && own ? "Your picture" : PHOTOGRAPHS[get("picture")] ?? `A handwritten ${get("picture")}`}. ${imageSaid.textContent}`);
  }

  const named = (i) => get("classes").split(",")[i]?.trim() || (answer.X.length === 1 ? "the number" : `class ${i}`);

  function best() {
    return [...answer.X.keys()].sort((a, b) => answer.X[b] - answer.X[a] || a - b).slice(0, TOP);
  }

  function showAnswer() {
    if (!net || net.refusal || !guessed()) return;
    if (!answer) {
      const broken = net.layers.find((one) => one.wrong);
      answers.replaceChildren(...(broken ? [h("li", { class: "none" }, `No answer: ${broken.wrong} The layers before it are shown.`)] : net.output < 0 ? [h("li", { class: "none" }, "It has several outputs; look at its layers one by one.")] : []));
      return;
    }
    const flat = answer.shape.length === 1, shares = flat && answer.X.every((x) => x >= 0 && x <= 1.0001), top = flat ? best() : [];
    if (!flat) answers.replaceChildren(h("li", { class: "none" }, `Its answer are maps, ${shapeText(answer.shape)}: choose its last layer below.`));
    else answers.replaceChildren(...top.map((i) => h("li", { style: `--share: ${shares ? 100 * answer.X[i] : 0}%` }, h("span", {}, named(i)), h("b", {}, shares ? answer.X[i].toFixed(3) : signed(answer.X[i])))));
    tell();
  }

  function showMaps() {
    made.hidden = !maps;
    if (!maps || !guessed()) return;
    const { at, shape, X } = maps, n = shape.length === 3 ? shape[2] : shape.length === 1 ? shape[0] : 1, dead = silentMaps(shape, X);
    drawMaps(mapped, shape, X, MOST);
    const low = X.reduce((a, b) => Math.min(a, b)), high = X.reduce((a, b) => Math.max(a, b)), what = shape.length === 3 ? `${several(n, "map")} of ${shape[0]} × ${shape[1]}` : shape.length === 1 ? several(n, "number") : `${shape.join(" × ")} numbers`;
    mappedSaid.textContent = `${title(net.layers[at])} makes ${what}${n > MOST ? `, of which ${MOST} are shown` : ""}, from ${signed(low)} to ${signed(high)}${dead ? `; ${count(dead)} of them ${dead === 1 ? "is" : "are"} 0${shape.length === 3 ? " everywhere" : ""}` : ""}. ${low < 0 ? "Purple is negative, orange positive." : "Black is 0."}`;
    mapped.setAttribute("aria-label", `What a layer makes: ${mappedSaid.textContent}`);
    tell();
  }

  function silentMaps(shape, X) {
    const n = shape.at(-1), loud = new Uint8Array(n);
    X.forEach((x, i) => { if (x !== 0) loud[i % n] = 1; });
    return n - loud.reduce((a, b) => a + b, 0);
  }

  function tell() {
    if (!guessed() || (!answer && !maps)) return;
    const flat = answer?.shape.length === 1, [first] = flat ? best() : [], words = flat ? `It answers ${named(first)}, with ${signed(answer.X[first])}. ` : "";
    const sentence = words + (maps ? mappedSaid.textContent : "");
    if (sentence !== said.textContent) said.textContent = sentence;
  }

  // ---- changes
  chosen.addEventListener("change", () => { take([...chosen.files]); chosen.value = ""; });
  pictures.addEventListener("change", () => { takePicture(pictures.files[0]); pictures.value = ""; });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
  // Several changes at once are one.
  function changed() {
    pending ||= setTimeout(() => { pending = 0; look(); });
  }
  for (const name of ["picture", "way", "scale", "inverted", "numbers"]) model.on(`change:${name}`, () => { wrong.textContent = ""; changed(); });
  model.on("change:pixels", () => net && worker.postMessage({ task: "describe", free: get("pixels") }));
  model.on("change:guess", reveal);
  model.on("change:network", () => get("network") === EXAMPLE && current !== EXAMPLE && example());
  model.on("change:classes", showAnswer);
  model.on("change:layer", () => {
    if (!net) return;
    which.value = layer();
    rows.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === title(net.layers[layer()]))));
    changed();
  });
  looked.hidden = guess.hidden = true;
  if (get("network") === EXAMPLE) example();
  if (get("network") === OWN) wrong.textContent = `No network of yours is open. ${STAYS}`;
  return () => {
    ended = true;
    clearTimeout(pending);
    Object.values(workers).forEach((one) => one.terminate());
  };
}

export default { title: "Your network", defaults, style, render };
