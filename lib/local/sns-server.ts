/**
 * SNS Publish on loopback: each message becomes a file in a folder. Everything else is refused by name.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  accessKeyIdOf,
  announce,
  answering,
  type LoopbackHooks,
  type LoopbackServer,
  listenOnLoopback,
  Refusal,
  textOf,
  xmlText,
} from './loopback.ts';

/** How to start {@link startSnsServer}. */
export interface SnsServerOptions extends LoopbackHooks {
  /** Folder the messages are written to, `<id>.json` each. */
  readonly folder: string;
  /** ARNs of the topics there are. */
  readonly topics: readonly string[];
}

/** What is written for one message. */
export interface PublishedMessage {
  /** The message attribute `id`. */
  readonly id: string;
  readonly topic: string;
  readonly subject: string | null;
  /** The message; with `MessageStructure: json` its `default`. */
  readonly message: string;
  /** With `MessageStructure: json` the text of each protocol (`email`, `sms` …), else empty. */
  readonly byProtocol: Readonly<Record<string, string>>;
}

const maxMessageBytes = 262_144;

/**
 * Starts the server. A message must carry the attribute `id`, by which its file is named: published again with the
 * same id it replaces the file, so that a repeat after a lost answer does not show as a second alert.
 */
export async function startSnsServer(options: SnsServerOptions): Promise<LoopbackServer> {
  await mkdir(options.folder, { recursive: true });
  let count = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accessKeyId = accessKeyIdOf(request);
    // A form is percent-encoded: up to three bytes a byte, and room for its names.
    const form = new URLSearchParams(await textOf(request, 4 * maxMessageBytes));
    const action = form.get('Action') ?? '';
    const topic = form.get('TopicArn') ?? form.get('TargetArn') ?? '';
    await announce({ service: 'sns', action, resources: [topic], accessKeyId }, response, options);
    if (action !== 'Publish')
      throw new Refusal(501, 'NotImplemented', `the embedded SNS does not do ${action || request.method}`);
    if (!options.topics.includes(topic)) throw new Refusal(404, 'NotFound', 'Topic does not exist');

    const published = readMessage(form, topic);
    const number = ++count;
    const temporary = join(options.folder, `.${process.pid}-${number}`);
    await writeFile(temporary, `${JSON.stringify(published, null, 2)}\n`);
    await rename(temporary, join(options.folder, `${published.id}.json`));
    sendXml(
      response,
      200,
      `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>` +
        `<MessageId>${published.id}-${number}</MessageId></PublishResult></PublishResponse>`,
    );
  }

  return listenOnLoopback(createServer(answering(handle, refuse)));
}

function readMessage(form: URLSearchParams, topic: string): PublishedMessage {
  const message = form.get('Message') ?? '';
  const attributes = new Map<string, string>();
  let bytes = Buffer.byteLength(message);
  for (let i = 1; form.has(`MessageAttributes.entry.${i}.Name`); i++) {
    const field = (name: string) => form.get(`MessageAttributes.entry.${i}.${name}`) ?? '';
    const value = field('Value.StringValue') || field('Value.BinaryValue');
    attributes.set(field('Name'), value);
    bytes += Buffer.byteLength(field('Name') + field('Value.DataType') + value);
  }
  if (message === '') throw invalid('Empty message');
  if (bytes > maxMessageBytes) throw invalid('Message too long');
  const subject = form.get('Subject');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SNS refuses them
  if (subject !== null && (subject.length > 100 || subject === '' || /[\u0000-\u001f]/.test(subject)))
    throw invalid('Subject');
  const id = attributes.get('id') ?? '';
  if (!/^[A-Za-z0-9][A-Za-z0-9._@=+-]{0,199}$/.test(id))
    throw invalid(`the message attribute "id" must name a file, got "${id}"`);

  const structure = form.get('MessageStructure');
  if (structure === null) return { id, topic, subject, message, byProtocol: {} };
  if (structure !== 'json') throw invalid('MessageStructure');
  const { default: fallback, ...byProtocol } = parseProtocols(message);
  if (fallback === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return { id, topic, subject, message: fallback, byProtocol };
}

function parseProtocols(message: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw invalid('Message Structure - JSON message body is not an object');
  // SNS passes over what is no string.
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === 'string'));
}

function invalid(what: string): Refusal {
  return new Refusal(400, 'InvalidParameter', `Invalid parameter: ${what}`);
}

function refuse(refusal: Refusal, _request: IncomingMessage, response: ServerResponse): void {
  const type = refusal.status < 500 ? 'Sender' : 'Receiver';
  sendXml(
    response,
    refusal.status,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${type}</Type>` +
      `<Code>${xmlText(refusal.code)}</Code><Message>${xmlText(refusal.message)}</Message></Error></ErrorResponse>`,
  );
}

function sendXml(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) })
    .end(body);
}
