/** Milliseconds of processor time that it takes: unlike time on the clock, they are the same on a machine that is busy. */
export async function costOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
