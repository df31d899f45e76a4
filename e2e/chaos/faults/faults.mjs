import { brokerFaults } from './broker-faults.mjs';
import { machineFaults } from './machine-faults.mjs';
import { processFaults } from './process-faults.mjs';
import { warehouseFaults } from './warehouse-faults.mjs';

/**
 * Something that goes wrong, and is over when `cause` resolves, or ends by itself soon after.
 * @typedef {object} Fault
 * @property {(product: Product) => boolean} fits whether it can happen to this product on this machine
 * @property {(product: Product, random: import('../random.mjs').Random, ledger: Ledger) => Promise<boolean>} cause
 *   resolves to whether it was seen to happen
 */

/** @typedef {import('../product.mjs').Product} Product */
/** @typedef {import('../client.mjs').Ledger} Ledger */

/** Every fault, by its name in reports. @type {Record<string, Fault>} */
export const FAULTS = { ...processFaults, ...warehouseFaults, ...brokerFaults, ...machineFaults };
