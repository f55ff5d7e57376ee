export const usage = ""; export async function run(_args: readonly string[]): Promise<Record<string, number>> { return {}; }
