// The CSRF guard of an ABAP gateway in front of the CAP server: a token bound to a cookie session, asked for on writes.
const cds = require('@sap/cds')
const { randomUUID } = require('node:crypto')

const tokens = new Map()

const cookieOf = (request) => /(?:^|;\s*)SAP_SESSIONID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]

cds.on('bootstrap', (app) => {
  // CAP listens on every interface and has no setting for it; a test server answers this machine only.
  const listen = app.listen
  app.listen = (port) => listen.call(app, port, '127.0.0.1')
  // Lets a test end every session at once, as a gateway does after its time-out.
  app.post('/rig/expire-sessions', (_request, response) => { tokens.clear(); response.sendStatus(204) })
  app.use('/odata/', (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      if ((request.headers['x-csrf-token'] ?? '').toLowerCase() === 'fetch') {
        const session = cookieOf(request) ?? randomUUID()
        if (!tokens.has(session)) tokens.set(session, randomUUID())
        response.setHeader('Set-Cookie', `SAP_SESSIONID=${session}; Path=/; HttpOnly`)
        response.setHeader('x-csrf-token', tokens.get(session))
      }
      return next()
    }
    const session = cookieOf(request)
    if (session && tokens.get(session) === request.headers['x-csrf-token']) return next()
    response.setHeader('x-csrf-token', 'Required')
    response.status(403).send('CSRF token validation failed')
  })
})

module.exports = cds.server
