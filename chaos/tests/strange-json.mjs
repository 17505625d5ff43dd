// R14: JSON as nobody should write it. Refused and named, or handed on bit for bit; never changed, never a 5xx.
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";

import { atMost, exactly } from "../goals.mjs";
import { root } from "../places.mjs";
import { ask } from "../servers/ask.mjs";
import { countedBundle, example, fewRows } from "../servers/bundles.mjs";
import { pause, until } from "../servers/until.mjs";

export const strangeJson = { id: "R14", what: "strange JSON", run };

const REFUSED = [400, 413, 422];
const MOST_BYTES = 64 * 1024;
const WRONG_CELLS = 200_000;
/** More than any block of the loop that is not the process' end. */
const ROUND_MS = 10_000;

/** Bodies, each with what it may be answered with. `row` is an honest one, as text. */
function bodies(row) {
  const x0 = (text) => row.replace(/^\{/, `{"x0": ${text}, `).replace(/, *"x0": *[^,}]+/, "");
  const wrong = JSON.stringify(Array.from({ length: WRONG_CELLS / 100 }, () => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x${i}`, {}])))); // prettier-ignore
  return {
    "depth of a million": ["[".repeat(1e6), REFUSED],
    "depth of a million, closed": ["[".repeat(1e6) + "]".repeat(1e6), REFUSED],
    "depth in a cell": [x0(`${"[".repeat(1e5)}${"]".repeat(1e5)}`), REFUSED],
    ["__proto__"]: [x0('1, "__proto__": {"x0": 2}'), REFUSED],
    "constructor as a key": [x0('1, "constructor": {"prototype": {"x0": 2}}'), REFUSED],
    "a key twice": [x0('1, "x0": 2'), REFUSED],
    "a key twice, once escaped": [x0('1, "x\\u0030": 2'), REFUSED],
    "1e999": [x0("1e999"), REFUSED],
    NaN: [x0("NaN"), REFUSED],
    Infinity: [x0("-Infinity"), REFUSED],
    "a million digits": [x0("1".repeat(1e6)), REFUSED],
    "a million digits behind the point": [x0(`0.${"1".repeat(1e6)}`), [200, ...REFUSED]],
    "a lone surrogate": [row.replace(/"x5": *"[^"]*"/, '"x5": "\\ud800"'), REFUSED],
    "a byte order mark": [`\ufeff${row}`, [200, ...REFUSED]], // RFC 8259: it may be ignored
    "bytes that are not UTF-8": [
      Buffer.concat([Buffer.from('{"x0": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      REFUSED,
    ],
    "an overlong encoding": [
      Buffer.concat([Buffer.from('{"x0": "'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]),
      REFUSED,
    ],
    nothing: ["", REFUSED],
    "a number": ["1", REFUSED],
    "a text": ['"x"', REFUSED],
    null: ["null", REFUSED],
    "an empty list": ["[]", [200, ...REFUSED]],
    "a list of null": ["[null]", REFUSED],
    "a comma too many": [row.replace(/\}$/, ",}"), REFUSED],
    "a second value": [`${row}${row}`, REFUSED],
    "a million empty rows": [`[${"{},".repeat(1e6)}{}]`, REFUSED],
    "200,000 wrong cells": [wrong, REFUSED],
  };
}

/** Its contract has keyed rows of 3,000 inputs, which are parsed on the event loop. */
const keyed = join(root, "models/job-transition");
/** The most that api/src/predict/body-limit.ts lets through: 50,000 values and one an input. */
const KEYED_ROWS = 17;
const KEYED_VALUES = 52_990;

/** The same for keyed rows. `row` is an honest one, as text. */
function keyedBodies(row) {
  const listed = (count, each) => Array.from({ length: count }, (_, i) => each(i)).join(",");
  const scalar = (i) => `"${i.toString(36)}z":0`;
  const twice = `${listed(KEYED_VALUES, scalar)},${scalar(0)}`;
  const rows = (text) => `{"candidate_info": {${text}}}`;
  const repeated = (count, text) => rows(listed(count, (i) => `"${i}": ${text}`));
  return {
    "as many keyed rows as are taken": [repeated(KEYED_ROWS, row), [200]],
    "a keyed row more than are taken": [repeated(KEYED_ROWS + 1, row), [413]],
    "a million keys in place of rows": [rows(listed(1e6, scalar)), [413]],
    "keys in place of rows, of 8 MB": [rows(listed(8e5, scalar)), [413]],
    "keys in a keyed row, of 8 MB": [repeated(1, `{${listed(8e5, scalar)}}`), [413]],
    "keys beside keyed rows, of 8 MB": [`{${listed(8e5, scalar)}, "candidate_info": {}}`, [413]],
    "as many keys as are taken, one twice": [rows(twice), [400]],
    "as many keys in a row, one twice": [repeated(1, `{${twice}}`), [400]],
    "as many keys beside the rows, one twice": [`{${twice}, "candidate_info": {}}`, [400]],
    "as many objects in a cell": [repeated(1, `{"x": [${listed(KEYED_VALUES / 2, (i) => `{${scalar(i)}}`)}]}`), [422]],
    "empty keyed rows": [repeated(KEYED_ROWS, "{}"), [422]],
    "10,000 empty keyed rows": [repeated(10_000, "{}"), [413]],
    "a keyed text of 6 MB": [repeated(1, `{"x": "${": ".repeat(3e6)}"}`), [422]],
    "depth of a million, keyed": [repeated(1, "[".repeat(1e6) + "]".repeat(1e6)), REFUSED],
  };
}

/** An honest row of that bundle. */
function keyedRow() {
  const { request } = JSON.parse(readFileSync(join(keyed, "samples/one-candidate.json"), "utf8"));
  return JSON.stringify(Object.values(request.candidate_info)[0]);
}

/** What an integer may be, for the bundle whose rows have a count. */
function countedBodies(row) {
  const counted = (text) => row.replace(/^\{/, `{"count": ${text}, `);
  return {
    "2^53 - 1 for an integer": [counted("9007199254740991"), [200]],
    "2^53 + 1 for an integer": [counted("9007199254740993"), [422]],
    "1e999 for an integer": [counted("1e999"), [422]],
  };
}

async function run({ start, startBetween, tell }) {
  const { api, between } = await startBetween({ folder: example });
  const url = `${api.url}/models/classification/predictions`;
  const [row] = await fewRows(1);
  const seen = { others: [], largest: 0, unnamed: [], blockedMs: 0 };
  await askStrange({ api, url, strange: bodies(row), seen, tell });
  const unchanged = await bitsThatArrive(url, row, between);
  const { api: keyedApi } = await startBetween({ folder: keyed });
  const keyedUrl = `${keyedApi.url}/models/job-transition/predict`;
  await askStrange({ api: keyedApi, url: keyedUrl, strange: keyedBodies(keyedRow()), seen, tell });
  const counting = await start({ models: [countedBundle()] });
  await counting.ready();
  const countedUrl = `${counting.url}/models/counted/predictions`;
  await askStrange({ api: counting, url: countedUrl, strange: countedBodies(row), seen, tell });
  return [
    exactly("answered otherwise than 400, 413 or 422, where it is no right row", seen.others.join(", "), ""),
    exactly("faults without a pointer", seen.unnamed.join(", "), ""),
    atMost("largest answer", seen.largest, MOST_BYTES, " bytes"),
    atMost("event loop blocked for", seen.blockedMs, 150, " ms"),
    exactly("numbers that reach the sidecar in other bits", unchanged.join(", "), ""),
    exactly("defects in the log", api.defects() + keyedApi.defects() + counting.defects(), 0),
  ];
}

/** Asks with each of the bodies, and notes in `seen` what came of it. They are made before: what blocks this process's loop is not the server's. */
async function askStrange({ api, url, strange, seen, tell }) {
  const watching = watchLoop(api.url);
  for (const [name, [body, statuses]] of Object.entries(strange)) {
    const { status, text, ms } = await ask(url, { body });
    const blocked = await watching.since();
    tell(`${name}: ${status} in ${ms.toFixed(0)} ms, loop blocked for ${blocked.toFixed(0)} ms: ${text.slice(0, 160)}`);
    seen.blockedMs = Math.max(seen.blockedMs, blocked);
    if (!statuses.includes(status)) seen.others.push(`${name}: ${status}`);
    seen.largest = Math.max(seen.largest, Buffer.byteLength(text));
    if (status === 422 && !/"pointer":"#/.test(text)) seen.unnamed.push(name);
  }
  await watching.stop();
}

/**
 * How long /livez takes, which asks for nothing but a turn of the loop. It stands on a kept connection of its own. `since` waits for
 * the round that is under way and for a whole one behind it: what was blocked is told by the one that had to wait for it.
 */
function watchLoop(url) {
  const agent = new Agent({ keepAlive: true });
  let [isOver, most, round] = [false, 0, undefined];
  const watching = (async () => {
    while (!isOver) {
      round = ask(`${url}/livez`, { agent });
      most = Math.max(most, (await round).ms);
      await pause(2);
    }
  })();
  const since = async () => {
    const underWay = round;
    await until(ROUND_MS, "a round of /livez", () => (round === underWay ? undefined : true), 1);
    await round;
    await pause(0); // it is noted by then
    const found = most;
    most = 0;
    return found;
  };
  return { since, stop: () => ((isOver = true), watching.then(() => agent.destroy())) };
}

/** Those of the numbers that are not, bit for bit, what the row's first number is on its way to the sidecar. */
async function bitsThatArrive(url, row, between) {
  const numbers = [
    "-0",
    "-0.0",
    "5e-324",
    "-2.2250738585072011e-308",
    "1.7976931348623157e308",
    "9007199254740991",
    "9007199254740993", // the nearest float64, as docs/api.md has it
    "0.1",
  ];
  const changed = [];
  for (const number of numbers) {
    between.calls.length = 0;
    await ask(url, { body: row.replace(/"x0": *[^,]+/, `"x0": ${number}`) });
    const [call] = between.calls;
    if (call === undefined || !Object.is(call.tensors.readDoubleLE(0), Number(number))) changed.push(number);
  }
  return changed;
}
