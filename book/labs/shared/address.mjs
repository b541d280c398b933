// The state of a laboratory, kept in the address behind its name: #spiral-lab?layers=64-64&rate=0.01.
// It is the `model` of the anywidget contract: get, set, save_changes, on and off.

const PAUSE = 300; // milliseconds; browsers refuse to change the address too often

/** What is stored has the type of its default: a number, a boolean or a string. */
function read(text, like) {
  if (typeof like === "boolean") return text === "1";
  if (typeof like !== "number") return text;
  return text.trim() && Number.isFinite(Number(text)) ? Number(text) : like;
}

export class AddressModel {
  #state;
  #defaults;
  #id;
  #listeners = new Map();
  #timer = 0;

  constructor(id, defaults) {
    this.#id = id;
    this.#defaults = defaults;
    this.#state = { ...defaults, ...this.#told() };
    addEventListener("hashchange", () => {
      if (location.hash.slice(1).split("?")[0] !== id) return;
      // Another experiment is no reason to ask for the prediction again.
      const beginning = { ...this.#defaults, said: this.#state.said };
      for (const [name, value] of Object.entries({ ...beginning, ...this.#told() })) this.set(name, value);
    });
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    if (Object.is(this.#state[name], value)) return;
    this.#state[name] = value;
    for (const event of [`change:${name}`, "change"]) this.#listeners.get(event)?.forEach((listener) => listener());
  }

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  save_changes() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => history.replaceState(null, "", this.address()), PAUSE);
  }

  /** Where this experiment can be found: only what differs from the beginning is named. */
  address() {
    const changed = Object.keys(this.#defaults).filter((name) => this.#state[name] !== this.#defaults[name]);
    const pairs = changed.map((name) => [name, typeof this.#state[name] === "boolean" ? +this.#state[name] : this.#state[name]]);
    return `${location.href.split("#")[0]}#${this.#id}${pairs.length ? `?${new URLSearchParams(pairs)}` : ""}`;
  }

  #told() {
    const [id, state] = location.hash.slice(1).split(/\?(.*)/s);
    return id === this.#id ? parsed(state ?? "", this.#defaults) : {};
  }
}

/** Read a state as an address writes it; what is unknown is left out. */
export function parsed(text, defaults) {
  const told = [...new URLSearchParams(text)].filter(([name]) => Object.hasOwn(defaults, name));
  return Object.fromEntries(told.map(([name, value]) => [name, read(value, defaults[name])]));
}
