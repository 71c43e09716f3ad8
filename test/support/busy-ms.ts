/** How long this thread has computed so far, ms: what a step costs, however busy the machine is with other things. */
export function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
