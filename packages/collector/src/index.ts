export { createApp } from './app.ts';
export type { CollectorDeps, Project } from './collector-deps.ts';
export { type CollectorLimits, DEFAULT_LIMITS } from './collector-limits.ts';
export { type HttpServer, type HttpServerOptions, startHttpServer } from './http/server.ts';
export { createWatchedClock, type WatchedClock } from './ingest/watched-clock.ts';
export { createClickHouseWarehouse } from './loader/click-house-warehouse.ts';
export type { ReconcileReport, ReconcileRow } from './loader/compare-warehouse.ts';
export { createLoader } from './loader/create-loader.ts';
export {
  createKafkaLoader,
  type KafkaLoader,
  type KafkaLoaderOptions,
  type KafkaLoaderStatus,
} from './loader/kafka/create-kafka-loader.ts';
export { loadSpoolFirst } from './loader/kafka/load-spool-first.ts';
export { type PartitionLag, readKafkaLag } from './loader/kafka/read-lag.ts';
export { type ReconcileKafkaOptions, reconcileKafka } from './loader/kafka/reconcile-kafka.ts';
export type { PartitionStatus } from './loader/kafka/summarize.ts';
export { whileLoadersStandStill } from './loader/kafka/while-loaders-stand-still.ts';
export type { Loader, LoaderOptions, LoaderStatus, LoaderStep } from './loader/loader-options.ts';
export type { LoaderState, LoaderTotals } from './loader/loader-state.ts';
export type { LoaderWarehouse } from './loader/loader-warehouse.ts';
export { type ReconcileOptions, reconcile } from './loader/reconcile.ts';
export { type LoaderStandStillOptions, whileLoaderStandsStill } from './loader/stand-still.ts';
export { DAMAGED_STATE_FILE, decodeState, STATE_FILE } from './loader/state-file.ts';
export { type BufferedLogOptions, createBufferedLog } from './log/buffered/buffered-log.ts';
export * from './log/event-log.ts';
export { KAFKA_CLIENTS, type KafkaClient, requireKafkaClient } from './log/kafka/clients.ts';
export { type GroupLag, groupLag } from './log/kafka/group-lag.ts';
export { type KafkaConnection, SASL_MECHANISMS } from './log/kafka/kafka-connection.ts';
export { createKafkaLog, type KafkaLog, type KafkaLogOptions } from './log/kafka/kafka-log.ts';
export { readTopicConfigs, type TopicConfig } from './log/kafka/topic-configs.ts';
export * from './log/record.ts';
export { type RedactedSpool, redactSpool } from './log/spool/redact-spool.ts';
export { listSegments, parseLogId, segmentPath } from './log/spool/segment-files.ts';
export { HEADER_BYTES as SEGMENT_HEADER_BYTES } from './log/spool/segment-format.ts';
export { createSpool, type Spool, type SpoolOptions } from './log/spool/spool.ts';
export { createSpoolReader, type SpoolReaderOptions } from './log/spool/spool-reader.ts';
export { type SuppressedLog, suppressLog } from './log/suppressed-log.ts';
export type { Logger } from './logger.ts';
export { createLoaderMetrics, type LoaderMetrics } from './metrics/loader-metrics.ts';
export { measureLog } from './metrics/measure-log.ts';
export { measureProcess } from './metrics/measure-process.ts';
export { createRegistry, METRICS_CONTENT_TYPE, type MetricRegistry } from './metrics/registry.ts';
