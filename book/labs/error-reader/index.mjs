// <error-reader>: paste a traceback, get what the doctor says to its words. Nothing leaves the page.
import rules from "book:rules";
import { button, code, h, liveRegion } from "../shared/dom.mjs";
import { inText, read } from "./reader.mjs";
import style from "./style.css";

const EXAMPLE = `Traceback (most recent call last):
  File "train.py", line 21, in <module>
    history = model.fit_generator(batches, epochs=10)
              ^^^^^^^^^^^^^^^^^^^
AttributeError: 'Sequential' object has no attribute 'fit_generator'`;
// This script lies in _static/labs of the book, whatever page it is on and wherever the book is.
const BOOK = new URL("../../", document.currentScript?.src || location.href);

function render({ el }) {
  const area = h("textarea", { rows: "9", spellcheck: "false", autocomplete: "off", autocapitalize: "off", id: "pasted", input: show });
  const said = liveRegion(), answer = h("div", { class: "finding" }), fix = code("Do");
  fix.element.open = true;

  el.append(
    h("label", { for: "pasted" }, "Your error, from “Traceback” to its last line"), area,
    h("div", { class: "row" }, button("An example", () => put(EXAMPLE)), button("Empty", () => put(""), { class: "plain" })),
    said, answer,
    h("p", { class: "note" }, "The words are read here, in your browser; nothing is sent. Words are all that it sees: ",
      h("code", {}, "%load_ext course_utils.doctor"), " in a notebook looks at your model and your data, too."),
  );

  function put(text) {
    area.value = text;
    show();
    area.focus();
  }

  function show() {
    const text = area.value.trim(), finding = text && inText(text, rules), { line } = read(text);
    answer.classList.toggle("found", !!finding);
    if (!text) said.textContent = "";
    else if (finding) said.textContent = `${finding.code}: ${finding.seen}`;
    else said.textContent = "The doctor knows no mistake by these words.";
    const own = line && [h("p", {}, "Your own line:"), h("pre", { tabindex: "0" }, line)];
    if (!finding) {
      answer.replaceChildren(...(own || []));
      return;
    }
    fix.show(finding.fix);
    const page = new URL(`book/doctor/${finding.code}/index.html`, BOOK);
    answer.replaceChildren(...(own || []), h("p", {}, finding.why), fix.element, h("p", {}, h("a", { href: page.href }, `All about ${finding.code}`)));
  }
}

export default { title: "Paste your error", defaults: {}, style, render };
