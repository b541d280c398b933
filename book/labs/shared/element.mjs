// A laboratory on a page of the book. The chapter's words stand inside the element, for whoever reads them elsewhere: the
// question first, then a picture, and the measured answer folded. Here the question asks for a prediction; the answer,
// with its numbers from the recorded run, shows when there is one, and then the workbench opens.
import { AddressModel, parsed } from "./address.mjs";
import { button, h, link } from "./dom.mjs";
import { digitsOf, judged, nameOf, numbersIn, predict } from "./prediction.mjs";
import style from "./style.css";

const SKIPPED = "-";

/**
 * Define an element. `lab` has a `title`, `defaults` (the names and values of its state), `style` (CSS), and `render({ model, el })`,
 * which builds the workbench and may return a function that ends what it began. What is no laboratory comes as a class.
 */
export function define(name, lab) {
  if (typeof lab === "function") {
    customElements.define(name, lab);
    return;
  }
  customElements.define(name, class extends HTMLElement {
    #end = null;
    #lab = null;

    connectedCallback() {
      if (this.shadowRoot) return;
      const defaults = { ...lab.defaults, said: "" };
      const beginning = { ...defaults, ...parsed(this.getAttribute("start") ?? "", defaults) };
      // A tool, which nothing was measured with, asks for no prediction and is open from the beginning.
      if (!this.hasAttribute("ask")) beginning.said = SKIPPED;
      const model = new AddressModel(this.id || name, beginning);
      const root = this.attachShadow({ mode: "open" });
      const answer = this.#sorted();
      const bench = h("div", { class: "bench" });
      const prediction = this.#prediction(model, answer);
      root.append(h("style", {}, style + lab.style), h("section", { class: "lab", "aria-label": lab.title }, prediction, bench));
      this.#lab = { model, bench };
      const open = () => {
        if (!model.get("said") || this.#end) return;
        this.#end = lab.render({ model, el: bench }) ?? (() => {});
        if (Object.keys(lab.defaults).length) bench.append(h("p", { class: "foot" }, link(model)));
      };
      open();
      model.on("change:said", open);
      if (location.hash.slice(1).split("?")[0] === this.id) this.scrollIntoView();
    }

    disconnectedCallback() {
      this.#end?.();
      this.#end = null;
    }

    // Give the parts of the chapter's text their places, and return the numbers of the answer by their records' names.
    #sorted() {
      const paragraphs = [...this.children].filter((child) => child.localName === "p");
      const picture = paragraphs.find((p) => p.querySelector("img"));
      if (picture) picture.slot = "picture";
      paragraphs.slice(0, paragraphs.indexOf(picture)).forEach((p) => { p.slot = "question"; });
      const folded = this.querySelector("details");
      for (const part of [...(folded?.children ?? [])].filter((child) => child.localName !== "summary")) {
        part.slot = "answer";
        this.append(part);
      }
      folded?.remove();
      return numbersIn([...this.querySelectorAll("[slot=answer]")]);
    }

    #prediction(model, answer) {
      const most = this.getAttribute("most"), asked = nameOf(answer, this.getAttribute("ask"));
      const say = (said) => {
        model.set("said", said);
        model.save_changes();
        verdict.focus();
      };
      const form = predict(most, say, button("Skip", () => say(SKIPPED), { class: "plain", title: "Open the laboratory without a prediction" }));
      const verdict = h("p", { class: "verdict", role: "status", tabindex: "-1" });
      const measured = h("div", { class: "answer" }, verdict, h("slot", { name: "answer" }));
      const picture = h("slot", { name: "picture" });
      const show = () => {
        const said = model.get("said");
        [form.hidden, picture.hidden, measured.hidden] = [!!said, !!said, !said];
        verdict.textContent = said && said !== SKIPPED && asked ? judged(Number(said), asked, answer, digitsOf(most)) : "";
      };
      show();
      model.on("change:said", show);
      return h("div", {}, h("slot", { name: "question" }), picture, form, measured);
    }
  });
}
