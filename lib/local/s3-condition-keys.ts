import type { IncomingHttpHeaders } from 'node:http';

/** What policies may ask about a call to S3, by the names of their condition keys; null when there is nothing. */
export function conditionKeysOf(
  action: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Readonly<Record<string, string>> | null {
  const prefix = action === 'ListObjectsV2' ? query.get('prefix') : null;
  if (prefix !== null) return { 's3:prefix': prefix };
  const condition = action === 'PutObject' ? headers['if-none-match'] : undefined;
  return condition === undefined ? null : { 's3:if-none-match': condition };
}
