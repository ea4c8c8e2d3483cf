import { config } from 'zod';

// Imported first by what runs for a second: each schema reads a handful of values there, and compiling it costs more.
config({ jitless: true });
