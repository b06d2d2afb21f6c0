/** What V8 writes with `--cpu-prof`. Times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

export interface Share {
  readonly name: string
  /** Of the time in which the process was not idle. */
  readonly share: number
}

export interface Digest {
  readonly busySeconds: number
  /** Time in a package's, folder's or the engine's own code. */
  readonly packages: readonly Share[]
  /** Time in a function itself. */
  readonly functions: readonly Share[]
  /** Time in a function of the project with all it calls before it first waits. */
  readonly ownWithCallees: readonly Share[]
}

const packageIn = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/
const idle = '(idle)'

const placeOf = ({ url }: ProfileNode['callFrame'], root: string): string => {
  const path = url.replace('file://', '')
  return packageIn.exec(path)?.[1] ?? (path.startsWith(root) ? path.slice(root.length) : path)
}

const isOwn = ({ url }: ProfileNode['callFrame'], root: string): boolean =>
  url.startsWith(`file://${root}`) && !url.includes('node_modules')

/** A package, or the first two folders of the project, or what the engine calls itself. */
const packageOf = (frame: ProfileNode['callFrame'], root: string): string => {
  const place = placeOf(frame, root)
  if (isOwn(frame, root)) return place.split('/').slice(0, 2).join('/')
  return place === '' ? frame.functionName || '(native)' : place
}

const functionOf = (frame: ProfileNode['callFrame'], root: string): string => {
  const place = frame.url === '' ? '' : ` ${placeOf(frame, root)}`
  const file = isOwn(frame, root) ? '' : `/${frame.url.split('/').at(-1)}`
  return `${frame.functionName || '(anonymous)'}${place && `${place}${file}:${frame.lineNumber + 1}`}`
}

/** Microseconds each node was on top, from a moment on. */
const selfTimes = ({ samples, timeDeltas, startTime }: CpuProfile, since: number): ReadonlyMap<number, number> => {
  const times = new Map<number, number>()
  let at = startTime
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0
    at += delta
    if (at >= since) times.set(id, (times.get(id) ?? 0) + delta)
  }
  return times
}

const addTo = (sums: Map<string, number>, name: string, time: number): void => {
  sums.set(name, (sums.get(name) ?? 0) + time)
}

const ranked = (sums: ReadonlyMap<string, number>, all: number): Share[] =>
  [...sums].map(([name, time]) => ({ name, share: time / all })).toSorted((a, b) => b.share - a.share)

/**
 * Where the time went from `since` on (on the profile's own clock).
 * @param root path of the project with a slash at its end
 */
export const digest = (profile: CpuProfile, root: string, since = 0): Digest => {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const [packages, functions, own] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  let busy = 0
  for (const [id, time] of selfTimes(profile, since)) {
    const node = nodes.get(id)
    if (!node || node.callFrame.functionName === idle) continue
    busy += time
    addTo(packages, packageOf(node.callFrame, root), time)
    addTo(functions, functionOf(node.callFrame, root), time)
    const callers = new Set<string>()
    for (let at: ProfileNode | undefined = node; at; at = nodes.get(parents.get(at.id) ?? -1)) {
      if (isOwn(at.callFrame, root)) callers.add(functionOf(at.callFrame, root))
    }
    for (const name of callers) addTo(own, name, time)
  }
  return {
    busySeconds: busy / 1e6,
    packages: ranked(packages, busy),
    functions: ranked(functions, busy),
    ownWithCallees: ranked(own, busy),
  }
}
