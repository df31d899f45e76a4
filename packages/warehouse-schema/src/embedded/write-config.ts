import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECK_DATABASE_PREFIX, DATABASE } from '../database.ts';

/** What the two configuration files of the embedded ClickHouse are made from. */
export interface EmbeddedConfig {
  dataDir: string;
  /** Where the two files go. */
  configDir: string;
  /** Tells this start from any other listener on the port. */
  instance: string;
  adminPassword: string;
  readerPassword: string;
  maxMemoryBytes: number;
  logFile: string;
  /** Certificate authorities (PEM) for the brokers of the Kafka engine, in place of the machine's. */
  kafkaCa?: string | undefined;
  /** More elements of the server's configuration, as XML. */
  extra?: string | undefined;
}

/** The users of the embedded ClickHouse. */
export const ADMIN_USER = 'millrace_admin';
export const READER_USER = 'millrace_reader';

/** Our database, the copy of it that `doctor` makes and drops, and what running the server takes; no files, no URLs. */
const ADMIN_GRANTS = [
  `ALL ON ${DATABASE}.*`,
  `ALL ON ${CHECK_DATABASE_PREFIX}*.*`,
  'SELECT ON system.*',
  'SHOW ON *.*',
  'SYSTEM ON *.*',
  'BACKUP ON *.*',
  'KILL QUERY ON *.*',
  'CREATE TEMPORARY TABLE ON *.*',
  'TABLE ENGINE ON *',
  'READ, WRITE ON POSTGRES',
];

/** Writes `config.xml` and `users.xml`, readable by the owner alone; gives the path of the first. */
export async function writeEmbeddedConfig(config: EmbeddedConfig): Promise<string> {
  await mkdir(config.configDir, { recursive: true, mode: 0o700 });
  const configFile = join(config.configDir, 'config.xml');
  const usersFile = join(config.configDir, 'users.xml');
  const caFile = join(config.configDir, 'kafka-ca.pem');
  if (config.kafkaCa !== undefined) await writeFile(caFile, config.kafkaCa, { mode: 0o600 });
  await writeFile(usersFile, usersXml(config), { mode: 0o600 });
  await writeFile(configFile, configXml(config, usersFile, caFile), { mode: 0o600 });
  return configFile;
}

function configXml(config: EmbeddedConfig, usersFile: string, caFile: string): string {
  const cache = Math.min(Math.floor(config.maxMemoryBytes / 16), 256 * 1024 * 1024);
  return `<clickhouse>
  <logger>
    <level>warning</level>
    <log>${xml(config.logFile)}</log>
    <size>10M</size>
    <count>3</count>
  </logger>
  <users_config>${xml(usersFile)}</users_config>
  <macros><millrace_instance>${xml(config.instance)}</millrace_instance></macros>
  <timezone>UTC</timezone>
  <backups><allowed_path>${xml(join(config.dataDir, 'backups'))}</allowed_path></backups>
  <user_files_path>${xml(join(config.dataDir, 'user_files'))}</user_files_path>
  <max_server_memory_usage>${config.maxMemoryBytes}</max_server_memory_usage>
  <mark_cache_size>${cache}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>${cache}</index_mark_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <query_cache><max_size_in_bytes>${cache}</max_size_in_bytes></query_cache>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_message_broker_schedule_pool_size>2</background_message_broker_schedule_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <max_thread_pool_free_size>32</max_thread_pool_free_size>
  <!-- What a deletion replaced leaves the disk soon after old_parts_lifetime, not up to five minutes later. -->
  <merge_tree>
    <cleanup_delay_period>2</cleanup_delay_period>
    <cleanup_delay_period_random_add>0</cleanup_delay_period_random_add>
    <max_cleanup_delay_period>4</max_cleanup_delay_period>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
  <access_control_improvements>
    <users_without_row_policies_can_read_rows>true</users_without_row_policies_can_read_rows>
    <on_cluster_queries_require_cluster_grant>true</on_cluster_queries_require_cluster_grant>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>false</select_from_information_schema_requires_grant>
    <settings_constraints_replace_previous>true</settings_constraints_replace_previous>
    <table_engines_require_grant>true</table_engines_require_grant>
  </access_control_improvements>
  <!-- A consumer that was killed or made anew holds up its group for this long; librdkafka's own is 45 s. -->
  <kafka>
    <session_timeout_ms>10000</session_timeout_ms>
    ${config.kafkaCa === undefined ? '' : `<ssl_ca_location>${xml(caFile)}</ssl_ca_location>`}
  </kafka>
${config.extra ?? ''}
</clickhouse>
`;
}

/**
 * The query of the command line logs in as `default`, from 127.0.0.1 and without a password; nothing tells it another.
 * It does so before anything listens, and its session lasts as long as the process, so that the one session of
 * `listener` is taken: whoever comes over HTTP or the native protocol as `default` is refused.
 */
function usersXml(config: EmbeddedConfig): string {
  const readerMemory = Math.floor(config.maxMemoryBytes / 2);
  return `<clickhouse>
  <profiles>
    <default>
      <max_threads>4</max_threads>
      <calculate_text_stack_trace>0</calculate_text_stack_trace>
    </default>
    <listener>
      <max_execution_time>5</max_execution_time>
      <max_memory_usage>100000000</max_memory_usage>
      <max_threads>1</max_threads>
      <max_sessions_for_user>1</max_sessions_for_user>
      <constraints><max_sessions_for_user><const/></max_sessions_for_user></constraints>
    </listener>
    <reader>
      <readonly>2</readonly>
      <max_execution_time>30</max_execution_time>
      <timeout_overflow_mode>throw</timeout_overflow_mode>
      <max_memory_usage>${readerMemory}</max_memory_usage>
      <max_memory_usage_for_user>${readerMemory}</max_memory_usage_for_user>
      <max_bytes_before_external_group_by>${Math.floor(readerMemory / 2)}</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>${Math.floor(readerMemory / 2)}</max_bytes_before_external_sort>
      <max_temporary_data_on_disk_size_for_user>4000000000</max_temporary_data_on_disk_size_for_user>
      <max_result_rows>1000000</max_result_rows>
      <max_result_bytes>268435456</max_result_bytes>
      <result_overflow_mode>throw</result_overflow_mode>
      <max_concurrent_queries_for_user>32</max_concurrent_queries_for_user>
      <max_threads>4</max_threads>
      <calculate_text_stack_trace>0</calculate_text_stack_trace>
      <allow_ddl>0</allow_ddl>
      <allow_introspection_functions>0</allow_introspection_functions>
      <constraints>
        <max_execution_time><min>1</min><max>300</max></max_execution_time>
        <max_memory_usage><min>1</min><max>${readerMemory}</max></max_memory_usage>
        <max_memory_usage_for_user><const/></max_memory_usage_for_user>
        <max_temporary_data_on_disk_size_for_user><const/></max_temporary_data_on_disk_size_for_user>
        <max_result_rows><min>1</min><max>1000000</max></max_result_rows>
        <max_result_bytes><min>1</min><max>268435456</max></max_result_bytes>
        <max_concurrent_queries_for_user><const/></max_concurrent_queries_for_user>
        <allow_ddl><const/></allow_ddl>
        <allow_introspection_functions><const/></allow_introspection_functions>
        <allow_simdjson><const/></allow_simdjson>
      </constraints>
    </reader>
  </profiles>
  <quotas>
    <default></default>
    <reader>
      <interval><duration>60</duration><queries>6000</queries><execution_time>1200</execution_time></interval>
    </reader>
  </quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>listener</profile>
      <quota>default</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
    </default>
    <${ADMIN_USER}>
      <password_sha256_hex>${sha256(config.adminPassword)}</password_sha256_hex>
      <networks><ip>127.0.0.0/8</ip><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>${ADMIN_GRANTS.map((grant) => `<query>GRANT ${grant}</query>`).join('')}</grants>
    </${ADMIN_USER}>
    <${READER_USER}>
      <password_sha256_hex>${sha256(config.readerPassword)}</password_sha256_hex>
      <networks><ip>127.0.0.0/8</ip><ip>::1</ip></networks>
      <profile>reader</profile>
      <quota>reader</quota>
      <default_database>${DATABASE}</default_database>
      <grants><query>GRANT SELECT, dictGet ON ${DATABASE}.*</query></grants>
    </${READER_USER}>
  </users>
</clickhouse>
`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
