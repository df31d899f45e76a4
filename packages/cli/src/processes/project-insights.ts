import type { CohortStore } from '@millrace/definitions';
import type { AskInsight } from '@millrace/studio';
import { askInsight, killQuery, type WarehouseClient } from '@millrace/warehouse-schema';
import type { WarehouseAccess } from '../installation/warehouse-access.ts';
import { projectCohorts } from './project-cohorts.ts';

/** What questions are asked with: as the reader, and killed by the administrator where they run over their time. */
export interface InsightPorts {
  access: WarehouseAccess;
  reader: WarehouseClient;
  admin: WarehouseClient;
  cohorts: CohortStore;
}

/** Asks for a project, whose stored cohorts its questions may name. */
export function projectInsights(
  projectId: number,
  { access, reader, admin, cohorts }: InsightPorts,
): AskInsight {
  return (name, question, signal) =>
    askInsight(
      name,
      {
        client: reader,
        projectId,
        kill: (queryId: string) => killQuery({ url: access.reader.url, admin: access.admin, queryId }),
        signal,
        findCohort: projectCohorts(projectId, cohorts, admin).find,
      },
      question,
    );
}
