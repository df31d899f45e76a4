import type { DefinitionsStore } from '@millrace/definitions';
import { FieldError, type PeopleAdmin } from '@millrace/studio';
import { exportPerson } from '@millrace/warehouse-schema';
import { deletePerson } from './delete-people.ts';
import { findPeople } from './find-person.ts';
import type { PeoplePorts } from './people-ports.ts';

/** What the studio's routes for one person ask. Deletions of this process come one after the other. */
export function createPeopleAdmin(
  ports: PeoplePorts,
  projects: Pick<DefinitionsStore, 'listProjects'>,
  projectId: number,
): PeopleAdmin {
  let turn: Promise<unknown> = Promise.resolve();

  async function find(id: string, project: string | undefined) {
    if (project === undefined) return findPeople(ports, projectId, [id]);
    const found = (await projects.listProjects()).find(({ name }) => name === project);
    if (!found) throw new FieldError('project', `there is no project ${JSON.stringify(project)}`, 404);
    return findPeople(ports, found.projectId, [id]);
  }

  return {
    async *export(id, project) {
      yield* exportPerson(ports.client, await find(id, project));
    },
    delete(id, project) {
      const deletion = turn.then(async () => deletePerson(ports, await find(id, project)));
      turn = deletion.catch(() => {});
      return deletion;
    },
  };
}
