/** What every question to the service begins and ends with. */

import { videoIdOfPage } from "../../page/video_id.ts";
import { Problem, asProblem } from "../../service/problem.ts";
import type { Around, Service } from "./around.ts";

const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/;

/**
 * Return the service, if it may be asked.
 *
 * @throws Problem `permission_missing`
 */
export async function permittedService({ host, service }: Around): Promise<Service> {
  const asked = service();
  if (await host.hasServerPermission(asked.origin)) return asked;
  throw new Problem("permission_missing");
}

/** Return the id that was named, by itself or in a watch page's address; null for anything else. */
export function idOf(video: string): string | null {
  return VIDEO_ID.test(video) ? video : videoIdOfPage(video);
}

/** Return what was thrown as a Problem; what is none is a defect of ours, and is logged. */
export function problemOf(error: unknown): Problem {
  const problem = asProblem(error);
  if (problem !== error) console.error(error);
  return problem;
}
