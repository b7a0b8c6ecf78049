"""Makes the tables, then serves on a free port and says which."""

import os
from wsgiref.simple_server import make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
with make_server("127.0.0.1", 0, get_wsgi_application()) as server:
    print(f"Listening at http://127.0.0.1:{server.server_port}/scim/v2", flush=True)
    server.serve_forever()
