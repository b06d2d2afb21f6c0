import type { IDeployment } from 'kubernetes-models/apps/v1'
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1'
import type { IConfigMap, IContainer, IService } from 'kubernetes-models/v1'
import { subgraphNames, type UnitName, unitNames, urlVariable } from '#platform/config.ts'

/** What a unit needs of its cluster. */
interface Unit {
  readonly name: UnitName
  /** Where it serves and is probed. */
  readonly port: number
  /** Secrets that it reads, by their names as settings. */
  readonly secrets: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly memory: string
}

const image = 'emporion'
const keysFolder = '/keys'
const metricsPort = 9464

const portOf = (name: UnitName): number =>
  name === 'gateway' ? 4000 : name === 'workers' ? 4007 : 4001 + subgraphNames.indexOf(name)

/** What the configuration of every unit asks for in production. */
const asked = [
  'INTERNAL_SECRET',
  'REDIS_URL',
  'ORDER_TOKEN_SECRET',
  'REFRESH_TOKEN_SECRET',
  'PROVIDER_SECRET',
  'METRICS_TOKEN',
]

const ownSettings: Partial<Record<UnitName, Readonly<Record<string, string>>>> = {
  gateway: { PORT: String(portOf('gateway')) },
  workers: { WORKERS_PORT: String(portOf('workers')) },
  users: { SIGNING_KEYS_FILE: `${keysFolder}/access-tokens.json` },
}

const units: readonly Unit[] = unitNames.map((name) => ({
  name,
  port: portOf(name),
  // The gateway alone has no database.
  secrets: [...asked, ...(name === 'gateway' ? [] : ['MONGODB_URL']), ...(name === 'workers' ? ['SMTP_URL'] : [])],
  env: ownSettings[name] ?? {},
  memory: name === 'gateway' ? '768Mi' : '512Mi',
}))

const labelsOf = (name: string) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'emporion' })

/** Where Prometheus looks that goes by the annotations of pods; it has to show METRICS_TOKEN. */
const scraped = {
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': String(metricsPort),
  'prometheus.io/path': '/metrics',
}

const probe = (path: string, rest: object) => ({ httpGet: { path, port: 'http' }, timeoutSeconds: 2, ...rest })

const containerOf = ({ name, port, secrets, env, memory }: Unit): IContainer => ({
  name,
  image,
  args: ['node', 'start.ts', name],
  ports: [
    { name: 'http', containerPort: port },
    { name: 'metrics', containerPort: metricsPort },
  ],
  envFrom: [{ configMapRef: { name: 'emporion' } }],
  env: [
    ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    ...secrets.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: 'emporion', key } } })),
  ],
  // A process that starts has two minutes; one that does not answer for half a minute is started again. One that
  // stops leaves its Service without a probe; a single late answer says that it is busy, and its neighbours would have its work as well.
  startupProbe: probe('/health/live', { periodSeconds: 2, failureThreshold: 60 }),
  livenessProbe: probe('/health/live', { periodSeconds: 10, failureThreshold: 3 }),
  readinessProbe: probe('/health/ready', { periodSeconds: 2, failureThreshold: 3 }),
  resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    ...(name === 'users' ? [{ name: 'keys', mountPath: keysFolder, readOnly: true }] : []),
  ],
})

const deploymentOf = (unit: Unit): IDeployment => {
  const labels = labelsOf(unit.name)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: unit.name, labels },
    spec: {
      selector: { matchLabels: labels },
      // Nobody goes before somebody else is ready.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels, annotations: scraped },
        spec: {
          automountServiceAccountToken: false,
          // It drains for 5 s and stops within 25 s in all (parameters table: Shutdown).
          terminationGracePeriodSeconds: 30,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [containerOf(unit)],
          volumes: [
            { name: 'data', emptyDir: { sizeLimit: '64Mi' } },
            ...(unit.name === 'users' ? [{ name: 'keys', secret: { secretName: 'emporion-keys' } }] : []),
          ],
        },
      },
    },
  }
}

const isSubgraph = (name: UnitName): boolean => subgraphNames.some((known) => known === name)

/** That of a subgraph has no address of its own: its name has those of all pods, which callers keep apart (ADR 0039). */
const serviceOf = ({ name, port }: Unit): IService => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: labelsOf(name) },
  spec: {
    ...(isSubgraph(name) && { clusterIP: 'None' }),
    selector: labelsOf(name),
    ports: [{ name: 'http', port, targetPort: 'http' }],
  },
})

const autoscalerOf = ({ name }: Unit): IHorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, labels: labelsOf(name) },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
    // A process that goes takes its sockets with it: not for every dip.
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  },
})

const budgetOf = ({ name }: Unit): IPodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, labels: labelsOf(name) },
  spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(name) } },
})

const partOf = { matchLabels: { 'app.kubernetes.io/part-of': 'emporion' } }

/** Nothing comes in but what is named: the outside to the gateway alone, units to subgraphs, Prometheus to metrics. The calls are signed besides (threat: subgraphs). */
const policies = (): INetworkPolicy[] => [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'nothing-comes-in' },
    spec: { podSelector: partOf, policyTypes: ['Ingress'] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'everybody-to-the-gateway' },
    spec: {
      podSelector: { matchLabels: labelsOf('gateway') },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'http' }] }],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'prometheus-to-metrics' },
    // From whichever namespace Prometheus runs in; it has to show METRICS_TOKEN.
    spec: {
      podSelector: partOf,
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }],
          ports: [{ port: 'metrics' }],
        },
      ],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'units-to-subgraphs' },
    spec: {
      podSelector: {
        matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...subgraphNames] }],
      },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: partOf }], ports: [{ port: 'http' }] }],
    },
  },
]

const settings = (): IConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'emporion' },
  data: {
    NODE_ENV: 'production',
    HOST: '0.0.0.0',
    DATA_DIR: '/data',
    METRICS_HOST: '0.0.0.0',
    METRICS_PORT: String(metricsPort),
    // The ingress, which writes one entry into X-Forwarded-For.
    TRUSTED_PROXIES: '1',
    // The name of a Service without an address of its own: it stands for all pods that are ready.
    ...Object.fromEntries(subgraphNames.map((name) => [urlVariable(name), `http://${name}:${portOf(name)}/graphql`])),
  },
})

/** What makes a folder of manifests one thing to apply. */
const kustomization = (files: readonly string[]) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: [...files].sort(),
})

/** The files of the shop, each with its objects: one for each unit, its settings, and who may talk to whom. */
export const manifests = (): ReadonlyMap<string, readonly object[]> => {
  const resources: readonly [string, readonly object[]][] = [
    ['settings.yaml', [settings()]],
    ['networkPolicies.yaml', policies()],
    ...units.map((unit): [string, object[]] => [
      `${unit.name}.yaml`,
      [deploymentOf(unit), serviceOf(unit), autoscalerOf(unit), budgetOf(unit)],
    ]),
  ]
  return new Map([...resources, ['kustomization.yaml', [kustomization(resources.map(([file]) => file))]]])
}
