import { answerScenarios } from './answers.mjs';
import { leavingScenarios } from './leaving.mjs';
import { offlineScenarios } from './offline.mjs';
import { tabScenarios } from './tabs.mjs';

/** Every scenario; those that wait long come first, since many of them fit beside each other. */
export const SCENARIOS = [...answerScenarios, ...leavingScenarios, ...offlineScenarios, ...tabScenarios];
