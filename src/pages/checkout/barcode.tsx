import { render } from 'preact-render-to-string';
import { type Shape, shapeCode39 } from './shapes.ts';

export { encodeCode39 } from './shapes.ts';

/**
 * One Code 39 symbol, a CSS pixel a module until checkout.js knows the screen. The height may stretch, the width may
 * not be scaled along with it: hence no aspect ratio.
 */
export function Code39(props: { shape: Shape; label: string }) {
  const { width, height, path } = props.shape;
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      shape-rendering="crispEdges"
    >
      <rect width={width} height={height} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The symbol as SVG text. Rejects when Code 39 has no sign for a character. */
export async function drawCode39(text: string): Promise<string> {
  return render(<Code39 shape={await shapeCode39(text)} label={text} />);
}
