import type { DefinitionsStore, Project } from '@millrace/definitions';
import { CommandError } from '../command.ts';
import { nearest } from '../config/nearest.ts';

/** The project of that name. Throws `CommandError` where there is none: a mistyped name makes no project. */
export async function findProject(store: DefinitionsStore, name: string): Promise<Project> {
  const projects = await store.listProjects();
  const found = projects.find((project) => project.name === name);
  if (found) return found;
  const meant = nearest(
    name,
    projects.map((project) => project.name),
  );
  throw new CommandError(
    `there is no project ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : ': millrace key create --project makes one'}`,
  );
}
