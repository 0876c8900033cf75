/** `npm run test:storage` and `npm run test:full` take the long way; `npm test` a sample of it. */
export const isFull = process.env['COUNTERFOIL_FULL'] === '1'
