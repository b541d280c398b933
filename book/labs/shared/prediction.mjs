// A prediction: the number that readers commit themselves to, and how it compares with what was measured.
import { button, h } from "./dom.mjs";

/** What is said of a prediction: a share has two decimals, a count none. */
export const digitsOf = (most) => (most ? 0 : 2);

/** A form that asks for a share, or for a count up to `most`; `say` gets it as text, and `skip` is a button beside it. */
export function predict(most, say, skip) {
  // A share, unless the most that can be said is told: then it is a count.
  const slider = h("input", { type: "range", min: "0", max: most ?? "1", step: most ? "1" : "0.01", value: (most ?? 1) / 2, id: "prediction" });
  const shown = h("output", { for: "prediction" });
  const follow = () => { shown.textContent = Number(slider.value).toFixed(digitsOf(most)); };
  slider.addEventListener("input", follow);
  follow();
  return h("form", { class: "predict", submit: (event) => { event.preventDefault(); say(shown.textContent); } },
    h("label", { for: "prediction" }, "Your prediction"), slider, shown,
    button("Commit", null, { type: "submit", class: "first" }), skip);
}

/** The numbers in some elements that are bound to records, by the records' names. */
export function numbersIn(elements) {
  const numbers = elements.flatMap((element) => [...element.querySelectorAll("a.bound-number")]);
  return Object.fromEntries(numbers.map((a) => [a.hash.replace(/^#number-/, ""), Number(a.textContent.replace(/[,%]/g, "").replace("−", "-"))]));
}

/** Of such names the one that a record has, whatever its chapter. */
export const nameOf = (numbers, record) => Object.keys(numbers).find((key) => key.endsWith(`-${record?.replaceAll("_", "-")}`));

/** Compare a prediction with the recorded number, and with the range of its seeds where there is one. */
export function judged(said, asked, numbers, digits) {
  const truth = numbers[asked], low = numbers[`${asked}-low`], high = numbers[`${asked}-high`];
  const off = Math.abs(said - truth).toFixed(digits), words = `You said ${said.toFixed(digits)}; measured was ${truth}.`;
  if (Number(off) === 0) return `${words} Exactly.`;
  if (said >= low && said <= high) return `${words} That is within the range of the seeds.`;
  return `${words} You were ${off} too ${said > truth ? "high" : "low"}.`;
}
