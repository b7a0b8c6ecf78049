// A SCIM server made of scimmy and scimmy-routers, as their own manual shows it, on the express of the package.json that
// is named first. Everything is kept in memory. On express 5 the routers lose `count` and `startIndex`.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

const load = createRequire(process.argv[2]);
const express = load('express');
const SCIMMY = load('scimmy');
// Required from CommonJS, it comes as a module object.
const SCIMMYRouters = load('scimmy-routers').default ?? load('scimmy-routers');

/** Declares a resource type whose entries stand in a map; `name` must be unique among them. */
function keep(Resource, name) {
  const all = new Map();
  const known = (id) => {
    if (!all.has(id)) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return all.get(id);
  };
  SCIMMY.Resources.declare(Resource)
    .ingress((resource, data) => {
      if (resource.id) known(resource.id);
      const same = (other) => other[name].toLowerCase() === data[name].toLowerCase();
      if ([...all.values()].some((other) => other.id !== resource.id && same(other))) {
        throw new SCIMMY.Types.Error(409, 'uniqueness', `${name} is taken`);
      }
      const now = new Date();
      const meta = { created: all.get(resource.id)?.meta.created ?? now, lastModified: now };
      const entry = { ...JSON.parse(JSON.stringify(data)), id: resource.id ?? randomUUID(), meta };
      all.set(entry.id, entry);
      return entry;
    })
    .egress((resource) => {
      if (resource.id) return known(resource.id);
      const entries = [...all.values()];
      return resource.filter ? resource.filter.match(entries) : entries;
    })
    .degress((resource) => {
      known(resource.id);
      all.delete(resource.id);
    });
}

keep(SCIMMY.Resources.User, 'userName');
keep(SCIMMY.Resources.Group, 'displayName');

const handler = (request) => {
  if (request.header('authorization') !== `Bearer ${process.env.SCIM_TOKEN}`) throw new Error('Invalid token');
};
const app = express().use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler }));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`Listening at http://127.0.0.1:${server.address().port}/scim/v2`);
});
