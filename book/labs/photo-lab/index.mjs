// <photo-lab>: a photograph, the answer of the course's network and of a borrowed one, and maps of where they look, beside
// those of a twin with random weights. Cover what a map points at, and see what the map was worth.
import { button, choice, code, group, h, liveRegion, prefersStillness } from "../shared/dom.mjs";
import { sigmoid } from "../shared/layers.mjs";
import { coloursOf, ofAddress, ofFile, squared } from "../shared/picture.mjs";
import { later } from "../shared/stored.mjs";
import { drawHeat, drawImage } from "./draw.mjs";
import { CELLS, covered, highest, inCells, rankCorrelation } from "./explain.mjs";
import { program } from "./keras.mjs";
import { BORROWED_SIZE } from "./networks.mjs";
import source from "./explain.worker.mjs";
import style from "./style.css";

const OWN = "own", OURS = "ours", BORROWED = "borrowed", HIDDEN = 8; // cells that are covered at once
const NAMES = { [OURS]: "the course's network", [BORROWED]: "the borrowed network" };
const STORED = { [OURS]: "cats-and-dogs", [BORROWED]: "borrowed-eyes" };
const LABELS = { cat: "the cat", person: "a person", coffee: "a cup of coffee", "drawn-cat": "a drawn cat", "drawn-dog": "a drawn dog" };
const HALVES = { "left half": (_, j) => j < CELLS / 2, "right half": (_, j) => j >= CELLS / 2, "upper half": (i) => i < CELLS / 2, "lower half": (i) => i >= CELLS / 2 };
const MAPS = { saliency: "Saliency", cam: "Grad-CAM", occlusion: "Occlusion" };
const MINE = ["from PIL import Image, ImageOps", 'image = Image.open("my.jpg")', 'image = ImageOps.exif_transpose(image).convert("RGB")'];
const STAYS = "It stays on this computer: it is neither uploaded nor part of the address.";
const defaults = { picture: "cat", way: "squeezed", size: 128, who: OURS, back: 1, hidden: "", seed: 1 };
const share = (probability) => (probability > 0.995 ? "above 0.99" : `of ${probability.toFixed(2)}`);
const signed = (number, digits = 2) => {
  const size = Math.abs(number).toFixed(digits);
  return number < 0 && Number(size) ? `−${size}` : size;
};

function render({ model, el }) {
  const get = (name) => model.get(name);
  const put = (changes) => {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const workers = new Map();
  // What is shown: the image, and by network ("ours", "borrowed", "twin") its logit, with and without what is covered, and its maps.
  let photographs = null, own = null, image = null, found = {}, round = 0, cell = 0, pending = 0, video = null, ended = false;

  // ---- the parts of the page
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), headline = h("p", { class: "headline" });
  const picture = h("canvas", { tabindex: "0", role: "application" }), facts = h("figcaption", {});
  const file = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const camera = button("Use the camera", () => (video ? photograph() : film()));
  camera.hidden = !navigator.mediaDevices?.getUserMedia;
  const sizes = choice(model, "size", "pixels", [64, 72, 96, 128, 160]), size = sizes.querySelector("select");
  const blocks = choice(model, "back", "Grad-CAM of", [[1, "the last block"], [2, "the block before"]]);
  const rows = h("tbody", {}), keras = code("The same in Keras");
  const cover = button("Cover it square by square", () => (covering() ? stop() : explore()));
  const maps = Object.fromEntries(Object.keys(MAPS).map((name) => [name, method(name)]));
  el.append(
    h("p", { class: "note" }, "Nothing is uploaded. The networks run in this page, and your photograph stays on this computer."),
    group("Photograph",
      choice(model, "picture", "which", [...Object.entries(LABELS), [OWN, "my own"]]),
      button("Open a picture", () => file.click()), file, camera),
    group("As the network gets it",
      choice(model, "way", "made square", ["squeezed", "cropped", "padded"]), sizes,
      choice(model, "who", "who is explained", [[OURS, "the course's network (1.2 MB)"], [BORROWED, "borrowed eyes (0.8 MB more)"]])),
    wrong,
    h("div", { class: "asked" },
      h("figure", {}, picture, facts),
      h("div", {}, headline, h("table", {},
        h("caption", { class: "hint" }, "A probability above one half is a dog"),
        h("thead", {}, h("tr", {}, ...["who answers", "dog", "score", "covered"].map((text) => h("th", { scope: "col" }, text)))), rows))),
    group("Cover with the mean colour",
      ...Object.entries(HALVES).map(([name, inside]) => button(name, () => hide(cellsOf(inside)))), button("nothing", () => hide([])),
      h("p", { class: "hint" }, "Or click the picture, or point at a square with the arrow keys and press the space bar.")),
    said,
    h("div", { class: "maps" }, ...Object.values(maps).map(({ element }) => element)),
    h("div", { class: "row" }, blocks, button("Another twin", () => put({ seed: get("seed") + 1 }))),
    h("p", { class: "note" }, "Orange speaks for the answer, purple against it; in saliency it means sensitive, whichever way. Occlusion covers one square after the other and shows by how much the score falls. Every map has a scale of its own; Grad-CAM is empty where nothing speaks for the answer."),
    keras.element,
  );

  // The two maps of a method, each with a button that puts it to the test, and how far they agree.
  function method(name) {
    const agreed = h("p", { class: "agreed" }), canvases = {}, buttons = [];
    const figures = [["trained", "trained"], ["twin", "twin, random weights"]].map(([who, title]) => {
      canvases[who] = h("canvas", { role: "img" });
      buttons.push(button(`Cover its ${HIDDEN} highest`, () => hideHighest(name, who), { "aria-label": `Cover its ${HIDDEN} highest: ${MAPS[name]}, ${who}` }));
      return h("figure", {}, canvases[who], h("figcaption", {}, title), buttons.at(-1));
    });
    const element = h("section", { class: "method", "aria-label": MAPS[name] }, h("p", { class: "title" }, MAPS[name]), ...figures, agreed);
    if (name === "occlusion") element.append(cover);
    return { element, agreed, canvases, buttons };
  }

  // ---- networks, each in a worker of its own
  async function hired(name) {
    const which = name === "twin" ? get("who") : name, seed = name === "twin" ? get("seed") : null, key = `${which} ${seed}`;
    if (workers.get(name)?.key !== key) {
      workers.get(name)?.worker.terminate();
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" })), worker = new Worker(address);
      worker.onmessage = ({ data }) => receive(name, data);
      worker.onerror = ({ message }) => { wrong.textContent = `The network has failed: ${message}`; };
      const ready = later(STORED[which]).then((stored) => worker.postMessage({ task: "open", which, stored, seed }));
      workers.set(name, { key, worker, ready });
    }
    const { worker, ready } = workers.get(name);
    await ready;
    return worker;
  }

  async function ask(name, task, asked) {
    const now = round;
    try {
      const worker = await hired(name);
      if (now === round && !ended) worker.postMessage({ task, round: now, ...asked });
    } catch (error) {
      wrong.textContent = error.message;
    }
  }

  // A question about the covered image is told from others by its round, which ends in a half.
  function receive(name, { task, round: of, logit, saliency, cam, falls, done }) {
    if (Math.floor(of) !== round || ended) return;
    const one = (found[name] ??= {});
    if (task === "answer" && of === round) one.logit = logit;
    if (task === "answer" && of > round) one.without = logit;
    if (task === "maps") Object.assign(one, { saliency, cam });
    if (task === "occlusion" && one.done === undefined) return; // under way when it was stopped
    if (task === "occlusion") Object.assign(one, { occlusion: falls, done });
    if (task !== "occlusion" || done === CELLS * CELLS) return show();
    progress();
    // Who wants no motion sees it when it is done.
    const who = name === "twin" ? "twin" : "trained";
    if (!prefersStillness()) showMap("occlusion", who, maps.occlusion.canvases[who]);
  }

  const trained = () => get("who");
  const names = () => (get("who") === BORROWED ? [OURS, BORROWED, "twin"] : [OURS, "twin"]);
  const sizeOf = (name) => (name === BORROWED || (name === "twin" && get("who") === BORROWED) ? BORROWED_SIZE : get("size"));
  const layer = () => (get("who") === BORROWED ? "fire9" : ["re_lu_4", "re_lu_3"][get("back") - 1] ?? "re_lu_4");

  // ---- the photograph
  function original() {
    if (get("picture") === OWN && own) return own;
    return photographs[get("picture")] ?? photographs.cat;
  }

  async function look() {
    wrong.textContent = get("picture") === OWN && !own ? `No picture of yours is open. ${STAYS}` : "";
    if (!photographs) {
      said.textContent = "The network and the photographs are being fetched …";
      try {
        const stored = await later("photographs"), opened = await Promise.all(Object.values(stored).map(({ image: address }) => ofAddress(address)));
        photographs = Object.fromEntries(Object.keys(stored).map((name, i) => [name, { ...opened[i], code: stored[name].code }]));
      } catch (error) {
        wrong.textContent = error.message;
        return;
      }
      if (ended) return;
    }
    round++;
    found = {};
    said.textContent = "";
    image = squared(original(), get("way"), sizeOf(trained()));
    for (const name of names()) {
      const its = sizeOf(name) === image.rows ? image : squared(original(), get("way"), sizeOf(name));
      if (name === trained() || name === "twin") ask(name, "maps", { image: its, layer: layer() });
      else ask(name, "answer", { image: its });
    }
    askCovered();
    show();
  }

  async function take(chosen) {
    if (!chosen) return;
    stopFilming();
    try {
      own = await ofFile(chosen);
    } catch (error) {
      wrong.textContent = error.message;
      return;
    }
    mine();
  }

  function dropped(chosen) {
    if (!chosen) wrong.textContent = "What was dropped is no file: save the picture first, then open it here.";
    return take(chosen);
  }

  function mine() {
    put({ picture: OWN, hidden: "" });
    changed();
  }

  async function film() {
    wrong.textContent = "";
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, facingMode: "environment" } });
      video = h("video", { playsinline: true, "aria-label": "What the camera sees" });
      [video.srcObject, video.muted] = [stream, true];
      await video.play();
    } catch (error) {
      stopFilming();
      wrong.textContent = `The camera cannot be used (${error.message}). Allow it in the browser, or open a picture instead.`;
      return;
    }
    if (ended) return stopFilming();
    picture.hidden = true;
    picture.before(video);
    camera.textContent = "Take the picture";
  }

  function photograph() {
    own = coloursOf(video, video.videoWidth, video.videoHeight);
    stopFilming();
    mine();
  }

  function stopFilming() {
    video?.srcObject?.getTracks().forEach((track) => track.stop());
    video?.remove();
    video = null;
    picture.hidden = false;
    camera.textContent = "Use the camera";
  }

  // ---- covering
  const cellsOf = (inside) => [...Array(CELLS * CELLS).keys()].filter((at) => inside(Math.floor(at / CELLS), at % CELLS));
  /** The covered cells, in the address as a bit each, eight rows of two digits. */
  function hidden() {
    const bits = /^[0-9a-f]{16}$/.test(get("hidden")) ? get("hidden") : "0".repeat(16);
    return cellsOf((i, j) => parseInt(bits.slice(2 * i, 2 * i + 2), 16) & (128 >> j));
  }
  function hide(cells) {
    const row = (i) => cells.filter((at) => Math.floor(at / CELLS) === i).reduce((bits, at) => bits | (128 >> at % CELLS), 0);
    put({ hidden: cells.length ? Array.from({ length: CELLS }, (_, i) => row(i).toString(16).padStart(2, "0")).join("") : "" });
  }
  function toggle(at) {
    const now = hidden();
    hide(now.includes(at) ? now.filter((other) => other !== at) : [...now, at]);
  }
  function hideHighest(name, who) {
    const heat = heatOf(name, who === "trained" ? trained() : "twin");
    if (heat) hide(highest(inCells(heat), HIDDEN));
  }

  function askCovered() {
    Object.values(found).forEach((one) => { delete one.without; });
    const cells = hidden();
    if (!cells.length) return;
    for (const name of names().filter((each) => each !== "twin")) {
      const its = sizeOf(name) === image.rows ? image : squared(original(), get("way"), sizeOf(name));
      ask(name, "answer", { image: covered(its, cells), round: round + 0.5 });
    }
  }

  const covering = () => ["twin", trained()].some((name) => found[name]?.done < CELLS * CELLS);
  function explore() {
    for (const name of [trained(), "twin"]) {
      (found[name] ??= {}).done = 0;
      ask(name, "occlusion", { image });
    }
    show();
  }
  function stop() {
    for (const name of [trained(), "twin"]) {
      workers.get(name)?.worker.postMessage({ task: "stop" });
      if (found[name]) found[name].done = found[name].occlusion = undefined;
    }
    show();
  }

  // ---- what is seen
  const dog = () => found[trained()]?.logit > 0;
  const ready = (name, who) => (name === "occlusion" ? found[who]?.done === CELLS * CELLS : found[who]?.[name]);

  /** A map of one network, turned so that what is above zero speaks for the answer of the trained one. */
  function heatOf(name, who) {
    const heat = found[who]?.[name];
    if (!heat || found[trained()]?.logit === undefined) return null;
    if (name === "saliency") return heat;
    const sign = dog() ? 1 : -1;
    return { ...heat, X: heat.X.map((x) => (name === "cam" ? Math.max(sign * x, 0) : sign * x)) };
  }

  function agreement(name) {
    if (!ready(name, trained()) || !ready(name, "twin") || !heatOf(name, "twin")) return null;
    return rankCorrelation(inCells(heatOf(name, trained())), inCells(heatOf(name, "twin")));
  }

  function show() {
    if (ended || !image) return;
    const cells = hidden(), label = LABELS[get("picture")] ?? (own ? "your picture" : LABELS.cat);
    drawImage(picture, cells.length ? covered(image, cells) : image, el.getRootNode().activeElement === picture ? cell : null);
    picture.setAttribute("aria-label", `The photograph as the network gets it: ${label}, ${cells.length} of ${CELLS * CELLS} squares covered. Arrow keys point at a square, the space bar covers it.`);
    facts.textContent = `What the network gets: ${image.rows} × ${image.columns} pixels`;
    [size.disabled, blocks.querySelector("select").disabled] = [get("who") === BORROWED, get("who") === BORROWED];
    for (const preset of el.querySelectorAll("fieldset button")) {
      const inside = HALVES[preset.textContent];
      if (inside) preset.setAttribute("aria-pressed", cellsOf(inside).join() === cells.join());
    }
    answers();
    for (const [name, { agreed, canvases, buttons }] of Object.entries(maps)) {
      Object.entries(canvases).forEach(([who, canvas], i) => {
        showMap(name, who, canvas);
        buttons[i].disabled = !ready(name, who === "twin" ? who : trained());
      });
      agreed.textContent = words(agreement(name));
    }
    progress();
    keras.show(program({ code: photographs[get("picture")]?.code ?? MINE, way: get("way"), size: sizeOf(trained()), who: get("who"), back: get("back"), hidden: cells }));
    tell();
  }

  function words(rank) {
    if (rank === null) return "";
    return Number.isNaN(rank) ? "One of the maps is empty: there is nothing to compare." : `Rank correlation over ${CELLS} × ${CELLS} cells: ${signed(rank)}`;
  }

  function showMap(name, who, canvas) {
    const heat = heatOf(name, who === "trained" ? trained() : "twin"), title = `${MAPS[name]}, ${who === "trained" ? NAMES[trained()] : "its twin with random weights"}`;
    if (!heat) {
      drawImage(canvas, { ...image, X: image.X.map((x) => 102 + 0.6 * x) });
      canvas.setAttribute("aria-label", `${title}: not there yet.`);
      return;
    }
    drawHeat(canvas, image, heat);
    const best = highest(inCells(heat), 1)[0], empty = !heat.X.some((x) => x !== 0);
    canvas.setAttribute("aria-label", `${title}: ${empty ? "empty" : `highest in row ${Math.floor(best / CELLS) + 1}, column ${(best % CELLS) + 1} of ${CELLS} × ${CELLS} cells`}.`);
  }

  function answers() {
    const show = (number, digits) => (number === undefined ? "" : signed(number, digits));
    rows.replaceChildren(...names().map((name) => {
      const { logit, without } = found[name] ?? {};
      return h("tr", {}, h("th", { scope: "row" }, name === "twin" ? "its twin, random weights" : NAMES[name]),
        ...[show(logit === undefined ? logit : sigmoid(logit), 3), show(logit), show(without)].map((text) => h("td", {}, text)));
    }));
    const { logit } = found[trained()] ?? {};
    if (logit === undefined) return headline.replaceChildren("…");
    const sure = sigmoid(Math.abs(logit));
    headline.replaceChildren(h("strong", {}, dog() ? "dog" : "cat"), `, says ${NAMES[trained()]}, with a probability ${share(sure)}`);
  }

  function progress() {
    const done = Math.min(...[trained(), "twin"].map((name) => found[name]?.done ?? 0));
    cover.textContent = covering() ? (prefersStillness() ? "Stop" : `Stop (${done} of ${CELLS * CELLS})`) : "Cover it square by square";
  }

  function tell() {
    const { logit, without } = found[trained()] ?? {}, twin = found.twin?.logit;
    if (logit === undefined || twin === undefined) return;
    const name = NAMES[trained()], says = (number) => `says ${number > 0 ? "dog" : "cat"}, with a probability ${share(sigmoid(Math.abs(number)))}`;
    const sentence = [`${name[0].toUpperCase()}${name.slice(1)} ${says(logit)}; its twin with random weights ${says(twin)}.`];
    const cells = hidden().length, answer = dog() ? 1 : -1;
    if (cells && without !== undefined) {
      const fall = answer * (logit - without);
      sentence.push(`With ${cells} of ${CELLS * CELLS} squares covered the score for ${dog() ? "dog" : "cat"} ${fall < 0 ? "rises" : "falls"} by ${Math.abs(fall).toFixed(2)}, from ${signed(answer * logit)} to ${signed(answer * without)}${answer * without < 0 ? ": another answer" : ""}.`);
    } else if (!cells) {
      const ranks = Object.keys(MAPS).map((name) => [name, agreement(name)]).filter(([, rank]) => rank !== null && !Number.isNaN(rank));
      if (ranks.length) sentence.push(`Rank correlation of their maps: ${ranks.map(([name, rank]) => `${MAPS[name]} ${signed(rank)}`).join(", ")}.`);
    }
    if (sentence.join(" ") !== said.textContent) said.textContent = sentence.join(" ");
  }

  // ---- pointing
  picture.addEventListener("click", ({ clientX, clientY }) => {
    const box = picture.getBoundingClientRect(), place = (share) => Math.max(0, Math.min(CELLS - 1, Math.floor(share * CELLS)));
    toggle((cell = place((clientY - box.top) / box.height) * CELLS + place((clientX - box.left) / box.width)));
  });
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  picture.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!move) return toggle(cell);
    const [i, j] = [Math.floor(cell / CELLS) + move[0], (cell % CELLS) + move[1]];
    if (Math.min(i, j) >= 0 && Math.max(i, j) < CELLS) cell = i * CELLS + j;
    said.textContent = `Row ${Math.floor(cell / CELLS) + 1}, column ${(cell % CELLS) + 1}${hidden().includes(cell) ? ", covered" : ""}.`;
    drawImage(picture, covered(image, hidden()), cell);
  });
  for (const event of ["focus", "blur"]) picture.addEventListener(event, () => image && drawImage(picture, covered(image, hidden()), event === "focus" ? cell : null));
  file.addEventListener("change", () => { take(file.files[0]); file.value = ""; });
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => { event.preventDefault(); dropped(event.dataTransfer.files[0]); });

  // Several changes at once are one.
  function changed() {
    pending ||= setTimeout(() => { pending = 0; if (!ended) look(); });
  }
  for (const name of ["picture", "way", "size", "who", "back", "seed"]) model.on(`change:${name}`, changed);
  model.on("change:hidden", () => {
    if (!image || pending) return;
    askCovered();
    show();
  });
  look();
  return () => {
    ended = true;
    stopFilming();
    clearTimeout(pending);
    workers.forEach(({ worker }) => worker.terminate());
  };
}

export default { title: "Photograph laboratory", defaults, style, render };
