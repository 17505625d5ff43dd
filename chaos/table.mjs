// Every test, in the order of docs/reliability.md.
import { badRow } from "./tests/bad-row.mjs";
import { bulk } from "./tests/bulk.mjs";
import { ending } from "./tests/ending.mjs";
import { frozenSidecar } from "./tests/frozen-sidecar.mjs";
import { fuzzing } from "./tests/fuzzing.mjs";
import { halfOpen } from "./tests/half-open.mjs";
import { hotSwap } from "./tests/hot-swap.mjs";
import { killedSidecar } from "./tests/killed-sidecar.mjs";
import { largeBodies } from "./tests/large-bodies.mjs";
import { leavingClients } from "./tests/leaving-clients.mjs";
import { lostRedis } from "./tests/lost-redis.mjs";
import { lyingSidecar } from "./tests/lying-sidecar.mjs";
import { overload, recovery } from "./tests/overload.mjs";
import { rollingRestart } from "./tests/rolling-restart.mjs";
import { slowClients } from "./tests/slow-clients.mjs";
import { soak } from "./tests/soak.mjs";
import { strangeHttp } from "./tests/strange-http.mjs";
import { strangeJson } from "./tests/strange-json.mjs";
import { strangeMachine } from "./tests/strange-machine.mjs";

export const table = [
  ...[overload, recovery, bulk, killedSidecar, frozenSidecar, lyingSidecar, badRow, ending, rollingRestart, hotSwap],
  ...[leavingClients, slowClients, largeBodies, strangeJson, strangeHttp, strangeMachine],
  ...[soak, fuzzing, lostRedis, halfOpen],
];
