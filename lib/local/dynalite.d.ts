/** The part of dynalite this project uses; the package has no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Folder of the database. */
    path: string;
    /** How long a table stays in a state between, in ms. */
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }

  /** A server that does not listen yet; its `close` closes the database too. */
  export default function dynalite(options: Options): Server;
}
