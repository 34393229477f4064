import type { ComponentChildren } from 'preact';
import { AlertForms, type AlertSettings } from './alert-forms.tsx';
import type { Frame, Problem } from './frame.ts';
import { Moment } from './parts/moment.tsx';
import { Dot, type Tone } from './parts/status.tsx';
import { sayOf } from './texts.ts';

/** What the installation runs with, and how it tells people of trouble. */

export interface SettingsModel {
  readonly alerts: AlertSettings;
  readonly recent: readonly RecentAlert[];
  readonly system: SystemFacts;
  readonly variables: readonly Variable[];
  /** May change it. */
  readonly mayChange: boolean;
}

export interface RecentAlert {
  readonly id: number;
  readonly at: number;
  readonly channel: string;
  readonly title: string;
  readonly state: string;
  readonly lastError: string | null;
}

export interface SystemFacts {
  readonly version: string;
  readonly engine: 'sqlite' | 'postgres';
  readonly publicUrl: string;
  readonly timezone: string;
  readonly currency: string;
  readonly dataDir: string;
  readonly keyId: string;
  readonly isLimited: boolean;
  /** Gateways in whose place stands something else. */
  readonly replaced: readonly string[];
  /** Null: nothing is known to be wrong. */
  readonly clockOffSeconds: number | null;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isChanged: boolean;
  readonly isSecret: boolean;
  readonly meaning: string;
  readonly example: string;
  /** Whose origin it replaces. */
  readonly replaces: string | null;
}

export function SettingsPage(props: {
  readonly frame: Frame;
  readonly model: SettingsModel;
  readonly problem?: Problem | null;
  /** Shown this once. */
  readonly secret?: string | null;
  readonly trials?: ComponentChildren;
}) {
  const { frame, model, problem = null, secret = null, trials } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('settings.title')}</h1>
      <section>
        <h2>{say('settings.alerts')}</h2>
        <p class="quiet-text">{say('settings.alerts_help')}</p>
        {model.mayChange ? (
          <AlertForms frame={frame} alerts={model.alerts} problem={problem} secret={secret} trials={trials} />
        ) : (
          <p class="quiet-text">{say('settings.staff')}</p>
        )}
        <Recent frame={frame} recent={model.recent} />
      </section>
      <System say={say} system={model.system} />
      <Variables say={say} variables={model.variables} />
    </>
  );
}

const STATES: Readonly<Record<string, Tone>> = { pending: 'wait', delivered: 'good', dead: 'bad' };

function Recent({ frame, recent }: { readonly frame: Frame; readonly recent: readonly RecentAlert[] }) {
  const { say } = frame;
  return (
    <details class="card alert-recent">
      <summary>{say('settings.recent')}</summary>
      {recent.length === 0 ? (
        <p class="quiet-text">{say('settings.recent_none')}</p>
      ) : (
        <ul>
          {recent.map(({ id, at, channel, title, state, lastError }) => (
            <li key={id}>
              <span>
                {title}
                {lastError !== null && <span class="wrong">{lastError}</span>}
              </span>
              <span class="alert-way">
                <Dot tone={STATES[state] ?? 'quiet'}>{sayOf(say, 'settings.state', state)}</Dot>
                <span class="quiet-text">
                  {sayOf(say, 'settings.channel', channel)} · <Moment frame={frame} at={at} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function System({ say, system }: { readonly say: Frame['say']; readonly system: SystemFacts }) {
  const { replaced, clockOffSeconds, isLimited } = system;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [say('settings.version'), `PayCore ${system.version}`],
    [say('settings.engine'), say(`settings.engine.${system.engine}`)],
    [say('settings.public_url'), system.publicUrl],
    [say('settings.zone'), system.timezone],
    [say('settings.currency'), system.currency],
    [say('settings.data'), <code key="data">{system.dataDir}</code>],
    [say('settings.key'), <code key="key">{system.keyId}</code>],
    [
      say('settings.limit'),
      <Wanted key="limit" is={isLimited} say={say(`settings.limit.${isLimited ? 'on' : 'off'}`)} />,
    ],
    [
      say('settings.practice'),
      replaced.length === 0
        ? say('settings.practice.off')
        : say('settings.practice.on', { names: replaced.join(' · ') }),
    ],
    [
      say('settings.clock'),
      <Wanted
        key="clock"
        is={clockOffSeconds === null}
        say={
          clockOffSeconds === null ? say('settings.clock.ok') : say('settings.clock.off', { seconds: clockOffSeconds })
        }
      />,
    ],
  ];
  return (
    <section>
      <h2>{say('settings.system')}</h2>
      <dl class="card facts system">
        {facts.map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** As it should be, or a warning. */
function Wanted({ is, say }: { readonly is: boolean; readonly say: string }) {
  return <span class={is ? undefined : 'warning'}>{say}</span>;
}

function Variables({ say, variables }: { readonly say: Frame['say']; readonly variables: readonly Variable[] }) {
  return (
    <details class="card variables">
      <summary>{say('settings.env')}</summary>
      <p class="quiet-text">{say('settings.env_help')}</p>
      <ul>
        {variables.map((variable) => {
          const { name, value, isChanged, isSecret, example } = variable;
          const word = isChanged ? 'settings.env_set' : value === '' ? 'settings.env_unset' : 'settings.env_default';
          return (
            <li key={name}>
              <span class="variable">
                <code>{name}</code>
                <span class="quiet-text">
                  {sayMeaning(say, variable)}
                  {!isChanged && value === '' && !isSecret && ` · ${say('settings.env_example', { example })}`}
                </span>
              </span>
              <span class="variable-value">
                {value !== '' && <code>{value}</code>}
                <span class="tag">{say(word)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function sayMeaning(say: Frame['say'], { name, replaces, meaning }: Variable): string {
  if (replaces !== null) return say('settings.var_origin', { name: replaces });
  const known = sayOf(say, 'settings.var', name);
  return known === `settings.var.${name}` ? meaning : known;
}
