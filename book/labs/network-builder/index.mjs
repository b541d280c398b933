// <network-builder>: stack Keras' layers and see what each makes of an image, and what it costs; or paste a model.
import { button, code, group, h, liveRegion } from "../shared/dom.mjs";
import { LayerError, count, followed, memory, shapeText } from "../shared/shapes.mjs";
import { layer, pasted, program, written } from "./layers.mjs";
import style from "./style.css";

const BATCH = 32, BYTES = 4; // of a float32
const ADAM = 4; // numbers kept of each parameter in training: itself, its slope, and Adam's two means
const FRESH = ["Conv2D(32, 3)", "MaxPooling2D(2)", "ReLU()", "BatchNormalization()", "Dropout(0.5)", "Flatten()", "GlobalMaxPooling2D()", 'Dense(10, activation="softmax")'];
const STACKS = {
  "digits, as in this chapter": ["18_18_1", ["Conv2D(8, 3)", "ReLU()", "MaxPooling2D(2)", "Conv2D(32, 3)", "ReLU()", "GlobalMaxPooling2D()", 'Dense(10, activation="softmax")']],
  "a photograph, flattened": ["300_451_3", ["Flatten()", 'Dense(128, activation="relu")', 'Dense(1, activation="sigmoid")']],
};
const defaults = { input: "300_451_3", net: "Conv2D(16, 3)~MaxPooling2D(2)" };

function render({ model, el }) {
  const lines = () => (model.get("net") ? model.get("net").split("~") : []);
  const said = liveRegion(), wrong = h("p", { class: "wrong", role: "alert" }), list = h("ol", { class: "stack", "aria-label": "Layers" });
  const totals = h("dl", { class: "totals" }), keras = code("The same in Keras");
  const input = h("input", { type: "text", name: "input", autocomplete: "off", spellcheck: "false", change: () => put("input", input.value.replace(/[^\d]+/g, " ").trim().replaceAll(" ", "_")) });
  const area = h("textarea", { rows: "6", spellcheck: "false", "aria-label": "Keras code, or what model.to_json() gives", placeholder: "keras.Sequential([…]), or what model.to_json() gives" });

  el.append(
    group("Image",
      h("label", { class: "field" }, h("span", {}, "height, width, channels"), input),
      ...Object.entries(STACKS).map(([name, [shape, stack]]) => button(name, () => { model.set("input", shape); put("net", stack.join("~")); }))),
    list, wrong,
    h("div", { class: "row add", role: "group", "aria-label": "Add a layer" }, ...FRESH.map((call) => button(`+ ${/^\w+/.exec(call)[0]}`, () => put("net", [...lines(), call].join("~")))),
      button("Repeat the last two", () => put("net", [...lines(), ...lines().slice(-2)].join("~")))),
    totals, said,
    h("details", {}, h("summary", {}, "Paste a model of your own"), area, h("div", { class: "row" }, button("Read it", read))),
    keras.element,
  );

  function put(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function change(edit) {
    const changed = lines();
    edit(changed);
    put("net", changed.join("~"));
  }

  function read() {
    try {
      const { input: shape, layers } = pasted(area.value);
      if (shape) model.set("input", shape.join("_"));
      put("net", layers.map(written).join("~"));
      wrong.textContent = shape ? "" : "The text names no input: its shape above is the one from before.";
    } catch (error) {
      if (!(error instanceof LayerError)) throw error;
      wrong.textContent = error.message;
    }
  }

  // ---- what is shown
  function show() {
    const shape = model.get("input").split("_").map(Number), calls = lines(), readable = [];
    input.value = shape.join(", ");
    wrong.textContent = "";
    const right = [1, 3].includes(shape.length) && shape.every((n) => Number.isInteger(n) && n > 0 && n <= 1e6);
    if (!right) wrong.textContent = "The input needs three whole numbers, height, width and channels, such as 128, 128, 3; or a single one.";
    let misread = -1, why = "";
    calls.forEach((call, i) => {
      if (misread >= 0) return;
      try { readable.push(layer(call)); } catch (error) { [misread, why] = [i, error.message]; }
    });
    const made = right ? followed(shape, readable) : [];
    if (misread >= 0) made[misread] = { error: why };
    const most = Math.max(1, ...made.map((one) => one.parameters ?? 0));
    rows(calls.length);
    calls.forEach((call, i) => row(list.children[i], i, call, made[i] ?? {}, most, calls.length));
    sum(shape, made, readable, right);
  }

  // Rows stay where they are, so that the keyboard's place is kept.
  function rows(n) {
    while (list.children.length > n) list.lastChild.remove();
    while (list.children.length < n) {
      const i = list.children.length, name = `Layer ${i + 1}`;
      list.append(h("li", {},
        h("input", { type: "text", "aria-label": name, autocomplete: "off", spellcheck: "false", autocapitalize: "off", change: ({ target }) => change((all) => { all[i] = target.value.trim().replace(/^(?:\w+\.)*(?=[A-Z])/, "").replace(/,$/, "").replaceAll("~", ""); }) }),
        h("span", { class: "moves" },
          button("↑", () => swap(i, i - 1), { "aria-label": `Move layer ${i + 1} up` }),
          button("↓", () => swap(i, i + 1), { "aria-label": `Move layer ${i + 1} down` }),
          button("×", () => remove(i), { "aria-label": `Remove layer ${i + 1}` })),
        h("span", { class: "made" })));
    }
  }

  function row(item, i, call, { shape, parameters, sees, error }, most, n) {
    const [text, moves, made] = item.children;
    text.value = call;
    item.classList.toggle("failed", !!error);
    text.setAttribute("aria-invalid", !!error);
    [moves.children[0].disabled, moves.children[1].disabled] = [i === 0, i === n - 1];
    item.style.setProperty("--share", `${(100 * (parameters ?? 0)) / most}%`);
    if (error) made.textContent = error;
    else if (!shape) made.textContent = "not reached";
    else made.replaceChildren(h("b", {}, shapeText(shape)), parameters ? ` · ${count(parameters)} parameter${parameters === 1 ? "" : "s"}` : "", sees && sees[0] > 1 ? ` · sees ${sees.join(" × ")}` : "");
  }

  function swap(i, j) {
    change((all) => { [all[i], all[j]] = [all[j], all[i]]; });
    // The keyboard goes along with the layer.
    const moved = list.children[j].querySelectorAll("button"), wanted = moved[j < i ? 0 : 1];
    (wanted.disabled ? moved[j < i ? 1 : 0] : wanted).focus();
  }

  function remove(i) {
    change((all) => { all.splice(i, 1); });
    (list.children[Math.min(i, list.children.length - 1)]?.querySelector("button:last-child") ?? input).focus();
  }

  function sum(shape, made, layers, right) {
    const failed = made.findIndex((one) => one?.error), done = made.filter((one) => one?.shape), add = (name) => done.reduce((total, one) => total + one[name], 0);
    const parameters = add("parameters"), numbers = done.reduce((total, one) => total + one.shape.reduce((a, b) => a * b, 1), 0);
    const largest = made.reduce((best, one, i) => ((one?.parameters ?? 0) > (made[best]?.parameters ?? 0) ? i : best), 0);
    const share = parameters ? ` Layer ${largest + 1}, ${layers[largest].kind}, has the largest share: ${Math.round((100 * made[largest].parameters) / parameters)} %.` : "";
    const entries = {
      parameters: `${count(parameters)}${add("trainable") === parameters ? "" : `, ${count(add("trainable"))} of them trained`}.${share}`,
      multiplications: `${count(add("work"))} for one image`,
      "memory, weights": `${memory(parameters * BYTES)}; ${memory(parameters * BYTES * ADAM)} while Adam trains them`,
      "memory, maps": `${memory(numbers * BYTES)} for one image, ${memory(numbers * BYTES * BATCH)} for a batch of ${BATCH}`,
    };
    totals.replaceChildren(...Object.entries(right ? entries : {}).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
    const end = done.length ? shapeText(done[done.length - 1].shape) : shapeText(shape);
    said.textContent = !right ? "" : failed >= 0 ? `Layer ${failed + 1} cannot work. ${made[failed].error}` : `${layers.length} layer${layers.length === 1 ? "" : "s"}, ${count(parameters)} parameters; the last one gives ${end}.`;
    // Keras refuses the same layer, so a program that fails is one, too; what cannot be read is none.
    keras.show(right && layers.length === lines().length ? program({ input: shape, layers }) : "");
  }

  model.on("change:net", show);
  model.on("change:input", show);
  show();
}

export default { title: "Network builder", defaults, style, render };
