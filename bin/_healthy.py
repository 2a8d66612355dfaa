"""Health check of the web container: exits 0 when /healthz answers 200. `python _healthy.py [PORT] [PATH]`"""

import http.client
import os
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
path = sys.argv[2] if len(sys.argv) > 2 else "/healthz"
# Django answers only to the names in ALLOWED_HOSTS, also from inside the container.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
try:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    connection.request("GET", path, headers={"Host": host})
    status = connection.getresponse().status
except OSError as error:
    sys.exit(f"{path} does not answer: {error}")
sys.exit(0 if status == 200 else f"{path} answered {status}")
