import { createContext } from 'react';
import type { Analytics } from '../analytics.ts';

/** The client of the nearest provider. */
export const AnalyticsContext = createContext<Analytics | undefined>(undefined);
