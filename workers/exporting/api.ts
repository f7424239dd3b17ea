// The calls of the exporter worker, as types.

import type { ProjectId } from "../../src/core/ids";
import type { Problem } from "../../src/formats/reader";
import type { Stoppable } from "../api";

export interface ExportJob {
  readonly projectId: ProjectId;
  /** One that needs no model. */
  readonly exporterId: string;
  readonly labelledOnly: boolean;
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The next bytes of the file, and how many items have been passed: some formats pass them more than once. */
export type HearPiece = (bytes: Uint8Array<ArrayBuffer> | null, passed: number) => void | Promise<void>;

export interface ExporterApi extends Stoppable {
  /**
   * Writes the project as it is stored when the call comes: what is answered meanwhile is left out. Waits until
   * each piece was heard. Resolves with what could not go into the file.
   */
  write(job: ExportJob, hear: HearPiece): Promise<readonly Problem[]>;
}
