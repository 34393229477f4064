/** The colours of a theme that an accent stands on and carries, as in web/shared/tokens.css. */
export interface Theme {
  readonly paper: string;
  readonly card: string;
  /** Text on a button filled with the accent. */
  readonly onAccent: string;
  /** What a colour is moved towards until it can be read. */
  readonly towards: string;
  /** In place of a grey, which moved would be one that looks switched off. */
  readonly ink: string;
}

export const THEMES = {
  light: { paper: '#f6f5f2', card: '#ffffff', onAccent: '#ffffff', towards: '#000000', ink: '#16191d' },
  dark: { paper: '#111315', card: '#1a1d20', onAccent: '#111315', towards: '#ffffff', ink: '#eceae6' },
} as const satisfies Readonly<Record<string, Theme>>;

/** WCAG 2.2, 1.4.3: text of any size. */
export const MIN_CONTRAST = 4.5;

const STEPS = 100;

/**
 * The accent as it is drawn in a theme: `#rrggbb` in and out, changed no more than it takes to be read as text on paper and
 * card and to carry text itself.
 */
export function correctAccent(accent: string, theme: Theme): string {
  if (isReadable(accent, theme)) return accent;
  if (isGrey(accent)) return theme.ink;
  for (let step = 1; step < STEPS; step++) {
    const colour = mix(accent, theme.towards, step / STEPS);
    if (isReadable(colour, theme)) return colour;
  }
  return theme.towards;
}

function isReadable(colour: string, { paper, card, onAccent }: Theme): boolean {
  return [paper, card, onAccent].every((other) => measureContrast(colour, other) >= MIN_CONTRAST);
}

/** So close to each other that the eye sees no colour. */
const GREY_SPREAD = 32;

function isGrey(colour: string): boolean {
  const bytes = readBytes(colour);
  return Math.max(...bytes) - Math.min(...bytes) < GREY_SPREAD;
}

/** Contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function measureContrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [measureLuminance(one), measureLuminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function writeRule(selector: string, accent: string, theme: Theme): string {
  return `${selector}{--accent:${correctAccent(accent, theme)};--on-accent:${theme.onAccent}}`;
}

/** A style sheet to lie over checkout.css. */
export function writeAccentStyle(accent: string): string {
  const rule = (theme: Theme) => writeRule(':root', accent, theme);
  return `${rule(THEMES.light)}@media (prefers-color-scheme:dark){${rule(THEMES.dark)}}`;
}

/** The same for a page that shows both themes beside each other and has colours of its own. */
export function writePreviewStyle(accent: string): string {
  return Object.entries(THEMES)
    .map(([name, theme]) => writeRule(`.preview[data-theme=${name}]`, accent, theme))
    .join('');
}

type Triple = readonly [number, number, number];

function readBytes(colour: string): Triple {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** Red, green and blue as amounts of light, 0 to 1 (IEC 61966-2-1). */
function readLight(colour: string): Triple {
  const [red, green, blue] = readBytes(colour);
  return [linearise(red), linearise(green), linearise(blue)];
}

function linearise(byte: number): number {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function writeLight(light: Triple): string {
  const bytes = light.map((amount) => {
    const share = amount <= 0.0031308 ? amount * 12.92 : 1.055 * amount ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, share)) * 255);
  });
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function measureLuminance(colour: string): number {
  const [red, green, blue] = readLight(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const multiply = (rows: readonly Triple[], [x, y, z]: Triple): Triple => {
  const [a = 0, b = 0, c = 0] = rows.map(([p, q, r]) => p * x + q * y + r * z);
  return [a, b, c];
};

/**
 * Linear sRGB to the cone responses of Oklab and back (Björn Ottosson, "A perceptual color space for image processing").
 * A mix of their cube roots keeps the hue; its last step, to L, a and b, is linear and so makes no difference to a mix.
 */
const TO_CONES: readonly Triple[] = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const FROM_CONES: readonly Triple[] = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** `share` of the way from one colour to the other. */
function mix(from: string, to: string, share: number): string {
  const [one, other] = [from, to].map((colour) => multiply(TO_CONES, readLight(colour)).map(Math.cbrt));
  const [l = 0, m = 0, s = 0] = (one ?? []).map((root, i) => (root * (1 - share) + (other?.[i] ?? 0) * share) ** 3);
  return writeLight(multiply(FROM_CONES, [l, m, s]));
}
