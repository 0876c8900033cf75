import type { Fault } from './faults.ts'
import type { PracticeRequest } from './wire.ts'

/** True where everything the fault says about its requests holds for this one; counts and chance are the plan's. */
export function matchesFault(fault: Fault, request: PracticeRequest): boolean {
  return (
    (fault.method ?? request.method) === request.method &&
    (fault.path === undefined || matchesPath(fault.path, request.path)) &&
    (fault.customerId === undefined || isAbout(request, fault.customerId)) &&
    (fault.body === undefined || (request.body ?? '').includes(fault.body)) &&
    (fault.kind !== 'poison' || isAbout(request, fault.id)) &&
    (fault.kind !== 'expired-cursor' || carriesCursor(request))
  )
}

function matchesPath(pattern: string, path: string): boolean {
  const atEnd = pattern.endsWith('$')
  const parts = (atEnd ? pattern.slice(0, -1) : pattern).split('*')
  const source = parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('[^/]*')
  return new RegExp(`^${source}${atEnd ? '$' : ''}`).test(path)
}

function isAbout({ path, body }: PracticeRequest, id: string): boolean {
  return path.split('/').includes(encodeURIComponent(id)) || (body ?? '').includes(JSON.stringify(id))
}

function carriesCursor({ query, body }: PracticeRequest): boolean {
  return Boolean(query['cursor']) || /"cursor"\s*:\s*"./.test(body ?? '')
}
