/** What the view holds; all zero once the world is empty and nothing is highlighted. */
export interface ViewResources {
  readonly objects: number;
  readonly geometries: number;
  readonly materials: number;
  readonly models: number;
  readonly pictures: number;
  /** Of files that are not there. */
  readonly thumbnails: number;
  readonly sounds: number;
  readonly films: number;
  /** Sounds and films that are heard or wait to be. */
  readonly voices: number;
  readonly modelNodes: number;
  readonly lights: number;
  readonly skies: number;
  /** People, this client's own avatar not counted. */
  readonly avatars: number;
}
