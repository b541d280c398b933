// What a pasted traceback tells: the rules of course_utils.doctor._words._pasted, read as Python reads them there.
const ANSI = /\x1b\[[0-9;]*m/g;
const FRAME = /^\s*File "([^"]+)", line (\d+)|^(?:File )?(\S+\.py)(?::(\d+))?[, ]+in |^(Cell) ?In ?\[\d+\]|^(<ipython-input\S+)|^(\/tmp\/ipykernel\S+)/;
const MARKED = /^-+> ?\d* ?(.*)/;
const RAISED = /^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Warning|Iteration|Exit))(?:: ?(.*))?$/;
const ENDS = /^(?:Traceback |During handling|The above exception|-{20,}|\s*\^+\s*$)/;
const LIBRARY = /(?:site|dist)-packages|lib\/python3|lib\\python|<frozen|\/keras\/src\/|autograph_generated/;

/** Take a traceback apart: of Python, of IPython, or only its last line. */
export function read(text) {
  let raised = "", own = "", inLibrary = false, inMessage = false, wanted = false;
  const messages = [];
  for (const row of text.replace(ANSI, "").replaceAll("\r", "").split("\n")) {
    const frame = FRAME.exec(row), marked = MARKED.exec(row), error = RAISED.exec(row);
    if (frame) {
      [inLibrary, inMessage] = [LIBRARY.test(row), false];
      wanted = !!frame[2] && !inLibrary;
    } else if (wanted) [own, wanted] = [row.trim(), false];
    else if (marked) own = inLibrary ? own : marked[1].trim();
    else if (error) {
      [raised, inMessage] = [error[1].split(".").pop(), true];
      messages.push(error[2] ?? "");
    } else if (ENDS.test(row)) inMessage = false;
    else if (inMessage) messages.push(row);
  }
  const said = raised ? messages.join("\n") : text;
  return { raised, text: said.replace(/torch\.Size\(\[([^\]]*)\]\)/g, "($1)"), line: own };
}

/** Say what it means: a finding of the doctor's, or null. */
export function inText(text, { rules, tables, rooms }) {
  const pasted = read(text);
  for (const rule of rules) {
    const found = new RegExp(rule.pattern, "s").exec(pasted.text);
    if (!found || (rule.raised && pasted.raised && !rule.raised.split(" ").includes(pasted.raised))) continue;
    const groups = Object.fromEntries(found.slice(1).map((group, i) => [i + 1, group ?? ""]));
    const last = found.slice(1).findLast((group) => group) ?? "";
    if (rule.table) groups.today = lookedUp(tables[rule.table], last);
    if (rule.table && !groups.today) continue;
    if (rule.room) groups.near = nearest(last, rooms[filled(rule.room, groups)] ?? []);
    if (rule.room && (!groups.near || groups.near === last)) continue;
    const written = new RegExp(`\\b${last.replace(/[^\w]/g, "\\$&")}\\b`, "g");
    const swaps = rule.swap && pasted.line.search(written) >= 0;
    return {
      code: rule.code,
      seen: filled(rule.seen, groups),
      why: filled(rule.why, groups),
      fix: swaps ? pasted.line.replace(written, () => filled(rule.swap, groups)) : filled(rule.fix, groups),
    };
  }
  return null;
}

const filled = (text, groups) => text.replace(/\{(\d|today|near)\}/g, (_, name) => groups[name] ?? "");

/** Look up a name, or of a module's dotted name the longest part that the table has. */
function lookedUp(table, name) {
  let bare = name.replace(/^keras\./, "");
  while (bare && !Object.hasOwn(table, bare)) bare = bare.includes(".") ? bare.slice(0, bare.lastIndexOf(".")) : "";
  return (table[bare] ?? "").replaceAll("{name}", bare);
}

/** The name that is spelled most like one, as Python's difflib.get_close_matches finds it. */
function nearest(name, names) {
  const bySmall = new Map(names.map((other) => [other.toLowerCase(), other]));
  let best = "", highest = 0.7;
  for (const small of bySmall.keys()) {
    const alike = ratio(small, name.toLowerCase());
    if (alike > highest || (alike === highest && small > best)) [best, highest] = [small, alike];
  }
  return best && bySmall.get(best);
}

const ratio = (a, b) => (a.length + b.length ? (2 * matches(a, b)) / (a.length + b.length) : 1);

// The longest common piece, and the same on both sides of it; the first of equally long ones, as difflib takes it.
function matches(a, b) {
  let [start, other, size] = [0, 0, 0], lengths = [];
  for (let i = 0; i < a.length; i++) {
    const next = [];
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const length = (next[j] = (lengths[j - 1] ?? 0) + 1);
      if (length > size) [start, other, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  return size && size + matches(a.slice(0, start), b.slice(0, other)) + matches(a.slice(start + size), b.slice(other + size));
}
