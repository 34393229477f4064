/** A member of an object with its value as it stands in the text. */
export interface RawMember {
  readonly name: string;
  readonly text: string;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

/** The members of a JSON object, which must have been parsed before: this reads valid text only. */
export function findRawMembers(json: string): RawMember[] {
  const members: RawMember[] = [];
  let depth = 0;
  let name = '';
  let last = '';
  let start = 0;
  for (const { 0: token, index } of json.matchAll(tokens)) {
    if (token === '}' || token === ']') depth -= 1;
    const ends = (depth === 1 && token === ',') || (depth === 0 && token === '}');
    if (ends && start > 0) members.push({ name, text: json.slice(start, index).trim() });
    if (ends) start = 0;
    if (depth === 1 && token === ':') {
      name = String(JSON.parse(last));
      start = index + 1;
    }
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return members;
}
