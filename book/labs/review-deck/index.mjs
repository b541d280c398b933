// <review-deck>: the cards that stand inside, a few each day. A card is a <details>: its summary asks, the rest tells.
import { button, h, liveRegion } from "../shared/dom.mjs";
import shared from "../shared/style.css";
import Question from "../quiz-question/index.mjs";
import { counted, dayOf, moved, round } from "./boxes.mjs";
import { load, save } from "./store.mjs";
import style from "./style.css";

const FRESH = 10; // new cards in a round
const KINDS = { question: "Questions", prediction: "Predictions", term: "Terms", code: "Findings of the doctor" };
const ASKS = { prediction: "", term: "What does it mean?", code: "What does it do, and what mends it?" };
if (!customElements.get("quiz-question")) customElements.define("quiz-question", Question);

export default class extends HTMLElement {
  #cards = new Map(); // by id: { group, kind, element }
  #places = {};
  #chosen = {};
  #queue = [];
  #failed = new Set(); // in this round: whoever knows them at last leaves them where they are
  #parts = {};

  connectedCallback() {
    if (this.shadowRoot) return;
    const groups = [...this.querySelectorAll(":scope > details")];
    groups.forEach((group, i) => group.querySelectorAll(":scope > details").forEach((element) => {
      this.#cards.set(element.dataset.card, { group: i, kind: element.dataset.kind, element });
    }));
    const { places, upTo, kinds } = load();
    this.#places = places;
    this.#chosen = { upTo: Math.max(0, Math.min(upTo, groups.length - 1)), kinds: kinds ?? Object.keys(KINDS) };
    const form = h("fieldset", {}, h("legend", {}, "Which cards?"), this.#upTo(groups), ...Object.entries(KINDS).map(([kind, name]) => this.#kind(kind, name)));
    const start = button("Start", () => this.#start(), { class: "first" });
    const forget = button("Forget all boxes", () => this.#forget(), { class: "plain" });
    const said = liveRegion(), warning = h("p", { class: "wrong", role: "alert" }), row = h("div", { class: "row" });
    const beginning = h("div", {}, form, h("div", { class: "row" }, start, forget));
    const going = h("div", { hidden: true }, h("slot", { name: "card" }), row);
    this.#parts = { said, warning, beginning, going, row, start, forget };
    this.attachShadow({ mode: "open" }).append(h("style", {}, shared + style),
      h("section", { class: "lab", "aria-label": "Review" }, said, warning, beginning, going),
      h("h2", {}, "All cards"), h("slot"));
    this.#rest();
  }

  // ---- what is chosen

  #upTo(groups) {
    const titles = groups.map((group) => group.dataset.title);
    const control = h("select", { name: "up-to" }, ...titles.map((title, i) => h("option", { value: i }, title)));
    control.value = this.#chosen.upTo;
    control.addEventListener("change", () => this.#choose({ upTo: Number(control.value) }));
    return h("label", { class: "field" }, h("span", {}, "All up to"), control);
  }

  #kind(kind, name) {
    const control = h("input", { type: "checkbox", name: kind });
    control.checked = this.#chosen.kinds.includes(kind);
    control.addEventListener("change", () => this.#choose({ kinds: Object.keys(KINDS).filter((one) => (one === kind ? control.checked : this.#chosen.kinds.includes(one))) }));
    return h("label", { class: "switch" }, control, h("span", {}, name));
  }

  #choose(change) {
    Object.assign(this.#chosen, change);
    this.#keep();
    this.#rest();
  }

  get #ids() {
    const { upTo, kinds } = this.#chosen;
    return [...this.#cards].filter(([, card]) => card.group <= upTo && kinds.includes(card.kind)).map(([id]) => id);
  }

  #keep() {
    const kept = save({ ...this.#chosen, places: this.#places });
    this.#parts.warning.textContent = kept ? "" : "This browser stores nothing for this page: your boxes last until you leave it.";
  }

  #forget() {
    const { forget } = this.#parts;
    if (!forget.dataset.sure) {
      forget.dataset.sure = "yes";
      forget.textContent = "Really forget them?";
      return;
    }
    this.#places = {};
    this.#keep();
    this.#rest();
  }

  // ---- before a round and after it

  #rest(before = "") {
    const { said, beginning, going, start, forget } = this.#parts;
    const { due, fresh, boxes } = counted(this.#ids, this.#places, dayOf(new Date()));
    [beginning.hidden, going.hidden] = [false, true];
    this.querySelector("[slot=card]")?.remove();
    said.textContent = `${before}${due} due, ${fresh} new. In boxes 1 to ${boxes.length}: ${boxes.join(", ")}.`;
    start.disabled = !due && !fresh;
    start.textContent = due ? "Start" : `Start with ${Math.min(fresh, FRESH)} new`;
    delete forget.dataset.sure;
    forget.textContent = "Forget all boxes";
    forget.hidden = !Object.keys(this.#places).length;
  }

  #start() {
    this.#queue = round(this.#ids, this.#places, dayOf(new Date()), FRESH);
    this.#failed.clear();
    [this.#parts.beginning.hidden, this.#parts.going.hidden] = [true, false];
    this.#next();
  }

  // ---- one card

  #next() {
    this.querySelector("[slot=card]")?.remove();
    if (!this.#queue.length) {
      this.#rest("Done for now. ");
      this.#parts.start.focus();
      return;
    }
    const [id] = this.#queue, { kind, element } = this.#cards.get(id);
    const { said, row } = this.#parts;
    said.textContent = `${this.#queue.length} to go.`;
    const [summary, ...back] = [...element.cloneNode(true).children];
    const front = h("div", { tabindex: "-1" }, ...summary.childNodes);
    if (kind === "question") this.#ask(id, front, back);
    else this.#show(id, front, back, ASKS[kind]);
    row.hidden = kind === "question";
    front.focus();
  }

  // Readers judge for themselves.
  #show(id, front, back, asks) {
    const told = h("div", { tabindex: "-1", hidden: true }, ...back);
    this.append(h("div", { slot: "card" }, front, asks ? h("p", {}, asks) : null, told));
    const answer = (known) => () => this.#answered(id, known);
    const judge = [button("I knew it", answer(true), { class: "first" }), button("Not yet", answer(false))];
    const show = button("Show the answer", () => {
      told.hidden = false;
      this.#parts.row.replaceChildren(...judge);
      told.focus();
    }, { class: "first" });
    this.#parts.row.replaceChildren(show);
  }

  // The question judges.
  #ask(id, front, back) {
    const list = back.findIndex((part) => part.matches("ul.options"));
    const folded = h("details", {}, h("summary", {}, "Answer"), ...back.slice(list + 1));
    const question = h("quiz-question", {}, front, ...back.slice(0, list + 1), folded);
    this.append(h("div", { slot: "card" }, question));
    question.addEventListener("answered", ({ detail }) => {
      this.#parts.row.replaceChildren(button("Next", () => this.#answered(id, detail.right), { class: "first" }));
      this.#parts.row.hidden = false;
    });
  }

  #answered(id, known) {
    this.#queue.shift();
    if (!known) this.#queue.push(id);
    if (!this.#failed.has(id)) this.#places[id] = moved(this.#places[id], known, dayOf(new Date()));
    if (!known) this.#failed.add(id);
    this.#keep();
    this.#next();
  }
}
