export { type DeviceEvent, device } from './device.ts';
