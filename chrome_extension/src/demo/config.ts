/** What the demo page is told by its service. */

import * as v from "valibot";

const ConfigSchema = v.object({
  video_id: v.fallback(v.nullable(v.string()), null),
  replayed: v.fallback(v.boolean(), false),
});

export interface DemoConfig {
  /** Empty when the page starts without a video. */
  readonly videoId: string;
  /** Whether videos are made up by a stand-in of YouTube. */
  readonly replayed: boolean;
}

/** Ask the service with which video to start; the page works without an answer. */
export async function readConfig(): Promise<DemoConfig> {
  const nothing = { videoId: "", replayed: false };
  try {
    const response = await fetch("/demo/config.json", { cache: "no-store" });
    if (!response.ok) return nothing;
    const config = v.safeParse(ConfigSchema, await response.json());
    if (!config.success) return nothing;
    return { videoId: config.output.video_id ?? "", replayed: config.output.replayed };
  } catch (error) {
    console.info("no demo configuration:", error);
    return nothing;
  }
}
