import { createHash, randomBytes } from 'node:crypto'
import type { PracticeModel } from './model.ts'
import { createOAuth, type OAuth } from './oauth.ts'
import { PRACTICE_APPLICATION } from './options.ts'

/** What the one application of the command is registered with; public, because nothing real is behind it. */
const PRACTICE_SECRET = 'practice-secret'

/** base64url of the SHA-256 of a verifier, as PKCE's S256 has it. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

/** Sign-in at this model for the practice application, with codes and tokens that cannot be guessed. */
export function practiceOAuth(model: PracticeModel): OAuth {
  return createOAuth({
    office: model,
    applications: [{ clientId: PRACTICE_APPLICATION, secret: PRACTICE_SECRET, redirectUrls: [] }],
    merchantIds: () => model.sellers().map(({ merchant }) => merchant.id),
    newSecret: () => randomBytes(24).toString('base64url'),
    challengeOf,
  })
}
