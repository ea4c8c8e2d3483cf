/** Writes items and names each on stdout once it is acknowledged, until the process is killed. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { startDynamoServer } from '../../lib/local/dynamodb-server.ts';
import { tableDefinitions } from '../../lib/store/keys.ts';

const { endpoint } = await startDynamoServer({ path: process.argv[2]!, tables: tableDefinitions });
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'x', credentials }));
for (let i = 0; i < 100_000; i++) {
  const sk = String(i).padStart(6, '0');
  await client.send(new PutCommand({ TableName: 'runs', Item: { pk: 'a', sk } }));
  process.stdout.write(`${sk}\n`);
}
