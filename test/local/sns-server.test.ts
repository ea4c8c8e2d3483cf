import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishBatchCommand, PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lib/local/loopback.ts';
import type { PublishedMessage } from '../../lib/local/sns-server.ts';
import { snsWorld } from './servers.ts';

const withId = (StringValue: string): PublishCommandInput['MessageAttributes'] => ({
  id: { DataType: 'String', StringValue },
});

async function read(folder: string, id: string): Promise<PublishedMessage> {
  return JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as PublishedMessage;
}

describe('Publish', () => {
  it('writes topic, subject and message to a file named by the id', async () => {
    const { client, folder, topic } = await snsWorld();
    const answer = await client.send(
      new PublishCommand({
        TopicArn: topic,
        Subject: 'Bonus metric',
        Message: '50 of 100 & "more" + é',
        MessageAttributes: withId('plan.sqls@2'),
      }),
    );
    expect(answer.MessageId).toBeTruthy();
    expect(await read(folder, 'plan.sqls@2')).toEqual({
      id: 'plan.sqls@2',
      topic,
      subject: 'Bonus metric',
      message: '50 of 100 & "more" + é',
      byProtocol: {},
    });
  });

  it('replaces the file of a repeat with the same id, also after a lost answer', async () => {
    const faults: (Fault | undefined)[] = ['drop-response'];
    const { client, folder, topic } = await snsWorld({ fault: () => faults.shift() });
    for (const Message of ['first', 'again'])
      await client.send(new PublishCommand({ TopicArn: topic, Message, MessageAttributes: withId('a') }));
    expect(await readdir(folder)).toEqual(['a.json']);
    expect((await read(folder, 'a')).message).toBe('again');
  });

  it('separates the texts of the protocols with MessageStructure json', async () => {
    const { client, folder, topic } = await snsWorld();
    const Message = JSON.stringify({ default: 'short', email: 'long' });
    const MessageAttributes = withId('a');
    await client.send(
      new PublishCommand({ TopicArn: topic, Message, MessageStructure: 'json', MessageAttributes }),
    );
    expect(await read(folder, 'a')).toMatchObject({ message: 'short', byProtocol: { email: 'long' } });
  });

  it('takes 256 KB with attributes and refuses one byte more', async () => {
    const { client, topic } = await snsWorld();
    const publish = (bytes: number) =>
      client.send(
        new PublishCommand({ TopicArn: topic, Message: 'x'.repeat(bytes), MessageAttributes: withId('a') }),
      );
    const attributeBytes = 'id'.length + 'String'.length + 'a'.length;
    await publish(262_144 - attributeBytes);
    await expect(publish(262_145 - attributeBytes)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(publish(3_000_000)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it.each([
    ['no id', { MessageAttributes: undefined }],
    ['an id that leaves the folder', { MessageAttributes: withId('../a') }],
    ['a subject of two lines', { Subject: 'a\nb' }],
    ['json without default', { MessageStructure: 'json', Message: '{"email":"x"}' }],
    ['json that is none', { MessageStructure: 'json', Message: '{' }],
  ])('refuses %s', async (_, change) => {
    const { client, topic, folder } = await snsWorld();
    const input = { TopicArn: topic, Message: 'x', MessageAttributes: withId('a'), ...change };
    await expect(client.send(new PublishCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses an unknown topic, and PublishBatch', async () => {
    const { client, topic } = await snsWorld();
    const unknown = new PublishCommand({
      TopicArn: `${topic}s`,
      Message: 'x',
      MessageAttributes: withId('a'),
    });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: 'NotFoundException' });
    const batch = new PublishBatchCommand({
      TopicArn: topic,
      PublishBatchRequestEntries: [{ Id: '1', Message: 'x' }],
    });
    await expect(client.send(batch)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});
