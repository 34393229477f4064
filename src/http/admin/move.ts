import { pageHeaders } from '../../security/csp.ts';

/** Leads on to another page of the desk. */
export function moveTo(path: string): Response {
  const { 'content-type': _, ...headers } = pageHeaders();
  return new Response(null, { status: 303, headers: { ...headers, location: path } });
}
