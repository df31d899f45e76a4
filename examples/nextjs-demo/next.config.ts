import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // Runs as it is installed: it knows when the process ends.
  serverExternalPackages: ['@millrace/node-sdk'],
};

export default config;
