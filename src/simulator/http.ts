import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { limits } from './options.ts';

/** Thrown by actions and turned into `{error:{code,message}}` by the JSON API. */
export class ActionError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function refuseAction(code: string, message: string, status = 409): never {
  throw new ActionError(status, code, message);
}

/** At most `cap` bytes of a body, or null when there is more. */
export async function readCapped(body: ReadableStream<Uint8Array> | null, cap: number): Promise<Uint8Array | null> {
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > cap) return null;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

export async function readBody(request: Request): Promise<string> {
  const bytes = await readCapped(request.body, limits.bodyBytes);
  if (!bytes) return refuseAction('BODY_TOO_LARGE', `A body may have ${limits.bodyBytes} bytes at most.`, 413);
  // A byte order mark is part of what was sent, so it is kept and refused like any other stray character.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

export const contentTypeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Forms may lead to any shop: the payer's browser carries results there. */
const CONTENT_SECURITY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self' http: https:",
].join('; ');

const commonHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export const answerPage = (page: VNode, status = 200): Response =>
  new Response(`<!doctype html>${render(page)}`, {
    status,
    headers: {
      ...commonHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY,
      'referrer-policy': 'no-referrer',
    },
  });

export const answerJson = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { ...commonHeaders, 'content-type': 'application/json; charset=utf-8' },
  });

export const answerText = (text: string, status = 200, contentType = 'text/html; charset=utf-8'): Response =>
  new Response(text, { status, headers: { ...commonHeaders, 'content-type': contentType } });

export const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...commonHeaders, location } });

/** The pairs of a form body, or null when the encoding is broken. Repeated names stay visible. */
export function parseForm(body: string): readonly (readonly [string, string])[] | null {
  if (body === '') return [];
  try {
    const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
    return body.split('&').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Bytes as forms carry them; `plain` says which characters stand for themselves. */
export function encodeBytes(bytes: Uint8Array, plain: RegExp): string {
  const encode = (byte: number): string => {
    const char = String.fromCharCode(byte);
    if (char === ' ') return '+';
    return plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  };
  return Array.from(bytes, encode).join('');
}

/** The object in a JSON text, or null for anything else. */
export function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
