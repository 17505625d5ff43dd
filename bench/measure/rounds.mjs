// Interleaved: each round asks every server once, beginning with another one each time, so that what else the machine does
// meets all alike.
export async function inRounds(servers, rounds, work) {
  for (let round = 0; round < rounds; round += 1) {
    const first = round % servers.length;
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      if (server.restless) server.wake();
      await work(server, round);
      if (server.restless) server.hold();
    }
  }
}

/** What fails is told in its cell, and the run goes on. */
export async function orFailure(work) {
  try {
    return await work();
  } catch (error) {
    return { failure: error.message };
  }
}

/** Those whose ratios are the goals: they are asked in every round, the others in fewer. */
export const closest = new Set(["picklepod", "picklepod-2", "fastapi-1", "fastapi-2"]);
