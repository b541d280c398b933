// Draws formulas: each line of the input, {"tex", "display"}, is answered by {"svg", "glyphs", "mathml"} or {"error"}.
// `glyphs` are the outlines by their id; the picture only refers to them, so that a page need hold each but once.
const readline = require("readline");
const mathjax = require("../node_modules/mathjax/es5/node-main.js");

// Without `noerrors` and `noundefined`, a mistake is an error instead of a picture of the source.
const packages = { "[-]": ["noerrors", "noundefined"] };

function draw(MathJax, { tex, display }) {
  const svg = MathJax.startup.adaptor.innerHTML(MathJax.tex2svg(tex, { display }));
  const message = svg.match(/data-mjx-error="([^"]*)"/);
  if (message) return { error: message[1] };
  const glyphs = {};
  const picture = svg
    .replace(/MJX-\d+-/g, "")
    .replace(/<path id="([^"]+)" d="([^"]*)"><\/path>/g, (_, id, outline) => ((glyphs[id] = outline), ""))
    .replace("<defs></defs>", "")
    .replace(/ (data-[a-z-]+|role|focusable|xmlns|xmlns:xlink)="[^"]*"/g, "")
    .replace(/xlink:href/g, "href")
    .replace(/"><\/(use|rect)>/g, '"/>')
    .replace("<svg", '<svg aria-hidden="true"');
  const mathml = MathJax.tex2mml(tex, { display }).replace(/\n\s*/g, "").replace(/ (data-[a-z-]+|xmlns)="[^"]*"/g, "");
  return { svg: picture, glyphs, mathml };
}

mathjax
  .init({ loader: { load: ["input/tex-full", "output/svg"] }, tex: { packages }, svg: { fontCache: "local" } })
  .then(async (MathJax) => {
    for await (const line of readline.createInterface({ input: process.stdin })) {
      console.log(JSON.stringify(draw(MathJax, JSON.parse(line))));
    }
  });
