import type { Ports } from '../pipeline/ports.ts';

/** Every port of the handlers, for commands that work on what a run left. */
export async function localPorts(env: Readonly<Record<string, string | undefined>>): Promise<Ports> {
  // Loaded when needed: the SDK takes longer to load than most commands to run.
  const { awsPorts } = await import('../../functions/runtime.ts');
  const { limitsOf } = await import('../../functions/limits.ts');
  const { publishing } = await import('../../functions/publishing.ts');
  const stored = await awsPorts(env);
  return { ...stored, policies: limitsOf(stored.config), ...publishing(env) };
}
