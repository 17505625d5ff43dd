// Memory of servers that have answered a little and are asked nothing, and the CPU they take all the same.
const LOOK_MS = 3_000;

export async function measureIdle(servers) {
  const before = servers.map(({ family }) => family.use().cpu);
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return Object.fromEntries(
    servers.map(({ id, family }, i) => {
      const { cpu, rssMb, ownRssMb, othersRssMb, processes } = family.use();
      return [id, { rssMb, ownRssMb, othersRssMb, processes, cpuShare: ((cpu - before[i]) * 1000) / LOOK_MS }];
    }),
  );
}
