import type { ComponentChildren } from 'preact';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { sayOf } from '../texts.ts';

/** The parts of a project's page, each under an address of its own. */
export const PROJECT_SECTIONS = ['keys', 'credentials', 'methods', 'branding', 'notifications'] as const;
export type ProjectSection = (typeof PROJECT_SECTIONS)[number];

export interface ProjectPageModel {
  readonly frame: Frame;
  readonly project: { readonly id: number; readonly name: string };
  readonly section: ProjectSection;
  /** May change things; others look. */
  readonly isOwner: boolean;
}

export function ProjectFrame({ model, children }: { model: ProjectPageModel; children: ComponentChildren }) {
  const { frame, project, section } = model;
  const { say } = frame;
  const base = `/admin/projects/${project.id}`;
  return (
    <>
      <h1>
        <bdi>{cleanText(project.name)}</bdi>
      </h1>
      <nav class="tabs" aria-label={say('project.sections')}>
        {PROJECT_SECTIONS.map((one) => (
          <a
            key={one}
            href={one === 'keys' ? base : `${base}/${one}`}
            aria-current={one === section ? 'page' : undefined}
          >
            {sayOf(say, 'project.section', one)}
          </a>
        ))}
      </nav>
      {children}
    </>
  );
}

/** A section's own heading, and in one line what it is about. */
export function SectionHead({ title, about }: { readonly title: string; readonly about: string }) {
  return (
    <div class="section-head">
      <h2>{title}</h2>
      <p class="quiet-text">{about}</p>
    </div>
  );
}
