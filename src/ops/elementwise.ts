/** Element by element: functions of one tensor, of two with broadcasting, and integers to floats. */
export * from './binary';
export * from './unary';
export { toFloat, toFloatOp } from './copy';
