/** Whether files from outside the page are being dragged. */
export function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

export function filesOf(event: DragEvent): readonly File[] {
  return [...(event.dataTransfer?.files ?? [])];
}
