import { h } from 'preact';
import { type AlertChange, changeAlerts } from '../../alerts/settings.ts';
import { type ShownAlerts, showAlerts } from '../../alerts/show.ts';
import { sendTestAlert, type TrialResult } from '../../alerts/trial.ts';
import { describeConfig } from '../../config/describe.ts';
import type { AlertChannel } from '../../core/alert.ts';
import { VERSION } from '../../core/version.ts';
import type { Deps } from '../../deps.ts';
import { keyOf, listDriverVariables } from '../../gateways/registry.ts';
import { type AlertSettings, TestResults } from '../../pages/admin/alert-forms.tsx';
import { type SettingsModel, SettingsPage } from '../../pages/admin/settings.tsx';
import type { DeskAction, DeskArea, Form, Problem, Shown, Visit } from './desk.ts';

const ROOT = '/admin/settings';

interface Extra {
  readonly problem?: Problem;
  readonly secret?: string | null;
  readonly trials?: readonly TrialResult[];
}

export function settingsDesk(deps: Deps): DeskArea {
  const show = async (visit: Visit, { problem, secret, trials }: Extra = {}): Promise<Shown> => ({
    title: visit.say('settings.title'),
    body: h(SettingsPage, {
      frame: visit,
      model: await loadModel(deps, visit),
      problem: problem ?? null,
      secret: secret ?? null,
      trials: trials && h(TestResults, { say: visit.say, results: trials }),
    }),
  });

  const change = (
    channel: AlertChannel,
    action: string,
    path: string,
    read: (form: Form) => AlertChange[AlertChannel],
  ): DeskAction => ({
    ...{ path, action, page: 'settings', right: 'owner' },
    async run(visit, form) {
      const before = await auditOf(deps, channel);
      const { webhookSecret } = await changeAlerts(deps, { [channel]: read(form) });
      const audit = { about: channel, before, after: await auditOf(deps, channel) };
      if (webhookSecret !== null) return { shown: await show(visit, { secret: webhookSecret }), audit };
      return { to: ROOT, notice: 'settings.saved', audit };
    },
    again: (visit, problem) => show(visit, { problem }),
  });

  return {
    pages: [{ path: ROOT, page: 'settings', right: 'staff', show: (visit) => show(visit) }],
    actions: [
      change('email', 'save-alert-email', `${ROOT}/email`, (form) => ({
        on: form.isOn('email.on'),
        ...readTexts(form, 'email', ['host', 'security', 'user', 'from', 'to', 'port']),
        password: form.raw('email.password'),
      })),
      change('webhook', 'save-alert-webhook', `${ROOT}/webhook`, (form) => ({
        on: form.isOn('webhook.on'),
        ...readTexts(form, 'webhook', ['url']),
      })),
      change('webhook', 'rotate-alert-secret', `${ROOT}/webhook/rotate`, () => ({ rotate: true })),
      change('summary', 'save-alert-summary', `${ROOT}/summary`, (form) => ({
        on: form.isOn('summary.on'),
        ...readTexts(form, 'summary', ['at']),
      })),
      {
        ...{ path: `${ROOT}/test`, action: 'test-alert', page: 'settings', right: 'owner' },
        async run(visit) {
          const trials = await sendTestAlert(deps);
          const after = Object.fromEntries(trials.map(({ channel, ok }) => [channel, ok ? 'sent' : 'failed']));
          return { shown: await show(visit, { trials }), audit: { about: 'alerts', after } };
        },
      },
    ],
  };
}

/** A number that is none is told by the use case. */
function readTexts(form: Form, of: AlertChannel, names: readonly string[]): Readonly<Record<string, unknown>> {
  const told = names.map((name) => [name, form.text(`${of}.${name}`)] as const);
  return Object.fromEntries(
    told.map(([name, text]) => [name, name === 'port' && /^\d+$/.test(text) ? Number(text) : text]),
  );
}

/** Without secrets; that there is one is told. */
async function auditOf(deps: Deps, channel: AlertChannel): Promise<Readonly<Record<string, unknown>>> {
  const { isOn, config, hasSecret } = (await showAlerts(deps))[channel];
  return { on: isOn, ...config, ...('url' in config ? { url: hidePath(config.url) } : {}), has_secret: hasSecret };
}

/** Many services hand out addresses that whoever has them may write to: what stands behind the host is a secret. */
function hidePath(url: string): string {
  return url.replace(/^(https?:\/\/)(?:[^/?#]*@)?([^/?#]*).*$/i, '$1$2/…');
}

async function loadModel(deps: Deps, { person }: Visit): Promise<SettingsModel> {
  const { config, vault, publicUrl, gateways, clockSkew } = deps;
  const alerts = await showAlerts(deps);
  const drivers = listDriverVariables(gateways.list);
  const variables = describeConfig(config, drivers);
  const skew = clockSkew();
  return {
    alerts: toSettings(alerts),
    recent: alerts.recent.map(({ id, channel, title, state, lastError, createdAt: at }) => ({
      ...{ id, channel, title, state, lastError, at },
    })),
    system: {
      version: VERSION,
      engine: config.databaseUrl === null ? 'sqlite' : 'postgres',
      ...{ publicUrl, timezone: config.timezone, currency: config.currency, dataDir: config.dataDir },
      ...{ keyId: vault.keyId, isLimited: config.rateLimit, replaced: listReplaced(deps) },
      clockOffSeconds: skew === null ? null : Math.round(skew / 1000),
    },
    variables,
    mayChange: person.role === 'owner',
  };
}

/** Gateways that calls do not reach, but a simulator or a proxy. */
function listReplaced({ config, gateways }: Deps): readonly string[] {
  const isReplaced = (id: string, service: string) => config.origins[keyOf(id, service)] !== undefined;
  return gateways.list
    .filter(({ id, services }) => Object.keys(services).some((service) => isReplaced(id, service)))
    .map(({ name }) => name);
}

function toSettings({ email, webhook, summary }: ShownAlerts): AlertSettings {
  return {
    email: { ...email, ...email.config, hasPassword: email.hasSecret },
    webhook: { ...webhook, ...webhook.config },
    summary: { ...summary, ...summary.config },
  };
}
