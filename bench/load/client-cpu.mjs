/** CPU seconds of this process while the work ran. What it made ready before is nobody's cost. */
export async function withClientCpu(work) {
  const before = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(before);
  return { ...found, clientCpuSeconds: (user + system) / 1e6 };
}
