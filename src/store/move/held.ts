import type { Engine } from '../engines/engine.ts';
import type { Inspector } from '../integrity/check.ts';
import type { Migration } from '../migrations.ts';

/** A database that no server works on for as long as it is held, nor can begin to. */
export interface Held {
  readonly inspector: Inspector;
  /** Every table there is, whoever made it. */
  listTables(): Promise<readonly string[]>;
  /**
   * Puts what is there out of the way; from that moment on there is an empty database with this setting. Gives where the
   * old one is now. Null: this engine cannot.
   */
  readonly setAside:
    | ((
        stamp: string,
        migrations: readonly Migration[],
        setting: readonly [name: string, value: string],
      ) => Promise<string>)
    | null;
  /** To be called once, by whoever has looked into it: brings the schema up to date. */
  open(migrations: readonly Migration[]): Promise<Engine>;
  /** From now on nothing can be written into it, by whatever connection, until `finish` or `close`. */
  freeze(): Promise<void>;
  /** Writes this one setting and drops that one into what is frozen; both or neither. */
  finish(write: readonly [name: string, value: string], drop: string): Promise<void>;
  /** After many rows came with ids of their own: new ones go on above them. */
  settle(): Promise<void>;
  /** Rejects when others may have come in. */
  requireHeld(): Promise<void>;
  close(): Promise<void>;
}

/** What keeps a move from being made: one line for a person. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}

/** What was copied is not what is there: it must not count, and is begun anew. */
export class CopyDiffers extends MoveRefused {}
