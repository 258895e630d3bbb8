import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { STATIC, fetched, load, names, source } from "./browser.mjs";

for (const name of names(".js")) {
  test(`${name} can be imported and exports something`, async () => {
    const module = await load(name);
    assert.ok(Object.keys(module).length > 0);
    if ("default" in module) assert.equal(module.default.length, 1);
    assert.match(source(name), /^\/\/ \S/, "it begins with what it is for");
  });
}

test("every component adopts its stylesheets once", async () => {
  await Promise.all(names(".js").map(load));
  const { sheet } = await load("mount.js");
  const base = await sheet("base.css");
  assert.equal(base, await sheet("base.css"));
  assert.equal(base.text, source("base.css"));
  assert.equal(new Set(fetched).size, fetched.length);
  assert.deepEqual(fetched.map((address) => address.split("/").pop()).sort(), names(".css"));
});

const page = readFileSync(new URL("../../assets/page.css", STATIC), "utf8");
const bare = (text) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/"[^"]*"|'[^']*'/g, '""');
const shared = new Set([...bare(source("base.css") + page).matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));

for (const name of [...names(".css"), "../../assets/page.css"]) {
  const text = bare(source(name));
  test(`${name}: every variable is defined or has a fallback`, () => {
    for (const [, variable, after] of text.matchAll(/var\(\s*(--[\w-]+)\s*([,)])/g)) {
      const own = new RegExp(`${variable}\\s*:`).test(text);
      assert.ok(after === "," || own || shared.has(variable) || variable.startsWith("--st-"), `${variable} is nowhere defined`);
    }
  });
  test(`${name}: brackets match and every declaration is one`, () => {
    let depth = 0;
    for (const sign of text) {
      if (sign === "{") depth += 1;
      if (sign === "}") depth -= 1;
      assert.ok(depth >= 0 && depth <= 2);
    }
    assert.equal(depth, 0);
    for (const [, block] of text.matchAll(/\{([^{}]*)\}/g)) {
      for (const declaration of block.split(";").map((part) => part.trim()).filter(Boolean)) {
        assert.match(declaration, /^-{0,2}[a-z][\w-]*\s*:\s*\S/i);
        assert.equal(declaration.split("(").length, declaration.split(")").length, declaration);
      }
    }
  });
}

for (const name of names(".js")) {
  test(`${name}: the variables in its pictures are defined`, () => {
    for (const [, variable] of source(name).matchAll(/var\((--[\w-]+)\)/g)) {
      assert.ok(shared.has(variable) || variable.startsWith("--st-"), `${variable} is nowhere defined`);
    }
  });
  test(`${name}: nothing is built from text that could be HTML`, () => {
    const writes = [...source(name).matchAll(/\.innerHTML\s*=\s*(.*?);/g)].map((match) => match[1]);
    assert.deepEqual(writes, name === "elements.js" ? ["ICONS[name]"] : []);
    assert.doesNotMatch(source(name), /insertAdjacentHTML|document\.write|outerHTML|\beval\(|new Function/);
  });
}
