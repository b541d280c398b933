// <quiz-question>: a question of a chapter, as book/_ext/book_quiz.py reads it there. Readers commit themselves before
// anything is told: to one of several answers, of which a wrong one says what is wrong with it, or to a number, which is
// compared with the recorded one.
import { button, h } from "../shared/dom.mjs";
import { digitsOf, judged, nameOf, numbersIn, predict } from "../shared/prediction.mjs";
import shared from "../shared/style.css";
import style from "./style.css";

const MARKED = /^\s*\((\w)\)/; // answers, and what is said of them, begin with their letter

export default class extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const folded = this.querySelector("details"), told = [...folded.children].filter((child) => child.localName !== "summary");
    folded.remove();
    const parts = this.hasAttribute("ask") ? this.#prediction(told) : this.#choice(told);
    for (const child of this.children) child.slot ||= "asked";
    const name = this.hasAttribute("ask") ? "Prediction" : "Question";
    this.attachShadow({ mode: "open" }).append(
      h("style", {}, shared + style),
      h("section", { class: "lab", "aria-label": name }, h("div", { id: "asked" }, h("slot", { name: "asked" })), ...parts),
    );
  }

  #prediction(told) {
    this.#put("told", ...told);
    const most = this.getAttribute("most"), numbers = numbersIn(told), asked = nameOf(numbers, this.getAttribute("ask"));
    const verdict = line(), measured = h("div", { class: "reason", hidden: true }, h("slot", { name: "told" }));
    const show = (words) => {
      [form.hidden, measured.hidden] = [true, false];
      verdict.textContent = words;
      verdict.focus();
      this.#tell(words !== "");
    };
    const skip = button("Show what was measured", () => show(""), { class: "plain" });
    const form = predict(most, (said) => show(judged(Number(said), asked, numbers, digitsOf(most))), skip);
    return [form, h("div", { class: "told", role: "status" }, verdict, measured)];
  }

  #choice(told) {
    const reasons = told.flatMap((part) => (part.localName === "ul" ? [...part.children] : [part]));
    const right = letterOf(told[0]), list = this.querySelector("ul.options");
    const options = [...list.children].map((item) => this.#option(item, reasons, right));
    list.remove();
    const rightFirst = options.toSorted((a, b) => (b.letter === right) - (a.letter === right));
    const verdict = line(), row = h("div", { class: "row" },
      button("Check", null, { type: "submit", class: "first" }), button("Show the answer", () => finish(""), { class: "plain" }));
    const finish = (words) => {
      for (const option of options) option.tell();
      [row.hidden, verdict.textContent] = [true, words];
      verdict.focus();
      this.#tell(words !== "");
    };
    const check = (event) => {
      event.preventDefault();
      const chosen = options.find((option) => option.radio.checked);
      if (chosen?.letter === right) {
        finish("Right.");
        return;
      }
      chosen?.tell();
      verdict.textContent = chosen ? "Not right. Try another." : "Choose an answer first.";
      if (chosen) this.#tell(false);
    };
    return [
      h("form", { submit: check }, h("div", { class: "options", role: "radiogroup", "aria-labelledby": "asked" }, ...options.map((option) => option.label)), row),
      h("div", { class: "told", role: "status" }, verdict, ...rightFirst.map((option) => option.reason)),
    ];
  }

  #option(item, reasons, right) {
    const letter = letterOf(item);
    this.#put(`option-${letter}`, ...item.childNodes);
    for (const part of reasons.filter((one) => (letterOf(one) ?? right) === letter)) this.#put(`reason-${letter}`, ...(part.localName === "li" ? part.childNodes : [part]));
    const radio = h("input", { type: "radio", name: "answer", value: letter }), mark = h("span", { class: "mark", "aria-hidden": "true" });
    const reason = h("div", { class: "reason", hidden: true }, h("slot", { name: `reason-${letter}` }));
    const label = h("label", { class: "option" }, radio, h("slot", { name: `option-${letter}` }), mark);
    const tell = () => {
      reason.hidden = false;
      mark.textContent = letter === right ? "✓" : "✗";
      label.classList.add(letter === right ? "right" : "not");
    };
    return { letter, radio, label, reason, tell };
  }

  // Into a box for a slot: what is put there keeps the page's clothes, links and formulas.
  #put(slot, ...parts) {
    this.append(h("div", { slot }, ...parts));
  }

  #answered = false;

  // The review deck listens. What counts is the first answer.
  #tell(right) {
    if (!this.#answered) this.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { right } }));
    this.#answered = true;
  }
}

const letterOf = (element) => MARKED.exec(element.textContent)?.[1];
const line = () => h("p", { class: "verdict", tabindex: "-1" });
