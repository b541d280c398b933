// The search page: ranks the book's sections (window.bookIndex, see book/_ext/book_search.py) by MiniSearch.
(() => {
  const KINDS = {
    chapter: ["Chapter", 2], doctor: ["Doctor", 1.1], glossary: ["Glossary", 1], book: ["Page", 0.8], reference: ["Reference", 0.4],
  };
  const SHOWN = 15;
  const COMMON = new Set("a an and are as at be by for from has have i in into is it its my no not of on or that the this to was what when why with you your".split(" "));

  // Words with what joins them taken apart as well: "min_ndim=4", "Grad-CAM" and "gradcam", "keras.layers.core".
  // Numbers say which program failed, not why: they are left out.
  function words(text) {
    const found = text.toLowerCase().normalize("NFKC").match(/[\p{L}][\p{L}\p{N}]*(?:[-_.'’][\p{L}\p{N}]+)*/gu) ?? [];
    return found.flatMap(word => {
      const parts = word.split(/[-_.'’]/).filter(part => /\p{L}/u.test(part));
      // "batch-in-input-shape" has "input_shape" inside.
      const joined = parts.length > 2 ? parts.slice(1).map((part, i) => parts[i] + part) : [];
      return parts.length > 1 ? [parts.join(""), ...joined, ...parts] : parts;
    }).filter(word => !COMMON.has(word));
  }

  // In messages two words that follow each other say far more than each of them.
  function pairs(list) {
    return list.slice(1).map((word, i) => `${list[i]} ${word}`);
  }

  // "layers", "layer"; "fitting" and "fitted" stay apart: prefixes find them.
  const stem = term => term.length > 3 ? term.replace(/ies$/, "y").replace(/(ss|sh|ch|x)es$/, "$1").replace(/([^su])s$/, "$1") : term;

  const tokenize = (text, field) => {
    const list = words(text).map(stem);
    return field === "errors" || field === undefined ? [...list, ...pairs(list)] : list;
  };

  const search = new MiniSearch({
    fields: ["heading", "text", "code", "errors"],
    // That it is a ValueError tells one message from another no better than its numbers do.
    extractField: (entry, name) => name === "heading" ? entry.title || entry.page
      : name === "errors" ? entry.errors.replace(/^\w*(Error|Exception|Warning): /gm, "") : entry[name],
    storeFields: ["at", "page", "title", "kind", "text", "errors"],
    idField: "at",
    searchOptions: { bm25: { k: 1.2, b: 0.4, d: 0.5 } },
    tokenize,
    processTerm: term => term,
  });
  search.addAll(window.bookIndex);

  // The best section of each page, best first. A page that is about it in many places is more about it.
  function find(query) {
    const found = search.search(query, {
      boost: { heading: 4, code: 0.4 },
      boostTerm: term => term.includes(" ") ? 4 : 1,
      // Pairs of words are in messages alone: who pastes one looks for the page about it.
      boostDocument: (at, term, entry) => term.includes(" ") && entry.kind === "doctor" ? 4 : KINDS[entry.kind][1],
      prefix: (term, i, terms) => terms.length < 4 && term.length > 3 && !term.includes(" "),
      fuzzy: (term, i, terms) => terms.length < 4 && term.length > 5 && !term.includes(" ") ? 0.15 : false,
    });
    const pages = new Map();
    for (const hit of found) {
      const page = hit.kind === "glossary" ? hit.at : hit.at.split("#")[0];
      const best = pages.get(page);
      if (best) best.score += 0.1 * hit.score;
      else pages.set(page, hit);
    }
    const ranked = [...pages.values()].sort((a, b) => b.score - a.score);
    // What shares only common words with a long message is no result.
    return ranked.filter(hit => hit.score > 0.1 * ranked[0].score).slice(0, SHOWN);
  }

  // The part of a text where most of the words stand close together, cut between words.
  function excerpt(text, terms) {
    const spots = [...text.matchAll(/[\p{L}\p{N}_.-]+/gu)].filter(m => words(m[0]).map(stem).some(w => terms.has(w)));
    const within = at => new Set(spots.filter(m => m.index >= at && m.index < at + 160).map(m => m[0].toLowerCase())).size;
    const best = spots.reduce((a, b) => within(b.index) > within(a) ? b.index : a, 0);
    const start = best < 60 ? 0 : text.lastIndexOf(" ", best - 40) + 1;
    const end = text.length < start + 220 ? text.length : text.lastIndexOf(" ", start + 220);
    return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
  }

  function marked(text, terms) {
    const paragraph = document.createElement("p");
    for (const piece of text.split(/([\p{L}\p{N}_.-]+)/u)) {
      const hit = piece && words(piece).map(stem).some(word => terms.has(word));
      paragraph.append(hit ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece);
    }
    return paragraph;
  }

  function item(hit, root) {
    const terms = new Set(hit.terms);
    const link = document.createElement("a");
    link.href = root + hit.at;
    link.textContent = hit.kind === "glossary" ? hit.title || hit.page : hit.title ? `${hit.page}: ${hit.title}` : hit.page;
    const kind = Object.assign(document.createElement("span"), { className: "kind", textContent: KINDS[hit.kind][0] });
    const line = document.createElement("li");
    line.append(link, " ", kind);
    // A message that was pasted is what its reader knows again.
    const shared = message => pairs(words(message).map(stem)).filter(pair => terms.has(pair)).length;
    const message = hit.errors.split("\n").reduce((a, b) => shared(b) > shared(a) ? b : a);
    line.append(marked(excerpt(shared(message) > 1 ? message : hit.text, terms), terms));
    return line;
  }

  const place = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q") ?? "";
  document.querySelectorAll("form.bd-search input").forEach(input => { input.value = query; });
  document.querySelector(".bd-search-container input").focus();
  if (!query.trim()) return;
  const hits = find(query);
  const summary = document.createElement("p");
  summary.setAttribute("role", "status");
  summary.textContent = hits.length ? `${hits.length} page${hits.length > 1 ? "s" : ""}, the likeliest first:`
    : "Nothing found. Try fewer words, or the last line of the error alone.";
  place.append(summary);
  const list = Object.assign(document.createElement("ul"), { className: "search" });
  list.append(...hits.map(hit => item(hit, place.dataset.root)));
  if (hits.length) place.append(list);
})();
