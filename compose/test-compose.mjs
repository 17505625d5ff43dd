// Brings pods up as docker-compose.yaml has them, and shows that they answer, are closed, and recover.
// COMPOSE="docker-compose" chooses between two; ALLOW_NO_DOCKER=1 lets a machine without Docker pass.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { checkBox } from "./test/box.mjs";
import { check, count, seconds, signal } from "./test/check.mjs";
import { openClient } from "./test/client.mjs";
import { findCompose, openProject } from "./test/engine.mjs";
import { checkInside } from "./test/inside.mjs";
import { checkRecovery } from "./test/recovery.mjs";

async function test(project, { classification, flightDelay }) {
  if (!(await bringUp(project, "classification", classification))) return;
  await checkBox(project, "classification");
  await checkInside(project, "classification");
  const first = await project.container("classification");
  // Another Python, beside the first pod.
  if (await bringUp(project, "flight-delay", flightDelay)) await checkBox(project, "flight-delay");
  await check("classification: the second pod left the first alone", async () => {
    assert.equal((await project.container("classification")).Id, first.Id);
    return "the same container";
  });
  await checkRecovery(project, "classification", classification);
}

/** Whether there is a pod now, for other checks to look at. */
async function bringUp({ compose }, bundle, client) {
  const chosen = bundle === "classification" ? [] : ["--profile", bundle];
  const timed = async (work) => {
    const start = performance.now();
    await work();
    return seconds(performance.now() - start);
  };
  console.log(`        building the images of ${bundle}: minutes the first time, seconds later`);
  const isBuilt = await check(`${bundle}: \`compose build\` makes its images`, () =>
    timed(() => compose(...chosen, "build", `${bundle}-pause`, `${bundle}-sidecar`)),
  );
  const isUp =
    isBuilt &&
    (await check(`${bundle}: \`compose ${[...chosen, "up"].join(" ")}\` ends in a pod that is ready`, () =>
      timed(() => compose(...chosen, "up", "--detach").then(client.ready)),
    ));
  if (isUp) await check(`${bundle}: its first sample is answered as written`, client.answers);
  return isUp;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function testIn(engine) {
  console.log(`${engine.words.join(" ")} ${engine.version}`);
  const ports = [await freePort(), await freePort()];
  const env = { PORT: `127.0.0.1:${ports[0]}`, FLIGHT_DELAY_PORT: `127.0.0.1:${ports[1]}` };
  const project = openProject({ ...engine, name: `picklepod-test-${process.pid}`, env, signal });
  try {
    await test(project, {
      classification: openClient("classification", ports[0]),
      flightDelay: openClient("flight-delay", ports[1]),
    });
    if (count.failed > 0) console.log(await project.logs());
  } finally {
    await check("`compose down` leaves nothing behind", project.down);
  }
}

/** 0 when all is well, as the process ends with it. */
async function main() {
  const engine = await findCompose().catch(({ message }) =>
    console.log(`NO DOCKER HERE, so compose is NOT TESTED: ${message}`),
  );
  if (!engine) return process.env.ALLOW_NO_DOCKER === "1" ? 0 : 1;
  await testIn(engine).catch((error) => {
    count.failed += 1;
    console.log(signal.aborted ? "Stopped before the end." : error.stack);
  });
  console.log(`${count.passed} passed, ${count.failed} failed`);
  return count.failed > 0 ? 1 : 0;
}

process.exitCode = await main();
