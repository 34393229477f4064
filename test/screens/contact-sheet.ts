/** All pictures beside each other, small, by name. */
export function writeContactSheet(files: readonly string[]): string {
  const figures = files.map(
    (file) =>
      `<figure><a href="${encodeURIComponent(file)}"><img src="${encodeURIComponent(file)}" loading="lazy" alt=""></a><figcaption>${file}</figcaption></figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>
body { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 16px; font: 11px/1.3 system-ui; }
figure { margin: 0; overflow-wrap: anywhere; } img { width: 100%; border: 1px solid #ccc; }
</style>${figures.join('\n')}`;
}
