// Joins style sheets, drops the rules that no page or script can use, and minifies what is left.
// The input names the `sheets` in their order, the pages and scripts that are their `users`, the `result`,
// and how fonts that come late are displayed, which each @font-face leaves to `swap`.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { createRequire } from "node:module";

const require = createRequire(new URL("../node_modules/", import.meta.url));
const { PurgeCSS } = require("purgecss");
const { transform } = require("lightningcss");

const { sheets, users, result, fontDisplay } = JSON.parse(readFileSync(0, "utf8"));

const rebased = sheets.map((sheet) => {
  const folder = relative(dirname(result), dirname(sheet));
  const place = (url) => (folder && !/^(data:|#|\/)/.test(url) ? `${folder}/${url}` : url);
  return readFileSync(sheet, "utf8").replace(/url\(\s*(["']?)([^"')]+)\1\s*\)/g, (all, quote, url) =>
    url.startsWith("data:") ? all : `url(${quote}${place(url)}${quote})`,
  );
});
const [purged] = await new PurgeCSS().purge({
  content: users,
  css: [{ raw: rebased.join("\n") }],
  variables: true,
  keyframes: true,
  // Scripts set these without spelling their values out.
  dynamicAttributes: ["data-theme", "data-mode", "open", "aria-expanded", "aria-hidden", "disabled"],
});
const { code } = transform({ filename: basename(result), code: Buffer.from(purged.css), minify: true, errorRecovery: true });
writeFileSync(result, code.toString().replaceAll("font-display:swap", `font-display:${fontDisplay}`));
