import type { Bootstrap } from '@millrace/core/variants';
import { createContext } from 'react';
import type { Analytics } from '../analytics.ts';

/** The client of the nearest provider. */
export const AnalyticsContext = createContext<Analytics | undefined>(undefined);

/** What the page of the nearest provider was made with. */
export const BootstrapContext = createContext<Bootstrap | undefined>(undefined);
