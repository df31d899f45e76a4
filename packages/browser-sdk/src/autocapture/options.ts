/** What autocapture does by itself. Everything is on unless it is turned off. */
export interface AutocaptureOptions {
  /** Page views, also of an application that changes the address itself; `'hash'`: a new `#part` is a page too. */
  pageViews?: boolean | 'hash';
  /** Leaving a page: for how long it was looked at, how much of it was seen. */
  pageLeave?: boolean;
  /** Clicks on links and buttons; `'marked'`: only on what has `data-track`. */
  clicks?: 'all' | 'marked' | false;
  /** Submitted forms; `'marked'`: only those with `data-track`. */
  forms?: 'all' | 'marked' | false;
  /** Clicks on links to other hosts. */
  outbound?: boolean;
  /** Clicks on links to files; a pattern for their paths replaces the built-in one. */
  downloads?: boolean | RegExp;
  /** Three clicks or more at one place within a second. */
  rageClicks?: boolean;
  /** Clicks on what looks clickable and does nothing. */
  deadClicks?: boolean;
  /** Uncaught errors and unhandled rejections. */
  errors?: boolean;
  /** Whether the text of what is clicked is sent. What is typed never is. */
  text?: boolean;
  /** A CSS selector: nothing at or within such an element is captured, as with `data-no-track`. */
  ignore?: string;
  /** A CSS selector: of such an element and what is in it only the tag is sent, as with `data-mask`. */
  mask?: string;
  /** How long a visible page counts as looked at after the last sign of life, in ms. @default 30000 */
  idleMs?: number;
  /** How long a click may take to show an effect, in ms. @default 2000 */
  deadClickMs?: number;
}

/** The options, with selectors that hold what the attributes mean too. */
export type ReadOptions = AutocaptureOptions & { ignore: string; mask: string };

/** Throws a TypeError for a selector that is none. */
export function readAutocaptureOptions(given: AutocaptureOptions): ReadOptions {
  const selector = (name: 'ignore' | 'mask', own: string): string => {
    const text = given[name] ? `${own},${given[name]}` : own;
    try {
      document.createDocumentFragment().querySelector(text);
    } catch {
      throw new TypeError(`autocapture: "${name}" must be a CSS selector`);
    }
    return text;
  };
  return {
    ...given,
    ignore: selector('ignore', '[data-no-track]'),
    mask: selector('mask', '[data-mask]'),
  };
}
