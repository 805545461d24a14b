// Builds what the pages load: one stylesheet, one script for each kind of page, one sprite with the icons in use.
import { build } from "esbuild";
import { compile } from "sass";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "..", "src", "banshi");
const entries = join(here, "src", "entries");
const place = process.argv[2] ?? join(source, "sites", "kit", "static", "kit", "dist");
const out = join(here, "node_modules", `.built-${process.pid}`);

const files = (folder, ending) =>
  readdirSync(folder, { recursive: true }).map(String).filter((name) => ending.test(name) && !name.includes("dist")).map((name) => join(folder, name));

function styles() {
  for (const path of files(entries, /\.scss$/)) {
    const { css } = compile(path, { style: "compressed", loadPaths: [join(here, "node_modules")], quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions"] });
    writeFileSync(join(out, `${parse(path).name}.css`), css);
  }
}

const scripts = () =>
  build({ entryPoints: files(entries, /\.js$/), outdir: out, bundle: true, minify: true, format: "iife", target: ["es2020", "safari14"], legalComments: "none" });

// {% icon "name" %} and {% status … "name" %} in templates, icon="name" in Python, and icons.txt
function iconNames() {
  const names = new Set(readFileSync(join(here, "icons.txt"), "utf8").replace(/^#.*$/gm, "").split(/\s+/).filter(Boolean));
  for (const path of files(source, /\.(html|py)$/))
    for (const [, name] of readFileSync(path, "utf8").matchAll(/(?:\{% icon |icon=|\{% status \S+ "[a-z]*" )"([a-z0-9-]+)"/g)) names.add(name);
  return [...names].sort();
}

function sprite() {
  const symbols = iconNames().map((name) => {
    const path = join(here, "node_modules", "bootstrap-icons", "icons", `${name}.svg`);
    if (!existsSync(path)) throw new Error(`no such Bootstrap icon: ${name}`);
    const body = readFileSync(path, "utf8").replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").trim();
    return `<symbol id="${name}" viewBox="0 0 16 16" overflow="visible">${body.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// File by file into place, so that a server that runs meanwhile, or another build, always finds whole ones.
function settle() {
  mkdirSync(place, { recursive: true });
  const made = readdirSync(out);
  for (const name of made) {
    const beside = join(place, `.${name}-${process.pid}`);
    copyFileSync(join(out, name), beside);
    renameSync(beside, join(place, name));
  }
  for (const name of readdirSync(place)) if (!name.startsWith(".") && !made.includes(name)) rmSync(join(place, name));
  rmSync(out, { recursive: true });
}

mkdirSync(out, { recursive: true });
styles();
await scripts();
sprite();
settle();
