import type { Group } from '../../developers/types.ts';
import { EndpointPart } from './endpoint.tsx';
import { Verb } from './parts.tsx';
import { Paragraphs } from './prose.tsx';
import type { View } from './view.ts';

interface Props {
  readonly view: View;
  readonly group: Group;
}

export function GroupPage({ view, group }: Props) {
  return (
    <>
      <header class="head">
        <h1>{group.name}</h1>
        <Paragraphs html={view.prose.blocks(group.text)} />
        <EndpointList view={view} group={group} />
      </header>
      <Endpoints view={view} group={group} />
    </>
  );
}

export function Endpoints({ view, group }: Props) {
  return (
    <>
      {group.endpoints.map((endpoint) => (
        <EndpointPart key={endpoint.id} view={view} endpoint={endpoint} />
      ))}
    </>
  );
}

/** Badge, address, title: each leads to its endpoint. */
export function EndpointList({ view, group }: Props) {
  return (
    <ul class="list">
      {group.endpoints.map(({ id, verb, path, title }) => (
        <li key={id}>
          <a href={view.page === group.id ? `#${id}` : view.to(`${group.id}#${id}`)}>
            <Verb verb={verb} />
            <span class="title">{title}</span>
            <code class="path">{path}</code>
          </a>
        </li>
      ))}
    </ul>
  );
}
