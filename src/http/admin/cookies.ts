/** One cookie of a request, null when there is none of that name. */
export function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

export interface CookieOptions {
  /** Https only. */
  readonly isSecure: boolean;
  /** Seconds; 0 takes it away. Left out: until the browser is closed. */
  readonly maxAge?: number;
  /** Of other sites only links lead here with a `Lax` one, and nothing does with a `Strict` one. */
  readonly sameSite?: 'Lax' | 'Strict';
}

/** Only the desk gets it, and no script. */
export function writeCookie(
  name: string,
  value: string,
  { isSecure, maxAge, sameSite = 'Lax' }: CookieOptions,
): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; Path=/admin; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}${age}`;
}
