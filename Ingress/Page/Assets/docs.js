// Everything comes from this server: no fonts, no proxy and no telemetry of others.
Scalar.createApiReference('#api', {
  url: '/openapi/v1.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
});
