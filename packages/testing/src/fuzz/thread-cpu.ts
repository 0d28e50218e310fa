/** Processor time of this thread so far, in milliseconds: what collectors and compilers do beside it does not count. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
