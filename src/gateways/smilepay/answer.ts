import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { GatewayGarbage } from '../gateway.ts';
import type { GatewayResponse } from '../http.ts';
import { decodeText } from './bytes.ts';

/** SmilePay’s answers are below a kilobyte. */
export const MAX_ANSWER = 64 * 1024;

/** Texts of an XML answer by the name of their element in lower case, without its namespace. */
export type Answer = ReadonlyMap<string, string>;

/** `root`: the element that has to hold them, where that is known. Throws GatewayGarbage. */
export function readAnswer(response: Pick<GatewayResponse, 'status' | 'body'>, root?: string): Answer {
  if (response.status !== 200) throw new GatewayGarbage(`SmilePay answered HTTP ${response.status}, expected 200`);
  const top = parse(response.body);
  if (!top) throw new GatewayGarbage('SmilePay’s answer is not XML');
  if (root !== undefined && nameOf(top) !== root)
    throw new GatewayGarbage(`SmilePay’s answer is not a ${root} element`);
  const answer = new Map<string, string>();
  for (const leaf of listLeaves(top)) {
    const name = nameOf(leaf);
    // Two values of one name: whoever reads the other one would see something else.
    if (answer.has(name)) throw new GatewayGarbage(`SmilePay’s answer has ${name} twice`);
    answer.set(name, leaf.text.trim());
  }
  return answer;
}

/** Document types are skipped and unknown entities refused by the parser, so nothing can unfold. */
function parse(bytes: Uint8Array): XmlElement | null {
  if (bytes.length > MAX_ANSWER) return null;
  try {
    // Classic ASP leaves blank lines before the declaration.
    return parseXml((decodeText(bytes) ?? '').trim()).root;
  } catch {
    return null;
  }
}

function nameOf({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

/** Elements that hold text only, at any depth. */
function listLeaves(element: XmlElement): readonly XmlElement[] {
  const inner = element.children.filter((child) => child instanceof XmlElement);
  return inner.length === 0 ? [element] : inner.flatMap(listLeaves);
}
