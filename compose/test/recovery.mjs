// What a client sees while one container of its pod dies and comes back.
import assert from "node:assert/strict";
import { check, seconds } from "./check.mjs";
import { killOnHost } from "./engine.mjs";

export async function checkRecovery(project, bundle, client) {
  await checkSidecarKilled(project, bundle, client);
  await checkApiKilled(project, bundle, client);
  await checkRestarted(project, bundle, client);
  await checkRestarted(project, `${bundle}-sidecar`, client);
  await checkStopped(project, bundle, client);
}

async function checkSidecarKilled(project, bundle, client) {
  const before = await project.container(`${bundle}-sidecar`);
  const start = performance.now();
  await check(`${bundle}: the sidecar's process killed, the API answers 503 with Retry-After at once`, async () => {
    await killOnHost(before, project.docker);
    const killed = performance.now();
    const { answer } = await client.fails();
    const ms = Math.round(performance.now() - killed);
    assert.equal(answer.status, 503, answer.body);
    assert.match(answer.retryAfter ?? "no Retry-After", /^[1-9]\d*$/);
    assert.ok(ms < 1000, `${ms} ms after the kill`);
    return `${ms} ms after the kill, answered in ${answer.ms} ms, Retry-After: ${answer.retryAfter}`;
  });
  await check(
    `${bundle}: the sidecar restarted, the API answers right again, and nothing but 503 in between`,
    async () => {
      const { answers } = await client.recovers();
      const recovered = performance.now() - start;
      assert.deepEqual(
        answers.slice(0, -1).filter(({ status, retryAfter }) => status !== 503 || !retryAfter),
        [],
      );
      const after = await project.container(`${bundle}-sidecar`);
      assert.ok(after.RestartCount > before.RestartCount, "the engine did not restart it");
      await client.answers();
      return `${seconds(recovered)} after the kill, ${answers.length - 1} times 503`;
    },
  );
}

async function checkApiKilled(project, bundle, client) {
  const before = await project.container(bundle);
  await check(`${bundle}: the API's process killed, it answers right again`, async () => {
    await killOnHost(before, project.docker);
    await client.fails();
    const { ms } = await client.recovers();
    const after = await project.container(bundle);
    assert.ok(after.RestartCount > before.RestartCount, "the engine did not restart it");
    await client.answers();
    return seconds(ms);
  });
}

async function checkRestarted(project, service, client) {
  await check(`\`compose restart ${service}\`: it answers right again`, async () => {
    const { StartedAt: before } = (await project.container(service)).State;
    await project.compose("restart", service);
    assert.notEqual((await project.container(service)).State.StartedAt, before);
    const { ms } = await client.recovers();
    await client.answers();
    return `${seconds(ms)} after the command`;
  });
}

async function checkStopped(project, bundle) {
  for (const service of [bundle, `${bundle}-sidecar`]) {
    await check(`\`compose stop ${service}\`: it ends by itself on SIGTERM`, async () => {
      const start = performance.now();
      await project.compose("stop", service);
      const { ExitCode: code } = (await project.container(service)).State;
      assert.equal(code, 0);
      return seconds(performance.now() - start);
    });
  }
}
