import type { Frame, Problem } from './frame.ts';
import { ActionButton, Ask, FormProblem } from './parts/form.tsx';
import { formatIn, Moment } from './parts/moment.tsx';
import { Dot } from './parts/status.tsx';

/** Backups: whether there is a good one, making another, and those there are. */

export interface BackupFile {
  readonly name: string;
  readonly bytes: number;
  readonly at: number;
  /** Null: nobody has looked. */
  readonly broken: readonly string[] | null;
}

export interface BackupsModel {
  /** Null: PostgreSQL. */
  readonly files: readonly BackupFile[] | null;
  readonly folder: string;
  readonly lastGood: BackupFile | null;
  readonly isDue: boolean;
  readonly runningSince: number | null;
  readonly lastFailure: string | null;
  /** Path of the key's file; null: it is in the environment. */
  readonly keyPath: string | null;
  readonly keyId: string;
  /** May make, download and delete. */
  readonly mayChange: boolean;
}

type Say = Frame['say'];

export function BackupsPage(props: {
  readonly frame: Frame;
  readonly model: BackupsModel;
  readonly problem?: Problem | null;
}) {
  const { frame, model, problem } = props;
  const { say } = frame;
  return (
    <>
      <div class="head-row">
        <h1>{say('backups.title')}</h1>
        {model.mayChange && model.files !== null && model.runningSince === null && (
          <ActionButton frame={frame} name="backup" action="/admin/backups/make" label={say('backups.make')} />
        )}
      </div>
      <FormProblem problem={problem} />
      {model.files === null ? <Postgres say={say} /> : <State frame={frame} model={model} />}
      {model.files !== null && model.files.length > 0 && <Files frame={frame} model={model} files={model.files} />}
      {!model.mayChange && <p class="quiet-text">{say('backups.staff')}</p>}
      <section class="card">
        <h2>{say('backups.key')}</h2>
        <p>
          {model.keyPath === null
            ? say('backups.key_env', { id: model.keyId })
            : say('backups.key_file', { path: model.keyPath, id: model.keyId })}
        </p>
      </section>
    </>
  );
}

function State({ frame, model }: { readonly frame: Frame; readonly model: BackupsModel }) {
  const { say, now } = frame;
  const { lastGood, isDue, runningSince, lastFailure } = model;
  return (
    <section class="card backup-state" data-backup-due={isDue ? 'true' : 'false'}>
      {lastGood === null ? (
        <>
          <h2>
            <Dot tone="warn">{say('backups.never')}</Dot>
          </h2>
          <p>{say('backups.never_help')}</p>
        </>
      ) : (
        <>
          <h2>{say('backups.last')}</h2>
          <p class="backup-last">
            <Dot tone={isDue ? 'warn' : 'good'}>{say('backups.age', { age: sayAge(say, now - lastGood.at) })}</Dot>
            <span class="quiet-text">
              <Moment frame={frame} at={lastGood.at} />
            </span>
          </p>
          <p class={isDue ? 'warning' : 'quiet-text'}>
            {isDue ? say('backups.old', { age: sayAge(say, now - lastGood.at) }) : say('backups.fresh')}
          </p>
        </>
      )}
      {lastFailure !== null && <p class="wrong">{say('backups.failed', { reason: lastFailure })}</p>}
      {runningSince !== null && (
        <p role="status" data-backup-running>
          {say('backups.running', { age: sayAge(say, now - runningSince) })}{' '}
          <a href="/admin/backups">{say('backups.reload')}</a>
        </p>
      )}
    </section>
  );
}

function Files(props: { readonly frame: Frame; readonly model: BackupsModel; readonly files: readonly BackupFile[] }) {
  const { frame, model, files } = props;
  const { say } = frame;
  return (
    <section>
      <ul class="backup-files">
        {files.map((file) => (
          <li key={file.name} data-backup={file.name}>
            <div class="backup-name">
              <code>{file.name}</code>
              <span class="quiet-text">
                <Moment frame={frame} at={file.at} /> · {formatBytes(file.bytes)}
              </span>
            </div>
            <Found say={say} file={file} />
            {model.mayChange && (
              <div class="actions">
                <a class="button quiet" href={`/admin/backups/${file.name}`} download={file.name}>
                  {say('backups.download')}
                </a>
                <Ask
                  frame={frame}
                  name="delete-backup"
                  action={`/admin/backups/${file.name}/delete`}
                  label={say('backups.delete')}
                  question={say('backups.delete_ask', {
                    name: file.name,
                    size: formatBytes(file.bytes),
                    at: formatIn(frame.timezone, frame.locale, file.at),
                  })}
                  answer={say('backups.delete_yes')}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
      <p class="quiet-text">{say('backups.place', { folder: model.folder })}</p>
    </section>
  );
}

function Found({ say, file: { broken } }: { readonly say: Say; readonly file: BackupFile }) {
  if (broken === null) return <Dot tone="quiet">{say('backups.unchecked')}</Dot>;
  if (broken.length === 0) return <Dot tone="good">{say('backups.checked')}</Dot>;
  return <Dot tone="bad">{say('backups.broken', { rules: broken.join(', ') })}</Dot>;
}

function Postgres({ say }: { readonly say: Say }) {
  return (
    <section class="card">
      <h2>{say('backups.postgres')}</h2>
      <p>{say('backups.postgres_help')}</p>
      <pre>{'pg_dump "$PAYCORE_DATABASE_URL" > paycore.sql'}</pre>
      <p class="quiet-text">{say('backups.postgres_restore')}</p>
    </section>
  );
}

const UNITS = [
  ['backups.days', 86_400_000],
  ['backups.hours', 3_600_000],
  ['backups.minutes', 60_000],
] as const;

/** In the largest unit of which there are two. */
export function sayAge(say: Say, ms: number): string {
  for (const [key, unit] of UNITS) if (ms >= 2 * unit) return say(key, { n: Math.floor(ms / unit) });
  return say('backups.seconds', { n: Math.max(0, Math.round(ms / 1000)) });
}

/** In thousands, as file managers count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
