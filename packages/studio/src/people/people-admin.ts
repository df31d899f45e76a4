/** What the routes for one person ask; it may throw `PersonError`. */
export interface PeopleAdmin {
  /** Everything held about the person who has the id, row by row; of a project by name, else the studio's. */
  export(id: string, project?: string): AsyncIterable<object>;
  /** Deletes it, and says what was removed. */
  delete(id: string, project?: string): Promise<object>;
}
