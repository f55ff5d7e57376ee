export async function engineVersions(_flags: readonly string[]): Promise<Record<string, string>> { return {}; }
