import { FORCE_PARAMETER, parseOverrides } from '@millrace/core/variants';

/** The overrides that the address names, or that it named on an earlier page of the tab. */
export function addressOverrides(): { [key: string]: string } {
  try {
    const named = new URLSearchParams(location.search).get(FORCE_PARAMETER);
    if (named !== null) sessionStorage.setItem(FORCE_PARAMETER, named);
    return parseOverrides(named ?? sessionStorage.getItem(FORCE_PARAMETER) ?? '');
  } catch {
    // Blocked, or no page.
    return {};
  }
}
