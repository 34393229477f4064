import type { Guide } from '../../developers/types.ts';
import { LanguageTabs } from './code.tsx';
import { Endpoints } from './group.tsx';
import { type Headings, Paragraphs } from './prose.tsx';
import { findGroup, type View } from './view.ts';

interface Props {
  readonly view: View;
  readonly guide: Guide;
}

/** A guide, and below it the endpoints that go by the same name. */
export function GuidePage({ view, guide }: Props) {
  const group = findGroup(view);
  return (
    <>
      <header class="head">
        <h1>{guide.title}</h1>
        <GuideText view={view} guide={guide} />
      </header>
      {group && <Endpoints view={view} group={group} />}
    </>
  );
}

const SAMPLES = /^@samples +(\S+) *$/m;

/** `deeper`: by how much its headings stand lower than they are written. */
export function GuideText({ view, guide, deeper = 0 }: Props & { readonly deeper?: number }) {
  const { say, prose, samplesNamed } = view;
  const headings: Headings = {
    ids: guide.headings.map(({ id }) => id).values(),
    deeper,
    label: (title) => say('anchor', { title }),
  };
  // Text and name of samples in turn.
  return (
    <>
      {guide.text.split(SAMPLES).map((part, at) => {
        if (at % 2 === 0) return <Paragraphs key={part} html={prose.blocks(part, headings)} />;
        return <LanguageTabs key={part} id={`${guide.id}-${at}`} say={say} samples={samplesNamed(part)} />;
      })}
    </>
  );
}
