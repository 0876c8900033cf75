/** The projection asked for a row that was not read beforehand: the batch is done again with all rows. */
export class RowNotLoaded extends Error {
  constructor() {
    super('a row was asked for that is not loaded')
    this.name = 'RowNotLoaded'
  }
}
