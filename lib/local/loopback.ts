/**
 * What the embedded servers share: they listen on loopback only, tell who called what, and let a
 * test inject a fault into any call. Signatures are not verified; the access key id only names the caller.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as an embedded server saw it, before it is carried out. */
export interface LoopbackCall {
  readonly service: 's3' | 'sns' | 'dynamodb' | 'events';
  /** Name of the SDK command, e.g. `PutObject`. */
  readonly action: string;
  /** `bucket/key` or `bucket`, a topic's ARN, `table` or `table/index/name`, an event bus. */
  readonly resources: readonly string[];
  readonly accessKeyId: string;
  /** What policies may ask about a call, by the names of their condition keys, several values a line each; absent when there is nothing. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Carry the call out but lose the answer; never answer; hand all items of a batch back; or answer with an error. Only
 * the first is carried out.
 */
export type Fault =
  | 'drop-response'
  | 'no-answer'
  | 'unprocessed-items'
  | { readonly status: number; readonly code: string };

/** Where a test looks at calls, or disturbs them. */
export interface LoopbackHooks {
  onRequest?(call: LoopbackCall): void;
  /** The answer is out: bytes of the request's body as its headers tell, and of the whole answer. */
  onAnswer?(call: LoopbackCall, bytes: { readonly received: number; readonly sent: number }): void;
  fault?(call: LoopbackCall): Fault | undefined;
}

/** A server that runs; `close` ends open connections too. */
export interface LoopbackServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** A call that is answered with an error of the service. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Access key id a call is signed with.
 * @throws {Refusal} 403 when the call is not signed, or comes from a page in a browser.
 */
export function accessKeyIdOf(request: IncomingMessage, presigned?: URLSearchParams): string {
  // A web page can reach loopback too: it can neither sign nor hide its origin.
  if (request.headers.origin !== undefined)
    throw new Refusal(403, 'AccessDenied', 'calls from web pages are refused');
  const credential =
    /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1] ??
    presigned?.get('X-Amz-Credential')?.split('/')[0];
  if (!credential) throw new Refusal(403, 'AccessDenied', 'the call is not signed');
  return credential;
}

/**
 * Reports a call to the hooks and applies the fault they ask for.
 * @returns whether all items of a batch are to be handed back, which the server does itself.
 * @throws {Refusal} the fault is an error answer.
 */
export async function announce(
  call: LoopbackCall,
  response: ServerResponse,
  hooks: LoopbackHooks,
): Promise<boolean> {
  hooks.onRequest?.(call);
  const { onAnswer } = hooks;
  if (onAnswer) {
    const { headers, socket } = response.req;
    const received = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
    const before = socket.bytesWritten;
    response.once('finish', () => onAnswer(call, { received, sent: socket.bytesWritten - before }));
  }
  const fault = hooks.fault?.(call);
  if (fault === undefined) return false;
  if (fault === 'unprocessed-items') return true;
  if (fault === 'no-answer') await new Promise(() => undefined);
  else if (fault !== 'drop-response') throw new Refusal(fault.status, fault.code, 'injected fault');
  const drop = () => {
    response.destroy();
    return response;
  };
  Object.assign(response, { writeHead: () => response, write: () => true, end: drop });
  return false;
}

/** Listens on a free loopback port. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  // A large upload on a slow disk may take longer than Node's default of five minutes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Answers requests; what `handle` throws becomes an error answer written by `refuse`. */
export function answering(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  refuse: (refusal: Refusal, request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      if (!request.complete) {
        // The rest of the body would otherwise be read as the next request on this connection.
        response.setHeader('connection', 'close');
        request.resume();
      }
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'InternalError', String(error));
      refuse(refusal, request, response);
    });
  };
}

/**
 * The whole body of a call as text.
 * @throws {Refusal} 400 when it is longer than `limit` bytes.
 */
export async function textOf(request: IncomingMessage, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limit) throw new Refusal(400, 'InvalidParameter', 'Invalid parameter: Message too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** Text as XML character data. */
export function xmlText(value: string): string {
  return value.replace(
    /[&<>"'\r]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' })[c] ?? c,
  );
}
