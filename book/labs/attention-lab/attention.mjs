// A head of attention that was trained to look up cards, step by step; and the two games that are played with it.
import { halves } from "../shared/half.mjs";
import { random } from "../shared/random.mjs";

export const SIZE = 32, CARDS = 8, LETTERS = 26, DIGITS = 10;
const NO_DIGIT = 10; // what the question has in the place of a digit
// The arrays of a network in the order in which they are stored, with their shapes. Only some networks know places.
const SHAPES = [
  ["letter", [LETTERS, SIZE]], ["digit", [DIGITS + 1, SIZE]],
  ["query", [SIZE, SIZE]], ["queryBias", [1, SIZE]], ["key", [SIZE, SIZE]], ["keyBias", [1, SIZE]],
  ["value", [SIZE, SIZE]], ["valueBias", [1, SIZE]], ["mix", [SIZE, SIZE]], ["mixBias", [1, SIZE]],
  ["answer", [SIZE, DIGITS]], ["answerBias", [1, DIGITS]], ["place", [CARDS + 1, SIZE]],
];

/** Cut stored numbers into the arrays of a network; `place` is missing where the numbers end before it. */
export function cut(numbers) {
  const net = {};
  let at = 0;
  for (const [name, [rows, columns]] of SHAPES) {
    if (at === numbers.length) break;
    net[name] = numbers.subarray(at, (at += rows * columns));
  }
  return net;
}

export const stored = (address) => cut(halves(address));

// ---- the network

const row = (table, i, size = SIZE) => table.subarray(i * size, (i + 1) * size);
const dot = (a, b) => a.reduce((sum, each, i) => sum + each * b[i], 0);

/** One token through a dense layer: `matrix` has a row for each input. */
function dense(token, matrix, bias) {
  const out = Float64Array.from(bias);
  token.forEach((each, i) => { for (let j = 0; j < out.length; j++) out[j] += each * matrix[i * out.length + j]; });
  return out;
}

function softmax(scores) {
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most)), sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/**
 * Ask a network. `hand` has a letter and a digit for each card, `asked` is the letter of the question; scores are divided
 * by `divisor`. Returns the scores and the weights of the cards and the probability of each digit.
 */
export function look(net, hand, asked, { divisor = Math.sqrt(SIZE), places = true } = {}) {
  const token = ([letter, digit], place) => row(net.letter, letter).map((each, i) =>
    each + net.digit[digit * SIZE + i] + (net.place && places ? net.place[place * SIZE + i] : 0));
  const query = dense(token([asked, NO_DIGIT], hand.length), net.query, net.queryBias), tokens = hand.map(token);
  const scores = tokens.map((one) => dot(query, dense(one, net.key, net.keyBias)) / divisor), weights = softmax(scores);
  const mean = new Float64Array(SIZE);
  tokens.forEach((one, t) => dense(one, net.value, net.valueBias).forEach((each, i) => { mean[i] += weights[t] * each; }));
  const proba = softmax([...dense(dense(mean, net.mix, net.mixBias), net.answer, net.answerBias)]);
  return { scores, weights, proba, said: proba.indexOf(Math.max(...proba)) };
}

// ---- the games

/** Deal a hand and a question; with `pairs` four letters lie twice, else all are different. */
export function deal({ uniform, order }, pairs) {
  const letters = [...order(LETTERS)].slice(0, pairs ? CARDS / 2 : CARDS);
  const lying = pairs ? [...order(CARDS)].map((place) => letters[place >> 1]) : letters;
  return { hand: lying.map((letter) => [letter, Math.floor(DIGITS * uniform())]), asked: letters[Math.floor(letters.length * uniform())] };
}

/** The place of the card that counts: of two with the letter the later; -1 if there is none. */
export const counts = (hand, asked) => hand.findLastIndex(([letter]) => letter === asked);

/** Play `n` games: the share of right answers, and the mean weight on the card that counts. */
export function play(net, pairs, options, n, seed) {
  const rng = random(seed);
  let right = 0, weight = 0;
  for (let i = 0; i < n; i++) {
    const { hand, asked } = deal(rng, pairs), { said, weights } = look(net, hand, asked, options), place = counts(hand, asked);
    right += said === hand[place][1];
    weight += weights[place];
  }
  return { right: right / n, weight: weight / n };
}

/** Exchange cards by chance; the same cards in another order. */
export function shuffled(hand, seed) {
  return [...random(seed).order(hand.length)].map((place) => hand[place]);
}

// ---- hands as text

const A = "A".charCodeAt(0);
export const letterOf = (number) => String.fromCharCode(A + number);
export const written = (hand) => hand.map(([letter, digit]) => letterOf(letter) + digit).join("");

/** Read eight cards such as "K7 B2 …"; throws an Error with a sentence that names the card that is wrong. */
export function read(text) {
  const cards = text.toUpperCase().match(/[^\s,;]\d*/gu) ?? [];
  const wrong = cards.find((card) => !/^[A-Z]\d$/.test(card));
  if (wrong) throw new Error(`“${wrong.slice(0, 12)}” is no card: a card is a letter from A to Z and a digit, such as K7.`);
  if (cards.length !== CARDS) throw new Error(`There ${cards.length === 1 ? "is 1 card" : `are ${cards.length} cards`}; this network knows hands of ${CARDS}.`);
  return cards.map(([letter, digit]) => [letter.charCodeAt(0) - A, Number(digit)]);
}
