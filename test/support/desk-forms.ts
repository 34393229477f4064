import type { DeskClient, DeskPageAnswer } from './desk.ts';
import { present } from './parts.ts';

/** A form as it stands in a page, with what its fields say. */
export interface PageForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const readEntities = (text: string) =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** Every form of this action in a page. */
export function formsOf(page: string, name: string): readonly PageForm[] {
  const forms = [...page.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form);
  return forms
    .filter((form) => form.includes(`data-action="${name}"`))
    .map((form) => ({
      action: attributeOf(form, 'action') ?? '',
      fields: Object.fromEntries(
        [...form.matchAll(/<input\b[^>]*>/g)].map(([input]) => [
          attributeOf(input, 'name') ?? '',
          readEntities(attributeOf(input, 'value') ?? ''),
        ]),
      ),
    }));
}

function attributeOf(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
}

/** Sends the first form of this action as it stands, but for the given fields. */
export function sendForm(
  client: Pick<DeskClient, 'post'>,
  page: string,
  name: string,
  change: Readonly<Record<string, string>> = {},
): Promise<DeskPageAnswer> {
  const { action, fields } = present(formsOf(page, name)[0], `a form ${name}`);
  return client.post(action.replace(/#.*/, ''), { ...fields, ...change });
}
