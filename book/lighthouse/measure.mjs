// Measures pages of the built book with Lighthouse and prints one table: `node measure.mjs SITE [PAGE…]`.
// The site is served as GitHub Pages does it, compressed. Each figure is the median of RUNS runs (3, if not set); `machine` is
// Lighthouse's own measure of how fast this one was (benchmarkIndex): slowness lowers the scores for phones.
import { once } from "node:events";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".xml": "text/xml",
  ".json": "application/json",
  ".webp": "image/webp",
  ".png": "image/png",
  ".woff2": "font/woff2",
};
const PACKED = [".html", ".css", ".js", ".svg", ".txt", ".xml", ".json"];
const RUNS = Number(process.env.RUNS ?? 3);

const [site, ...named] = process.argv.slice(2);
const pages = named.length
  ? named
  : ["index", "chapters/01-spiral-mlp", "chapters/04-images-and-convolutions", "chapters/07-cats-vs-dogs"];

const server = createServer(async (request, response) => {
  const path = join(site, normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname)));
  const headers = { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", "Cache-Control": "max-age=600" };
  try {
    let body = await readFile(path);
    if (PACKED.includes(extname(path))) {
      body = gzipSync(body);
      headers["Content-Encoding"] = "gzip";
    }
    response.writeHead(200, headers).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, "127.0.0.1");
await once(server, "listening");

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function measured(address, config) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    // A fresh browser each time: nothing may be in its cache.
    const chrome = await chromeLauncher.launch({ chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "silent" }, config);
    await chrome.kill();
    if (process.env.AUDITS) complain(lhr);
    const audit = (name) => lhr.audits[name].numericValue;
    const score = (name) => Math.round(lhr.categories[name].score * 100);
    runs.push([
      ...["performance", "accessibility", "best-practices", "seo"].map(score),
      audit("largest-contentful-paint") / 1000,
      audit("cumulative-layout-shift"),
      audit("total-blocking-time"),
      audit("total-byte-weight") / 1024,
      lhr.environment.benchmarkIndex,
    ]);
  }
  return runs[0].map((_, i) => median(runs.map((run) => run[i])));
}

// With AUDITS=1: what costs points, and why.
function complain(lhr) {
  for (const { id, score, displayValue, details } of Object.values(lhr.audits)) {
    if (score === null || score >= 0.9) continue;
    const where = (details?.items ?? []).slice(0, 4).map((item) => item.url ?? item.node?.snippet ?? item.description ?? "");
    console.log(`    ${id}: ${score} ${displayValue ?? ""} ${where.join(" | ")}`);
  }
}

const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
line(["page", "device", "performance", "accessibility", "best practices", "SEO", "LCP s", "CLS", "TBT ms", "KiB", "machine"]);
line(["---", "---", ...Array(9).fill("--:")]);
for (const page of pages) {
  for (const [device, config] of [["mobile", undefined], ["desktop", desktopConfig]]) {
    const [p, a, b, s, lcp, cls, tbt, kib, speed] = await measured(`http://127.0.0.1:${server.address().port}/${page}.html`, config);
    line([page, device, p, a, b, s, lcp.toFixed(1), cls.toFixed(3), tbt.toFixed(0), kib.toFixed(0), speed.toFixed(0)]);
  }
}
server.close();
