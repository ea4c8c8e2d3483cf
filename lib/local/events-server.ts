/**
 * EventBridge PutEvents on loopback: the detail of each event becomes a file in a folder. Everything else is refused by
 * name.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import {
  accessKeyIdOf,
  announce,
  answering,
  type LoopbackHooks,
  type LoopbackServer,
  listenOnLoopback,
  Refusal,
  textOf,
} from './loopback.ts';

/** How to start {@link startEventsServer}. */
export interface EventsServerOptions extends LoopbackHooks {
  /** Folder the events are written to, `<id of the detail>.json` each. */
  readonly folder: string;
}

/** What is written for one event. */
export interface KeptEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const maxEntries = 10;
const maxEntryBytes = 262_144;

const request = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string().min(1),
        DetailType: z.string().min(1),
        Detail: z.string(),
        EventBusName: z.literal('default').optional(),
      }),
    )
    .min(1)
    .max(maxEntries),
});

/** Starts the server. An event with the id of an earlier one replaces its file, as a repeat does not show as a second. */
export async function startEventsServer(options: EventsServerOptions): Promise<LoopbackServer> {
  await mkdir(options.folder, { recursive: true });
  let count = 0;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const accessKeyId = accessKeyIdOf(message);
    const body = await textOf(message, 2 * maxEntries * maxEntryBytes);
    const action = String(message.headers['x-amz-target'] ?? '').replace(/^AWSEvents\./, '');
    await announce({ service: 'events', action, resources: ['default'], accessKeyId }, response, options);
    if (action !== 'PutEvents')
      throw new Refusal(
        501,
        'NotImplemented',
        `the embedded EventBridge does not do ${action || message.method}`,
      );
    const read = request.safeParse(JSON.parse(body));
    if (!read.success) throw new Refusal(400, 'ValidationException', z.prettifyError(read.error));
    const entries = [];
    for (const { Source, DetailType, Detail } of read.data.Entries)
      entries.push(await keep({ Source, DetailType, Detail }));
    const failed = entries.filter((entry) => 'ErrorCode' in entry).length;
    sendJson(response, 200, { FailedEntryCount: failed, Entries: entries });
  }

  async function keep(entry: { Source: string; DetailType: string; Detail: string }) {
    const refuse = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });
    if (Buffer.byteLength(entry.Source + entry.DetailType + entry.Detail) > maxEntryBytes)
      return refuse('InvalidArgument', 'the entry is larger than 256 KB');
    let detail: Readonly<Record<string, unknown>>;
    try {
      detail = JSON.parse(entry.Detail) as Readonly<Record<string, unknown>>;
    } catch {
      return refuse('MalformedDetail', 'Detail is malformed.');
    }
    const { id } = detail;
    if (typeof id !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._@=+-]{0,199}$/.test(id))
      throw new Refusal(400, 'ValidationException', `the detail's "id" must name a file, got "${id}"`);
    const number = ++count;
    const kept: KeptEvent = { source: entry.Source, detailType: entry.DetailType, detail };
    const temporary = join(options.folder, `.${process.pid}-${number}`);
    await writeFile(temporary, `${JSON.stringify(kept, null, 2)}\n`);
    await rename(temporary, join(options.folder, `${id}.json`));
    return { EventId: `${id}-${number}` };
  }

  return listenOnLoopback(createServer(answering(handle, refuseCall)));
}

function refuseCall(refusal: Refusal, _request: IncomingMessage, response: ServerResponse): void {
  sendJson(response, refusal.status, { __type: refusal.code, message: refusal.message });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
