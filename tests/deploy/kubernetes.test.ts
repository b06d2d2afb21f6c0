import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, type IContainer, Service } from 'kubernetes-models/v1'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { manifests } from '../../deploy/k8s/manifests.ts'
import { type Config, readConfig, subgraphNames, unitNames, urlVariable } from '../../platform/config.ts'
import type { Answer } from '../client.ts'

const folder = join(import.meta.dirname, '../../deploy/k8s')
const kinds = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
} as const
type Kind = keyof typeof kinds

const readAll = (path: string): Answer[] =>
  parseAllDocuments(readFileSync(join(folder, path), 'utf8')).map((document) => document.toJS())

/** What Kubernetes would say of an object; null: nothing. */
const complaintOf = (object: Answer): string | null => {
  try {
    new kinds[object.kind as Kind](object).validate()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const shop = readAll('shop/kustomization.yaml')[0].resources.flatMap((file: string) => readAll(`shop/${file}`))
const one = (kind: string, name: string): Answer =>
  shop.find((object: Answer) => object.kind === kind && object.metadata.name === name)
const containerOf = (name: string): IContainer => one('Deployment', name).spec.template.spec.containers[0]

describe('deploy/k8s/shop', () => {
  test('is what manifests.ts makes, whose types know every field of Kubernetes', () => {
    const made = [...manifests().keys()]
    expect(readdirSync(join(folder, 'shop')).toSorted()).toEqual(made.toSorted())
    for (const [file, objects] of manifests()) expect(readAll(`shop/${file}`), file).toEqual(objects)
  })

  test('holds against the schemas of Kubernetes', () => {
    expect(shop.map(complaintOf).filter((complaint: string | null) => complaint !== null)).toEqual([])
    expect(complaintOf({ ...one('Deployment', 'users'), spec: { replicas: 'two' } })).toContain('spec')
  })

  test('has deployment, service, autoscaler and disruption budget for every unit', () => {
    for (const kind of ['Deployment', 'Service', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'])
      expect(
        shop.filter((object: Answer) => object.kind === kind).map(({ metadata }: Answer) => metadata.name),
      ).toEqual([...unitNames].sort())
  })

  test.each(unitNames)(
    '%s: runs that unit alone, nobody special, on a disk it cannot write, and is given the time to stop',
    (name) => {
      const { spec } = one('Deployment', name).spec.template
      expect(containerOf(name).args).toEqual(['node', 'start.ts', name])
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true })
      expect(containerOf(name).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(spec.terminationGracePeriodSeconds).toBe(30)
    },
  )

  test('asks for health where each unit answers, and leaves out whoever is not ready', () => {
    for (const name of unitNames) {
      const { livenessProbe, readinessProbe, ports } = containerOf(name)
      expect(livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'http' })
      expect(readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' })
      expect(one('Service', name).spec.ports[0]).toMatchObject({ port: ports?.[0]?.containerPort, targetPort: 'http' })
    }
  })

  test('gives the names of subgraphs the addresses of all pods, for callers that keep them apart, and asks for the port on which pods listen', () => {
    for (const name of unitNames) {
      const { clusterIP } = one('Service', name).spec
      const subgraph = subgraphNames.find((known) => known === name)
      expect(clusterIP).toBe(subgraph && 'None')
      // No Service stands between: nobody translates the port.
      const url = subgraph && one('ConfigMap', 'emporion').data[urlVariable(subgraph)]
      if (url) expect(url).toBe(`http://${name}:${containerOf(name).ports?.[0]?.containerPort}/graphql`)
    }
  })

  test('lets the outside reach the gateway alone', () => {
    const open = shop.filter(
      ({ kind, spec }: Answer) => kind === 'NetworkPolicy' && spec.ingress?.some(({ from }: Answer) => !from),
    )
    expect(open.map(({ spec }: Answer) => spec.podSelector.matchLabels['app.kubernetes.io/name'])).toEqual(['gateway'])
    expect(one('NetworkPolicy', 'nothing-comes-in').spec).toMatchObject({ policyTypes: ['Ingress'] })
  })

  test('has no secret in it: each comes by reference, and none is an argument', () => {
    for (const name of unitNames) {
      const given = containerOf(name).env?.filter(({ name: variable }) => /SECRET|TOKEN$|_URL$/.test(variable)) ?? []
      expect(given.length).toBeGreaterThan(4)
      for (const { value, valueFrom } of given)
        expect([value, valueFrom?.secretKeyRef?.name]).toEqual([undefined, 'emporion'])
    }
  })
})

describe('metrics in Kubernetes', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const [monitor, [job]] = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']): Answer => parse(text))
  const [endpoint] = monitor.spec.podMetricsEndpoints

  test('are where the pods say: in their annotations, their ports, the settings, and in what the README gives to Prometheus', () => {
    const { METRICS_PORT, METRICS_HOST } = one('ConfigMap', 'emporion').data
    expect(METRICS_HOST).toBe('0.0.0.0')
    for (const name of unitNames) {
      const { annotations, labels } = one('Deployment', name).spec.template.metadata
      expect(annotations).toEqual({
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': METRICS_PORT,
        'prometheus.io/path': endpoint.path,
      })
      expect(containerOf(name).ports).toContainEqual({ name: endpoint.port, containerPort: Number(METRICS_PORT) })
      expect(labels).toMatchObject(monitor.spec.selector.matchLabels)
    }
    expect(monitor.kind).toBe('PodMonitor')
    expect(job.relabel_configs[1]).toMatchObject({ regex: endpoint.port, action: 'keep' })
  })

  test('are shown for the token of the units, with the label by which alerts and dashboard go', () => {
    const { name, key } = endpoint.authorization.credentials
    const given = containerOf('gateway').env?.find(({ name: variable }) => variable === 'METRICS_TOKEN')
    expect(given?.valueFrom?.secretKeyRef).toEqual({ name, key })
    const label = '__meta_kubernetes_pod_label_app_kubernetes_io_name'
    expect(endpoint.relabelings).toEqual([{ sourceLabels: [label], targetLabel: 'unit' }])
    expect(job.relabel_configs).toContainEqual({ source_labels: [label], target_label: 'unit' })
    const ours: Answer = parse(readFileSync(join(folder, '../prometheus/prometheus.yml'), 'utf8')).scrape_configs[0]
    expect(job).toMatchObject({ job_name: ours.job_name, authorization: ours.authorization })
  })
})

describe.each(['staging', 'production'])('deploy/k8s/overlays/%s', (overlay) => {
  const { resources, patches, images } = parse(
    readFileSync(join(folder, 'overlays', overlay, 'kustomization.yaml'), 'utf8'),
  )
  const own = resources
    .filter((path: string) => path.endsWith('.yaml'))
    .flatMap((path: string) => readAll(`overlays/${overlay}/${path}`))

  /** The settings after the overlay has had its say. */
  const settings = (): Record<string, string> => {
    const data = { ...one('ConfigMap', 'emporion').data }
    for (const { target, patch } of patches)
      if (target.kind === 'ConfigMap')
        for (const { path, value } of parse(patch)) data[path.replace('/data/', '')] = value
    return data
  }

  test('is made of what is there, and its own objects hold against the schemas', () => {
    expect(resources).toContain('../../shop')
    expect(own.map(complaintOf).filter((complaint: string | null) => complaint !== null)).toEqual([])
    expect(images).toMatchObject([{ name: containerOf('users').image }])
    for (const { target } of patches)
      expect(
        shop.some(
          ({ kind, metadata }: Answer) => kind === target.kind && (target.name ?? metadata.name) === metadata.name,
        ),
      ).toBe(true)
  })

  test.each(unitNames)(
    '%s: given its secrets, when it reads its configuration, then there is nothing to refuse, and it listens where it is probed',
    (name) => {
      const { env = [], ports = [] } = containerOf(name)
      const secret = (key: string): string =>
        key === 'SMTP_URL'
          ? 'smtp://mail'
          : key === 'MONGODB_URL'
            ? 'mongodb://db/'
            : key === 'REDIS_URL'
              ? 'redis://r'
              : `${key}-${'x'.repeat(40)}`
      const given = Object.fromEntries(env.map(({ name: variable, value }) => [variable, value ?? secret(variable)]))
      const config: Config = readConfig({ ...settings(), ...given }, [name])
      const subgraph = subgraphNames.find((known) => known === name)
      const listens = subgraph
        ? Number(new URL(config.subgraphUrls[subgraph][0]).port)
        : name === 'gateway'
          ? config.port
          : config.workersPort
      expect(config).toMatchObject({ production: true, host: '0.0.0.0', drainMs: 5_000 })
      expect(listens).toBe(ports[0]?.containerPort)
    },
  )
})
