// R19: the Redis that counts calls for several processes hangs, and is killed.
import { freePortsOf } from "../../bench/servers/free-ports.mjs";
import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { startRedis } from "../servers/start-redis.mjs";
import { pause } from "../servers/until.mjs";

export const lostRedis = { id: "R19", what: "Redis, where limits are counted in it, hangs and is killed", run };

const RATE = 150;
const SECONDS = 5;
/** More than are sent: how long each waits for its count is what this load shows. */
const NO_LIMIT = "address:requests=100000000/60s,address:rows=100000000/60s";
/** Of a server of its own, and a window of its own: the other's calls are counted in the same Redis by the same address. */
const MOST = 20;
const SMALL_LIMIT = `address:requests=${MOST}/50s`;
const BURST = 60;
/** The same of two servers, in a window that is theirs alone. */
const SHARED_LIMIT = `address:requests=${MOST}/40s`;
/** A call whose count takes Redis more than 10 ms is counted by its server alone, as may be on a busy machine. */
const COUNTED_ALONE = 5;

async function run({ start, also, tell }) {
  const [port] = await freePortsOf(1);
  const redis = await startRedis(port, also);
  const limited = (limits) => startReady(start, { RATE_LIMITS: limits, RATE_LIMIT_REDIS_URL: `redis://127.0.0.1:${port}` }); // prettier-ignore
  const { url } = await limited(NO_LIMIT);
  const rows = await fewRows(100);
  for (const body of rows) await ask(url, { body }); // Redis knows the script by then
  const calls = await knownCalls("known", url, rows);
  const load = async (when) => {
    const found = summary((await openLoop({ url, calls, phases: [{ rate: RATE, seconds: SECONDS }] })).samples);
    tell(`${when}: ${JSON.stringify(found)}`);
    return found;
  };
  /** The limited server was there before Redis went, and is asked while it is away. */
  const without = async (when, strike) => {
    const small = await limited(SMALL_LIMIT);
    const found = await whileDoing(load, when, strike);
    const answers = await burst(small.url, rows[0]);
    tell(`${when}: ${answers.map(({ status }) => status).join(" ")}`);
    await small.stop();
    return [...judged(when, found, well), ...judgedBurst(when, answers)];
  };
  const well = await load("well");
  const together = await countTogether(limited, rows[0]);
  const hanging = await without("hanging", () => redis.signal("SIGSTOP"));
  redis.signal("SIGCONT");
  await pause(2_000);
  return [...together, ...hanging, ...(await without("killed", () => redis.signal("SIGKILL")))];
}

async function startReady(start, env) {
  const picklepod = await start({ models: ["classification"], env });
  await picklepod.ready();
  return { url: `${picklepod.url}/models/classification/predictions`, stop: picklepod.stop };
}

/** Asked by turns while Redis is well, two servers let through as many as one may. */
async function countTogether(limited, body) {
  const servers = [await limited(SHARED_LIMIT), await limited(SHARED_LIMIT)];
  const answers = [];
  for (let i = 0; i < BURST; i += 1) answers.push((await ask(servers[i % 2].url, { body })).status);
  for (const server of servers) await server.stop();
  const [letThrough, refused] = [200, 429].map((status) => answers.filter((each) => each === status).length);
  return [
    atMost(`well: of ${BURST} calls to two servers where ${MOST} may come in all, let through`, letThrough, MOST + COUNTED_ALONE), // prettier-ignore
    exactly("well: the others, without a 429", BURST - letThrough - refused, 0),
  ];
}

/** More than the limit, one after the other. */
async function burst(url, body) {
  const answers = [];
  for (let i = 0; i < BURST; i += 1) answers.push(await ask(url, { body }));
  return answers;
}

/** In the middle of the load. */
async function whileDoing(load, when, strike) {
  const loading = load(when);
  await pause(1_500);
  strike();
  return loading;
}

const judged = (when, found, well) => [
  exactly(`${when}: not answered with 200, or wrongly`, found.sent - (found.statuses[200] ?? 0) + found.wrong, 0),
  atMost(`${when}: p99 more than while it is well`, found.goodP99 - well.goodP99, 20, " ms"),
];

/** Counted in the process alone, the limit is the same: as many are let through, and who is refused is told when to come again. */
function judgedBurst(when, answers) {
  const isToldWhen = ({ status, headers }) => status === 429 && Number(headers["retry-after"]) > 0;
  const letThrough = answers.filter(({ status }) => status === 200).length;
  return [
    exactly(`${when}: of ${BURST} calls where ${MOST} may come, let through`, letThrough, MOST),
    exactly(`${when}: the others, without a 429 with Retry-After`, BURST - letThrough - answers.filter(isToldWhen).length, 0), // prettier-ignore
  ];
}
