/**
 * Dimensions of a series as one text, in order of their names; equal texts are equal dimensions.
 * @example dimensionsText({ medium: 'cpc', channel: 'paid' }) // => '["channel","paid","medium","cpc"]'
 */
export function dimensionsText(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.keys(dimensions)
      .sort()
      .flatMap((name) => [name, dimensions[name]!]),
  );
}
