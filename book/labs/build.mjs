// Bundles every laboratory into one classic script, which also runs on pages opened from disk.
// The input names the `folder` that the scripts go to, the `data` that laboratories import from "book:NAME", and what they
// fetch `later` (shared/stored.mjs), which is written as scripts of their own. NAME.later.mjs is a worker that is fetched so.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../node_modules/", import.meta.url));
const { build } = require("esbuild");

const here = dirname(fileURLToPath(import.meta.url));
const { folder, data, later } = JSON.parse(readFileSync(0, "utf8"));
const options = { bundle: true, minify: true, format: "iife", target: "es2022", charset: "utf8", loader: { ".css": "text" }, logLevel: "error" };

// Of the library that reads HDF5 only the sources: as it is published, it brings along all of another one, and needs one function.
const light = {
  name: "light",
  setup(bundle) {
    bundle.onResolve({ filter: /^jsfive$/ }, () => ({ path: require.resolve("jsfive").replace(/dist.*/, "esm/high-level.js") }));
    bundle.onResolve({ filter: /\/pako\./ }, () => ({ path: "inflate", namespace: "light" }));
    bundle.onLoad({ filter: /.*/, namespace: "light" }, () => ({ contents: 'export { unzlibSync as inflate } from "fflate";', resolveDir: here }));
  },
};

const text = async (path) => (await build({ ...options, entryPoints: [path], write: false, plugins: [light] })).outputFiles[0].text;
for (const path of readdirSync(here, { recursive: true }).filter((one) => one.endsWith(".later.mjs"))) later[basename(path, ".later.mjs")] = await text(join(here, path));

// A name changes with what it names: browsers must not take an older one from their cache.
data.later = {};
for (const [name, value] of Object.entries(later)) {
  const script = `(globalThis.bookData ??= {})["${name}"] = ${JSON.stringify(value)};`;
  data.later[name] = `${name}.${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
  writeFileSync(join(folder, data.later[name]), script);
}

const fromBook = {
  name: "book",
  setup(bundle) {
    bundle.onResolve({ filter: /^book:/ }, ({ path }) => ({ path, namespace: "book" }));
    bundle.onLoad({ filter: /.*/, namespace: "book" }, ({ path }) => ({ contents: JSON.stringify(data[path.slice(5)]), loader: "json" }));
  },
};

// A worker's script comes as text: pages opened from disk may start one from a Blob only.
const workers = {
  name: "worker",
  setup(bundle) {
    bundle.onResolve({ filter: /\.worker\.mjs$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path), namespace: "worker" }));
    bundle.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => ({ contents: await text(path), loader: "text" }));
  },
};

const labs = readdirSync(here, { withFileTypes: true }).filter((one) => one.isDirectory() && one.name.includes("-"));
for (const { name } of labs) {
  const contents = `import lab from "./${name}/index.mjs"; import { define } from "./shared/element.mjs"; define("${name}", lab);`;
  await build({ ...options, stdin: { contents, resolveDir: here }, outfile: join(folder, `${name}.js`), plugins: [fromBook, workers] });
}
