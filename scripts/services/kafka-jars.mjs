import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

/** The Apache Kafka that the tests run against. */
export const KAFKA_VERSION = '4.3.1';

const CACHE = join(root, '.cache/kafka');

/** Where its jars are, or will be once `ensureJars` has run. */
export const KAFKA_JARS = join(CACHE, KAFKA_VERSION);

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
`;

/**
 * Fetches Kafka's jars from Maven Central unless they are cached: 43 MB, once. Several processes may call it
 * at the same time: the folder appears whole or not at all.
 */
export async function ensureJars() {
  if (existsSync(KAFKA_JARS)) return;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    writeFileSync(join(folder, 'pom.xml'), pom);
    const libs = join(folder, 'libs');
    const { code, output } = await run(
      ['mvn', '-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`],
      { cwd: folder },
    );
    if (code !== 0) throw new Error(`Maven could not fetch Apache Kafka ${KAFKA_VERSION}:\n${output}`);
    if (!existsSync(KAFKA_JARS)) renameSync(libs, KAFKA_JARS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
