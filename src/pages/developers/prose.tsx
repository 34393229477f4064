import { Marked, type Tokens } from 'marked';
import { render } from 'preact-render-to-string';
import { CodeBlock } from './code.tsx';

/**
 * Our own texts, the guides and the catalogue's sentences, as HTML. They are Markdown without HTML: what looks like a tag
 * is shown as it stands.
 */
export interface Prose {
  inline(text: string): string;
  /** `ids`: of its headings, one after the other. `deeper`: by how much its headings stand lower. */
  blocks(text: string, headings?: Headings): string;
}

export interface Headings {
  readonly ids: Iterator<string>;
  readonly deeper: number;
  /** What a heading's own link is called. */
  readonly label: (title: string) => string;
}

const NO_HEADINGS: Headings = { ids: [].values(), deeper: 0, label: (title) => title };
const PAGES = /^\/developers(?:\/|(?=[#.]|$))/;

export function createProse(to: (address: string) => string): Prose {
  let headings = NO_HEADINGS;
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image: ({ text }) => escapeHtml(text),
      code: ({ text }) => render(<CodeBlock code={text} />),
      table(token) {
        const cells = (row: Tokens.TableCell[]) => row.map((cell) => this.tablecell(cell)).join('');
        const rows = token.rows.map((row) => `<tr>${cells(row)}</tr>`).join('');
        return `<div class="scroll" tabindex="0"><table class="plain"><thead><tr>${cells(token.header)}</tr></thead><tbody>${rows}</tbody></table></div>`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        return render(<a href={linkOf(href, to)} dangerouslySetInnerHTML={{ __html: inner }} />);
      },
      heading({ depth, tokens, text }) {
        const level = Math.min(depth + headings.deeper, 6);
        const { value: id } = headings.ids.next();
        const inner = this.parser.parseInline(tokens);
        if (typeof id !== 'string') return `<h${level}>${inner}</h${level}>`;
        const label = escapeHtml(headings.label(text));
        return `<h${level} id="${escapeHtml(id)}">${inner} <a class="anchor" href="#${encodeURIComponent(id)}" aria-label="${label}">#</a></h${level}>`;
      },
    },
  });
  const known = new Map<string, string>();
  return {
    inline(text) {
      const made = known.get(text) ?? String(marked.parseInline(text));
      known.set(text, made);
      return made;
    },
    blocks(text, given = NO_HEADINGS) {
      headings = given;
      return String(marked.parse(text));
    },
  };
}

/** Guides name pages of the developer centre by their addresses from the root. */
function linkOf(href: string, to: (address: string) => string): string {
  return PAGES.test(href) ? to(href.replace(PAGES, '')) : href;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

interface MadeProps {
  readonly html: string;
}

/** What `Prose` made, in a line. */
export function Line({ html }: MadeProps) {
  return <span dangerouslySetInnerHTML={{ __html: html }} />;
}

/** And what it made of paragraphs. */
export function Paragraphs({ html }: MadeProps) {
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
