import { expect, test } from 'bun:test';
import { writeLlms } from '../../../src/developers/llms.ts';
import { readTestSite, SITE_URL } from '../../support/site.ts';

const site = await readTestSite('en');
const text = writeLlms(site);

test('llms.txt has the form of llmstxt.org: a title, a summary, sections of links with a note each', () => {
  const [title, , summary] = text.split('\n');
  expect(title).toBe('# PayCore');
  expect(summary).toStartWith('> ');
  const [, ...sections] = text.split(/^## /m);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(['Guides', 'API', 'Whole', 'Optional']);
  for (const section of sections) {
    const lines = section.trim().split('\n').slice(2);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^- \[[^\]]+\]\(https:\/\/pay\.shop\.example\/\S+\): .+$/);
  }
});

test('llms.txt names every guide and every group', () => {
  for (const { id, title } of site.guides) expect(text).toContain(`- [${title}](${SITE_URL}/en/developers/${id}.md): `);
  for (const { id } of site.catalogue.groups) expect(text).toContain(`(${SITE_URL}/en/developers/${id}.md)`);
});
