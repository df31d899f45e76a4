/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  /** `host:port`, some of the cluster's brokers. */
  brokers: string[];
  /** TLS, with the certificate authorities (PEM) to trust in place of the machine's. */
  tls?: { ca?: string } | undefined;
  sasl?: { mechanism: SaslMechanism; username: string; password: string } | undefined;
}

type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
