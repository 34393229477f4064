import { readFileSync } from 'node:fs';
import { resolveAsset } from '../assets.ts';
import { ALERT_KINDS, type AlertData, type AlertKind } from '../core/alert.ts';
import { deskLocaleOf, type Locale } from '../core/locale.ts';
import type { Deps } from '../deps.ts';

/** What alerts say, in the merchant's language as far as there is one of the two that the desk speaks. */

type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type AlertSay = (key: string, values?: Values) => string;

const loaded = new Map<string, AlertSay>();

export function speakAlerts(locale: Locale): AlertSay {
  const language = deskLocaleOf(locale);
  const known = loaded.get(language);
  if (known) return known;
  const file = readFileSync(resolveAsset(`locales/admin/${language}/alerts.json`), 'utf8');
  const texts: Readonly<Record<string, string>> = JSON.parse(file);
  const say: AlertSay = (key, values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  loaded.set(language, say);
  return say;
}

export interface AlertWords {
  /** One line. */
  readonly title: string;
  /** What it means, and the one thing to do. */
  readonly text: string;
  /** Where that is done. */
  readonly adminUrl: string;
}

interface Told {
  readonly kind: AlertKind;
  readonly paymentNo: string | null;
  readonly data: AlertData;
}

type Parts = Pick<Deps, 'config' | 'publicUrl' | 'gateways'>;

export function describeAlert(deps: Parts, { kind, paymentNo, data }: Told): AlertWords {
  const say = speakAlerts(deps.config.locale);
  const values = { ...data, gateway: nameGateway(deps, data.gateway), reason: explainReason(say, data) };
  const prefix = data.livemode === false ? say('alerts.prefix.test') : '';
  return {
    title: oneLine(prefix + say(`alerts.${kind}.title`, values)),
    text: oneLine(say(`alerts.${kind}.text`, values)),
    adminUrl: `${deps.publicUrl}${pathOf(kind, paymentNo)}`,
  };
}

export function nameGateway({ gateways }: Pick<Deps, 'gateways'>, id: AlertData[string] | undefined): string {
  return (typeof id === 'string' ? gateways.find(id)?.name : undefined) ?? String(id ?? '');
}

/** A word of ours is said in the language, a gateway's own as it is. */
function explainReason(say: AlertSay, { reason }: AlertData): string {
  if (typeof reason !== 'string') return '';
  const key = `alerts.reason.${reason}`;
  const known = say(key);
  return known === key ? reason : known;
}

function pathOf(kind: AlertKind, paymentNo: string | null): string {
  const page = ALERT_KINDS[kind];
  if (page === 'overview') return '/admin';
  return page === 'payment' ? `/admin/payments/${paymentNo ?? ''}` : `/admin/${page}`;
}

/** Some of it comes from shops and gateways: nothing of it becomes a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
