import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  accessKeyIdOf,
  answering,
  type LoopbackServer,
  listenOnLoopback,
  Refusal,
} from '../../lib/local/loopback.ts';

/** Who asked for which secret. */
export interface SecretCall {
  readonly action: string;
  readonly secret: string;
  readonly accessKeyId: string;
}

/**
 * Secrets Manager on loopback: GetSecretValue, everything else is refused by name.
 * @param permit told of each call; what it throws is answered.
 */
export function startSecretsServer(
  secrets: Readonly<Record<string, string>>,
  permit: (call: SecretCall) => void,
): Promise<LoopbackServer> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accessKeyId = accessKeyIdOf(request);
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const { SecretId } = JSON.parse(Buffer.concat(parts).toString()) as { SecretId: string };
    permit({ action, secret: SecretId, accessKeyId });
    if (action !== 'GetSecretValue') throw new Refusal(501, 'NotImplemented', action);
    const value = secrets[SecretId];
    if (value === undefined) throw new Refusal(400, 'ResourceNotFoundException', SecretId);
    const body = JSON.stringify({ ARN: SecretId, SecretString: value, VersionId: 'local' });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  }
  function refuse({ status, code, message }: Refusal, _: IncomingMessage, response: ServerResponse): void {
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ __type: code, message }));
  }
  return listenOnLoopback(createServer(answering(handle, refuse)));
}
