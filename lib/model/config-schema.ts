import * as z from 'zod';
import { configSchema } from './config.ts';

/**
 * JSON Schema of `bonafide.yaml`, for editors: `# yaml-language-server: $schema=docs/bonafide.schema.json`.
 * @example configJsonSchema().$schema // => 'https://json-schema.org/draft/2020-12/schema'
 */
export function configJsonSchema(): Record<string, unknown> {
  return { title: 'bonafide.yaml', ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) };
}
