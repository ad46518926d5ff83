import type { EarmarkErrorCode } from '../engine/errors.js';
import type { FolderFile } from '../engine/folder-offer.js';
import type { HubModel } from '../engine/hub-catalog.js';

export type { FolderFile, HubModel };

/** A model of a hub, by its repository. */
export interface HubModelReference {
  /** E.g. `Xenova/clap-htsat-unfused`. */
  readonly hub: string;
  /** A mirror of the hub. Default `https://huggingface.co`. */
  readonly host?: string | URL;
}

/** A model that has been downloaded, by its key. */
export interface KeptModelReference {
  readonly kept: string;
}

/** Which model: the built-in one, that in a folder by its URL, one of a hub, or one that has been downloaded. */
export type ModelReference = 'pocket' | URL | HubModelReference | KeptModelReference;

/** Where a model can be had. */
export type ModelOrigin =
  | HubModelReference
  | KeptModelReference
  /** Of a folder on a web server. */
  | { readonly url: string | URL }
  /** Files of a folder on the user's disk. */
  | { readonly folder: readonly FolderFile[] };

/** What is told of a model before and after it is downloaded. */
export interface ModelFacts {
  readonly id: string;
  readonly name: string;
  readonly licence: string;
  /** Commit of a hub's repository, or what its folder calls it. */
  readonly revision: string;
  /** Of all files that this device needs. */
  readonly bytes: number;
  /** Host, URL or name of the folder that it comes from. */
  readonly from: string;
  /** A hub's, a web server's, or on the user's disk. */
  readonly kind: 'hub' | 'url' | 'folder';
}

/** A model that could be downloaded. */
export interface ModelOfferState extends ModelFacts {
  /** Of these bytes, how many an earlier attempt has left here. */
  readonly loaded: number;
  /** Whether its place states the hashes of all files. */
  readonly isStated: boolean;
  /** Why more is offered of a model that is here: fine mode needs it, or the 8-bit graph does not work in this browser. */
  readonly adds?: 'fine' | 'spare';
}

export interface ModelDownloadState {
  readonly name: string;
  /** Bytes. */
  readonly loaded: number;
  readonly total: number;
  /** Whether the host has stopped sending, and is about to be asked again. */
  readonly isWaiting: boolean;
}

export interface KeptModelState extends ModelFacts {
  readonly key: string;
  /** Whether all files are here and were what they had to be. */
  readonly isComplete: boolean;
}

/** The models that can be chosen, and how far the choosing is. */
export interface ModelsState {
  /** `pocket`, the key of a kept model, or that of the page's own. */
  readonly current: string;
  /** What the page begins with, where that is neither Pocket nor a kept model; else null. */
  readonly own: { readonly key: string; readonly name: string } | null;
  /** Whether fine mode is asked for. */
  readonly fine: boolean;
  /** Models of the hub that Earmark is made for. */
  readonly known: readonly HubModel[];
  readonly kept: readonly KeptModelState[];
  /** Whether a host is being asked what it has. */
  readonly isAsking: boolean;
  /** Waits for the user's word. */
  readonly offer: ModelOfferState | null;
  readonly download: ModelDownloadState | null;
  /** Why there is no offer or no download, ready to show. */
  readonly failure: { readonly message: string; readonly code: EarmarkErrorCode } | null;
  /** Bytes that this page may still keep, as the browser estimates; null where it does not tell. */
  readonly freeBytes: number | null;
}
