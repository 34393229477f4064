/**
 * What can be watched, by the names that Prometheus keeps it under. Every label has few values, all of them ours: routes as
 * they are written in the code, gateways that there are drivers of. No payment, shop, address or secret is ever one.
 */
interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: `paycore_${string}`;
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram, seconds. */
  readonly buckets?: readonly number[];
}

/** Of what is answered from here. */
const ANSWERS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 40];
/** Of what a gateway answers; the longest waits for one are 40 s. */
const CALLS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const COMMITS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const DELAYS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

export const METRICS = {
  info: gauge('paycore_info', 'Always 1; says which version of PayCore runs on which engine.', ['version', 'engine']),

  requests: counter(
    'paycore_http_requests_total',
    'Requests that were answered, by route, method and class of status.',
    ['route', 'method', 'status'],
  ),
  requestTime: histogram(
    'paycore_http_request_duration_seconds',
    'Time from a request to the beginning of its answer.',
    ['route'],
    ANSWERS,
  ),

  callbacks: counter('paycore_callbacks_total', 'Callbacks of gateways, by what they were told.', [
    'gateway',
    'result',
  ]),
  gatewayCalls: counter('paycore_gateway_calls_total', 'Calls to gateways, by how they ended.', ['gateway', 'outcome']),
  gatewayTime: histogram(
    'paycore_gateway_call_duration_seconds',
    'Time that a call to a gateway took, waiting for a free connection included.',
    ['gateway'],
    CALLS,
  ),

  deliveries: counter('paycore_deliveries_total', 'Tries to notify a shop that were written down, by how they went.', [
    'outcome',
  ]),
  notifications: gauge(
    'paycore_notifications',
    'Notifications that are not delivered, each state counted up to 10,000.',
    ['state'],
  ),
  notificationAge: gauge(
    'paycore_notifications_oldest_seconds',
    'How long ago the oldest of the notifications was written that wait, of the thousand that are due first.',
  ),

  dueLag: gauge('paycore_due_lag_seconds', 'For how long the oldest row of this work has been due; 0 when none is.', [
    'work',
  ]),
  workWaiting: gauge('paycore_work_waiting', 'What this node has taken and what waits here for a place.', ['work']),
  workUnderWay: gauge('paycore_work_under_way', 'What this node is at.', ['work']),
  figureDeltas: gauge(
    'paycore_figure_deltas',
    'Changes of figures that wait to be added to them, counted up to 10,000.',
  ),

  commitTime: histogram(
    'paycore_commit_duration_seconds',
    'Time that a write of the store took, from the call to its commit.',
    ['result'],
    COMMITS,
  ),
  commitsUnderWay: gauge(
    'paycore_commits_under_way',
    'Writes that wait for their commit: in the queue of SQLite, or for a connection or a lock of PostgreSQL.',
  ),
  databaseUp: gauge('paycore_database_up', 'Whether the database answered when these figures were read from it.'),
  databaseSize: gauge('paycore_database_size_bytes', 'Size of the database.'),
  nodes: gauge(
    'paycore_nodes',
    'Processes that serve on this database: seen within 15 s, or gone and not cleared up.',
    ['state'],
  ),

  loopDelay: histogram(
    'paycore_event_loop_delay_seconds',
    'How much later than asked a timer came: for so long everything else had to wait too.',
    [],
    DELAYS,
  ),
  clockSkew: gauge(
    'paycore_clock_skew_seconds',
    'How far this machine’s clock is ahead of the gateways’; 0 while that is less than a minute.',
  ),
  memory: gauge('paycore_process_resident_memory_bytes', 'Memory that this process holds.'),
  heap: gauge('paycore_process_heap_bytes', 'Memory that its JavaScript heap uses.'),
  cpu: gauge('paycore_process_cpu_seconds', 'Processor time that this process has used since its start.'),
  startTime: gauge('paycore_process_start_time_seconds', 'When this process started, seconds since the epoch.'),
} as const;

function counter<const Label extends string>(name: `paycore_${string}`, help: string, labels: readonly Label[]) {
  return { type: 'counter', name, help, labels } as const satisfies Definition;
}

function gauge<const Label extends string = never>(
  name: `paycore_${string}`,
  help: string,
  labels: readonly Label[] = [],
) {
  return { type: 'gauge', name, help, labels } as const satisfies Definition;
}

function histogram<const Label extends string = never>(
  name: `paycore_${string}`,
  help: string,
  labels: readonly Label[],
  buckets: readonly number[],
) {
  return { type: 'histogram', name, help, labels, buckets } as const satisfies Definition;
}
