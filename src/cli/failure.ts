/** A command that cannot go on: one line for the person at the terminal. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** Exit code: 1 it failed, 2 it was called wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
