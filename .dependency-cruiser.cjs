/** Who may import whom: inbound → domain → outbound, and the sandbox knows none of it. */
const only = (name, from, allowed) => ({ name, severity: 'error', from: { path: from }, to: { pathNot: allowed } })
const npm = '^node_modules/'
const core = '^[a-z_/]+$'

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src', pathNot: ['main\\.ts$', '\\.js$'] }, to: {} },
    only('domain-knows-nobody', '^src/domain/', [core, '^src/domain/', '^src/(clock|errors|log)\\.ts$', `${npm}zod/`]),
    only('messages-are-pure', '^src/messages/', [
      '^src/messages/',
      '^src/domain/',
      '^src/(clock|errors)\\.ts$',
      `${npm}@slack/(types|web-api)/`,
    ]),
    only('inbound-calls-the-domain', '^src/inbound/', [
      core,
      npm,
      '^src/inbound/',
      '^src/messages/',
      '^src/domain/',
      '^src/(clock|errors|log)\\.ts$',
    ]),
    only('outbound-is-told', '^src/outbound/', [
      core,
      npm,
      '^src/outbound/',
      '^src/messages/',
      '^src/domain/',
      '^db/',
      '^src/(clock|errors|lean-modules|log)\\.ts$',
    ]),
    only('the-sandbox-knows-no-code-of-ours', '^src/sandbox/', [
      core,
      '^src/sandbox/',
      `${npm}(@types/)?(ws|react|react-dom|slack-blocks-to-jsx)/`,
    ]),
    {
      name: 'only-run-starts-the-sandbox',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/sandbox/', '^src/run\\.ts$'] },
      to: { path: '^src/sandbox/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
}
