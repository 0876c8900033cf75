/** What is on disk is not what is in memory: another window has written. It is read again and the log asked anew. */
export class MirrorMoved extends Error {
  constructor() {
    super('the directory was written elsewhere')
    this.name = 'MirrorMoved'
  }
}
