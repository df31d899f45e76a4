import { type ReactElement, useEffect, useState } from 'react';

const SHOWN_MS = 1600;

/** Copies a text, and says that it did. */
export function CopyButton({ text }: { text: string }): ReactElement {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // No clipboard outside secure contexts: the text is there to be selected.
      setOutcome('failed');
    }
  }
  const label = { none: 'Copy', copied: 'Copied', failed: 'Select it' }[outcome];
  return (
    <button type="button" className="button" onClick={() => void copy()} aria-live="polite">
      {label}
    </button>
  );
}
