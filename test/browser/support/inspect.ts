/** Looks at a page from inside the browser: each of these is sent there as its text, so it uses nothing from out here. */

/** What a page must be, whatever it shows. */
export function inspectPage(lang: string): string[] {
  const problems: string[] = [];
  const say = (what: string, element?: Element) =>
    problems.push(element ? `${what}: ${element.outerHTML.slice(0, 120)}` : what);
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) say(`${headings} headings of the first rank`);
  if (document.documentElement.lang !== lang) say(`lang is ${document.documentElement.lang}, not ${lang}`);
  if (document.title.trim() === '') say('no title');
  if (document.querySelectorAll('main').length !== 1) say('not one main');
  if ('pwned' in window) say('a script in a text has run');
  for (const link of document.querySelectorAll(
    '[href^="javascript:" i], [src^="javascript:" i], [onerror], [onload]',
  )) {
    say('a text became code', link);
  }
  return problems;
}

/** Controls that a finger misses: lower than 44 px, unless they are words in a sentence. */
export function findSmallTargets(): string[] {
  const small: string[] = [];
  for (const control of document.querySelectorAll<HTMLElement>('a[href], button, summary, input, select, textarea')) {
    const { width, height } = control.getBoundingClientRect();
    if (width === 0 || control.closest('.unseen') || control.matches('[type=hidden]')) continue;
    // A gateway's own form is the gateway's.
    if (control.closest('#ECPayPayment, [data-element]')) continue;
    const isInText =
      getComputedStyle(control).display === 'inline' &&
      control.parentElement?.textContent?.trim() !== control.textContent?.trim();
    const box = control.closest('.box')?.getBoundingClientRect().height ?? height;
    if (!isInText && box < 43.5) small.push(`${Math.round(box)} px high: ${control.outerHTML.slice(0, 120)}`);
  }
  return small;
}

/** Lines that begin with a mark that ends what stands before it, as no Chinese or Japanese line does. */
export function findStrayMarks(): string[] {
  const stray: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const placeOf = (node: Node, at: number) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    for (const { index, 0: mark } of text.matchAll(/(?<=\S)[，。；、：！？」）]/g)) {
      const [before, rect] = [placeOf(node, index - 1), placeOf(node, index)];
      if (before.height > 2 && rect.height > 2 && rect.top > before.top + rect.height / 2) {
        stray.push(`a line begins with “${mark}”: ${text.slice(0, 60)}`);
      }
    }
  }
  return stray;
}

/** Links whose words run into each other: nobody sees where one ends. */
export function findGluedLinks(): string[] {
  const words = [...document.querySelectorAll<HTMLElement>('a[href], button')].flatMap((control) => {
    if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('.unseen')) return [];
    const range = document.createRange();
    range.selectNodeContents(control);
    return [...range.getClientRects()].map((rect) => ({ control, rect }));
  });
  const isGlued = (one: DOMRect, next: DOMRect) =>
    Math.abs(next.left - one.right) < 8 && Math.min(one.bottom, next.bottom) - Math.max(one.top, next.top) > 4;
  return words.flatMap(({ control, rect }) => {
    const next = words.find((other) => other.control !== control && isGlued(rect, other.rect));
    return next ? [`glued: “${control.textContent}” and “${next.control.textContent}”`] : [];
  });
}

/** Text that is cut off, lies on other text, or is beside the page. */
export function findLostText(): string[] {
  const lost: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const widest = [...document.querySelectorAll('body *')].find(
      (one) => one.getBoundingClientRect().right > width + 1 && !one.closest('.unseen'),
    );
    lost.push(`${document.documentElement.scrollWidth} px wide of ${width}: ${widest?.outerHTML.slice(0, 120)}`);
  }
  /** As much of it as is seen: what stands around it may cut it, by an ellipsis for one. */
  const cut = (rect: DOMRect, owner: Element): DOMRect => {
    let { left, top, right, bottom } = rect;
    for (let box: Element | null = owner; box && box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflow === 'visible') continue;
      const edge = box.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  };
  const hidden = (element: Element) => element.closest('.unseen, noscript, select, #ECPayPayment, [data-element]');
  const boxes: { readonly owner: Element; readonly text: string; readonly rect: DOMRect }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (
      !owner ||
      text === '' ||
      hidden(owner) ||
      !owner.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const rect = cut(whole, owner);
      if (rect.width < 2 || rect.height < 2) continue;
      boxes.push({ owner, text, rect });
      if (rect.left < -1) lost.push(`begins beside the page: ${text.slice(0, 40)}`);
    }
    for (let box: Element | null = owner; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      // Cut on purpose, and says so by an ellipsis.
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') break;
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 2) {
        lost.push(`cut off: ${text.slice(0, 40)} in ${box.outerHTML.slice(0, 80)}`);
      }
    }
  }
  // Lines may touch: only a good part of a letter counts.
  const overlap = (one: DOMRect, other: DOMRect) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 3 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > Math.min(one.height, other.height) / 2;
  for (const [i, { owner, text, rect }] of boxes.entries()) {
    const other = boxes.slice(i + 1).find((one) => one.owner !== owner && overlap(rect, one.rect));
    if (other) lost.push(`on each other: “${text.slice(0, 30)}” and “${other.text.slice(0, 30)}”`);
  }
  return [...new Set(lost)];
}

/** As a person who sets his phone's letters to twice their size sees it. */
export function doubleText(): void {
  const sizes = [...document.querySelectorAll<HTMLElement>('body, body *')].map((element) => {
    const { fontSize, lineHeight } = getComputedStyle(element);
    return { element, fontSize: Number.parseFloat(fontSize), lineHeight: Number.parseFloat(lineHeight) };
  });
  for (const { element, fontSize, lineHeight } of sizes) {
    // A gateway's own form is the gateway's.
    if (!element.style || element.closest('#ECPayPayment, [data-element]')) continue;
    element.style.fontSize = `${fontSize * 2}px`;
    if (lineHeight > 0) element.style.lineHeight = `${lineHeight * 2}px`;
  }
}

/** What can be worked with the keyboard, by marks that `focusedMark` finds again. */
export function markControls(): string[] {
  const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, summary, input, select, textarea')];
  return controls.flatMap((control, i) => {
    control.dataset.mark = String(i);
    // Of radio buttons the tabulator comes to the one that is chosen; the arrows go on from there.
    const isOther =
      control instanceof HTMLInputElement &&
      control.type === 'radio' &&
      !control.checked &&
      document.querySelector(`input[type=radio][name="${control.name}"]:checked`) !== null;
    const isOn =
      !isOther &&
      control.checkVisibility({ visibilityProperty: true }) &&
      !control.matches(':disabled, [type=hidden]') &&
      !control.closest('#ECPayPayment, [data-element]');
    return isOn ? [`${i} ${control.outerHTML.slice(0, 90)}`] : [];
  });
}

/** Which of them has the keyboard, and whether one sees it; null: none of the page. */
export function readFocus(): { readonly mark: string; readonly isSeen: boolean } | null {
  const on = document.activeElement;
  if (!(on instanceof HTMLElement) || on === document.body) return null;
  const rings = [on, ...(on.closest('.box') ? [on.closest('.box') as Element] : [])];
  const hasRing = rings.some((one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
  const { top, bottom } = on.getBoundingClientRect();
  return { mark: on.dataset.mark ?? '', isSeen: hasRing && bottom > 0 && top < innerHeight };
}
