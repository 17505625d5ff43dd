import { readSettings, SettingsError } from "../src/settings";

/** What a person is told of these settings; nothing where they are right. */
export function settingsErrorOf(env: Record<string, string>): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return "";
}
