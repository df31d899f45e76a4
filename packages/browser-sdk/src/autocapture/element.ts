import { bareUrl, scrub } from './scrub.ts';

/** What holds what a visitor typed or chose; neither it nor its text is ever read. */
export const TYPED = 'input,textarea,select,option,datalist,[contenteditable],[role=textbox]';

const MARK = 'data-track';

/** What is told of an element. */
export interface ElementRules {
  text?: boolean;
  mask: string;
}

/** The elements that an event went through, the innermost first, also within open shadow roots. */
export function pathOf(event: Event): Element[] {
  return event.composedPath().filter((node): node is Element => node instanceof Element);
}

/** Whether one of the elements matches the selector. */
export const some = (path: Element[], selector: string): boolean =>
  path.some((element) => element.matches(selector));

/**
 * The properties of the first element of a path. Attributes are read by name: a form's input called `id` or `action`
 * takes the place of the form's own property.
 */
export function describe(path: Element[], { text, mask }: ElementRules): Record<string, string> {
  const [element] = path;
  if (!element) return {};
  const told: Record<string, string> = { $tag: element.localName };
  if (some(path, mask)) return told;
  const attribute = (name: string) => element.getAttribute(name);
  const add = (name: string, value: string | null | undefined) => {
    if (value) told[name] = value;
  };
  add('$selector', selectorOf(path));
  add('$id', attribute('id'));
  add('$name', attribute('name'));
  add('$role', attribute('role'));
  for (const name of ['href', 'action']) {
    const url = attribute(name);
    if (url) add(`$${name}`, bareUrl(url));
  }
  if (text !== false && element.localName !== 'form' && !some(path, TYPED)) {
    add('$text', scrub(textOf(element, mask) || attribute('aria-label') || ''));
  }
  for (const { name, value } of element.attributes) {
    if (name.startsWith(`${MARK}-`)) add(name.slice(MARK.length + 1).replaceAll('-', '_'), value);
  }
  return told;
}

/** The name that the page gives to what happens to an element, if it does. */
export function markOf(element: Element | undefined): string | null | undefined {
  return element?.getAttribute(MARK);
}

function textOf(element: Element, mask: string): string {
  let text = '';
  for (const node of element.childNodes) {
    if (text.length > 500) break;
    if (node.nodeType === Node.TEXT_NODE) text += (node as Text).data;
    else if (node instanceof Element && !node.matches(`${TYPED},script,style,${mask}`)) {
      text += ` ${textOf(node, mask)}`;
    }
  }
  return text.trim();
}

/** As in `form#login > div.row > button.primary`: up to an id, five elements at most. */
function selectorOf(path: Element[]): string {
  const parts: string[] = [];
  for (const element of path.slice(0, 5)) {
    const id = element.getAttribute('id');
    const names = id ? [`#${id}`] : [...element.classList].slice(0, 3).map((name) => `.${name}`);
    parts.unshift(element.localName + names.join(''));
    if (id || element.localName === 'body') break;
  }
  return parts.join(' > ').slice(0, 200);
}
