import { answerText } from '../http.ts';

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeText = (text: string): string => text.replace(/[&<>]/g, (mark) => marks[mark] ?? mark);

/** `<SmilePay>` with one element per entry, in their order. */
export function answerXml(children: Readonly<Record<string, string>>): Response {
  const inside = Object.entries(children).map(([name, value]) => `<${name}>${escapeText(value)}</${name}>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?><SmilePay>${inside.join('')}</SmilePay>`;
  return answerText(text, 200, 'text/xml; charset=utf-8');
}
