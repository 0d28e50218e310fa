/** How many objects the endless relay writes, in turn. */
export const OBJECTS = 7;
