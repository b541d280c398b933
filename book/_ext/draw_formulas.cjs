// Draws formulas: each line of the input, {"tex", "display"}, is answered by a line, {"html"} or {"error"}.
const readline = require("readline");
const mathjax = require("../node_modules/mathjax/es5/node-main.js");

// Without `noerrors` and `noundefined`, a mistake is an error instead of a picture of the source.
const packages = { "[-]": ["noerrors", "noundefined"] };

function draw(MathJax, { tex, display }) {
  const svg = MathJax.startup.adaptor.innerHTML(MathJax.tex2svg(tex, { display }));
  const message = svg.match(/data-mjx-error="([^"]*)"/);
  if (message) return { error: message[1] };
  // The picture is for the eye alone; what a screen reader says stands beside it. Where each glyph came from, and the
  // line breaks of the MathML, would only make the page heavier.
  const picture = svg
    .replace(/ (data-[a-z-]+|role|focusable|xmlns:xlink)="[^"]*"/g, "")
    .replace("<svg", '<svg aria-hidden="true"');
  const spoken = MathJax.tex2mml(tex, { display }).replace(/\n\s*/g, "").replace(/ data-[a-z-]+="[^"]*"/g, "");
  return { html: `${picture}<span class="formula-spoken">${spoken}</span>` };
}

mathjax
  .init({ loader: { load: ["input/tex-full", "output/svg"] }, tex: { packages }, svg: { fontCache: "none" } })
  .then(async (MathJax) => {
    for await (const line of readline.createInterface({ input: process.stdin })) {
      console.log(JSON.stringify(draw(MathJax, JSON.parse(line))));
    }
  });
