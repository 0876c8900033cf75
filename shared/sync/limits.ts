/** An idempotency key is trusted so long after the first unanswered attempt, by Square's clock (S9). Square does not
 * publish how long it remembers a key; this must stay shorter than that. */
export const KEY_SAFE_MS = 10 * 60_000

/** Absence from list and search is believed so long after the last attempt (S9): the index is documented to lag up to
 * about a minute, worse in outages. */
export const LAG_WAIT_MS = 5.5 * 60_000

/** A customer of ours cannot have been created earlier than this before our first attempt, clocks considered (S9). */
export const SEARCH_MARGIN_MS = 60_000

/** A profile that is put back is taken to be at most so old, where a new customer in it has nothing to be looked for by (S9). */
export const PUT_BACK_MOST_MS = 30 * 24 * 3_600_000
