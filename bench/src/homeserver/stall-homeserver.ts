/** Makes the homeserver's process stand still for a while; resolves when it goes on. */
export async function stallHomeserver(
  { synapsePid }: { readonly synapsePid: number },
  ms: number,
): Promise<void> {
  process.kill(synapsePid, 'SIGSTOP');
  try {
    await new Promise((resolve) => setTimeout(resolve, ms));
  } finally {
    process.kill(synapsePid, 'SIGCONT');
  }
}
