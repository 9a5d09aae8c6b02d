// wgsl_reflect 1.6.0 names a CommonJS file as its ESM entry; the module file has no typings of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
