import { type Check, type DoctorContext, type Finding, problem } from './finding.ts';

/** What one check found. */
export interface Found {
  name: string;
  findings: Finding[];
}

/** More than any check needs that gets its answers, the start of an engine included. */
const DEADLINE_MS = 45_000;
/** The same where everything runs already. */
const RUNNING_DEADLINE_MS = 10_000;

/**
 * Makes each check in turn, and tells of each as soon as it is done. One that fails, or takes longer than `deadlineMs`,
 * is a finding itself; what it waits for is left behind.
 */
export async function lookAt(
  checks: readonly Check[],
  context: DoctorContext,
  tell: (found: Found) => void,
  deadlineMs = context.run ? RUNNING_DEADLINE_MS : DEADLINE_MS,
): Promise<Found[]> {
  const all: Found[] = [];
  for (const check of checks) {
    const found = { name: check.name, findings: await findingsOf(check, context, deadlineMs) };
    all.push(found);
    tell(found);
  }
  return all;
}

async function findingsOf(check: Check, context: DoctorContext, deadlineMs: number): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    const finding = problem(
      `gave no answer within ${deadlineMs / 1_000} s`,
      `see the logs in ${context.paths.logs}; millrace stop and millrace start begin afresh`,
    );
    timer = setTimeout(() => resolve([finding]), deadlineMs);
  });
  try {
    return await Promise.race([check.look(context), late]);
  } catch (error) {
    return [problem(`could not be looked at: ${String(error)}`, 'see the message')];
  } finally {
    clearTimeout(timer);
  }
}
