/** Whether files from outside the page are being dragged. */
export function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** Dropped files, those that look like models apart; what a file really is, the import finds out. */
export function modelsOf(event: DragEvent): {
  readonly models: readonly File[];
  readonly others: readonly File[];
} {
  const files = [...(event.dataTransfer?.files ?? [])];
  return {
    models: files.filter((file) => /\.glb$/i.test(file.name)),
    others: files.filter((file) => !/\.glb$/i.test(file.name)),
  };
}
