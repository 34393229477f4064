import type { ComponentChildren } from 'preact';
import type { Endpoint } from '../../developers/types.ts';
import type { Say } from './words.ts';

interface HeadingProps {
  readonly id: string;
  readonly level: 2 | 3;
  readonly title: string;
  readonly say: Say;
  readonly children?: ComponentChildren;
  /** The id stands elsewhere. */
  readonly isPlaced?: boolean;
}

/** A heading with a link to itself, to be copied. */
export function Heading({ id, level, title, say, children, isPlaced = false }: HeadingProps) {
  const Tag = `h${level}` as const;
  return (
    <Tag id={isPlaced ? undefined : id}>
      {children ?? title}{' '}
      <a class="anchor" href={`#${id}`} aria-label={say('anchor', { title })}>
        #
      </a>
    </Tag>
  );
}

/** `GET`, `POST`. */
export function Verb({ verb }: Pick<Endpoint, 'verb'>) {
  return <span class={`verb ${verb.toLowerCase()}`}>{verb}</span>;
}

/** A long name, which may be broken after each of its parts. */
export function Name({ text }: { readonly text: string }) {
  const parts = text.split(/(?<=[./_[\]])/);
  return (
    <code class="name">{parts.flatMap((part, at) => (at === 0 ? [part] : [<wbr key={`${at}-${part}`} />, part]))}</code>
  );
}
