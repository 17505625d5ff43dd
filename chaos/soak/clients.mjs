// The clients, in a process of their own. Told "run" they call; told "rest" they end what they began, close every connection, and
// say what they counted.
import http from "node:http";

import { readFewRows } from "../../bench/servers/rows.mjs";
import { call } from "./call.mjs";
import { kindsOf } from "./kinds.mjs";

const TOLD = 3;
/** More than that under way of one kind says that nothing is answered any more. */
const MOST_UNDER_WAY = 2_000;

const { origin, model } = JSON.parse(process.argv[2]);
const rows = readFewRows();
const expected = [];
let stopRun = () => ({});

process.on("disconnect", () => process.exit()); // whoever started us has ended, and nobody else would end us
process.on("message", (word) => {
  if (word === "run") void run();
  else void stopRun().then((tallies) => process.send(tallies));
});

async function run() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  if (expected.length === 0) await learn(agent);
  const kinds = kindsOf({ origin, model, agent, rows, expected });
  const running = kinds.map((kind) => begin(kind));
  stopRun = async () => {
    const tallies = await Promise.all(running.map(({ stop }) => stop()));
    agent.destroy();
    return Object.fromEntries(kinds.map(({ name }, i) => [name, tallies[i]]));
  };
  process.send("running");
}

/** What each row is answered alone, which is what it must be answered in any company. */
async function learn(agent) {
  const url = `${origin}/models/${model}/predictions`;
  for (const row of rows) {
    const parts = [Buffer.from(JSON.stringify(row))];
    const { status, body } = await call({ url, agent, headers: { "content-type": "application/json" }, parts });
    if (status !== 200) throw new Error(`a row alone: ${status} ${body}`);
    expected.push(JSON.stringify(JSON.parse(body).predictions[0]));
  }
}

/** Calls at a steady rate, whether or not earlier calls have ended. */
function begin({ everyMs, ask }) {
  const tally = { sent: 0, right: 0, refused: 0, wrong: 0, examples: [], refusals: {} };
  const underWay = new Set();
  const once = async (n) => {
    try {
      const [outcome, why] = (await ask(n)).split(": ");
      tally[outcome] += 1;
      if (why !== undefined) tally.refusals[why] = (tally.refusals[why] ?? 0) + 1;
    } catch (error) {
      tally.wrong += 1;
      if (tally.examples.length < TOLD) tally.examples.push(error.message.slice(0, 300));
    }
  };
  const send = () => {
    if (underWay.size >= MOST_UNDER_WAY) return;
    const asked = once(tally.sent++);
    underWay.add(asked);
    void asked.then(() => underWay.delete(asked));
  };
  const timer = setInterval(send, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      return tally;
    },
  };
}
