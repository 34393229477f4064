/** Which place of the page one reads stands out in the rail. */
const rail = document.querySelector('.rail');
/** @type {Map<string, Element>} */
const links = new Map();
for (const link of rail?.querySelectorAll('.places a') ?? []) {
  links.set(decodeURIComponent(link.getAttribute('href')?.slice(1) ?? ''), link);
}
const places = [...links.keys()].map((id) => document.getElementById(id));

/** The rail is scrolled, never the page. @param {Element | null | undefined} link */
const bringUp = (link) => {
  if (!rail || !link) return;
  const { top, bottom } = link.getBoundingClientRect();
  const room = rail.getBoundingClientRect();
  if (top < room.top || bottom > room.bottom) rail.scrollTop += top - room.top - room.height / 3;
};

/** The last one that begins above the middle. */
const mark = () => {
  const middle = innerHeight / 2;
  const begun = places.filter((place) => place && place.getBoundingClientRect().top < middle);
  const link = links.get(begun[begun.length - 1]?.id ?? '');
  if (link?.hasAttribute('aria-current')) return;
  for (const other of links.values()) other.removeAttribute('aria-current');
  link?.setAttribute('aria-current', 'location');
  bringUp(link);
};

bringUp(rail?.querySelector('[aria-current]'));
if (links.size > 0) {
  let isWaiting = false;
  addEventListener(
    'scroll',
    () => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
