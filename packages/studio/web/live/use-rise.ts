import { useEffect, useRef, useState } from 'react';

/** How often the value has risen since it was first shown; a key that starts an animation anew. */
export function useRise(value: number): number {
  const before = useRef(value);
  const [rises, setRises] = useState(0);
  useEffect(() => {
    if (value > before.current) setRises((count) => count + 1);
    before.current = value;
  }, [value]);
  return rises;
}
