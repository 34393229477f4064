import { checkFields, type Field, isEmptyList, isPlainObject } from './fields.ts';
import type { NotificationEvent } from './payment.ts';

/** What a merchant sets for a project. Named as in forms, in bodies, and in the JSON that is stored. */
export interface ProjectSettings extends ProjectUrls {
  /** The shop's name on payer pages, instead of the project's. */
  readonly display_name?: string;
  readonly logo_url?: string;
  /** `#rrggbb` */
  readonly accent?: string;
  /** Where payers are led who leave a page that knows no other way back. */
  readonly shop_url?: string;
  /** How a payer reaches the shop: text. */
  readonly contact?: string;
  /** By `gateway/path`; what says nothing about itself is as its driver has it: on, but for a few. */
  readonly methods?: Readonly<Record<string, MethodSetting>>;
}

/** Used by create requests that leave them out. */
export interface ProjectUrls {
  readonly success_url?: string;
  readonly cancel_url?: string;
  readonly payok_url?: string;
}

export interface MethodSetting {
  /** Offered to payers who choose; when not set, as the method itself says. */
  readonly enabled?: boolean;
  /** Smallest first; those without one come after all that have one. */
  readonly position?: number;
}

const MAX_TEXT = 200;
/** A line that somebody reads. */
export const PLAIN_LINE = { pattern: /^(?=.*\S)[^\p{Cc}]+$/u, expected: 'text without control characters' } as const;

/** The texts among the settings: checks, options of the command line and forms are made from these rows. */
export const SETTING_FIELDS = [
  {
    name: 'success_url',
    type: 'url',
    description: 'Where payers go after paying when a request does not say.',
    example: 'https://shop.example/thanks',
  },
  {
    name: 'cancel_url',
    type: 'url',
    description: 'Where payers go to give up when a request does not say.',
    example: 'https://shop.example/cart',
  },
  {
    name: 'payok_url',
    type: 'url',
    description: 'Where notifications go when a request does not say.',
    example: 'https://shop.example/paycore/payok',
  },
  {
    name: 'shop_url',
    type: 'url',
    description: 'The shop itself: where payers go who leave a page and no cancel_url is known.',
    example: 'https://shop.example',
  },
  {
    name: 'display_name',
    type: 'string',
    max: 100,
    ...PLAIN_LINE,
    description: 'Name of the shop on payer pages.',
    example: 'My Coffee',
  },
  {
    name: 'logo_url',
    type: 'url',
    pattern: /^https:/i,
    expected: 'an https address',
    description: 'Picture of the shop on payer pages.',
    example: 'https://shop.example/logo.png',
  },
  {
    name: 'accent',
    type: 'string',
    pattern: /^#[0-9a-f]{6}$/i,
    expected: 'a colour written #rrggbb',
    description: 'Colour of buttons on payer pages.',
    example: '#0b6b5d',
  },
  {
    name: 'contact',
    type: 'string',
    max: MAX_TEXT,
    ...PLAIN_LINE,
    description: 'How payers reach the shop: an address, a telephone number.',
    example: 'help@shop.example',
  },
] as const satisfies readonly Field[];

export type SettingName = (typeof SETTING_FIELDS)[number]['name'];
export const URL_NAMES = ['success_url', 'cancel_url', 'payok_url'] as const satisfies readonly (keyof ProjectUrls)[];

/** Every address that a merchant sets for payers and for notifications. */
export const ADDRESS_NAMES = [
  'payok_url',
  'success_url',
  'cancel_url',
  'shop_url',
] as const satisfies readonly SettingName[];

export const MAX_POSITION = 1000;
const METHOD_FIELDS: readonly Field[] = [
  { name: 'enabled', type: 'boolean', description: 'Offered to payers who choose, and listed.' },
  { name: 'position', type: 'integer', min: 1, max: MAX_POSITION, description: 'Place in the list, smallest first.' },
];

/** What a project can be told about besides `payment.paid`, which it always is. */
export const OPTIONAL_EVENTS = [
  'payment.duplicate',
  'payment.refunded',
  'payment.failed',
  'payment.expired',
  'payment.attention',
] as const satisfies readonly NotificationEvent[];

export const EVENTS: readonly NotificationEvent[] = ['payment.paid', ...OPTIONAL_EVENTS];
const EVENTS_FIELD: Field = { name: 'events', type: 'list', oneOf: EVENTS, description: 'Events to be notified of.' };

/** What is to become different; what is not named stays. Null takes a setting back. */
export interface SettingsChange {
  readonly fields: Readonly<Partial<Record<SettingName, string | null>>>;
  readonly methods: Readonly<Record<string, MethodChange>>;
  /** All that are wanted; `payment.paid` goes without saying. */
  readonly events?: readonly NotificationEvent[];
}

export interface MethodChange {
  readonly enabled?: boolean | null;
  readonly position?: number | null;
}

export interface CheckedChange {
  readonly change: SettingsChange;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

type Given = Readonly<Record<string, unknown>>;

/**
 * Checks the fields, `events` (a list) and `methods` (`{"ecpay/cvs": {enabled, position}}`) and reports every bad one. An
 * empty text or null takes a setting back. `known` are the methods there are.
 */
export function checkSettings(given: Given, known: readonly string[]): CheckedChange {
  const { values, errors } = checkFields(given, SETTING_FIELDS);
  const events = isEmpty(given.events) ? { values: { events: [] }, errors: {} } : checkFields(given, [EVENTS_FIELD]);
  const methods = checkMethods(given.methods, known);
  return {
    change: {
      fields: { ...listCleared(given, SETTING_FIELDS), ...values },
      methods: methods.changes,
      ...(Object.hasOwn(given, 'events') ? (events.values as Pick<SettingsChange, 'events'>) : {}),
    },
    errors: { ...errors, ...events.errors, ...methods.errors },
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || isEmptyList(value);
}

function listCleared(given: Given, fields: readonly Field[]): Record<string, null> {
  const cleared = fields.filter(({ name }) => Object.hasOwn(given, name) && isEmpty(given[name]));
  return Object.fromEntries(cleared.map(({ name }) => [name, null]));
}

function checkMethods(given: unknown, known: readonly string[]) {
  const changes: Record<string, MethodChange> = {};
  const errors: Record<string, readonly string[]> = {};
  if (given === undefined || given === null || isEmptyList(given)) return { changes, errors };
  if (!isPlainObject(given)) return { changes, errors: { methods: ['The methods field must be an object.'] } };
  for (const [name, setting] of Object.entries(given)) {
    if (!known.includes(name)) errors.methods = [`The methods field must name only these: ${known.join(', ')}.`];
    else if (isEmptyList(setting)) changes[name] = {};
    else if (!isPlainObject(setting)) errors[`methods.${name}`] = [`The methods.${name} field must be an object.`];
    else {
      const checked = checkFields(setting, METHOD_FIELDS, `methods.${name}.`);
      Object.assign(errors, checked.errors);
      changes[name] = { ...listCleared(setting, METHOD_FIELDS), ...checked.values };
    }
  }
  return { changes, errors };
}

/** The settings with a change made to them. */
export function changeSettings(settings: ProjectSettings, change: SettingsChange): ProjectSettings {
  const { methods: before = {}, ...fields } = settings;
  const methods = Object.entries({ ...before, ...change.methods }).flatMap(([name, setting]) => {
    const merged = dropCleared({ ...before[name], ...setting });
    return Object.keys(merged).length > 0 ? [[name, merged] as const] : [];
  });
  const kept = Object.entries({ ...fields, ...change.fields }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(kept), ...(methods.length > 0 ? { methods: Object.fromEntries(methods) } : {}) };
}

/** `true` is kept: some methods are off unless the merchant says so. */
function dropCleared({ enabled, position }: MethodChange): MethodSetting {
  return {
    ...(typeof enabled === 'boolean' ? { enabled } : {}),
    ...(typeof position === 'number' ? { position } : {}),
  };
}

/** Settings from what is stored. What does not fit the table, e.g. from another version, counts as not set. */
export function readSettings(text: string): ProjectSettings {
  const stored: unknown = JSON.parse(text);
  if (!isPlainObject(stored)) return {};
  const known = isPlainObject(stored.methods) ? Object.keys(stored.methods) : [];
  const { fields, methods } = checkSettings({ ...stored, events: [] }, known).change;
  return changeSettings({}, { fields, methods });
}

/** `payment.paid` and what else is wanted, each once and in the order of the table. */
export function completeEvents(wanted: readonly string[]): readonly NotificationEvent[] {
  return EVENTS.filter((event) => event === 'payment.paid' || wanted.includes(event));
}

/** Whether payers who choose are offered a method; `usually`: when the merchant has said nothing about it. */
export function isOffered({ methods }: ProjectSettings, name: string, usually: boolean): boolean {
  return methods?.[name]?.enabled ?? usually;
}

/** Sorts methods as the merchant wants them; those without a place stay behind the others, in the order they have. */
export function comparePlaces({ methods }: ProjectSettings): (a: Named, b: Named) => number {
  const placeOf = ({ name }: Named) => methods?.[name]?.position ?? Number.MAX_SAFE_INTEGER;
  return (a, b) => placeOf(a) - placeOf(b);
}

interface Named {
  /** `gateway/path` */
  readonly name: string;
}
