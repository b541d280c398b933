// <attention-lab>: deal cards, ask for a letter, and see where a trained head looks. Then break it: leave the scores
// undivided, or take away what tells it where cards lie.
import { button, choice, code, group, h, liveRegion, toggle } from "../shared/dom.mjs";
import { random } from "../shared/random.mjs";
import stored from "book:heads";
import { SIZE, counts, deal, letterOf, look, play, read, shuffled, stored as opened, written } from "./attention.mjs";
import { program } from "./keras.mjs";
import style from "./style.css";

// The book's networks by name: { title, pairs, hands, seed, right, net }.
const NETWORKS = Object.fromEntries(Object.entries(stored).map(([name, { weights, ...told }]) => [name, { ...told, net: opened(weights) }]));
const ROOT = "root", GAMES = 2000;
const DIVISORS = [["0.5", "½"], ["1", "1: not at all"], [ROOT, `√${SIZE}, as in training`], ["30", "30"], ["1000", "1000"]];
const defaults = { network: "later", hand: "", asked: "", divisor: ROOT, places: true, seed: 0 };
const share = (number) => number.toFixed(number > 0.995 && number < 1 ? 3 : 2);

function render({ model, el }) {
  const get = (name) => model.get(name);
  let shuffles = 0, pending = 0;
  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };

  const cards = h("ol", { class: "hand", "aria-label": "The eight cards; press one to ask for its letter" });
  const digits = h("ol", { class: "digits", start: "0", "aria-label": "Probability of each digit" });
  const question = h("p", { class: "question" }), key = h("p", { class: "key" }), said = liveRegion();
  const wrong = h("p", { class: "wrong", role: "alert" }), played = h("p", { class: "played", role: "status" });
  const own = h("input", { type: "text", name: "hand", autocomplete: "off", spellcheck: "false" });
  const python = code("The same in Keras");
  el.append(
    group("Cards",
      choice(model, "network", "network", Object.entries(NETWORKS).map(([name, { title }]) => [name, title])),
      button("Deal", () => dealAnew(get("seed") + 1)),
      button("Shuffle these cards", () => change({ asked: letterOf(asked()), hand: written(shuffled(hand(), ++shuffles)) })),
      h("label", { class: "field" }, h("span", {}, "cards of your own"), own)),
    group("The head",
      choice(model, "divisor", "scores are divided by", DIVISORS),
      toggle(model, "places", "cards tell where they lie")),
    wrong, h("div", { class: "table" }, question, cards, key, digits), said,
    h("div", { class: "row" }, button(`Play ${GAMES.toLocaleString("en")} games`, playMany)), played, python.element,
  );

  // ---- what is on the table
  const network = () => NETWORKS[get("network")] ?? NETWORKS[defaults.network];
  const options = () => ({ divisor: get("divisor") === ROOT ? Math.sqrt(SIZE) : Number(get("divisor")) || Math.sqrt(SIZE), places: get("places") });

  function hand() {
    try {
      return read(get("hand"));
    } catch {
      return deal(random(get("seed")), network().pairs).hand;
    }
  }

  function asked() {
    const letter = get("asked").toUpperCase();
    return /^[A-Z]$/.test(letter) ? letter.charCodeAt(0) - 65 : deal(random(get("seed")), network().pairs).asked;
  }

  function dealAnew(seed) {
    change({ seed, hand: "", asked: "" });
  }

  own.addEventListener("change", () => {
    wrong.textContent = "";
    try {
      const mine = read(own.value);
      const there = mine.some(([letter]) => letter === asked());
      change({ hand: written(mine), ...(there ? {} : { asked: letterOf(mine[mine.length - 1][0]) }) });
    } catch (error) {
      wrong.textContent = error.message;
    }
  });

  // ---- what is seen
  function show() {
    const { net, pairs, hands, seed } = network(), table = hand(), letter = asked(), name = letterOf(letter);
    const { scores, weights, proba, said: answer } = look(net, table, letter, options()), place = counts(table, letter);
    const focused = [...cards.children].findIndex((card) => card.contains(el.getRootNode().activeElement));
    question.textContent = `${name} ?`;
    cards.replaceChildren(...table.map(([of, digit], t) => h("li", {},
      h("button", {
        type: "button", class: `card${t === place ? " counts" : ""}`, "aria-pressed": String(of === letter),
        "aria-label": `${letterOf(of)} ${digit}, weight ${share(weights[t])}${t === place ? ", the card that counts" : ""}. Ask for ${letterOf(of)}`,
        click: () => change({ hand: written(table), asked: letterOf(of) }),
      },
        h("span", { class: "face" }, `${letterOf(of)}${digit}`),
        h("span", { class: "look" }, h("i", { style: `height:${(100 * weights[t]).toFixed(1)}%` })),
        h("span", { class: "share" }, share(weights[t])),
        h("span", { class: "score" }, `score ${scores[t].toFixed(1).replace("-", "−")}`)))));
    if (focused >= 0) cards.children[focused].firstElementChild.focus();
    key.textContent = `The bar is the weight, the head's look at the card. ${pairs ? "Of two cards with the letter the later counts; it has the thick edge." : "The card that counts has the thick edge."} Press a card to ask for its letter.`;
    digits.replaceChildren(...[...proba].map((each, digit) => h("li", { class: digit === answer ? "said-digit" : null },
      h("div", { class: "bar" }, h("i", { style: `height:${(100 * each).toFixed(1)}%` })), String(digit))));
    const most = weights.indexOf(Math.max(...weights)), card = (t) => `${letterOf(table[t][0])}${table[t][1]}`;
    const truth = place < 0 ? `No card has the letter ${name}.` : `Right is ${table[place][1]}.`;
    said.textContent = `${name}? The head looks most at ${card(most)}, with a weight of ${share(weights[most])}, and the network says ${answer} (${share(proba[answer])}). ${truth}`;
    own.value = table.map((_, t) => card(t)).join(" ");
    el.querySelector("[name=places]").disabled = !net.place;
    python.show(program({ hand: table, asked: letter, pairs, places: Boolean(net.place), hands, seed }));
  }

  function playMany() {
    const { net, pairs, right: recorded } = network(), { right, weight } = play(net, pairs, options(), GAMES, 1);
    const whole = get("divisor") === ROOT && (get("places") || !net.place);
    played.textContent = `${GAMES.toLocaleString("en")} new games: ${share(right)} answered rightly; mean weight on the card that counts ${share(weight)}.${whole ? "" : ` As it was trained: ${share(recorded)}.`}`;
  }

  // Several changes at once are one.
  const later = () => {
    pending ||= setTimeout(() => {
      pending = 0;
      wrong.textContent = "";
      show();
    });
  };
  for (const name of Object.keys(defaults)) model.on(`change:${name}`, () => {
    if (name !== "hand" && name !== "asked") played.textContent = ""; // they were those of another network
    later();
  });
  model.on("change:network", () => change({ hand: "", asked: "" }));
  show();
  return () => clearTimeout(pending);
}

export default { title: "Attention laboratory", defaults, style, render };
