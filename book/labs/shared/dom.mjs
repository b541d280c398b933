// Parts that every laboratory is built of.

/** Build an element: `h("p", { class: "note" }, "text", child)`; functions become listeners, `null` attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Bind a control to the model: a change goes into the model and the address, and a change of the model is shown. */
function bound(model, name, control, property, read = (value) => value) {
  const show = () => { control[property] = model.get(name); };
  show();
  control.addEventListener("change", () => {
    model.set(name, read(control[property]));
    show();
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  return control;
}

const labelled = (label, control) => h("label", { class: "field" }, h("span", {}, label), control);

/** A choice; `options` are values, or pairs of value and text. */
export function choice(model, name, label, options) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  const control = h("select", { name }, ...pairs.map(([value, text]) => h("option", { value }, String(text))));
  const number = typeof pairs[0][0] === "number";
  const show = () => {
    const value = String(model.get(name));
    if (![...control.options].some((option) => option.value === value)) control.append(h("option", { value }, value));
    control.value = value;
  };
  show();
  control.addEventListener("change", () => {
    model.set(name, number ? Number(control.value) : control.value);
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  return labelled(label, control);
}

/** A whole number between two limits; what lies outside becomes the nearer of them. */
export function whole(model, name, label, low, high) {
  const within = (text) => {
    const number = Math.round(Number(text));
    return Number.isNaN(number) ? low : Math.max(low, Math.min(high, number));
  };
  return labelled(label, bound(model, name, h("input", { type: "number", name, min: low, max: high, inputmode: "numeric" }), "value", within));
}

/** A line of text, with suggestions. */
export function line(model, name, label, suggestions) {
  const list = h("datalist", { id: `${name}-suggestions` }, ...suggestions.map((value) => h("option", { value })));
  const control = h("input", { type: "text", name, list: list.id, autocomplete: "off", spellcheck: "false" });
  return h("span", { class: "with-list" }, labelled(label, bound(model, name, control, "value", (text) => text.trim())), list);
}

/** A switch. */
export function toggle(model, name, label) {
  const control = bound(model, name, h("input", { type: "checkbox", name }), "checked");
  return h("label", { class: "switch" }, control, h("span", {}, label));
}

export const group = (legend, ...parts) => h("fieldset", {}, h("legend", {}, legend), ...parts);

export function button(label, action, attributes = {}) {
  return h("button", { type: "button", click: action, ...attributes }, label);
}

/** What screen readers say when it changes; it is on the page too. */
export function liveRegion() {
  return h("p", { class: "said", role: "status", "aria-live": "polite" });
}

/** Code that does the same elsewhere, folded, with a button that copies it; `show(text)` replaces it. */
export function code(title) {
  const pre = h("pre", { tabindex: "0" });
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(pre);
      copy.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  });
  const element = h("details", { class: "code" }, h("summary", {}, title), pre, copy);
  return { element, show: (text) => { pre.textContent = text; } };
}

/** A button that copies the address of this experiment. */
export function link(model) {
  const copy = button("Copy a link to this experiment", async () => {
    try {
      await navigator.clipboard.writeText(model.address());
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "It stands in the address bar";
    }
    setTimeout(() => { copy.textContent = "Copy a link to this experiment"; }, 2000);
  });
  return copy;
}

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Call back when the page turns dark or light. */
export function onTheme(callback) {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
