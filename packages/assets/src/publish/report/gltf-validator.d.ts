/** What Weft uses of the Khronos validator; the package ships no types. */
declare module 'gltf-validator' {
  export interface ValidatorMessage {
    readonly code: string;
    readonly message: string;
    /** 0 error, 1 warning, 2 information, 3 hint. */
    readonly severity: number;
    /** A JSON pointer into the document, or a byte offset of the container. */
    readonly pointer?: string;
    readonly offset?: number;
  }
  export interface ValidationReport {
    readonly issues: { readonly messages: readonly ValidatorMessage[]; readonly truncated: boolean };
    /** Absent where the document could not be read. */
    readonly info?: {
      readonly version?: string;
      readonly generator?: string;
      readonly extensionsUsed?: readonly string[];
      readonly animationCount?: number;
      readonly materialCount?: number;
      readonly drawCallCount?: number;
      readonly totalVertexCount?: number;
      readonly totalTriangleCount?: number;
      readonly hasSkins?: boolean;
      readonly hasTextures?: boolean;
    };
  }
  export interface ValidationOptions {
    readonly format: 'glb';
    readonly maxIssues?: number;
    readonly writeTimestamp?: boolean;
  }
  export function validateBytes(bytes: Uint8Array, options: ValidationOptions): Promise<ValidationReport>;
}
