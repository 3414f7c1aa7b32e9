/** Series in the notation of promtool, by their name with labels; one value a minute. */
type Samples = Readonly<Record<string, string>>;

/** When an alert fires and when it does not. */
type AlertCase = {
  readonly alert: string;
  readonly firing: Samples;
  readonly quiet: Samples;
  /** When it is looked at. */
  readonly at?: string;
  /** Labels that the firing alert has from its series. */
  readonly labels?: Readonly<Record<string, string>>;
};

const refusals = (labels: string) => `jifen_refusals_total{${labels}}`;
const perMinute = (count: number, minutes = 90) => `0+${count}x${minutes}`;
const always = (value: number, minutes = 90) => `${value}x${minutes}`;
/** Nothing for half an hour, then once: the series exists from the start. */
const once = "0x24 1x60";
const DAY = 1_440;

/** One case for each rule of `ops/prometheus/alerts.yml`. */
export const alertCases: readonly AlertCase[] = [
  {
    alert: "JifenFailedLogins",
    firing: { [refusals('kind="failed-login"')]: perMinute(30) },
    quiet: { [refusals('kind="failed-login"')]: perMinute(6) },
  },
  {
    alert: "JifenRefusedCredentials",
    firing: { [refusals('kind="refused-credential"')]: perMinute(90) },
    quiet: { [refusals('kind="refused-credential"')]: perMinute(30) },
  },
  {
    alert: "JifenForbiddenCalls",
    firing: { [refusals('kind="forbidden"')]: perMinute(2) },
    quiet: { [refusals('kind="forbidden"')]: perMinute(1) },
  },
  {
    alert: "JifenRateLimited",
    firing: { [refusals('kind="rate-limited"')]: perMinute(120), jifen_http_responses_total: perMinute(300) },
    quiet: { [refusals('kind="rate-limited"')]: perMinute(120), jifen_http_responses_total: perMinute(3000) },
  },
  {
    alert: "JifenMalformedRequests",
    firing: { [refusals('kind="malformed-request"')]: perMinute(40), [refusals('kind="slow-request"')]: perMinute(40) },
    quiet: { [refusals('kind="malformed-request"')]: perMinute(20), [refusals('kind="ordinary"')]: perMinute(400) },
  },
  {
    alert: "JifenConnectionsClosed",
    firing: { 'jifen_connections_closed_total{reason="evicted"}': perMinute(90) },
    quiet: { 'jifen_connections_closed_total{reason="evicted"}': perMinute(30) },
  },
  {
    alert: "JifenInternalErrors",
    firing: { 'jifen_errors_total{code="INTERNAL_ERROR"}': once },
    quiet: { 'jifen_errors_total{code="INTERNAL_ERROR"}': always(7) },
    at: "27m",
  },
  {
    alert: "JifenUnavailable",
    firing: { 'jifen_errors_total{code="OVERLOADED"}': perMinute(30) },
    quiet: { 'jifen_errors_total{code="OVERLOADED"}': perMinute(3) },
  },
  {
    alert: "JifenOutcomeUnknown",
    firing: { 'jifen_errors_total{code="OUTCOME_UNKNOWN"}': once },
    quiet: { 'jifen_errors_total{code="OUTCOME_UNKNOWN"}': always(3) },
    at: "27m",
  },
  { alert: "JifenMissing", firing: { jifen_database_up: always(1) }, quiet: { jifen_ready: always(0) } },
  { alert: "JifenNotReady", firing: { jifen_ready: always(0) }, quiet: { jifen_ready: always(1) } },
  { alert: "JifenDatabaseDown", firing: { jifen_database_up: always(0) }, quiet: { jifen_database_up: always(1) } },
  {
    alert: "JifenDatabaseNotWritable",
    firing: { jifen_database_writable: always(0) },
    quiet: { jifen_database_writable: always(1) },
  },
  {
    alert: "JifenDiskNearlyFull",
    firing: { jifen_logs_refused_for_disk: always(1) },
    quiet: { jifen_logs_refused_for_disk: always(0) },
  },
  {
    alert: "JifenLogMonthsMissing",
    firing: { jifen_log_months_ahead: always(1) },
    quiet: { jifen_log_months_ahead: always(2) },
    at: "80m",
  },
  {
    alert: "JifenLogsRefused",
    firing: { 'jifen_logs_refused_total{code="OVERLOADED"}': perMinute(30) },
    quiet: { 'jifen_logs_refused_total{code="VALIDATION_FAILED"}': perMinute(30) },
  },
  {
    alert: "JifenSpendSumsLate",
    firing: { jifen_spend_sums_lag_seconds: always(400) },
    quiet: { jifen_spend_sums_lag_seconds: always(200) },
  },
  {
    alert: "JifenLogBudget",
    firing: { [refusals('kind="rate-limited",policy="logs"')]: perMinute(30) },
    quiet: { [refusals('kind="rate-limited",policy="caller"')]: perMinute(30) },
  },
  {
    alert: "JifenPaymentReview",
    firing: { 'jifen_reviews{kind="payment"}': always(1) },
    quiet: { 'jifen_reviews{kind="payment"}': always(0), 'jifen_reviews{kind="reversal"}': always(1) },
    labels: { kind: "payment" },
  },
  {
    alert: "JifenReversalReview",
    firing: { 'jifen_reviews{kind="shortfall"}': `2x${DAY} 3x60` },
    quiet: { 'jifen_reviews{kind="shortfall"}': always(3, DAY + 60), 'jifen_reviews{kind="reversal"}': always(0, DAY) },
    at: "1450m",
  },
  {
    alert: "JifenPaymentsLate",
    firing: {
      'jifen_payment_lag_seconds_bucket{le="60"}': perMinute(1),
      'jifen_payment_lag_seconds_bucket{le="300"}': perMinute(10),
      'jifen_payment_lag_seconds_bucket{le="+Inf"}': perMinute(10),
    },
    quiet: {
      'jifen_payment_lag_seconds_bucket{le="60"}': perMinute(10),
      'jifen_payment_lag_seconds_bucket{le="+Inf"}': perMinute(10),
    },
  },
  {
    alert: "JifenOrdersNotAsked",
    firing: { jifen_orders_overdue_seconds: always(400) },
    quiet: { jifen_orders_overdue_seconds: always(100) },
  },
  {
    alert: "JifenNoticesMissing",
    firing: { 'jifen_payments_total{channel="epay",result="accepted",source="query"}': perMinute(1) },
    quiet: {
      'jifen_payments_total{channel="epay",result="accepted",source="query"}': perMinute(1),
      'jifen_payment_notices_total{channel="epay",verdict="recorded"}': perMinute(1),
    },
    at: "80m",
    labels: { channel: "epay" },
  },
  {
    alert: "JifenNoticesForged",
    firing: { 'jifen_payment_notices_total{channel="epay",verdict="forged"}': perMinute(1) },
    quiet: { 'jifen_payment_notices_total{channel="epay",verdict="recorded"}': perMinute(1) },
    labels: { channel: "epay" },
  },
  {
    alert: "JifenGatewayFailing",
    firing: {
      'jifen_gateway_seconds_count{channel="stripe",result="unavailable"}': perMinute(6),
      'jifen_gateway_seconds_count{channel="stripe",result="ok"}': perMinute(4),
    },
    quiet: {
      'jifen_gateway_seconds_count{channel="stripe",result="unavailable"}': perMinute(4),
      'jifen_gateway_seconds_count{channel="stripe",result="ok"}': perMinute(6),
    },
    labels: { channel: "stripe" },
  },
  {
    alert: "JifenDueWorkLate",
    firing: {
      'jifen_job_has_lease{job="expirations"}': always(1),
      'jifen_job_last_success_age_seconds{job="expirations"}': always(400),
    },
    // The process without the lease does not run the job.
    quiet: {
      'jifen_job_has_lease{job="expirations"}': always(0),
      'jifen_job_last_success_age_seconds{job="expirations"}': always(400),
    },
    labels: { job: "expirations" },
  },
  {
    alert: "JifenJobFailing",
    firing: { 'jifen_job_failures_total{job="expirations"}': perMinute(1) },
    quiet: { 'jifen_job_failures_total{job="expirations"}': once },
    labels: { job: "expirations" },
  },
  {
    alert: "JifenAuditDifferences",
    firing: { jifen_audit_differences: always(1) },
    quiet: { jifen_audit_differences: always(0) },
  },
  {
    alert: "JifenAuditMissing",
    firing: { jifen_audit_finished_timestamp_seconds: always(0, 4_320) },
    quiet: { jifen_audit_finished_timestamp_seconds: always(86_400, 4_320) },
    at: "2d2h",
  },
  {
    alert: "JifenQueueNearBound",
    firing: {
      jifen_commands_admitted: always(90),
      jifen_commands_capacity: always(100),
      jifen_commands_waiting: always(0),
    },
    quiet: {
      jifen_commands_admitted: always(70),
      jifen_commands_capacity: always(100),
      jifen_commands_waiting: always(0),
    },
  },
  {
    alert: "JifenSpendingSlow",
    firing: {
      'jifen_call_seconds_bucket{operation="credits.consume",le="1"}': perMinute(90),
      'jifen_call_seconds_bucket{operation="credits.consume",le="2.5"}': perMinute(100),
      'jifen_call_seconds_bucket{operation="credits.consume",le="+Inf"}': perMinute(100),
    },
    // A file takes long, and spends nothing.
    quiet: {
      'jifen_call_seconds_bucket{operation="credits.consume",le="1"}': perMinute(100),
      'jifen_call_seconds_bucket{operation="credits.consume",le="+Inf"}': perMinute(100),
      'jifen_call_seconds_bucket{operation="logs.export",le="+Inf"}': perMinute(100),
    },
  },
  {
    alert: "JifenPoolExhausted",
    firing: { 'jifen_pool_waiting{pool="records"}': always(3) },
    quiet: { 'jifen_pool_waiting{pool="records"}': "3 0 5 0 7 0 2 0 9x2 0x60" },
    labels: { pool: "records" },
  },
  {
    alert: "JifenWebhooksLate",
    firing: { jifen_webhooks_overdue_seconds: always(700) },
    quiet: { jifen_webhooks_overdue_seconds: always(300) },
  },
  {
    alert: "JifenRefusalLinesSuppressed",
    firing: { 'jifen_refusal_lines_suppressed_total{kind="failed-login"}': perMinute(90) },
    quiet: { 'jifen_refusal_lines_suppressed_total{kind="ordinary"}': perMinute(90) },
    at: "60m",
  },
];
