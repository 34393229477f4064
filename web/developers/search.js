import { createFinder } from '../../src/developers/find.ts';

/** Answers below the box while one types, out of one file that comes when the box is first used. */
const MOST = 10;
const OPTION = 'found-';

/** @typedef {import('../../src/developers/find.ts').Entry} Entry */

const form = document.querySelector('.search form');
const input = form?.querySelector('input');
const list = document.getElementById('found');
const live = document.querySelector('[data-live]');

/** @param {HTMLFormElement} form @param {HTMLInputElement} input @param {HTMLElement} list */
const start = (form, input, list) => {
  const { index = '', root = '', words = '{}' } = form.dataset;
  /** @type {{ kinds: Record<string, string>, more: string, found: string, none: string }} */
  const texts = JSON.parse(words);
  /** @type {import('../../src/developers/find.ts').Finder | null} */
  let find = null;
  let isLoading = false;
  let active = -1;

  const load = async () => {
    if (find || isLoading) return;
    isLoading = true;
    try {
      const answer = await fetch(index);
      if (answer.ok) find = createFinder(await answer.json());
    } catch {
      // The form is sent instead.
    }
    isLoading = false;
    if (document.activeElement === input) show();
  };

  const options = () => [...list.querySelectorAll('a')];

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    point(-1);
  };

  /** @param {number} at */
  const point = (at) => {
    active = at;
    options().forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === at));
      if (i === at) option.scrollIntoView({ block: 'nearest' });
    });
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', OPTION + at);
  };

  const show = () => {
    const query = input.value.trim();
    if (!find || query === '') return close();
    const found = find(query, MOST);
    list.textContent = '';
    list.append(...found.map((entry, at) => draw(entry, at, root, texts)));
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    point(-1);
    const said = found.length > 0 ? texts.found : texts.none;
    if (live) live.textContent = said.replace('{count}', String(found.length)).replace('{query}', query);
  };

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const all = options();
    if (list.hidden || all.length === 0) return show();
    event.preventDefault();
    const step = event.key === 'ArrowDown' ? 1 : -1;
    // From the box to the first or the last, and from the ends back to the box.
    const next = active + step;
    point(next === all.length ? -1 : next < -1 ? all.length - 1 : next);
  };

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');
  input.addEventListener('focus', load);
  input.addEventListener('input', () => {
    load();
    show();
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return move(event);
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      return close();
    }
    const chosen = event.key === 'Enter' ? options()[active] : undefined;
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  });
  // A press on a result must not take the list away before it is done.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', close);
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && !form.contains(target)) close();
  });
  input.addEventListener('blur', () => close());
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('input:not([type=radio]), textarea, select')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
};

/**
 * @param {Entry} entry
 * @param {number} at
 * @param {string} root
 * @param {{ kinds: Record<string, string>, more: string }} texts
 */
const draw = ({ kind, title, place, more, address, text }, at, root, texts) => {
  const option = document.createElement('a');
  option.href = root + address;
  option.id = OPTION + at;
  option.tabIndex = -1;
  option.setAttribute('role', 'option');
  const name = document.createElement(kind === 'field' || kind === 'error' ? 'code' : 'span');
  name.className = 'what';
  name.textContent = title;
  const where = document.createElement('span');
  where.className = 'where';
  const count = more ? texts.more.replace('{count}', String(more)) : '';
  where.textContent = [texts.kinds[kind], place || text, count].filter(Boolean).join(' · ');
  option.append(name, where);
  return option;
};

if (form instanceof HTMLFormElement && input && list) start(form, input, list);
