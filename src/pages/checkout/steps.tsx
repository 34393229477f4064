import type { ComponentChildren } from 'preact';

export function Steps(props: {
  title: string;
  steps: readonly string[];
  children?: ComponentChildren;
  class?: string;
}) {
  return (
    <section class={props.class ? `steps ${props.class}` : 'steps'}>
      <h2>{props.title}</h2>
      <ol>
        {props.steps.map((step) => (
          <li key={step}>
            <span>{step}</span>
          </li>
        ))}
      </ol>
      {props.children}
    </section>
  );
}
