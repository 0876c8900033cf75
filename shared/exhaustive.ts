/** Closes a switch over a union: a new member makes the call a type error; at run time it throws, naming the value. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
