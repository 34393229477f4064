/**
 * A terminal that closes, or who renewed a certificate: it never ends the process. Called before anything is started, since
 * without a listener the signal kills.
 */
export function onHangup(action: () => void): void {
  process.on('SIGHUP', action);
}

/** Resolves when the process is asked to end. A second signal ends it at once. */
export function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
